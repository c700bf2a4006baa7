"""Audit of single tracks and the loops between them: the rules, worked out from the trace."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from corridor_sim.plan.kinds import StageKind
from tests.support.audit_table import TICK, Clock, Table, say


@dataclass(frozen=True)
class Pairs:
    """Trains that enter a track one after the other: rows of the one before and the one after."""

    before: np.ndarray
    after: np.ndarray
    is_same_way: np.ndarray


def tracks(t: Table) -> Iterator[str]:
    """Name what breaks the rules of single tracks."""
    first = len(t.plan.places) + len(t.plan.services)
    for k in range(len(t.plan.tracks)):
        rows = t.in_order(np.flatnonzero((t.kind == StageKind.SINGLE_TRACK) & (t.target == k)))
        if not rows.size:
            continue
        calendar = t.lane.calendars[first + k]
        clock = Clock(calendar.times_h, calendar.rates)
        began = rows[~np.isnan(t.start[rows])]
        yield from say(t, began, clock.starts_closed(t.start[began]), "enters in closed hours")
        for side in (0, 1):
            yield from _in_order(t, rows[t.side[rows] == side])
        entered = began[np.argsort(t.start[began], kind="stable")]
        yield from say(t, entered[1:], np.diff(t.start[entered]) <= 0, "enters together with another")
        before, after = entered[:-1], entered[1:]
        pairs = Pairs(before, after, t.side[before] == t.side[after])
        yield from _apart(t, pairs, float(t.plan.tracks.working_h[k]))
        yield from _runs(t, entered, pairs, clock)
        yield from _earlier_the_other_way(t, rows, k)
        if t.plan.tracks.near_loop_idx[k] < 0 and t.plan.tracks.far_loop_idx[k] < 0:
            yield from _never_idle(t, rows, float(t.plan.tracks.working_h[k]), clock)
    for loop in range(len(t.plan.loops)):
        yield from _loop(t, loop)


def _in_order(t: Table, rows: np.ndarray) -> Iterator[str]:
    starts = np.where(np.isnan(t.start[rows]), np.inf, t.start[rows])
    yield from say(t, rows[1:], starts[1:] < starts[:-1], "enters before one the same way who came earlier")


def _apart(t: Table, p: Pairs, working_h: float) -> Iterator[str]:
    """Followers keep the headway of the one before; nobody enters against a train on the track."""
    follows, meets = p.is_same_way, ~p.is_same_way
    left = np.where(np.isnan(t.depart[p.before]), np.inf, t.depart[p.before])
    leaves = np.where(np.isnan(t.depart[p.after]), np.inf, t.depart[p.after])
    gap = t.occupancy[p.before]
    yield from say(t, p.after, meets & (t.start[p.after] < left), "enters against a train on the track")
    early = meets & (t.start[p.after] >= left) & (t.start[p.after] < left + working_h)
    yield from say(t, p.after, early, "enters before the track is worked for the other way")
    close = follows & (t.start[p.after] < t.start[p.before] + gap)
    yield from say(t, p.after, close, "enters less than a headway behind")
    yield from say(t, p.after, follows & (leaves < left + gap), "leaves less than a headway behind")


def _runs(t: Table, entered: np.ndarray, p: Pairs, clock: Clock) -> Iterator[str]:
    """A run takes the open time that was drawn, or ends a headway after the train ahead where that is later."""
    held_until = np.full(entered.size, -np.inf)
    held_until[1:][p.is_same_way] = (t.depart[p.before] + t.occupancy[p.before])[p.is_same_way]
    left = ~np.isnan(t.depart[entered])
    done, held = entered[left], held_until[left] == t.depart[entered][left]
    worked = clock.open(t.depart[done]) - clock.open(t.start[done])
    more = worked - t.work[done]
    is_tick = t.depart[done] <= t.start[done] + TICK
    yield from say(t, done, ~held & (np.abs(more) > clock.slack) & ~is_tick, "does not run for its time")
    yield from say(t, done, held & (more < -clock.slack), "runs faster than it can")
    yield from say(t, done, ~held & clock.ends_closed(t.depart[done]), "leaves in closed hours")
    under_way = entered[~left]
    # nan: the one ahead is under way, too
    free = held_until[~left] < t.plan.end_h
    over = clock.open(np.array([t.plan.end_h]))[0] - clock.open(t.start[under_way]) > t.work[under_way] + clock.slack
    yield from say(t, under_way, free & over, "is under way though its run is over")


def _earlier_the_other_way(t: Table, rows: np.ndarray, track: int) -> Iterator[str]:
    """Whoever came earlier goes first, where a station lies ahead that takes any number of trains."""
    for side, ahead in ((0, t.plan.tracks.far_loop_idx[track]), (1, t.plan.tracks.near_loop_idx[track])):
        if ahead >= 0:
            continue
        start = np.where(np.isnan(t.start[rows]), np.inf, t.start[rows])
        # rows are in order of arrival, and those of one way enter in it: the last before each says it for all
        mine = np.maximum.accumulate(np.where(t.side[rows] == side, start, -np.inf))
        other = (t.side[rows] != side) & np.isfinite(start)
        yield from say(t, rows, other & (mine > start), "enters before one the other way who came earlier")


def _never_idle(t: Table, rows: np.ndarray, working_h: float, clock: Clock) -> Iterator[str]:
    """Between two stations everyone enters in the order of arrival, as soon as can be."""
    end_h, ready, last = t.plan.end_h, 0.0, -1
    for row in rows:
        if last >= 0:
            follows = t.side[row] == t.side[last]
            ready = t.start[last] + t.occupancy[last] if follows else t.depart[last] + working_h
        if np.isnan(ready):  # the one before is on the track until after the end
            return
        can, enters = max(t.arrive[row], ready), end_h if np.isnan(t.start[row]) else t.start[row]
        if can < end_h:
            idle = np.diff(clock.open(np.array([can, enters]))) > 2 * clock.slack
            yield from say(t, np.array([row]), idle, "waits though the track is free")
        if np.isnan(t.start[row]):
            return
        last = row


def _loop(t: Table, loop: int) -> Iterator[str]:
    """A train has its place at a loop from when it sets out for it until it goes on."""
    comes, goes = ([_passing(t, loop, side, ahead=ahead) for side in (0, 1)] for ahead in (True, False))
    n_tracks = int(t.plan.loops.n_tracks[loop])
    for side in (0, 1):
        rows = comes[side]
        mine, other = (_there(t, comes[k], goes[k], t.start[rows]) for k in (side, 1 - side))
        yield from say(t, rows, mine > n_tracks - 1, "takes more of a loop than one direction may")
        yield from say(t, rows, mine + other > n_tracks, "sets out for a loop that is full")


def _passing(t: Table, loop: int, side: int, *, ahead: bool) -> np.ndarray:
    """Runs one way that lead to a loop, or away from it, in the order of entry."""
    ends = t.plan.tracks.far_loop_idx if ahead == (side == 0) else t.plan.tracks.near_loop_idx
    runs = np.flatnonzero((t.kind == StageKind.SINGLE_TRACK) & (t.side == side) & ~np.isnan(t.start))
    rows = runs[ends[t.target[runs]] == loop]
    return rows[np.argsort(t.start[rows], kind="stable")]


def _there(t: Table, comes: np.ndarray, goes: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Trains that have a place at a loop, those that set out at this instant and those that leave at it included."""
    came = np.searchsorted(t.start[comes], at, side="right")
    return came - np.searchsorted(t.start[goes], at, side="left")
