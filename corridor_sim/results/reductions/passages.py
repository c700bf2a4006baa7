"""Passages: how many arrive at every stage and leave it, month by month, and what passes places and sections."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import StageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import Events
    from corridor_sim.results.reductions.bins import Cells
    from corridor_sim.results.reductions.trips import Trips

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Passages:
    """What passes the stages of the plan."""

    times: tuple[Sequence[Floats], Sequence[Floats], Sequence[Floats]]
    """Arrivals, starts and departures of the stages."""
    arrivals: npt.NDArray[np.int32]
    """(n_stages, n_lanes, n_bins) units that arrive, by month."""
    departures: npt.NDArray[np.int32]
    """(n_stages, n_lanes, n_bins) units that leave, by month."""
    throughput: Floats
    """(3, n_lanes, n_subjects, n_months) consignments, tonnes and TEU that leave; see `Subjects`."""

    @cached_property
    def arrived(self) -> Ints:
        """(n_stages, n_lanes) units that arrived before the end of the horizon."""
        return np.asarray(self.arrivals[:, :, :-1].sum(axis=2))

    @cached_property
    def left(self) -> Ints:
        """(n_stages, n_lanes) units that left before the end of the horizon."""
        return np.asarray(self.departures[:, :, :-1].sum(axis=2))


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


def count_passages(plan: Plan, events: Events, trips: Sequence[Trips], cells: Cells, subjects: Subjects) -> Passages:
    """Count every stage; the arrivals at one that are the departures from the one before are counted once."""
    arrivals = np.zeros((len(plan.stages), *cells.shape), dtype=np.int32)
    departures = np.zeros((len(plan.stages), *cells.shape), dtype=np.int32)
    n_subjects = len(subjects.places) + len(subjects.sections)
    throughput = np.zeros((3, cells.n_lanes, n_subjects, cells.bins.n_bins))
    for followed in trips:
        for s in followed.stages:
            arrive, depart, n_units = events.arrive_h[s], events.depart_h[s], int(plan.stages.n_units[s])
            is_known = s > followed.stages.start and arrive is events.depart_h[s - 1]
            arrivals[s] = departures[s - 1] if is_known else cells.count(cells.of(arrive))
            cell = cells.of(depart)
            left = cells.count(cell)
            departures[s] = left
            if s in subjects.of_stage:
                passed = (left / n_units, *followed.loads.total(cells, cell, left, n_units))
                for row in subjects.of_stage[s]:
                    for total, part in zip(throughput, passed, strict=True):
                        total[:, row] += part
    times = events.arrive_h, events.start_h, events.depart_h
    return Passages(times, arrivals, departures, throughput[..., 1:-1])
