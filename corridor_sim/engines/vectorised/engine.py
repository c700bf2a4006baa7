"""The vectorised engine: part by part through the stage graph, all lanes of a block at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.engines.vectorised.departures import Forming, Sailing
from corridor_sim.engines.vectorised.graph import StageGraph
from corridor_sim.engines.vectorised.queues import Place
from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.kinds import StageKind
from corridor_sim.results.events import Events

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

SOLVERS = {StageKind.QUEUE: Place, StageKind.SAIL: Sailing, StageKind.FORM: Forming}


class VectorisedEngine:
    """All lanes at once, in numpy."""

    name = "vector"
    supported = frozenset(StageKind)

    def run(self, plan: Plan, lanes: Lanes) -> Events:
        """Run lanes to the end of the horizon."""
        return _Run(plan, lanes, StageGraph(plan), Arena()).events()


class _Run:
    """One block of lanes on its way through the graph."""

    def __init__(self, plan: Plan, lanes: Lanes, graph: StageGraph, arena: Arena) -> None:
        self.plan, self.lanes, self.graph, self.arena = plan, lanes, graph, arena
        self.arrive: list[Floats] = [np.empty(0)] * len(plan.stages)
        self.start: list[Floats] = [np.empty(0)] * len(plan.stages)
        self.depart: list[Floats] = [np.empty(0)] * len(plan.stages)
        self.first = set(plan.itineraries.first_stage_idx.tolist())
        self.solvers: dict[int, Place | Sailing | Forming] = {}
        self.stats = []

    def events(self) -> Events:
        for i in range(len(self.plan.itineraries)):
            stages = self.plan.stage_range(i)
            if len(stages):
                for s in self.graph.on_the_way(stages[0]):
                    self.pass_(s, None)
        for part in self.graph.parts:
            for f in part.facilities:
                facility = self.graph.facilities[f]
                solver = SOLVERS[facility.kind](self.plan, self.lanes, facility, self.arena)
                self.solvers[f] = solver
                for s, columns in solver.arrivals.columns.items():
                    self.arrive[s] = solver.arrivals.arrive_h[:, columns]
                    self.start[s] = solver.arrivals.start_h[:, columns]
                    self.depart[s] = solver.arrivals.depart_h[:, columns]
                solver.arrivals.arrive_h[...] = np.inf
            if part.is_cyclic:
                self.relax(part.facilities)
            else:
                self.bring(part.facilities[0])
                self.solvers[part.facilities[0]].solve(None)
                self.send(part.facilities[0], None)
        return Events(tuple(self.arrive), tuple(self.start), tuple(self.depart))

    def bring(self, f: int) -> None:
        for s in self.graph.facilities[f].stages:
            np.copyto(self.arrive[s], self.feed(s))

    def send(self, f: int, rows: Ints | None) -> None:
        for s in self.graph.facilities[f].stages:
            for way in self.graph.after[s]:
                self.pass_(way, rows)

    def feed(self, s: int) -> Floats:
        """Arrivals at a stage: releases, or departures from the stage before, unit by unit."""
        if s in self.first:
            return self.lanes.itineraries[int(self.plan.stages.itinerary_idx[s])].release_h
        before = self.depart[s - 1]
        kind = self.graph.kinds[s - 1]
        if kind is StageKind.SPLIT:
            return np.repeat(before, int(self.plan.stages.n_units[s]), axis=1)
        if kind is StageKind.GATHER:
            return before[:, :: int(self.plan.stages.n_units[s - 1])]
        return before

    def pass_(self, s: int, rows: Ints | None) -> None:
        """A stage that concerns nobody else."""
        arrive = self.feed(s)
        self.arrive[s] = arrive
        if rows is not None:
            arrive = arrive[rows]
        match self.graph.kinds[s]:
            case StageKind.SPLIT:
                start, depart = arrive, arrive + TICK_H
            case StageKind.GATHER:
                units = int(self.plan.stages.n_units[s])
                last = arrive.reshape(arrive.shape[0], -1, units).max(axis=2)
                start = np.repeat(last, units, axis=1)
                depart = start + TICK_H
            case _:
                calendar = self.plan.stage_calendars[int(self.plan.stages.calendar_idx[s])]
                work = self.lanes.service_h[s]
                if rows is not None:
                    work = work[rows]
                start = arrive
                if calendar.is_always_open:
                    depart = arrive + work
                else:
                    depart = np.maximum(calendar.end_time(calendar.open_time(arrive) + work), arrive + TICK_H)
        if rows is None:
            self.start[s], self.depart[s] = start, depart
        else:
            self.start[s][rows], self.depart[s][rows] = start, depart

    def relax(self, facilities) -> None:
        """Repeat until nothing changes."""
        seen = set()
        for sweep in range(1000):
            changed = False
            for f in facilities:
                solver = self.solvers[f]
                old = solver.arrivals.arrive_h.copy()
                for s in self.graph.facilities[f].stages:
                    if s in self.first or self.depart[s - 1].size:
                        np.copyto(self.arrive[s], self.feed(s))
                diff = np.minimum(old, self.plan.end_h) != np.minimum(solver.arrivals.arrive_h, self.plan.end_h)
                rows = np.flatnonzero(diff.any(axis=1))
                if f in seen and not rows.size:
                    continue
                self.stats.append((sweep, f, rows.size, int(diff.sum()), diff.shape))
                changed = True
                solver.solve(rows if f in seen else None)
                self.send(f, rows if f in seen else None)
                seen.add(f)
            if not changed:
                return
