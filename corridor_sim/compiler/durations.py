"""Durations of stages: a mean, what it is multiplied by, and the random factor on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.distributions import Distribution, Family
from corridor_sim.plan.kinds import Basis
from corridor_sim.plan.tables import DrawTable, Ragged

if TYPE_CHECKING:
    from corridor_sim.scenario.distributions import Distribution as DistributionModel

BASIS = {"consignment": Basis.CONSIGNMENT, "t": Basis.TONNE, "TEU": Basis.TEU, "unit": Basis.UNIT}


@dataclass(frozen=True)
class Timing:
    """Mean hours per one of the basis, and the row of the random factor (-1: none)."""

    mean_h: float
    basis: Basis
    draw: int


def as_distribution(model: DistributionModel, scale: float = 1.0) -> Distribution:
    """Turn a scenario's distribution into a plan's, its values multiplied by ``scale``."""

    def at(value: float | None) -> float:
        return 0.0 if value is None else value * scale

    match model.family:
        case "uniform":
            return Distribution(Family.UNIFORM, at(model.low), at(model.high))
        case "triangular":
            return Distribution(Family.TRIANGULAR, at(model.low), at(model.mode), at(model.high))
        case "exponential":
            return Distribution(Family.EXPONENTIAL, at(model.mean))
        case "gamma":
            return Distribution(Family.GAMMA, at(model.mean), model.cv or 0.0)
        case "lognormal":
            base = Distribution.lognormal(at(model.mean), model.cv or 0.0)
            high = math.inf if model.clip_high is None else model.clip_high * scale
            return Distribution(base.family, base.a, base.b, clip_low=at(model.clip_low), clip_high=high)
        case _:
            return Distribution.fixed(at(model.mean))


@dataclass
class DrawBook:
    """Collects the random factors of a plan."""

    streams: list[str] = field(default_factory=list)
    flow_idx: list[int] = field(default_factory=list)
    n_units: list[int] = field(default_factory=list)
    distributions: list[Distribution] = field(default_factory=list)
    suspended: bool = False
    """While set, nothing is collected: the itinerary at hand is only checked."""

    def factor(self, model: DistributionModel, stream: str, flow: int, n_units: int) -> int:
        """Add a factor of mean 1 in the shape of a distribution; return its row, or -1 when it is not random."""
        mean = model.mean_value
        if mean == 0 or self.suspended:
            return -1
        shape = as_distribution(model, 1.0 / mean)
        if not shape.is_random:
            return -1
        self.streams.append(stream)
        self.flow_idx.append(flow)
        self.n_units.append(n_units)
        self.distributions.append(shape)
        return len(self.streams) - 1

    def timing(self, model: DistributionModel, stream: str, flow: int, n_units: int, *, scale: float = 1.0) -> Timing:
        """Return mean, basis and factor of a duration; ``scale`` multiplies the mean."""
        return Timing(model.mean_value * scale, BASIS[model.per], self.factor(model, stream, flow, n_units))

    def table(self) -> DrawTable:
        """Return all factors collected."""
        return DrawTable(
            stream=tuple(self.streams),
            flow_idx=np.array(self.flow_idx, dtype=np.int64),
            n_units=np.array(self.n_units, dtype=np.int64),
            factor=Ragged.of([x.parameters for x in self.distributions]),
        )
