"""Passages: how many arrive at every stage and leave it, month by month, and what passes places and sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import StageKind

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import Events
    from corridor_sim.results.reductions.bins import Binned, Cells
    from corridor_sim.results.reductions.trips import Trips

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Subjects:
    """Places, then sections, both directions and each: what a throughput is counted for."""

    places: tuple[str, ...]
    sections: tuple[str, ...]
    of_stage: dict[int, list[int]]
    """Subjects that a stage belongs to."""

    @classmethod
    def of(cls, plan: Plan) -> Subjects:
        """Find the subjects of a plan."""
        places = tuple(f"place:{p}" for p in plan.places.id)
        stages = plan.stages
        names: dict[int, tuple[str, str]] = {}
        for s in np.flatnonzero(stages.kind == StageKind.TRAVEL).tolist():
            section = f"section:{stages.section_id[s]}"
            names[s] = section, f"{section}/{stages.node[s]}>{stages.to_node[s]}"
        sections = tuple(sorted({name for both in names.values() for name in both}))
        row = {name: len(places) + k for k, name in enumerate(sections)}
        of_stage = {s: [row[name] for name in both] for s, both in names.items()}
        for s in np.flatnonzero(stages.kind == StageKind.QUEUE).tolist():
            of_stage[s] = [int(stages.target_idx[s])]
        return cls(places, sections, of_stage)


class Passages:
    """What passes the stages of the plan, counted stage by stage.

    Parameters
    ----------
    plan
        The plan.
    events
        Events of the lanes.
    cells
        Cells of lanes and months.
    """

    def __init__(self, plan: Plan, events: Events, cells: Cells) -> None:
        self._plan, self._events, self._cells = plan, events, cells
        self._n_units = plan.stages.n_units.tolist()
        self.subjects = Subjects.of(plan)
        n_stages, n_subjects = len(plan.stages), len(self.subjects.places) + len(self.subjects.sections)
        self.arrivals = np.zeros((n_stages, *cells.shape), dtype=np.int32)
        """(n_stages, n_lanes, n_bins) units that arrive, by month."""
        self.departures = np.zeros((n_stages, *cells.shape), dtype=np.int32)
        """(n_stages, n_lanes, n_bins) units that leave, by month."""
        self.goes_backwards = np.zeros((n_stages, cells.n_lanes), dtype=np.bool_)
        """Whether any unit starts before it arrived, or leaves before it started."""
        self._last: Binned
        self._throughput = np.zeros((3, cells.n_lanes, n_subjects, cells.bins.n_bins))

    def add(self, trips: Trips, stage: int) -> tuple[Binned, Binned]:
        """Count a stage, and return its arrivals and departures; those of the stage before may be its arrivals."""
        events = self._events
        arrive, start, depart = events.arrive_h[stage], events.start_h[stage], events.depart_h[stage]
        is_known = stage > trips.stages.start and arrive is events.depart_h[stage - 1]
        arrived = self._last if is_known else self._cells.of(arrive)
        left = trips.delivered if depart is trips.delivered_h else self._cells.of(depart)
        self._last = left
        self.arrivals[stage], self.departures[stage] = arrived.count, left.count
        self.goes_backwards[stage] = _goes_backwards(arrive, start, depart, self._plan.end_h)
        rows = self.subjects.of_stage.get(stage, [])
        if rows:
            n_units = self._n_units[stage]
            passed = (left.count / n_units, *trips.loads.total(self._cells, left, n_units))
            for row in rows:
                for total, part in zip(self._throughput, passed, strict=True):
                    total[:, row] += part
        return arrived, left

    @property
    def throughput(self) -> Floats:
        """(3, n_lanes, n_subjects, n_months) consignments, tonnes and TEU that leave; see `Subjects`."""
        return self._throughput[..., 1:-1]

    def arrived(self) -> Ints:
        """Units that arrived before the end of the horizon: (n_stages, n_lanes)."""
        return np.asarray(self.arrivals[:, :, :-1].sum(axis=2))

    def left(self) -> Ints:
        """Units that left before the end of the horizon: (n_stages, n_lanes)."""
        return np.asarray(self.departures[:, :, :-1].sum(axis=2))


def _goes_backwards(arrive: Floats, start: Floats, depart: Floats, end_h: float) -> npt.NDArray[np.bool_]:
    """Whether any unit of a lane starts before it arrives or leaves before it starts, before the end: (n_lanes,)."""
    early = depart <= start
    early &= depart < end_h
    if start is not arrive:
        early |= (start < arrive) & (start < end_h)
    return np.asarray(early.any(axis=1))
