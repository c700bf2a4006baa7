"""The vectorised engine: part by part through the stage graph, all lanes of a block at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.engines.vectorised.departures import Forming, Sailing
from corridor_sim.engines.vectorised.graph import StageGraph
from corridor_sim.engines.vectorised.queues import Place
from corridor_sim.engines.vectorised.relaxation import Relaxation
from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.kinds import StageKind
from corridor_sim.results.events import Events, PartWork

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.engines.vectorised.graph import Facility, Part
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Solver = Place | Sailing | Forming

SOLVERS: dict[StageKind, type[Solver]] = {
    StageKind.QUEUE: Place, StageKind.SAIL: Sailing, StageKind.FORM: Forming
}  # fmt: skip


class VectorisedEngine:
    """All lanes at once, in numpy."""

    name = "vector"
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
        return Block(plan, lanes, StageGraph(plan), arena).run()


class Block:
    """One block of lanes on its way through the stage graph.

    Attributes
    ----------
    start_h, depart_h
        Per stage, once computed; infinite where it is not known yet.
    """

    def __init__(self, plan: Plan, lanes: Lanes, graph: StageGraph, arena: Arena | None) -> None:
        self.plan, self.lanes, self.graph = plan, lanes, graph
        self._uses_up = arena is not None
        self._arena, self._scratch = arena or Arena(), Arena()
        self._start_h: dict[int, Floats] = {}
        self._depart_h: dict[int, Floats] = {}
        self._is_first = set(plan.itineraries.first_stage_idx.tolist())

    def run(self) -> Events:
        """Compute all parts in their order."""
        for i in range(len(self.plan.itineraries)):
            for s in self.graph.on_the_way(self.plan.stage_range(i).start):
                self._pass(s, None, slice(0, self.lanes.itineraries[i].width), fresh=True)
        work = [self._solve(part) for part in self.graph.parts]
        stages = range(len(self.plan.stages))
        arrive = tuple(self.feed(s, slice(0, self._n_members(s))) for s in stages)
        start = tuple(self._start_of(s, arrive[s]) for s in stages)
        return Events(arrive, start, tuple(self._depart_h[s] for s in stages), tuple(work))

    def _n_members(self, s: int) -> int:
        return self.lanes.itineraries[int(self.plan.stages.itinerary_idx[s])].width

    def _start_of(self, s: int, arrive: Floats) -> Floats:
        """Starts of a stage: of those that concern nobody else when one arrives, or when the last unit does."""
        if s in self._start_h:
            return self._start_h[s]
        return self._depart_h[s] - TICK_H if self.graph.kinds[s] is StageKind.GATHER else arrive

    def _solve(self, part: Part) -> PartWork:
        """Compute the facilities of a part and what lies on the way after each."""
        self._scratch.reset()
        facilities = [self.graph.facilities[f] for f in part.facilities]
        solvers = [self._solver(f) for f in facilities]
        if part.is_cyclic:
            for solver in solvers:
                self._prepare_ways(solver)
            relaxation = Relaxation(self, solvers)
            relaxation.run()
            solved, windows, sweeps = relaxation.solved, relaxation.windows, relaxation.sweeps
        else:
            (solver,) = solvers
            solver.arrivals.bring(self.feed)
            solved, windows, sweeps = solver.solve(None, 0.0, self.plan.end_h), 1, 1
            for c in solver.arrivals.stages:
                self.send(c.stage, None, c.all, fresh=True)
        visits = sum(solver.arrivals.n_arrived() for solver in solvers)
        return PartWork(tuple(self._name(f) for f in facilities), visits, solved, windows, sweeps)

    def _name(self, facility: Facility) -> str:
        tables = {StageKind.QUEUE: self.plan.places, StageKind.SAIL: self.plan.services}
        return tables.get(facility.kind, self.plan.formations).id[facility.row]

    def _solver(self, facility: Facility) -> Solver:
        solver = SOLVERS[facility.kind](self.plan, self.lanes, facility, self._arena, self._scratch)
        for c in solver.arrivals.stages:
            self._start_h[c.stage] = solver.arrivals.start_h[:, c.columns(c.all)]
            self._depart_h[c.stage] = solver.arrivals.depart_h[:, c.columns(c.all)]
        return solver

    def _prepare_ways(self, solver: Solver) -> None:
        """Give the stages on the way their arrays, in which nobody has left yet."""
        for c in solver.arrivals.stages:
            for s in self.graph.after[c.stage]:
                self._depart_h[s] = self._arena.floats(len(self.lanes), self._n_members(s) * self._units(s))
                self._depart_h[s].fill(np.inf)

    def _units(self, s: int) -> int:
        return int(self.plan.stages.n_units[s])

    def feed(self, s: int, members: slice) -> Floats:
        """Arrivals of some members at a stage: releases, or departures from the stage before, unit by unit."""
        if s in self._is_first:
            return self.lanes.itineraries[int(self.plan.stages.itinerary_idx[s])].release_h[:, members]
        units = self._units(s - 1)
        before = self._depart_h[s - 1][:, members.start * units : members.stop * units]
        match self.graph.kinds[s - 1]:
            case StageKind.SPLIT:
                return np.repeat(before, self._units(s), axis=1)
            case StageKind.GATHER:
                return before[:, ::units]
            case _:
                return before

    def send(self, s: int, rows: Ints | None, members: slice, *, fresh: bool = False) -> None:
        """Take members that leave a facility along to the next one."""
        for stage in self.graph.after[s]:
            self._pass(stage, rows, members, fresh=fresh)

    def _pass(self, s: int, rows: Ints | None, members: slice, *, fresh: bool) -> None:
        """Compute departures of a stage that concerns nobody else."""
        units = self._units(s)
        columns = slice(members.start * units, members.stop * units)
        arrive, work = self.feed(s, members), self.lanes.service_h[s]
        if fresh:
            can_use_up = self._uses_up and work.shape[1] and work.flags.writeable
            self._depart_h[s] = work if can_use_up else self._arena.floats(*arrive.shape)
        if rows is None:
            self._leave(s, arrive, work[:, columns], self._depart_h[s][:, columns])
        else:
            left = np.empty((rows.size, arrive.shape[1]))
            self._leave(s, arrive[rows], work[rows, columns], left)
            self._depart_h[s][rows, columns] = left

    def _leave(self, s: int, arrive: Floats, work: Floats, out: Floats) -> None:
        """Departures, by kind of stage."""
        match self.graph.kinds[s]:
            case StageKind.SPLIT:
                np.add(arrive, TICK_H, out=out)
            case StageKind.GATHER:
                units = self._units(s)
                last = arrive.reshape(arrive.shape[0], -1, units).max(axis=2)
                np.add(np.repeat(last, units, axis=1), TICK_H, out=out)
            case _:
                calendar = self.plan.stage_calendars[int(self.plan.stages.calendar_idx[s])]
                if calendar.is_always_open:
                    np.add(arrive, work, out=out)
                else:
                    done = calendar.end_time(calendar.open_time(arrive) + work)
                    np.maximum(done, arrive + TICK_H, out=out)
