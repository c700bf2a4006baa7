"""The stage graph: which facility feeds which, and in which order they can be computed.

A facility is what consignments of several stages share: a place, a service or a formation. Between two facilities a
consignment passes stages that concern nobody else (holds, moves, split, gather): they are computed on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

from corridor_sim.plan.kinds import StageKind

if TYPE_CHECKING:
    from corridor_sim.plan.plan import Plan

SHARED = (
    StageKind.QUEUE, StageKind.SAIL, StageKind.FORM, StageKind.SINGLE_TRACK, StageKind.TAKE, StageKind.GIVE
)  # fmt: skip
"""Kinds of stages at which consignments meet others."""


@dataclass(frozen=True)
class Facility:
    """A place, service or formation, and the stages that use it."""

    kind: StageKind
    """QUEUE, SAIL, FORM, SINGLE_TRACK or, for a pool, TAKE."""
    row: int
    """Row in the plan's table of its kind."""
    stages: tuple[int, ...]
    """Stages in the order of their rows."""


@dataclass(frozen=True)
class Part:
    """Facilities that must be computed together, in a good order for that."""

    facilities: tuple[int, ...]
    is_cyclic: bool
    wakes: bool
    """Whether a facility of it decides later than on arrival: only an event loop follows that."""


class StageGraph:
    """The facilities of a plan, how they follow each other, and the parts of the graph in topological order."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.kinds = [StageKind(k) for k in plan.stages.kind.tolist()]
        shared: dict[tuple[StageKind, int], list[int]] = {}
        for s, kind in enumerate(self.kinds):
            if kind in SHARED:
                kind = StageKind.TAKE if kind is StageKind.GIVE else kind  # noqa: PLW2901  # both use a pool
                shared.setdefault((kind, int(plan.stages.target_idx[s])), []).append(s)
        self.facilities = [Facility(kind, row, tuple(stages)) for (kind, row), stages in shared.items()]
        self.facility_of = {s: i for i, f in enumerate(self.facilities) for s in f.stages}
        self.is_last = self._last_stages()

    def _last_stages(self) -> list[bool]:
        last = [False] * len(self.kinds)
        for i in range(len(self.plan.itineraries)):
            stages = self.plan.stage_range(i)
            if len(stages):
                last[stages[-1]] = True
        return last

    def on_the_way(self, stage: int) -> range:
        """Stages from this one on, up to the next facility or the end of the itinerary."""
        end = stage
        itinerary = self.plan.stages.itinerary_idx
        while end < len(self.kinds) and itinerary[end] == itinerary[stage] and self.kinds[end] not in SHARED:
            end += 1
        return range(stage, end)

    @cached_property
    def after(self) -> dict[int, range]:
        """Stages on the way after each shared stage."""
        return {s: range(0) if self.is_last[s] else self.on_the_way(s + 1) for s in self.facility_of}

    def next_shared(self, stage: int) -> int | None:
        """Return the shared stage that follows a shared stage; None at the end of an itinerary."""
        way = self.after[stage]
        following = way.stop if len(way) else stage + 1
        return None if self.is_last[following - 1] else following

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Strongly connected parts in topological order."""
        graph = nx.DiGraph()
        graph.add_nodes_from(range(len(self.facilities)))
        for s in self.facility_of:
            if (following := self.next_shared(s)) is not None:
                graph.add_edge(self.facility_of[s], self.facility_of[following])
        for here, there in (*self._across_loops(), *self._blocked()):
            graph.add_edge(here, there)
            graph.add_edge(there, here)
        condensed = nx.condensation(graph)
        found = []
        for node in nx.lexicographical_topological_sort(condensed, key=lambda n: min(condensed.nodes[n]["members"])):
            members = condensed.nodes[node]["members"]
            inside = graph.subgraph(members)
            wakes = any(self._wakes(self.facilities[f]) for f in members)
            found.append(Part(_sweep_order(inside), inside.number_of_edges() > 0, wakes))
        return tuple(found)

    def _wakes(self, facility: Facility) -> bool:
        """Whether a facility decides later than on arrival."""
        if facility.kind is StageKind.QUEUE:
            return facility.row in self.plan.attended
        return facility.kind in (StageKind.SINGLE_TRACK, StageKind.TAKE)

    def _blocked(self) -> list[tuple[int, int]]:
        """Return places whose servers are held, and the pools that they wait for."""
        return [(self.facility_of[s], self.facility_of[s + 1]) for s in self.plan.holds_server]

    def _across_loops(self) -> list[tuple[int, int]]:
        """Return pairs of tracks that share a loop: who enters one of them makes room for the other."""
        tracks = {f.row: i for i, f in enumerate(self.facilities) if f.kind is StageKind.SINGLE_TRACK}
        at: dict[int, list[int]] = {}
        for row, facility in tracks.items():
            for loops in (self.plan.tracks.near_loop_idx, self.plan.tracks.far_loop_idx):
                if loops[row] >= 0:
                    at.setdefault(int(loops[row]), []).append(facility)
        return [pair for found in at.values() for pair in pairwise(found)]


def _sweep_order(graph: nx.DiGraph[int]) -> tuple[int, ...]:
    """Order in which most facilities come after those that feed them: reverse postorder of a depth-first search."""
    seen: set[int] = set()
    order: list[int] = []
    for first in sorted(graph.nodes):
        if first not in seen:
            fresh = [n for n in nx.dfs_postorder_nodes(graph, first) if n not in seen]
            seen.update(fresh)
            order += fresh
    return tuple(reversed(order))
