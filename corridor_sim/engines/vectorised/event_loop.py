"""One event loop per lane: a cyclic part followed arrival by arrival, compiled where numba is installed.

Every unit that is on its way has one next event, its arrival at a facility; events are taken in the order of time and
rank. All arrivals of an instant come before anything they cause (no stage takes less than a tick), so a facility can
say at once what becomes of an arrival, from the state in which earlier ones left it. Starts and departures are the
same sums, maxima and lines of calendars as everywhere else, in the same order: the same bits.

Functions here use nothing but numbers and arrays, so that they can be compiled; without numba they
run as they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from corridor_sim.engines.vectorised.agenda import NOBODY, Agenda, clear, expect, lay, take_next
from corridor_sim.engines.vectorised.jit import borrowed, compiled, inlined
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.kinds import StageKind

NEVER_H = float("inf")

QUEUE, SAIL, FORM = int(StageKind.QUEUE), int(StageKind.SAIL), int(StageKind.FORM)
ADD, WORK, REPEAT, LATEST = 0, 1, 2, 3
KINDS_OF_STEPS = {"Add": ADD, "Work": WORK, "Repeat": REPEAT, "Latest": LATEST}
"""Steps on the way, see `ways`."""


class Part(NamedTuple):
    """What is the same in all lanes. Stages, steps, facilities and units are those of the part, counted from 0."""

    end_h: float
    stage_facility: Any
    stage_visit: Any
    """Column of the first visit of each stage."""
    stage_units: Any
    stage_next: Any
    """Stage of the part that follows, or -1."""
    stage_step: Any
    """(n_stages + 1,) first step of the way to it."""
    step_kind: Any
    step_hours: Any
    """Column of the first duration of each step."""
    step_units: Any
    step_calendar: Any
    """Calendar of a step, or -1."""
    unit_member: Any
    """Member of its itinerary that each unit belongs to."""
    unit_number: Any
    """Which unit of its consignment it is."""
    entry_stage: Any
    """Stages at which units enter the part."""
    entry_column: Any
    """(n_entries + 1,) first column of the arrivals there."""
    entry_unit: Any
    """Unit that arrives in each of those columns."""
    facility_kind: Any
    facility_server: Any
    """(n_facilities + 1,) first server of a place."""
    facility_closes: Any
    """Whether servers of a place close for good."""
    facility_size: Any
    """Consignments of a full train."""
    facility_max_wait_h: Any
    facility_ship: Any
    """(n_facilities + 1,) first departure of a service."""
    ship_h: Any


class Rows(NamedTuple):
    """What differs by lane, and where the results go: arrays with a row per lane, or one such row of each."""

    rank: Any
    """Order of units in ties; of trains that leave, behind them."""
    entry_h: Any
    service_h: Any
    occupancy_h: Any
    load: Any
    hours: Any
    free: Any
    """Open time at which each server gets free at first, in order within a place."""
    until: Any
    ship_room: Any
    calendar: Any
    """Calendar of each facility, or -1 for always open."""
    start_h: Any
    depart_h: Any


class Pieces(NamedTuple):
    """Calendars, piece by piece, behind each other; see `foundation.calendars`."""

    first: Any
    """(n_calendars + 1,) first piece of each."""
    times_h: Any
    open_h: Any
    rates: Any
    open_slope: Any
    open_intercept: Any
    clock_slope: Any
    clock_intercept: Any


class State(NamedTuple):
    """State of one lane."""

    stage: Any
    """Stage at which each unit arrives next."""
    missing: Any
    """Units of a consignment, by its first, that are not yet at the gather."""
    latest_h: Any
    free: Any
    until: Any
    arrive_piece: Any
    start_piece: Any
    ship: Any
    ship_left: Any
    train_first: Any
    train_last: Any
    train_count: Any
    train_leaves_h: Any
    train_watched: Any
    """Whether the agenda holds the end of the wait of a facility."""


@inlined
def _on_line(slope: Any, intercept: Any, piece: int, x: float) -> float:
    return np.rint(slope[piece] * x + intercept[piece]) * TICK_H  # type: ignore[no-any-return]


@inlined
def _sift(free: Any, first: int, n: int, value: float) -> None:
    """Replace the earliest of the servers of a place, a heap."""
    k, down = 0, 1
    while down < n:
        if down + 1 < n and free[first + down + 1] < free[first + down]:
            down += 1
        if value <= free[first + down]:
            break
        free[first + k] = free[first + down]
        k, down = down, 2 * down + 1
    free[first + k] = value


@inlined
def _take_server(part: Part, state: State, f: int, arrive: float, occupancy: float) -> float:
    """Give an arrival, in open time, the server that gets free first; return its start there."""
    first, free = part.facility_server[f], state.free
    n = part.facility_server[f + 1] - first
    if n == 0:
        return NEVER_H
    if not part.facility_closes[f]:
        start = max(free[first], arrive)
        if n == 1:
            free[first] = start + occupancy
        else:
            _sift(free, first, n, start + occupancy)
        return start  # type: ignore[no-any-return]
    chosen = first
    for k in range(first, first + n):
        if max(free[k], arrive) >= state.until[k]:
            free[k] = NEVER_H
        if free[k] < free[chosen]:
            chosen = k
    start = max(free[chosen], arrive)
    free[chosen] = start + occupancy
    return start  # type: ignore[no-any-return]


@inlined
def _serve(part: Part, row: Any, pieces: Pieces, state: State, f: int, visit: int, now_h: float) -> float:
    """Serve an arrival at a place: S = max(A, free), D = S + s, in open time; return its departure, h."""
    service, occupancy, calendar = row.service_h[visit], row.occupancy_h[visit], row.calendar[f]
    if calendar < 0:
        start_h = _take_server(part, state, f, now_h, occupancy)
        row.start_h[visit] = start_h
        row.depart_h[visit] = start_h + service
        return start_h + service  # type: ignore[no-any-return]
    last = pieces.first[calendar + 1] - 1
    p = state.arrive_piece[f]
    while p < last and pieces.times_h[p + 1] <= now_h:
        p += 1
    state.arrive_piece[f] = p
    arrive = _on_line(pieces.open_slope, pieces.open_intercept, p, now_h)
    start = _take_server(part, state, f, arrive, occupancy)
    if start == NEVER_H:
        row.start_h[visit] = row.depart_h[visit] = NEVER_H
        return NEVER_H
    q = state.start_piece[f]
    while q < last and pieces.open_h[q + 1] <= start:
        q += 1
    state.start_piece[f] = q
    # who starts at once does so on arrival: the way through open time and back may be a tick off
    start_h = now_h
    if start != arrive or pieces.rates[p] == 0.0:
        start_h = max(now_h, _on_line(pieces.clock_slope, pieces.clock_intercept, q, start))
    done = start + service
    while q < last and pieces.open_h[q + 1] < done:
        q += 1
    depart_h = max(_on_line(pieces.clock_slope, pieces.clock_intercept, q, done), start_h + TICK_H)
    row.start_h[visit] = start_h
    row.depart_h[visit] = depart_h
    return depart_h  # type: ignore[no-any-return]


@inlined
def _board(part: Part, row: Any, state: State, f: int, visit: int, now_h: float) -> float:
    """Board the first departure with room, behind all that came before; return the time just after it, h."""
    ship, last, load = state.ship[f], part.facility_ship[f + 1], row.load[visit]
    while ship < last and (part.ship_h[ship] < now_h or load > state.ship_left[f]):
        ship += 1
        state.ship_left[f] = row.ship_room[ship] if ship < last else 0.0
    state.ship[f] = ship
    start_h = NEVER_H
    if ship < last:
        state.ship_left[f] -= load
        start_h = part.ship_h[ship]
    row.start_h[visit] = start_h
    row.depart_h[visit] = start_h + TICK_H
    return start_h + TICK_H


@inlined
def _work_done(pieces: Pieces, calendar: int, time_h: float, work_h: float) -> float:
    """Return when hours of open time have passed, at least a tick later."""
    first, last = pieces.first[calendar], pieces.first[calendar + 1]
    p = first + np.searchsorted(pieces.times_h[first:last], time_h, side="right") - 1
    done = _on_line(pieces.open_slope, pieces.open_intercept, p, time_h) + work_h
    p = first + max(np.searchsorted(pieces.open_h[first:last], done, side="left") - 1, 0)
    return max(_on_line(pieces.clock_slope, pieces.clock_intercept, p, done), time_h + TICK_H)  # type: ignore[no-any-return]


@inlined
def _go_on(part: Part, row: Any, pieces: Pieces, agenda: Agenda, state: State, unit: int, depart_h: float) -> None:
    """Take a unit on its way from the stage it leaves to the next; a split sends all units of a consignment there."""
    stage = state.stage[unit]
    following, first, last = part.stage_next[stage], unit - part.unit_number[unit], part.stage_step[stage + 1]
    # those who set out together, from the same step at the same time
    k, end, set_out_h, set_out_step = unit, unit + 1, depart_h, part.stage_step[stage]
    if following < 0:
        return
    while k < end:
        who, time_h, step = k, set_out_h, set_out_step
        k += 1
        while step < last and time_h < part.end_h:
            kind, units = part.step_kind[step], part.step_units[step]
            if kind == REPEAT:
                k, end, set_out_h, set_out_step = first, first + units, time_h, step + 1
                time_h = NEVER_H
            elif kind == LATEST:
                state.latest_h[first] = max(state.latest_h[first], time_h)
                if state.missing[first] == 0:
                    state.missing[first] = units
                state.missing[first] -= 1
                time_h = NEVER_H
                if state.missing[first] == 0:
                    who, time_h = first, state.latest_h[first]
                    state.latest_h[first] = 0.0
            else:
                hours = row.hours[part.step_hours[step] + part.unit_member[who] * units + (who - first) * (units > 1)]
                calendar = part.step_calendar[step]
                time_h = time_h + hours if kind == ADD else _work_done(pieces, calendar, time_h, hours)
            step += 1
        if time_h < part.end_h:
            state.stage[who] = following
            expect(agenda, row.rank, who, time_h)


@inlined
def _visit(part: Part, state: State, unit: int) -> int:
    """Return the column of a unit's visit."""
    stage = state.stage[unit]
    units = part.stage_units[stage]
    column: int = part.stage_visit[stage] + part.unit_member[unit] * units + part.unit_number[unit] * (units > 1)
    return column


@inlined
def _record_train(part: Part, row: Any, agenda: Agenda, state: State, first: int, leaves_h: float) -> None:
    """Write down when the consignments of a train leave."""
    unit = first
    while unit != NOBODY:
        visit = _visit(part, state, unit)
        row.start_h[visit] = leaves_h
        row.depart_h[visit] = leaves_h + TICK_H
        unit = agenda.behind[unit]


@inlined
def _join(part: Part, agenda: Agenda, state: State, f: int, unit: int, now_h: float) -> bool:
    """Join the train in the making; return whether it is full."""
    agenda.behind[unit] = NOBODY
    if state.train_count[f] == 0:
        state.train_first[f] = unit
        state.train_leaves_h[f] = now_h + part.facility_max_wait_h[f]
    else:
        agenda.behind[state.train_last[f]] = unit
    state.train_last[f] = unit
    state.train_count[f] += 1
    return state.train_count[f] == part.facility_size[f]  # type: ignore[no-any-return]


@inlined
def _watch(part: Part, row: Any, agenda: Agenda, state: State, f: int) -> None:
    """See to it that the train in the making leaves when the wait of its first is over.

    The agenda holds one such event of a facility. The train that it was for may have left full, and another wait.
    """
    if state.train_count[f] > 0 and not state.train_watched[f] and state.train_leaves_h[f] < part.end_h:
        state.train_watched[f] = True
        expect(agenda, row.rank, part.unit_member.size + f, state.train_leaves_h[f])


@inlined
def _enter(part: Part, row: Any, agenda: Agenda, state: State) -> None:
    """Put everybody's first arrival on the agenda, of which no box is open yet."""
    for e in range(part.entry_stage.size):
        for column in range(part.entry_column[e], part.entry_column[e + 1]):
            at_h = row.entry_h[column]
            if at_h < part.end_h:
                unit = part.entry_unit[column]
                state.stage[unit] = part.entry_stage[e]
                lay(agenda, unit, at_h)


@inlined
def _begin(part: Part, row: Any, pieces: Pieces, agenda: Agenda, state: State) -> None:
    """Put a lane at its beginning."""
    clear(agenda)
    state.missing[:] = 0
    state.latest_h[:] = 0.0
    state.free[:] = row.free
    state.until[:] = row.until
    for f in range(part.facility_kind.size):
        calendar = row.calendar[f]
        state.arrive_piece[f] = state.start_piece[f] = pieces.first[calendar] if calendar >= 0 else 0
        ship = part.facility_ship[f]
        state.ship[f] = ship
        state.ship_left[f] = row.ship_room[ship] if ship < part.facility_ship[f + 1] else 0.0
        state.train_count[f] = 0
        state.train_watched[f] = False


@inlined
def _follow_lane(part: Part, row: Any, pieces: Pieces, agenda: Agenda, state: State) -> int:
    """Follow one lane to the end of the horizon; return the arrivals."""
    _begin(part, row, pieces, agenda, state)
    _enter(part, row, agenda, state)
    n, n_units = 0, part.unit_member.size
    while True:
        who = take_next(agenda, row.rank)
        if who == NOBODY:
            break
        now_h = agenda.due_h[who]
        f = who - n_units if who >= n_units else part.stage_facility[state.stage[who]]
        kind = part.facility_kind[f]
        n += who < n_units
        leaves, depart_h = who, NEVER_H
        if kind == QUEUE:
            depart_h = _serve(part, row, pieces, state, f, _visit(part, state, who), now_h)
        elif kind == SAIL:
            depart_h = _board(part, row, state, f, _visit(part, state, who), now_h)
        else:
            if who >= n_units:
                state.train_watched[f] = False
                is_going = state.train_count[f] > 0 and state.train_leaves_h[f] == now_h
            else:
                is_going = _join(part, agenda, state, f, who, now_h)
            leaves, depart_h = NOBODY, now_h + TICK_H
            if is_going:
                leaves = state.train_first[f]
                state.train_count[f] = 0
                _record_train(part, row, agenda, state, leaves, now_h)
            _watch(part, row, agenda, state, f)
        while leaves != NOBODY:
            following = agenda.behind[leaves] if kind == FORM else NOBODY
            _go_on(part, row, pieces, agenda, state, leaves, depart_h)
            leaves = following
    for f in range(part.facility_kind.size):
        if state.train_count[f] > 0:
            _record_train(part, row, agenda, state, state.train_first[f], state.train_leaves_h[f])
    return n


@compiled
def follow(part: Part, rows: Rows, pieces: Pieces, agenda: Agenda, state: State) -> int:
    """Follow all lanes, one after the other; return the arrivals."""
    n = 0
    lanes: Rows = borrowed(rows)
    for i in range(rows.start_h.shape[0]):
        row = Rows(
            lanes.rank[i], lanes.entry_h[i], lanes.service_h[i], lanes.occupancy_h[i], lanes.load[i], lanes.hours[i],
            lanes.free[i], lanes.until[i], lanes.ship_room[i], lanes.calendar[i], lanes.start_h[i], lanes.depart_h[i],
        )  # fmt: skip
        n += _follow_lane(borrowed(part), row, borrowed(pieces), borrowed(agenda), borrowed(state))
    return n
