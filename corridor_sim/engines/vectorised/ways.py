"""Ways from one facility to the next: what a departure there becomes on arrival here.

Holds and moves in open time all hours only add their hours, so that a way of many stages is one addition; a split
repeats a time for every unit, a gather takes the latest, and a hold or move with opening hours asks its calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.kinds import StageKind

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.engines.vectorised.arrivals import StageColumns
    from corridor_sim.foundation.calendars import Calendar
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]


def leave(kind: StageKind, arrive_h: Floats, work_h: Floats, n_units: int, calendar: Calendar | None) -> Floats:
    """Return departures from a stage that concerns nobody else.

    Parameters
    ----------
    kind
        HOLD, TRAVEL, SPLIT or GATHER.
    arrive_h
        (n_lanes, n) h; of a gather unit by unit.
    work_h
        Hours of open time of a hold or move, the same shape.
    n_units
        Units of a consignment at the stage.
    calendar
        Opening hours of a hold or move.
    """
    if kind is StageKind.SPLIT:
        return arrive_h + TICK_H
    if kind is StageKind.GATHER:
        last = arrive_h.reshape(arrive_h.shape[0], -1, n_units).max(axis=2)
        return np.repeat(last + TICK_H, n_units, axis=1)
    if calendar is None or calendar.is_always_open:
        return arrive_h + work_h
    return np.maximum(calendar.end_time(calendar.open_time(arrive_h) + work_h), arrive_h + TICK_H)


@dataclass(frozen=True, eq=False)
class Add:
    """Hours that pass in any case."""

    hours: Floats | float
    """(n_lanes, n_members * n_units), or one number."""
    n_units: int

    def __call__(self, times_h: Floats, members: slice) -> Floats:
        """Return times these hours later."""
        if isinstance(self.hours, float):
            return times_h + self.hours
        return times_h + self.hours[:, members.start * self.n_units : members.stop * self.n_units]


@dataclass(frozen=True, eq=False)
class Work:
    """Open time of a calendar that passes."""

    hours: Floats
    n_units: int
    calendar: Calendar

    def __call__(self, times_h: Floats, members: slice) -> Floats:
        """Return when the work is done."""
        hours = self.hours[:, members.start * self.n_units : members.stop * self.n_units]
        return leave(StageKind.HOLD, times_h, hours, self.n_units, self.calendar)


@dataclass(frozen=True)
class Repeat:
    """A consignment becomes units."""

    n_units: int

    def __call__(self, times_h: Floats, _members: slice) -> Floats:
        """Return the time of each unit."""
        return np.repeat(times_h, self.n_units, axis=1)


@dataclass(frozen=True)
class Latest:
    """Units become a consignment."""

    n_units: int

    def __call__(self, times_h: Floats, _members: slice) -> Floats:
        """Return when the last unit is there."""
        return np.asarray(times_h.reshape(times_h.shape[0], -1, self.n_units).max(axis=2))


Step = Add | Work | Repeat | Latest


@dataclass(frozen=True, eq=False)
class Way:
    """From the departures of one stage to the arrivals at another."""

    depart_h: Floats
    """Departures of the whole facility that it comes from; or the releases of an itinerary."""
    source: StageColumns
    steps: tuple[Step, ...]

    def arrivals(self, members: slice) -> Floats:
        """Arrivals of some members: (n_lanes, n_members * n_units)."""
        times = self.depart_h[:, self.source.of(members)]
        for step in self.steps:
            times = step(times, members)
        return times


def steps_through(plan: Plan, lanes: Lanes, stages: range) -> tuple[Step, ...]:
    """Return the steps of stages on the way, neighbouring additions as one."""
    steps: list[Step] = []
    for s in stages:
        steps += _steps_of(plan, lanes, s)
    merged: list[Step] = []
    for step in steps:
        if merged and isinstance(step, Add) and isinstance(merged[-1], Add):
            merged[-1] = Add(merged[-1].hours + step.hours, step.n_units)
        else:
            merged.append(step)
    return tuple(merged)


def _steps_of(plan: Plan, lanes: Lanes, s: int) -> list[Step]:
    units = int(plan.stages.n_units[s])
    match StageKind(int(plan.stages.kind[s])):
        case StageKind.SPLIT:
            return [Add(TICK_H, 1), Repeat(int(plan.stages.n_units[s + 1]))]
        case StageKind.GATHER:
            return [Latest(units), Add(TICK_H, 1)]
        case _:
            calendar = plan.stage_calendars[int(plan.stages.calendar_idx[s])]
            hours = lanes.service_h[s]
            return [Add(hours, units) if calendar.is_always_open else Work(hours, units, calendar)]
