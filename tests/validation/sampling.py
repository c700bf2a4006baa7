"""Means over independent replications, with their standard errors."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from corridor_sim.engines.protocol import Engine
from corridor_sim.plan.plan import Plan
from tests.support.running import Run, run


@dataclass(frozen=True)
class Estimate:
    mean: float
    error: float
    """Standard error of the mean."""

    def agrees(self, expected: float, *, precision: float = 0.04) -> bool:
        """Within 3 standard errors of what is expected, and precise enough to say anything."""
        return self.error < precision * expected and abs(self.mean - expected) < 3 * self.error


def over_replications(
    engine: Engine, plan: Plan, measure: Callable[[Run], float], *, n: int = 16, seed: int = 2025
) -> Estimate:
    values = np.array([measure(run(engine, plan, seed=seed, replication=r)) for r in range(n)])
    return Estimate(float(values.mean()), float(values.std(ddof=1)) / math.sqrt(n))


def mean_wait(stage: int, *, after_h: float) -> Callable[[Run], float]:
    """Mean time in the queue of a stage of those that arrive after the run-in."""

    def measure(done: Run) -> float:
        rows = done.events.rows(stage)
        arrive, start = done.events.arrive_h[rows], done.events.start_h[rows]
        return float((start - arrive)[(arrive >= after_h) & ~np.isnan(start)].mean())

    return measure
