"""Cyclic parts of the stage graph: facilities that feed each other, computed until nothing changes.

A round computes every facility whose arrivals changed, in the lanes in which they did. Every time depends on earlier
times alone, so each round gets the times right for longer; when a round changes nothing all are right: the fixed point
is the one history that obeys every rule. Time is cut into windows. What arrived in an earlier window is settled and
never looked at again, and a place goes on from the servers as that window left them. A window that takes many rounds
is cut shorter. No stage takes less than a tick, so a window of a tick takes two: there is always an end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_grid import TICK_H, scalar_to_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.engines.vectorised.engine import Block, Solver

MOST_SWEEPS = 10
"""Rounds after which a window is cut in two."""
FEW_SWEEPS = 4
"""A window that takes so many may be followed by a longer one."""
FIRST_WINDOWS = 12
"""Windows that the horizon is cut into to begin with."""


class Relaxation:
    """One cyclic part of one block.

    Attributes
    ----------
    solved, windows, sweeps
        Work done, see `PartWork`.
    """

    def __init__(self, block: Block, solvers: Sequence[Solver]) -> None:
        self.block, self.solvers = block, solvers
        self.solved = self.windows = self.sweeps = 0
        stages = {c.stage for solver in solvers for c in solver.arrivals.stages}
        itineraries = {int(block.plan.stages.itinerary_idx[s]) for s in stages}
        self._following = _following(block, solvers)
        self._is_pending = [True] * len(solvers)
        self._earliest = {i: block.lanes.itineraries[i].release_h.min(axis=0) for i in itineraries}

    def run(self) -> None:
        """Compute the part to the end of the horizon."""
        end_h = self.block.plan.end_h
        length_h = end_h / FIRST_WINDOWS
        since_h = 0.0
        while since_h < end_h:
            until_h = min(end_h, max(scalar_to_grid(since_h + length_h), since_h + TICK_H))
            until_h, sweeps = self._window(since_h, until_h)
            length_h = (until_h - since_h) * (2.0 if sweeps <= FEW_SWEEPS else 1.0)
            since_h = until_h

    def _window(self, since_h: float, until_h: float) -> tuple[float, int]:
        """Compute one window, or the part of it that does not take too many rounds; return its end and the rounds."""
        self.windows += 1
        for solver in self.solvers:
            solver.arrivals.open_up(lambda stage: self._n_released(stage, until_h))
        sweeps, is_first = 0, True
        while self._sweep(since_h, until_h, is_first=is_first):
            sweeps += 1
            is_first = sweeps % MOST_SWEEPS == 0
            if is_first:  # the servers' states are those after the longer window: all must be computed again
                until_h = max(scalar_to_grid((since_h + until_h) / 2), since_h + TICK_H)
        for solver in self.solvers:
            solver.settle()
            if solver.keeps_state:
                solver.arrivals.settle(until_h)
        self.sweeps += sweeps
        return until_h, sweeps

    def _n_released(self, stage: int, until_h: float) -> int:
        """Members that set out in some lane before a time."""
        earliest = self._earliest[int(self.block.plan.stages.itinerary_idx[stage])]
        return int(np.searchsorted(earliest, until_h))

    def _sweep(self, since_h: float, until_h: float, *, is_first: bool) -> bool:
        """Compute every facility in the lanes in which its arrivals changed; return whether there was any."""
        solved = False
        for k, solver in enumerate(self.solvers):
            if not (is_first or self._is_pending[k]):
                continue
            self._is_pending[k] = False
            changed = solver.arrivals.renew(self.block.feed, since_h, until_h, anew=is_first)
            if not (is_first or changed.any()):
                continue
            solved = True
            rows = None if is_first or changed.all() else np.flatnonzero(changed)
            self.solved += solver.solve(rows, since_h, until_h)
            for c in solver.arrivals.stages:
                self.block.send(c.stage, rows, c.due)
            for following in self._following[k]:
                self._is_pending[following] = True
        return solved


def _following(block: Block, solvers: Sequence[Solver]) -> list[list[int]]:
    """Solvers that each solver feeds."""
    of_stage = {c.stage: k for k, solver in enumerate(solvers) for c in solver.arrivals.stages}
    following = []
    for solver in solvers:
        stages = (block.graph.next_shared(c.stage) for c in solver.arrivals.stages)
        following.append(sorted({of_stage[s] for s in stages if s in of_stage}))
    return following
