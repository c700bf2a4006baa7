"""Audit of places that choose among those who wait: classes of priority, and servers that are held."""

import heapq
import math
from collections.abc import Iterator

import numpy as np

from tests.support.audit_table import TICK, Clock, Table, say


def clock_of(t: Table, place: int) -> Clock:
    """Open time of a place; a server that was held is given away a tick after it is let go, so that may be off."""
    calendar = t.lane.calendars[place]
    clock = Clock(calendar.times_h, calendar.rates)
    if place in t.plan.stages.target_idx[_held_at(t)]:
        clock.slack, clock.slack_h = max(clock.slack, 2 * TICK), max(clock.slack_h, 2 * TICK)
    return clock


def freed(t: Table, rows: np.ndarray, clock: Clock) -> np.ndarray:
    """When the server of each gets free, in open time: after its occupancy, held or not; nan: it never began."""
    end = clock.open(t.start[rows]) + t.occupancy[rows]
    is_held = np.isin(t.stage[rows], _held_at(t))
    if is_held.any():
        keys = t.key(t.consignment, t.stage, t.unit)
        order = np.argsort(keys)
        wanted = t.key(t.consignment[rows], t.stage[rows] + 1, t.unit[rows])
        at = order[np.minimum(np.searchsorted(keys[order], wanted), keys.size - 1)]
        goes_on = np.where((keys[at] == wanted) & ~np.isnan(t.start[at]), t.start[at], np.inf)
        end = np.where(is_held, np.maximum(end, clock.open(goes_on)), end)
    return end


def _held_at(t: Table) -> np.ndarray:
    """Stages at places whose server stays taken until the stage after has started."""
    return np.flatnonzero(t.plan.stages.blocks) - 1


def in_turn(t: Table, rows: np.ndarray, place: int) -> Iterator[str]:
    """Whoever starts was next: the smallest class, or who came first with so many hours per class; then the rank."""
    priority, ageing_h = t.plan.stages.priority[t.stage[rows]], float(t.plan.places.ageing_h[place])
    starts = np.where(np.isnan(t.start[rows]), np.inf, t.start[rows])
    for own in np.unique(priority):
        mine, at = rows[priority == own], starts[priority == own]
        yield from say(t, mine[1:], at[1:] < at[:-1], "starts before one of its class who came earlier")
    if math.isinf(ageing_h):
        keys = list(zip(priority.tolist(), t.arrive[rows].tolist(), t.rank[rows].tolist(), strict=True))
    else:
        aged = t.arrive[rows] + priority * ageing_h
        keys = list(zip([0] * rows.size, aged.tolist(), t.rank[rows].tolist(), strict=True))
    yield from say(t, rows, _out_of_turn(t.arrive[rows], starts, keys), "starts before one whose turn it was")


def _out_of_turn(arrive: np.ndarray, starts: np.ndarray, keys: list[tuple[int, float, int]]) -> np.ndarray:
    """Who started while one with a smaller key waited; rows in order of arrival."""
    wrong, has_started = np.zeros(arrive.size, dtype=bool), np.zeros(arrive.size, dtype=bool)
    waiting: list[tuple[tuple[int, float, int], int]] = []
    came = 0
    for at in np.unique(starts[np.isfinite(starts)]):
        while came < arrive.size and arrive[came] <= at:
            heapq.heappush(waiting, (keys[came], came))
            came += 1
        now = starts == at
        has_started |= now
        while waiting and starts[waiting[0][1]] <= at:
            heapq.heappop(waiting)
        if waiting:
            best = waiting[0][0]
            wrong |= now & np.array([key > best for key in keys])
    return wrong
