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
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from corridor_sim.engines.vectorised.queues import Solver
    from corridor_sim.engines.vectorised.ways import Way

    Ints = npt.NDArray[np.int64]

MOST_SWEEPS = 20
"""Rounds after which a window is cut in two."""
FIRST_WINDOWS = 12
"""Windows that the horizon is cut into to begin with."""


class Visited:
    """A facility of a cyclic part: what may still arrive there, and in which window.

    Parameters
    ----------
    solver
        The facility.
    ways
        Per stage, where its arrivals come from.
    feeds
        Positions in the part of the facilities that it feeds.
    """

    def __init__(self, solver: Solver, ways: Sequence[Way], feeds: Sequence[int]) -> None:
        self.solver, self.ways, self.feeds = solver, ways, feeds
        self.is_pending = True
        n = len(solver.arrivals.stages)
        self._low, self._high = [0] * n, [0] * n
        self._due: Ints = np.empty(0, dtype=np.int64)

    def open(self, n_released: Callable[[int], int]) -> None:
        """Begin a window: look at members that are not settled and have set out by its end, in some lane."""
        found = self.solver.arrivals
        self._high = [n_released(c.stage) for c in found.stages]
        columns = [np.arange(c.of(m).start, c.of(m).stop) for c, m in zip(found.stages, self._members, strict=True)]
        found.look_at(np.concatenate(columns))
        self.is_pending = True

    @property
    def _members(self) -> list[slice]:
        return [slice(low, high) for low, high in zip(self._low, self._high, strict=True)]

    def renew(self, since_h: float, until_h: float, *, anew: bool) -> Ints:
        """Take in arrivals as they are now; return the lanes in which one before ``until_h`` changed.

        What was said of an arrival that no longer comes before ``until_h`` is taken back. With ``anew`` all lanes
        count.
        """
        self.is_pending = False
        found = self.solver.arrivals
        now = [way.arrivals(m) for way, m in zip(self.ways, self._members, strict=True) if m.start < m.stop]
        if not now:
            self._due = np.empty(0, dtype=np.int64)
            return np.empty(0, dtype=np.int64)
        new, old = np.concatenate(now, axis=1), found.arrive_h
        comes, was = new < until_h, old < until_h
        rows = np.flatnonzero(((new != old) & (comes | was)).any(axis=1))
        gone = was & ~comes
        if gone.any():
            row, column = np.nonzero(gone)
            found.take_back(row, found.columns[column])
        found.arrive_h = new
        is_due = comes & (new >= since_h) if self.solver.keeps_state else comes
        self._due = np.flatnonzero(is_due.any(axis=0))
        return np.arange(found.shape[0]) if anew else rows

    def solve(self, rows: Ints, since_h: float, until_h: float) -> int:
        """Compute starts and departures of some lanes; return of how many arrivals."""
        return self.solver.solve(rows, since_h, until_h, self._due)

    def cut(self, until_h: float) -> None:
        """End the window earlier: take back what was said of arrivals from then on."""
        found = self.solver.arrivals
        row, column = np.nonzero(found.arrive_h >= until_h)
        found.take_back(row, found.columns[column])

    def settle(self, until_h: float) -> None:
        """End a window: what arrived in every lane before ``until_h`` has its times for good."""
        self.solver.settle()
        if not self.solver.keeps_state:
            return
        found = self.solver.arrivals
        is_open = np.asarray((found.arrive_h >= until_h).any(axis=0))
        first = 0
        for k, (c, members) in enumerate(zip(found.stages, self._members, strict=True)):
            width = (members.stop - members.start) * c.n_units
            mine = is_open[first : first + width]
            first += width
            if width:
                self._low[k] += (int(mine.argmax()) if mine.any() else width) // c.n_units


class Relaxation:
    """One cyclic part of one block.

    Parameters
    ----------
    visited
        Its facilities, in the order in which rounds go through them.
    earliest_h
        Per stage, when each member sets out in the lane in which it does so first, h.
    end_h
        End of the horizon, h.

    Attributes
    ----------
    solved, windows, sweeps
        Work done, see `PartWork`.
    """

    def __init__(
        self, visited: Sequence[Visited], earliest_h: Mapping[int, npt.NDArray[np.float64]], end_h: float
    ) -> None:
        self.visited, self._earliest_h, self._end_h = visited, earliest_h, end_h
        self.solved = self.windows = self.sweeps = 0

    def run(self) -> None:
        """Compute the part to the end of the horizon."""
        length_h, since_h = self._end_h / FIRST_WINDOWS, 0.0
        while since_h < self._end_h:
            until_h = min(self._end_h, max(scalar_to_grid(since_h + length_h), since_h + TICK_H))
            until_h, is_cut = self._window(since_h, until_h)
            length_h = (until_h - since_h) * (1.0 if is_cut else 1.5)
            length_h = min(length_h, self._end_h / FIRST_WINDOWS)
            since_h = until_h

    def _window(self, since_h: float, until_h: float) -> tuple[float, bool]:
        """Compute one window, or the part of it that does not take too many rounds; return its end, and whether cut."""
        self.windows += 1
        released_h = until_h
        for facility in self.visited:
            facility.open(lambda stage: int(np.searchsorted(self._earliest_h[stage], released_h)))
        sweeps, anew, is_cut = 0, True, False
        while self._sweep(since_h, until_h, anew=anew):
            sweeps += 1
            anew = sweeps % MOST_SWEEPS == 0
            if anew:  # the servers' states are those after the longer window: all must be computed again
                is_cut = True
                until_h = max(scalar_to_grid((since_h + until_h) / 2), since_h + TICK_H)
                for facility in self.visited:
                    facility.cut(until_h)
        for facility in self.visited:
            facility.settle(until_h)
        self.sweeps += sweeps
        return until_h, is_cut

    def _sweep(self, since_h: float, until_h: float, *, anew: bool) -> bool:
        """Compute every facility in the lanes in which its arrivals changed; return whether there was any."""
        changed = False
        for facility in self.visited:
            if not (anew or facility.is_pending):
                continue
            rows = facility.renew(since_h, until_h, anew=anew)
            if not rows.size:
                continue
            changed = True
            self.solved += facility.solve(rows, since_h, until_h)
            for k in facility.feeds:
                self.visited[k].is_pending = True
        return changed
