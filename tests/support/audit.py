"""Audit of a trace: does what happened obey the rules of the model? It knows the rules, not the engine.

    assert audit(plan, lane, trace) == []

Checked: releases and joins of stages, holds and moves at once, service in open hours only and for as long as drawn,
order of arrival kept, never more in service than servers, no idle server while one waits, ships and trains, single
tracks and their loops, pools, units that wait for each other. `hours_by_cause` splits each trip into causes anew.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from corridor_sim.plan.kinds import Cause, StageKind
from corridor_sim.plan.lane import Lane
from corridor_sim.plan.plan import Plan
from tests.support.audit_attended import clock_of, freed, in_turn
from tests.support.audit_pools import pools
from tests.support.audit_table import MOST_UNITS, TICK, Clock, Table, say
from tests.support.audit_tracks import tracks


def audit(plan: Plan, lane: Lane, trace: pd.DataFrame) -> list[str]:
    """Return every broken rule as a sentence, at most a few per rule and place; an empty list when all is well."""
    t = Table.of(plan, lane, trace)
    checks: tuple[Callable[[Table], Iterator[str]], ...] = (
        _times_run_forward, _chain, _plain, _places, _sailings, _formations, tracks, pools, _units, _causes,
    )  # fmt: skip
    return [fault for check in checks for fault in check(t)]


def _times_run_forward(t: Table) -> Iterator[str]:
    rows = np.arange(t.stage.size)
    yield from say(t, rows, t.start < t.arrive, "starts before it arrives")
    yield from say(t, rows, t.depart <= t.start, "leaves before or as it starts")
    yield from say(t, rows, ~np.isnan(t.depart) & np.isnan(t.start), "leaves without a start")
    for times in (t.arrive, t.start, t.depart):
        ticks = times / TICK
        yield from say(t, rows, ~np.isnan(times) & (ticks != np.rint(ticks)), "is off the time grid")
        yield from say(t, rows, times >= t.plan.end_h, "happens after the end")


def _chain(t: Table) -> Iterator[str]:
    """The first arrival is the release; each departure is the next arrival; nobody is lost or made up."""
    plan, stages = t.plan, t.plan.stages
    first = plan.itineraries.first_stage_idx
    itinerary = stages.itinerary_idx[t.stage]
    keys = t.key(t.consignment, t.stage, t.unit)
    order = np.argsort(keys)
    if np.any(np.diff(keys[order]) == 0):
        yield "a stage is entered twice by the same unit"

    def find(wanted: np.ndarray) -> np.ndarray:
        at = np.minimum(np.searchsorted(keys[order], wanted), keys.size - 1)
        return np.where(keys[order[at]] == wanted, order[at], -1)

    rows = np.arange(t.stage.size)
    starts_trip = t.stage == first[itinerary]
    yield from say(t, rows, t.lane.itinerary_idx[t.consignment] != itinerary, "is not on its itinerary")
    off = starts_trip & (t.arrive != t.lane.release_h[t.consignment])
    yield from say(t, rows, off, "does not begin at its release")
    if np.count_nonzero(starts_trip) != t.lane.n_consignments:
        yield f"{t.lane.n_consignments} were released, {np.count_nonzero(starts_trip)} set out"
    later = rows[~starts_trip]
    before = stages.kind[t.stage[later] - 1]
    alone = (before == StageKind.SPLIT) | (before == StageKind.GATHER)
    came_from = find(t.key(t.consignment[later], t.stage[later] - 1, np.where(alone, 0, t.unit[later])))
    yield from say(t, later, came_from < 0, "comes from nowhere")
    joined = (came_from >= 0) & (t.arrive[later] == t.depart[came_from])
    yield from say(t, later, (came_from >= 0) & ~joined, "does not arrive when it left the stage before")
    ends_trip = t.stage == (first + plan.itineraries.n_stages - 1)[itinerary]
    left = rows[~np.isnan(t.depart) & ~ends_trip]
    n_next = stages.n_units[t.stage[left] + 1]
    is_gather = t.kind[left] == StageKind.GATHER
    for unit in range(int(stages.n_units.max(initial=1))):
        wanted = np.where(t.kind[left] == StageKind.SPLIT, unit, np.where(is_gather, 0, t.unit[left]))
        missing = (unit < n_next) & (find(t.key(t.consignment[left], t.stage[left] + 1, wanted)) < 0)
        yield from say(t, left, missing, "left and arrived nowhere")
        if not np.any(t.kind == StageKind.SPLIT):
            break


def _plain(t: Table) -> Iterator[str]:
    """Holds and moves begin at once and take the open time that was drawn; a split takes a tick."""
    for s in np.unique(t.stage):
        rows = np.flatnonzero(t.stage == s)
        kind = t.kind[rows[0]]
        if kind in (StageKind.HOLD, StageKind.TRAVEL):
            clock = t.clock(int(s))
            assert clock is not None
            yield from say(t, rows, t.start[rows] != t.arrive[rows], "waits where nobody waits")
            yield from _worked(t, rows, clock)
        elif kind == StageKind.SPLIT:
            wrong = (t.start[rows] != t.arrive[rows]) | (t.depart[rows] > t.arrive[rows] + TICK)
            yield from say(t, rows, wrong, "splits late")


def _worked(t: Table, rows: np.ndarray, clock: Clock) -> Iterator[str]:
    done = rows[~np.isnan(t.depart[rows])]
    worked = clock.open(t.depart[done]) - clock.open(t.start[done])
    short = (np.abs(worked - t.work[done]) > clock.slack) & (t.depart[done] > t.start[done] + TICK)
    yield from say(t, done, short, "is not served for its time")
    yield from say(t, done, clock.ends_closed(t.depart[done]), "leaves in closed hours")


def _places(t: Table) -> Iterator[str]:
    for p in range(len(t.plan.places)):
        rows = t.in_order(np.flatnonzero((t.kind == StageKind.QUEUE) & (t.target == p)))
        if not rows.size:
            continue
        clock = clock_of(t, p)
        began = rows[~np.isnan(t.start[rows])]
        yield from say(t, began, clock.starts_closed(t.start[began]), "starts in closed hours")
        yield from _worked(t, rows, clock)
        if p in t.plan.attended:
            yield from in_turn(t, rows, p)
        else:
            starts = np.where(np.isnan(t.start[rows]), np.inf, t.start[rows])
            yield from say(t, rows[1:], starts[1:] < starts[:-1], "starts before one who came earlier")
        since = clock.open(t.plan.places.server_from_h[p])
        until = clock.open(t.plan.places.server_until_h[p])
        yield from _never_too_many(t, began, clock, since, until)
        yield from _never_idle(t, rows, clock, since, until, t.plan.places.id[p])


def _never_too_many(t: Table, rows: np.ndarray, clock: Clock, since: np.ndarray, until: np.ndarray) -> Iterator[str]:
    """In open time: those in service at any start are no more than the servers that can have taken them."""
    start = clock.open(t.start[rows])
    end = freed(t, rows, clock)
    for closing in (-np.inf, *np.unique(until[np.isfinite(until)])):
        late = start >= closing
        s, e = np.sort(start[late]), np.sort(end[late])
        busy = np.searchsorted(s, start, side="right") - np.searchsorted(e, start + 2 * clock.slack, side="right")
        able = np.sort(since[until > closing])
        servers = np.searchsorted(able, start + clock.slack, side="right")
        yield from say(t, rows, late & (busy > servers), "is one more in service than there are servers")
    slack = clock.slack
    no_server = ~np.any((since[:, None] <= start + slack) & (start < until[:, None] + slack), axis=0)
    yield from say(t, rows, no_server, "starts when no server is there")


def _never_idle(
    t: Table, rows: np.ndarray, clock: Clock, since: np.ndarray, until: np.ndarray, place: str
) -> Iterator[str]:
    """In open time, up to the horizon: nobody waits while fewer are in service than there are servers."""
    horizon = float(clock.open(np.array([t.plan.end_h]))[0])
    arrive = clock.open(t.arrive[rows])
    start = np.where(np.isnan(t.start[rows]), np.inf, clock.open(t.start[rows]))
    end = np.where(np.isnan(t.start[rows]), np.inf, freed(t, rows, clock))
    edges = np.unique(np.concatenate([arrive, start, end, since, until, [horizon]]))
    edges = edges[edges <= horizon]

    def count(begin: np.ndarray, stop: np.ndarray) -> np.ndarray:
        return np.searchsorted(np.sort(begin), edges, side="right") - np.searchsorted(
            np.sort(stop), edges, side="right"
        )

    idle = (count(arrive, start) > 0) & (count(start, end) < count(since, until))
    found = np.flatnonzero(idle[:-1] & (np.diff(edges) > 4 * clock.slack))
    if found.size:
        yield f"a server of {place} stands idle while one waits, at open hour {edges[found[0]]!r} ({found.size} in all)"


def _sailings(t: Table) -> Iterator[str]:
    services = t.plan.services
    for v in range(len(services)):
        rows = t.in_order(np.flatnonzero((t.kind == StageKind.SAIL) & (t.target == v)))
        departures = services.departure_h[v]
        calendar = t.lane.calendars[len(t.plan.places) + v]
        rates = calendar.rates[np.searchsorted(calendar.times_h, departures, side="right") - 1]
        room = services.capacity[v] * rates
        teu = t.lane.load_teu[t.consignment[rows]] / t.n_units[rows]
        load = teu if services.counts_teu[v] else t.tonnes[rows]
        starts = np.where(np.isnan(t.start[rows]), np.inf, t.start[rows])
        yield from say(t, rows, np.isfinite(starts) & ~np.isin(starts, departures), "boards where no ship leaves")
        yield from say(t, rows[1:], starts[1:] < starts[:-1], "boards before one who came earlier")
        left = t.depart[rows]
        yield from say(t, rows, np.abs(left - starts - TICK) > 0, "does not leave with its ship")
        for k, (at, most) in enumerate(zip(departures, room, strict=True)):
            aboard = load[starts == at].sum()
            if aboard > most * (1 + 1e-9):
                yield f"{services.id[v]}: departure {k} carries {aboard!r}, it has room for {most!r}"
            waiting = np.flatnonzero((t.arrive[rows] <= at) & (starts > at))
            if waiting.size and aboard + load[waiting[0]] <= most * (1 + 1e-9):
                yield f"{services.id[v]}: departure {k} leaves consignment {t.consignment[rows][waiting[0]]} behind"


def _formations(t: Table) -> Iterator[str]:
    table = t.plan.formations
    for f in range(len(table)):
        rows = t.in_order(np.flatnonzero((t.kind == StageKind.FORM) & (t.target == f)))
        size, patience = int(table.size[f]), float(table.max_wait_h[f])
        yield from say(t, rows, t.depart[rows] > t.start[rows] + TICK, "leaves later than its train")
        went = rows[~np.isnan(t.start[rows])]
        if np.any(np.isnan(t.start[rows[: went.size]])):
            yield f"{table.id[f]}: one is left behind while later ones go"
        for at in np.unique(t.start[went]):
            together = went[t.start[went] == at]
            for k in range(0, together.size, size):
                train = together[k : k + size]
                full = train.size == size and t.arrive[train[-1]] == at
                waited = t.arrive[train[0]] + patience == at
                if not (full or waited):
                    yield from say(t, train, np.arange(train.size) == 0, "leaves neither full nor after its wait")
        stay = rows[went.size :]
        if stay.size >= size or (stay.size and t.arrive[stay[0]] + patience < t.plan.end_h):
            yield f"{table.id[f]}: a train should have left"


def _units(t: Table) -> Iterator[str]:
    """A gather starts for all units when the last has arrived, not before and not later."""
    rows = np.flatnonzero(t.kind == StageKind.GATHER)
    if not rows.size:
        return
    group, which = np.unique(t.key(t.consignment[rows], t.stage[rows], 0), return_inverse=True)
    last = np.full(group.size, -np.inf)
    np.maximum.at(last, which, t.arrive[rows])
    complete = np.bincount(which)[which] == t.n_units[rows]
    started = ~np.isnan(t.start[rows])
    yield from say(t, rows, started & (t.start[rows] != last[which]), "does not wait for the last unit")
    yield from say(t, rows, started != complete, "goes on without all units, or waits though all are there")
    yield from say(t, rows, t.depart[rows] > t.start[rows] + TICK, "gathers late")


def _causes(t: Table) -> Iterator[str]:
    hours = hours_by_cause(t)
    off = hours[list(Cause)].sum(axis=1) != hours["transit_h"]
    if off.any():
        first, n = hours.index[off][0], int(off.sum())
        yield f"times by cause do not add up to the transit time of consignment {first} ({n} in all)"


WAITS = {
    StageKind.QUEUE: Cause.QUEUEING, StageKind.SAIL: Cause.DEPARTURE, StageKind.FORM: Cause.FORMING,
    StageKind.SINGLE_TRACK: Cause.QUEUEING,
}  # fmt: skip


def hours_by_cause(t: Table) -> pd.DataFrame:
    """Hours of each cause (columns `Cause`), transit_h and delivered_h of every delivered consignment."""
    stages, n = t.plan.stages, t.lane.n_consignments
    rows = np.flatnonzero(_followed(t))
    totals = np.zeros((n, len(Cause)))
    for s in np.unique(t.stage[rows]):
        here = rows[t.stage[rows] == s]
        who, clock = t.consignment[here], t.clock(int(s))
        shut = np.zeros((3, here.size))
        if clock is not None:
            shut = np.array([clock.closed(x[here]) for x in (t.arrive, t.start, t.depart)])
        waited = t.start[here] - t.arrive[here] - (shut[1] - shut[0])
        served = t.depart[here] - t.start[here] - (shut[2] - shut[1])
        kind, cause = StageKind(int(stages.kind[s])), Cause(int(stages.cause[s]))
        wait_cause = cause if kind is StageKind.TAKE else WAITS.get(kind, Cause.HANDLING)
        np.add.at(totals, (who, int(wait_cause)), waited)
        np.add.at(totals, (who, int(Cause.CLOSED)), shut[2] - shut[0])
        np.add.at(totals, (who, int(cause)), served)
    last = (t.plan.itineraries.first_stage_idx + t.plan.itineraries.n_stages - 1)[stages.itinerary_idx[t.stage]]
    ends = np.flatnonzero((t.stage == last) & ~np.isnan(t.depart))
    delivered = pd.Series(t.depart[ends], index=t.consignment[ends]).groupby(level=0).max()
    hours = pd.DataFrame(totals, columns=list(Cause)).loc[delivered.index]
    return hours.assign(delivered_h=delivered, transit_h=delivered - t.lane.release_h[delivered.index])


def _followed(t: Table) -> np.ndarray:
    """Rows along the unit that arrives last at the next gather (the first of them on a tie)."""
    kinds = t.plan.stages.kind
    gather = np.full(kinds.size, -1)
    ahead = -1
    for s in reversed(range(kinds.size)):
        ahead = s if kinds[s] == StageKind.GATHER else -1 if kinds[s] == StageKind.SPLIT else ahead
        gather[s] = ahead
    rows = np.flatnonzero(t.kind == StageKind.GATHER)
    order = rows[np.lexsort((-t.unit[rows], t.arrive[rows]))]
    chosen = dict(
        zip((t.consignment[order] * MOST_UNITS + 0) * kinds.size + t.stage[order], t.unit[order], strict=True)
    )
    inside = gather[t.stage]
    keys = (t.consignment * MOST_UNITS) * kinds.size + inside
    unit = np.array([chosen.get(k, 0) if i >= 0 else 0 for k, i in zip(keys, inside, strict=True)])
    return t.unit == unit
