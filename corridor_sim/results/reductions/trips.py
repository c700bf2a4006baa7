"""Trips: the stage times of each consignment, and the cause of every hour of them.

A consignment that is split is followed along the unit that arrives last at the gather (the first of them on a tie), so
its stage times join without a gap and the time by cause adds up to the transit time to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import Cause, StageKind

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.foundation.calendars import Calendar
    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import LaneEvents

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

WAIT_CAUSE = {StageKind.QUEUE: Cause.QUEUEING, StageKind.SAIL: Cause.DEPARTURE, StageKind.FORM: Cause.FORMING}
"""Cause of the time between arrival and start, by kind of stage; the others do not wait."""


@dataclass(frozen=True, eq=False)
class Trips:
    """Consignments of one itinerary."""

    members: Ints
    """(n,) consignments of the lane."""
    arrive_h: Floats
    """(n_stages, n) along the unit that is followed; nan: has not happened."""
    start_h: Floats
    depart_h: Floats
    waiting_h: Floats
    """(n_stages, n) time between arrival and start, open hours only."""
    closed_h: Floats
    """(n_stages, n) closed hours while waiting or being served."""
    serving_h: Floats
    """(n_stages, n) time between start and departure, open hours only."""

    @property
    def delivered_h(self) -> Floats:
        """(n,) instant of delivery; nan while on the way."""
        return np.asarray(self.depart_h[-1])


def follow(plan: Plan, lane: Lane, events: LaneEvents, itinerary: int) -> Trips:
    """Reduce units to the one that is followed, and split waiting and service into open and closed hours."""
    members = lane.members[itinerary]
    stages = plan.stage_range(itinerary)
    shape = (len(stages), members.size)
    times = {name: np.empty(shape) for name in ("arrive_h", "start_h", "depart_h")}
    chosen, complete = _followed_units(plan, events, stages, members.size)
    for row, s in enumerate(stages):
        n_units = int(plan.stages.n_units[s])
        pick = np.arange(members.size) * n_units + (chosen[row] if n_units > 1 else 0)
        for name, values in times.items():
            values[row] = getattr(events, name)[events.rows(s)][pick]
            if n_units > 1:
                values[row, ~complete[row]] = np.nan  # its units are in many places, so it is in none
    closed_waiting, closed_serving = np.zeros(shape), np.zeros(shape)
    for row, s in enumerate(stages):
        calendar = stage_calendar(plan, lane, s)
        if calendar is not None and not calendar.is_always_open:
            shut = [calendar.closed_before(times[name][row]) for name in ("arrive_h", "start_h", "depart_h")]
            closed_waiting[row], closed_serving[row] = shut[1] - shut[0], shut[2] - shut[1]
    return Trips(
        members,
        **times,
        waiting_h=times["start_h"] - times["arrive_h"] - closed_waiting,
        closed_h=closed_waiting + closed_serving,
        serving_h=times["depart_h"] - times["start_h"] - closed_serving,
    )


def stage_calendar(plan: Plan, lane: Lane, stage: int) -> Calendar | None:
    """Calendar whose closed hours a stage feels; a ship's or a train's departure is not a matter of opening hours."""
    match StageKind(int(plan.stages.kind[stage])):
        case StageKind.QUEUE:
            return lane.calendars[int(plan.stages.target_idx[stage])]
        case StageKind.HOLD | StageKind.TRAVEL:
            return plan.stage_calendars[int(plan.stages.calendar_idx[stage])]
        case _:
            return None


def _followed_units(
    plan: Plan, events: LaneEvents, stages: range, n: int
) -> tuple[list[Ints], list[npt.NDArray[np.bool_]]]:
    """Find the unit to follow at each stage, the last to arrive at the next gather, and whether all arrived there."""
    chosen = [np.zeros(n, dtype=np.int64) for _ in stages]
    complete = [np.ones(n, dtype=np.bool_) for _ in stages]
    last: Ints = chosen[0]
    is_complete: npt.NDArray[np.bool_] = complete[0]
    for row in reversed(range(len(stages))):
        s = stages[row]
        if StageKind(int(plan.stages.kind[s])) is StageKind.GATHER:
            arrivals = events.arrive_h[events.rows(s)].reshape(n, int(plan.stages.n_units[s]))
            is_complete = np.asarray(~np.isnan(arrivals).any(axis=1))
            last = np.argmax(np.where(np.isnan(arrivals), np.inf, arrivals), axis=1) if n else last
        chosen[row], complete[row] = last, is_complete
    return chosen, complete


def time_by_cause(plan: Plan, trips: Trips, itinerary: int) -> Floats:
    """Hours of each cause of each consignment: (n_causes, n); nan for those on the way."""
    hours = np.zeros((len(Cause), trips.members.size))
    for row, s in enumerate(plan.stage_range(itinerary)):
        wait = WAIT_CAUSE.get(StageKind(int(plan.stages.kind[s])))
        if wait is not None:
            hours[wait] += trips.waiting_h[row]
        hours[Cause.CLOSED] += trips.closed_h[row]
        hours[int(plan.stages.cause[s])] += trips.serving_h[row]
    hours[:, np.isnan(trips.delivered_h)] = np.nan
    return hours
