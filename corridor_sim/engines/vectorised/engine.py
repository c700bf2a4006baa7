"""The vectorised engine: part by part through the stage graph, all lanes of a block at once."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.engines.vectorised import ways
from corridor_sim.engines.vectorised.arrivals import StageColumns
from corridor_sim.engines.vectorised.compiled import Worth
from corridor_sim.engines.vectorised.departures import Forming, Sailing
from corridor_sim.engines.vectorised.graph import StageGraph
from corridor_sim.engines.vectorised.queues import Place
from corridor_sim.engines.vectorised.relaxation import Relaxation, Visited
from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.kinds import StageKind
from corridor_sim.results.events import Events, PartWork

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.engines.vectorised.graph import Facility, Part
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]

SOLVERS: dict[StageKind, type[Place | Sailing | Forming]] = {
    StageKind.QUEUE: Place, StageKind.SAIL: Sailing, StageKind.FORM: Forming
}  # fmt: skip


WORTH_LOADING = 1_500_000
"""Visits to cyclic parts in this process from which on loading the compiled event loop pays."""


class Way(StrEnum):
    """How a part of the stage graph is computed."""

    ONCE = "one pass"
    ROUNDS = "rounds"
    """Of all facilities of a cyclic part, in numpy, until nothing changes; see `relaxation`."""
    EVENTS = "events"
    """Arrival by arrival, compiled; see `event_loop`."""


class VectorisedEngine:
    """All lanes at once, in numpy; cyclic parts in rounds, or by compiled code once there was enough to do."""

    name = "vector"
    cyclic: Way | None = None
    """The way that cyclic parts are held to; by default the faster."""
    runs_lanes_together = True
    supported = frozenset(StageKind)

    def run(self, plan: Plan, lanes: Lanes, arena: Arena | None = None) -> Events:
        """Run lanes to the end of the horizon.

        Parameters
        ----------
        plan, lanes
            What to run.
        arena
            Memory for the events, which live until it is reset. Lanes that were drawn from it are used up: the hours
            of holds and moves are overwritten.
        """
        return Block(plan, lanes, _graph_of(plan), arena, self.cyclic).run()


class InRounds(VectorisedEngine):
    """The vectorised engine, cyclic parts always in rounds."""

    name = "vector-rounds"
    cyclic = Way.ROUNDS


class ByEvents(VectorisedEngine):
    """The vectorised engine, cyclic parts always by the event loop."""

    name = "vector-events"
    cyclic = Way.EVENTS


@lru_cache(maxsize=4)
def _graph_of(plan: Plan) -> StageGraph:
    return StageGraph(plan)


class Block:
    """One block of lanes on its way through the stage graph."""

    worth_loading = Worth(WORTH_LOADING)

    def __init__(
        self, plan: Plan, lanes: Lanes, graph: StageGraph, arena: Arena | None, cyclic: Way | None = None
    ) -> None:
        self.plan, self.lanes, self.graph, self._cyclic = plan, lanes, graph, cyclic
        self._uses_up = arena is not None
        self._arena, self._scratch = arena or Arena(), Arena()
        self._start_h: dict[int, Floats] = {}
        self._depart_h: dict[int, Floats] = {}
        self._is_first = set(plan.itineraries.first_stage_idx.tolist())

    def run(self) -> Events:
        """Compute all parts in their order."""
        for i in range(len(self.plan.itineraries)):
            self._pass(self.graph.on_the_way(self.plan.stage_range(i).start))
        work = [self._solve(part) for part in self.graph.parts]
        stages = range(len(self.plan.stages))
        arrive = tuple(self._arrivals(s) for s in stages)
        start = tuple(self._starts(s, arrive[s]) for s in stages)
        return Events(arrive, start, tuple(self._depart_h[s] for s in stages), tuple(work))

    def _solve(self, part: Part) -> PartWork:
        """Compute the facilities of a part and what lies on the way after each."""
        self._scratch.reset()
        facilities = [self.graph.facilities[f] for f in part.facilities]
        stages = [s for f in facilities for s in f.stages]
        way = self._way(part, stages)
        solve = {Way.ONCE: self._in_one_pass, Way.ROUNDS: self._in_rounds, Way.EVENTS: self._by_events}[way]
        solved, windows, sweeps = solve(part, facilities)
        for s in stages:
            self._pass(self.graph.after[s])
        visits = sum(int(np.count_nonzero(self._arrivals(s) < self.plan.end_h)) for s in stages)
        return PartWork(tuple(self._name(f) for f in facilities), way.value, visits, solved, windows, sweeps)

    def _way(self, part: Part, stages: Sequence[int]) -> Way:
        if part.wakes:
            return Way.EVENTS
        if not part.is_cyclic:
            return Way.ONCE
        if self._cyclic is not None:
            return self._cyclic
        itinerary = self.plan.stages.itinerary_idx
        visits = sum(self.lanes.itineraries[int(itinerary[s])].width * self._units(s) for s in stages)
        return Way.EVENTS if self.worth_loading.pays(len(self.lanes) * visits) else Way.ROUNDS

    def _name(self, facility: Facility) -> str:
        plan = self.plan
        ids = {
            StageKind.QUEUE: plan.places.id,
            StageKind.SAIL: plan.services.id,
            StageKind.FORM: plan.formations.id,
            StageKind.SINGLE_TRACK: plan.tracks.id,
            StageKind.TAKE: plan.pools.id,
        }
        return ids[facility.kind][facility.row]

    def _solver(self, facility: Facility) -> Place | Sailing | Forming:
        solver = SOLVERS[facility.kind](self.plan, self.lanes, facility, self._arena, self._scratch)
        for c in solver.arrivals.stages:
            self._start_h[c.stage] = solver.arrivals.start_h[:, c.of(c.members)]
            self._depart_h[c.stage] = solver.arrivals.depart_h[:, c.of(c.members)]
        return solver

    def _in_one_pass(self, _part: Part, facilities: Sequence[Facility]) -> tuple[int, int, int]:
        """Compute a facility that feeds nothing that feeds it."""
        solver = self._solver(facilities[0])
        found = solver.arrivals
        found.arrive_h = self._scratch.floats(*found.shape)
        for c in found.stages:
            found.arrive_h[:, c.of(c.members)] = self._arrivals(c.stage)
        return solver.solve(np.arange(len(self.lanes)), 0.0, self.plan.end_h, None), 1, 1

    def _by_events(self, _part: Part, facilities: Sequence[Facility]) -> tuple[int, int, int]:
        """Compute facilities that feed each other arrival by arrival."""
        from corridor_sim.engines.vectorised.coupled import Coupled

        coupled = Coupled(self.plan, self.lanes, self.graph, facilities, self._arrivals, self._arena, self._scratch)
        solved = coupled.run()
        for s in coupled.stages:
            self._start_h[s] = coupled.start_h[:, coupled.columns(s)]
            self._depart_h[s] = coupled.depart_h[:, coupled.columns(s)]
        return solved, 1, 1

    def _in_rounds(self, part: Part, facilities: Sequence[Facility]) -> tuple[int, int, int]:
        """Compute facilities that feed each other in rounds."""
        solvers = [self._solver(f) for f in facilities]
        position = {f: k for k, f in enumerate(part.facilities)}
        columns = {c.stage: (solver, c) for solver in solvers for c in solver.arrivals.stages}
        sources: dict[int, ways.Way] = {}
        feeds: list[set[int]] = [set() for _ in solvers]
        for s, (solver, c) in columns.items():
            following = self.graph.next_shared(s)
            if following in columns:
                steps = ways.steps_through(self.plan, self.lanes, self.graph.after[s])
                sources[following] = ways.Way(solver.arrivals.depart_h, c, steps)
                feeds[position[self.graph.facility_of[s]]].add(position[self.graph.facility_of[following]])
        for s, (_, c) in columns.items():
            if s not in sources:
                sources[s] = ways.Way(self._arrivals(s), StageColumns(s, 0, c.n_units, c.n_members), ())
        visited = [
            Visited(solver, [sources[c.stage] for c in solver.arrivals.stages], sorted(fed))
            for solver, fed in zip(solvers, feeds, strict=True)
        ]
        itinerary = self.plan.stages.itinerary_idx
        released = {i: self.lanes.itineraries[i].release_h.min(axis=0) for i in {int(itinerary[s]) for s in columns}}
        relaxation = Relaxation(visited, {s: released[int(itinerary[s])] for s in columns}, self.plan.end_h)
        relaxation.run()
        return relaxation.solved, relaxation.windows, relaxation.sweeps

    def _units(self, s: int) -> int:
        return int(self.plan.stages.n_units[s])

    def _arrivals(self, s: int) -> Floats:
        """Arrivals at a stage: releases, or departures from the stage before, unit by unit."""
        if s in self._is_first:
            return self.lanes.itineraries[int(self.plan.stages.itinerary_idx[s])].release_h
        before = self._depart_h[s - 1]
        match self.graph.kinds[s - 1]:
            case StageKind.SPLIT:
                return np.repeat(before, self._units(s), axis=1)
            case StageKind.GATHER:
                return before[:, :: self._units(s - 1)]
            case _:
                return before

    def _starts(self, s: int, arrive: Floats) -> Floats:
        """Return starts of a stage: where it concerns nobody else, when one arrives, or the last unit does."""
        if s in self._start_h:
            return self._start_h[s]
        return self._depart_h[s] - TICK_H if self.graph.kinds[s] is StageKind.GATHER else arrive

    def _pass(self, stages: range) -> None:
        """Take everybody through stages that concern nobody else."""
        for s in stages:
            arrive, work, kind = self._arrivals(s), self.lanes.service_h[s], self.graph.kinds[s]
            is_timed = kind in (StageKind.HOLD, StageKind.TRAVEL)
            calendar = self.plan.stage_calendars[int(self.plan.stages.calendar_idx[s])] if is_timed else None
            if calendar is not None and calendar.is_always_open:
                uses_up = self._uses_up and work.flags.writeable
                self._depart_h[s] = np.add(arrive, work, out=work if uses_up else self._arena.floats(*arrive.shape))
            else:
                self._depart_h[s] = ways.leave(kind, arrive, work, self._units(s), calendar)
