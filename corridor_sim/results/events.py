"""Events of one lane: when every unit arrived at, started and left every stage of its itinerary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LaneEvents:
    """Arrive, start and depart times, stage by stage; nan where it did not happen before the end of the horizon.

    Rows of a stage are its consignments in order, unit by unit: row = member * n_units + unit. At a gather every unit
    has its own arrival, and all share start and departure: the arrival of the last.
    """

    ptr: Ints
    """(n_stages + 1,) first row of each stage."""
    arrive_h: Floats
    start_h: Floats
    depart_h: Floats

    def rows(self, stage: int) -> slice:
        """Rows that belong to a stage."""
        return slice(int(self.ptr[stage]), int(self.ptr[stage + 1]))

    @property
    def n_events(self) -> int:
        """Stage events: arrivals that happened."""
        return int(np.count_nonzero(~np.isnan(self.arrive_h)))


def stage_rows(plan: Plan, lane: Lane) -> Ints:
    """Return the first row of every stage in the flat arrays of a lane's events: (n_stages + 1,)."""
    members = np.array([m.size for m in lane.members], dtype=np.int64)
    rows = members[plan.stages.itinerary_idx] * plan.stages.n_units
    return np.concatenate(([0], np.cumsum(rows))).astype(np.int64)


def finish_events(plan: Plan, ptr: Ints, arrive_h: Floats, start_h: Floats, depart_h: Floats) -> LaneEvents:
    """Cut times at the end of the horizon (an event at the end itself has not happened) and freeze them."""
    for array in (arrive_h, start_h, depart_h):
        array[~(array < plan.end_h)] = np.nan
        array.flags.writeable = False
    return LaneEvents(ptr, arrive_h, start_h, depart_h)
