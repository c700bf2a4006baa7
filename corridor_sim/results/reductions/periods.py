"""Periods of the measured time: its months, and the years and the whole that are made of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_axis import is_month
from corridor_sim.results.reductions.bins import Bins

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.foundation.time_axis import TimeAxis

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Periods:
    """Months of the measured time and what is made of them."""

    names: tuple[str, ...]
    """``all``, then years, then months."""
    edges_h: Floats
    """(n_months + 1,) borders of the months, cut to the measured time, h."""
    months: tuple[range, ...]
    """Months that each period is made of."""

    @classmethod
    def of(cls, axis: TimeAxis) -> Periods:
        """Split the measured time of a run."""
        periods = axis.periods()
        months = [p for p in periods if is_month(p.name)]
        edges = np.array([months[0].start_h, *(p.end_h for p in months)])
        inside = [[k for k, m in enumerate(months) if p.start_h <= m.start_h and m.end_h <= p.end_h] for p in periods]
        return cls(tuple(p.name for p in periods), edges, tuple(range(k[0], k[-1] + 1) for k in inside))

    @property
    def n_months(self) -> int:
        """Number of months."""
        return self.edges_h.size - 1

    @cached_property
    def bins(self) -> Bins:
        """Bins of time: before the measured time, month by month, at the end and later."""
        return Bins(self.edges_h)

    @cached_property
    def start_h(self) -> Floats:
        """(n_periods,) start of each period, h."""
        return self.edges_h[[m.start for m in self.months]]

    @cached_property
    def end_h(self) -> Floats:
        """(n_periods,) end of each period, h."""
        return self.edges_h[[m.stop for m in self.months]]

    def of_months(self, monthly: npt.NDArray[np.float64] | npt.NDArray[np.int64]) -> Floats:
        """Add up values given by month, last axis, to periods; month after month, whatever the other axes."""
        result = np.empty((*monthly.shape[:-1], len(self.names)))
        for period, months in enumerate(self.months):
            if months in self.months[:period]:
                result[..., period] = result[..., self.months.index(months)]
                continue
            total = monthly[..., months.start].astype(np.float64)
            for month in months[1:]:
                total += monthly[..., month]
            result[..., period] = total
        return result

    def largest(self, monthly: Floats) -> Floats:
        """Largest value of each period, of values by month, last axis."""
        return np.stack([monthly[..., m.start : m.stop].max(axis=-1) for m in self.months], axis=-1)
