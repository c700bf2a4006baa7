"""Lanes drawn once and run in many cases: on common random numbers, cases that draw alike see the very same lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

MOST_BYTES = 768 * 2**20
"""Memory for kept lanes: some 20 lanes of a year of the whole baseline."""


class DrawnLanes:
    """Keeps the lanes of the last plan that was drawn, as far as they fit, for plans that draw alike.

    Plans draw alike when they share the tables that draws read, as those that `corridor_sim.compiler.recompile` makes
    of one plan do. What is kept changes no number: a lane is a function of plan, seed and replication.

    Parameters
    ----------
    most_bytes
        Memory for what is kept.
    """

    def __init__(self, most_bytes: float = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._of: tuple[object, ...] = ()
        self._seed = -1
        self._kept: dict[tuple[int, ...], Lanes] = {}
        self._n_bytes = 0

    def lanes(self, plan: Plan, seed: int, replications: Sequence[int], arena: Arena) -> Lanes:
        """Return lanes, drawn now or before; those that are not kept live in the arena.

        Parameters
        ----------
        plan, seed, replications
            What to draw.
        arena
            Memory for what is not kept.
        """
        self._meet(plan, seed)
        asked = tuple(replications)
        if asked in self._kept:
            return self._kept[asked]
        if self._n_bytes >= self._most_bytes:
            return draw_lanes(plan, RandomStreams(seed), asked, arena)
        own = Arena()
        found = draw_lanes(plan, RandomStreams(seed), asked, own)
        for hours in (*found.service_h, *found.occupancy_h):
            hours.flags.writeable = False
        self._kept[asked] = found
        self._n_bytes += own.n_bytes
        return found

    def _meet(self, plan: Plan, seed: int) -> None:
        """Forget what another plan drew."""
        now = _read_by_draws(plan)
        alike = len(now) == len(self._of) and all(a is b for a, b in zip(now, self._of, strict=True))
        if not alike or seed != self._seed:
            self._of, self._seed, self._kept, self._n_bytes = now, seed, {}, 0


def _read_by_draws(plan: Plan) -> tuple[object, ...]:
    """Tables that releases, loads, durations and interruptions are drawn by; of places only their calendars."""
    tables = (plan.flows, plan.itineraries, plan.stages, plan.draws, plan.disruptions, plan.calendars)
    return (*tables, plan.services, plan.tracks, plan.places.calendar_idx)
