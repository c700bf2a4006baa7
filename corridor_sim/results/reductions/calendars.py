"""The calendar of one facility in every lane; lanes that share one (most do) are worked on together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from corridor_sim.foundation.calendars import Calendar
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Rows = Ints | slice

LONGEST_TABLE_H = 1e6
"""Calendars that change till later are searched, not looked up."""


@dataclass(frozen=True, eq=False)
class LaneCalendars:
    """Calendars of one facility."""

    n_lanes: int
    groups: tuple[tuple[Calendar, Rows], ...]
    """Each calendar and its lanes."""

    @classmethod
    def of(cls, calendars: Sequence[Calendar]) -> LaneCalendars:
        """Put lanes together that have the very same calendar."""
        rows: dict[int, list[int]] = {}
        for row, calendar in enumerate(calendars):
            rows.setdefault(id(calendar), []).append(row)
        if len(rows) == 1:
            return cls(len(calendars), ((calendars[0], slice(None)),))
        return cls(len(calendars), tuple((calendars[r[0]], np.array(r)) for r in rows.values()))

    @property
    def has_closed_hours(self) -> bool:
        """Whether any lane's calendar is ever closed."""
        return any(np.any(calendar.rates == 0) for calendar, _ in self.groups)

    def by_lane(self, function: Callable[[Calendar, Rows], Floats]) -> Floats:
        """Work out a row for every lane, calendar by calendar; the function is given a calendar and its lanes."""
        parts = [function(calendar, rows) for calendar, rows in self.groups]
        if parts[0].shape[0] == self.n_lanes and parts[0].ndim == 2:
            return parts[0]
        result = np.empty((self.n_lanes, parts[0].shape[-1]))
        for (_, rows), part in zip(self.groups, parts, strict=True):
            result[rows] = part
        return result

    def of_each(self, lane: Ints, function: Callable[[Calendar, Rows], Floats]) -> Floats:
        """Work out a number for every (n,) lane; the function is given a calendar and positions."""
        if len(self.groups) == 1:
            return function(*self.groups[0])
        group_of = np.empty(self.n_lanes, dtype=np.int64)
        for group, (_, rows) in enumerate(self.groups):
            group_of[rows] = group
        group_idx, result = group_of[lane], np.empty(lane.size)
        for group, (calendar, _) in enumerate(self.groups):
            chosen = np.flatnonzero(group_idx == group)
            result[chosen] = function(calendar, chosen)
        return result

    @cached_property
    def _closed(self) -> tuple[ClosedHours, ...]:
        return tuple(ClosedHours(calendar) for calendar, _ in self.groups)

    def closed_before(self, times_h: Floats) -> Floats:
        """Hours closed from 0 to each time (n_lanes, n)."""
        if len(self.groups) == 1:
            return self._closed[0].before(times_h)
        result = np.empty(times_h.shape)
        for closed, (_, rows) in zip(self._closed, self.groups, strict=True):
            result[rows] = closed.before(times_h[rows])
        return result


class ClosedHours:
    """Closed hours of one calendar; where it opens and closes on whole hours they are looked up."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        times_h = calendar.times_h
        self._is_looked_up = bool(np.all(times_h == np.floor(times_h))) and times_h[-1] < LONGEST_TABLE_H
        if self._is_looked_up:
            hours = np.arange(times_h[-1] + 1)
            self._before_h = calendar.closed_before(hours)
            self._is_shut = np.diff(self._before_h, append=self._before_h[-1:])

    def before(self, times_h: Floats) -> Floats:
        """Hours closed from 0 to each time; exact on the grid."""
        if not self._is_looked_up:
            return self._calendar.closed_before(times_h)
        hour = np.minimum(times_h, self._before_h.size - 1.0).astype(np.int64)
        part = times_h - hour
        part *= self._is_shut.take(hour)
        part += self._before_h.take(hour)
        return part


def closed_calendars(plan: Plan, lanes: Lanes) -> list[LaneCalendars | None]:
    """Calendars whose closed hours each stage feels; none where it is never closed.

    A ship's or a train's departure is no matter of opening hours.
    """
    first = len(plan.places) + len(plan.services)
    places, tracks = (
        [LaneCalendars.of([of_lane[i] for of_lane in lanes.calendars]) for i in rows]
        for rows in (range(len(plan.places)), range(first, first + len(plan.tracks)))
    )
    holds = [LaneCalendars.of([calendar] * len(lanes)) for calendar in plan.stage_calendars]
    with_hours = [[c if c.has_closed_hours else None for c in calendars] for calendars in (places, holds, tracks)]
    columns = (plan.stages.kind.tolist(), plan.stages.target_idx.tolist(), plan.stages.calendar_idx.tolist())
    found: list[LaneCalendars | None] = []
    for kind, target, calendar in zip(*columns, strict=True):
        match StageKind(kind):
            case StageKind.QUEUE:
                found.append(with_hours[0][target])
            case StageKind.HOLD | StageKind.TRAVEL:
                found.append(with_hours[1][calendar])
            case StageKind.SINGLE_TRACK:
                found.append(with_hours[2][target])
            case _:
                found.append(None)
    return found
