"""Events: when every unit arrived at, started and left every stage of its itinerary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PartWork:
    """Work on one part of the stage graph; a part of several facilities is computed until nothing changes."""

    facilities: tuple[str, ...]
    way: str
    """one pass, rounds (until nothing changes) or events (one by one)."""
    visits: int
    """Arrivals at the facilities, all lanes."""
    solved: int
    """Arrivals computed: the visits, times the rounds that were needed."""
    windows: int
    """Stretches of time that were computed one after the other."""
    sweeps: int
    """Rounds through the facilities, all windows."""


@dataclass(frozen=True, eq=False)
class Events:
    """Events of several lanes, a row per lane, stage by stage.

    Arrays are shaped like the lanes' durations: column = member * n_units + unit. A time at or after the end of the
    horizon (infinite, for what never comes or is padding) has not happened. At a gather every unit has its own
    arrival, and all share start and departure: the arrival of the last.
    """

    arrive_h: tuple[Floats, ...]
    start_h: tuple[Floats, ...]
    depart_h: tuple[Floats, ...]
    work: tuple[PartWork, ...] = ()
    """What the vectorised engine did, part by part."""

    @classmethod
    def of_lanes(cls, plan: Plan, lanes: Lanes, events: Sequence[LaneEvents]) -> Events:
        """Put the events of single lanes together."""

        def column(name: str) -> tuple[Floats, ...]:
            stages = []
            for s in range(len(plan.stages)):
                width = lanes.itineraries[int(plan.stages.itinerary_idx[s])].width * int(plan.stages.n_units[s])
                values = np.full((len(lanes), width), np.inf)
                for row, lane in zip(values, events, strict=True):
                    own = getattr(lane, name)[lane.rows(s)]
                    row[: own.size] = np.where(np.isnan(own), np.inf, own)
                stages.append(values)
            return tuple(stages)

        return cls(column("arrive_h"), column("start_h"), column("depart_h"))

    def lane(self, plan: Plan, lanes: Lanes, row: int) -> LaneEvents:
        """Return the events of one lane by themselves."""
        counts = [
            int(lanes.itineraries[i].count[row]) * n
            for i, n in zip(plan.stages.itinerary_idx.tolist(), plan.stages.n_units.tolist(), strict=True)
        ]
        ptr = np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int64)
        columns = (
            np.concatenate([np.empty(0), *(values[row, :n] for values, n in zip(times, counts, strict=True))])
            for times in (self.arrive_h, self.start_h, self.depart_h)
        )
        return finish_events(plan, ptr, *columns)


@dataclass(frozen=True, eq=False)
class LaneEvents:
    """Events of one lane, flat; nan where it did not happen before the end of the horizon.

    Rows of a stage are its consignments in order, unit by unit: row = member * n_units + unit.
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
