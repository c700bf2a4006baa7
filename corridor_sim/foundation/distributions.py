"""Distributions of durations and factors: what they are, their mean, how they are drawn. All are non-negative."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


class Family(IntEnum):
    """Families of distributions that a plan may hold; the values are stored in plans."""

    FIXED = 0
    UNIFORM = 1
    TRIANGULAR = 2
    EXPONENTIAL = 3
    GAMMA = 4
    LOGNORMAL = 5


@dataclass(frozen=True)
class Distribution:
    """One distribution by its family and up to three parameters, in the unit of what it draws.

    ======================  =====================  ==================  ===================
    family                  a                      b                   c
    ======================  =====================  ==================  ===================
    fixed                   value                  -                   -
    uniform                 low                    high                -
    triangular              low                    mode                high
    exponential             mean                   -                   -
    gamma                   mean                   cv                  -
    lognormal               mean of the logarithm  sigma of logarithm  -
    ======================  =====================  ==================  ===================

    Samples are clipped to ``clip_low .. clip_high``.
    """

    family: Family
    a: float
    b: float = 0.0
    c: float = 0.0
    clip_low: float = 0.0
    clip_high: float = math.inf

    @classmethod
    def fixed(cls, value: float) -> Distribution:
        """Return a constant."""
        return cls(Family.FIXED, value)

    @classmethod
    def lognormal(cls, mean: float, cv: float) -> Distribution:
        """Return the lognormal distribution of given mean and coefficient of variation."""
        sigma2 = math.log1p(cv * cv)
        return cls(Family.LOGNORMAL, math.log(mean) - sigma2 / 2, math.sqrt(sigma2))

    @classmethod
    def of(cls, parameters: Sequence[float]) -> Distribution:
        """Return the distribution of `parameters`."""
        family, *rest = parameters
        return cls(Family(int(family)), *rest)

    @property
    def parameters(self) -> tuple[float, ...]:
        """Family, a, b, c, clip_low and clip_high as numbers, as plans keep them."""
        return float(self.family), self.a, self.b, self.c, self.clip_low, self.clip_high

    @property
    def mean(self) -> float:
        """Mean before clipping, in the unit of the distribution."""
        match self.family:
            case Family.UNIFORM:
                return (self.a + self.b) / 2
            case Family.TRIANGULAR:
                return (self.a + self.b + self.c) / 3
            case Family.LOGNORMAL:
                return math.exp(self.a + self.b * self.b / 2)
            case _:
                return self.a

    @property
    def is_random(self) -> bool:
        """Whether samples differ from each other."""
        match self.family:
            case Family.FIXED:
                return False
            case Family.GAMMA | Family.LOGNORMAL:
                return self.b > 0
            case Family.UNIFORM:
                return self.b > self.a
            case _:
                return True

    def sample(self, generator: np.random.Generator, n: int) -> Floats:
        """Draw ``n`` values; the first k of a longer draw equal a draw of k."""
        values = np.empty(n)
        self.fill(generator, values)
        return self.shape(values)

    def fill(self, generator: np.random.Generator, out: Floats) -> None:
        """Fill a contiguous row with standard variates: what is random in `sample`, for `shape` to transform."""
        match self.family:
            case Family.UNIFORM | Family.TRIANGULAR:
                generator.random(out=out)
            case Family.EXPONENTIAL:
                generator.standard_exponential(out=out)
            case Family.GAMMA if self.b > 0:
                generator.standard_gamma(1.0 / (self.b * self.b), out=out)
            case Family.LOGNORMAL if self.b > 0:
                generator.standard_normal(out=out)
            case _:
                out[...] = 0.0

    def shape(self, x: Floats) -> Floats:
        """Turn standard variates into values of the distribution, in their place; any shape."""
        match self.family:
            case Family.UNIFORM:
                x *= self.b - self.a
                x += self.a
            case Family.TRIANGULAR:
                x[...] = self._triangular(x)
            case Family.EXPONENTIAL:
                x *= self.a
            case Family.GAMMA if self.b > 0:
                x *= self.a / (1.0 / (self.b * self.b))
            case Family.LOGNORMAL if self.b > 0:
                x *= self.b
                x += self.a
                np.exp(x, out=x)
            case _:
                x[...] = self.mean
        if self.clip_low > 0.0 or math.isfinite(self.clip_high):
            np.clip(x, self.clip_low, self.clip_high, out=x)
        return x

    def _triangular(self, u: Floats) -> Floats:
        low, mode, high = self.a, self.b, self.c
        if high <= low:
            return np.full(u.shape, low)
        cut = (mode - low) / (high - low)
        rising = low + np.sqrt(u * (high - low) * (mode - low))
        falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
        return np.where(u < cut, rising, falling)
