"""One engine on one workload, drawn and run step by step, so that each step can be timed by itself."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.bench.counts import event_counts
from corridor_sim.bench.scale import Scale, lanes_of_block
from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.arena import Arena
from corridor_sim.results.reductions import reduce_lanes

if TYPE_CHECKING:
    from corridor_sim.bench.workloads import Workload
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.results.events import Events

REFERENCE = "des"
"""Runs lane by lane; the vectorised engine takes lanes in blocks."""
VECTOR = "vector"
BOTH = (REFERENCE, VECTOR)
IN_ROUNDS = "vector-rounds"
LOADED = "vector-events" if find_spec("numba") else IN_ROUNDS
"""What the vectorised engine does once it has loaded compiled code."""


class Side:
    """An engine on a workload: lanes in blocks of a fixed size."""

    def __init__(self, engine: str, workload: Workload, scale: Scale, n_lanes: int | None = None) -> None:
        self.name, self.workload = engine, workload
        self.engine = get_engine(LOADED if engine == VECTOR else engine)
        self.block = 1 if engine == REFERENCE else lanes_of_block(scale, rows_per_lane(workload))
        self.n_lanes = self.block if n_lanes is None else n_lanes
        self.arena = Arena()
        self.lanes: Lanes | None = None
        self.events: Events | None = None

    @property
    def size(self) -> str:
        """Size of the workload, in words."""
        return f"{self.workload.size} x {self.n_lanes}"

    def load(self) -> None:
        """Load, or compile, what the vectorised engine needs once."""
        if self.name == VECTOR:
            self.engine.run(self.workload.plan, self.workload.draw(range(1)))

    def draw(self) -> None:
        """Draw the lanes."""
        self.arena.reset()
        self.lanes = self.workload.draw(range(self.n_lanes), self.arena)

    def run(self) -> None:
        """Run the lanes that were drawn last."""
        assert self.lanes is not None  # noqa: S101  # drawn before
        self.events = self.engine.run(self.workload.plan, self.lanes)

    def reduce(self) -> None:
        """Reduce the events of the last run to figures per lane."""
        assert self.lanes is not None  # noqa: S101  # drawn before
        assert self.events is not None  # noqa: S101  # run before
        reduce_lanes(self.workload.plan, self.lanes, self.events)

    def draw_and_run(self) -> None:
        """Draw and run all lanes, block by block."""
        for first in range(0, self.n_lanes, self.block):
            self.arena.reset()
            lanes = self.workload.draw(range(first, min(first + self.block, self.n_lanes)), self.arena)
            self.events = self.engine.run(self.workload.plan, lanes, self.arena)

    def counted(self) -> dict[str, int]:
        """Stage events and queue events of the last run."""
        assert self.events is not None  # noqa: S101  # run before
        return event_counts(self.workload.plan, self.events)


def rows_per_lane(workload: Workload) -> int:
    """Stage events of the first lane, those after the end of the horizon included."""
    lanes, stages = workload.draw(range(1)), workload.plan.stages
    widths = np.array([m.width for m in lanes.itineraries], dtype=np.int64)
    return int(np.sum(widths[stages.itinerary_idx] * stages.n_units))
