"""Periods of the measured time: its months, and the years and the whole that are made of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_axis import is_month

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from corridor_sim.foundation.time_axis import TimeAxis

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Periods:
    """Months of the measured time and what is made of them."""

    names: tuple[str, ...]
    """``all``, then years, then months."""
    edges_h: Floats
    """(n_months + 1,) borders of the months, cut to the measured time, h."""
    member: npt.NDArray[np.bool_]
    """(n_periods, n_months) which months a period is made of."""

    @classmethod
    def of(cls, axis: TimeAxis) -> Periods:
        """Split the measured time of a run."""
        periods = axis.periods()
        months = [p for p in periods if is_month(p.name)]
        edges = np.array([months[0].start_h, *(p.end_h for p in months)])
        member = np.array([[p.start_h <= m.start_h and m.end_h <= p.end_h for m in months] for p in periods])
        return cls(tuple(p.name for p in periods), edges, member)

    @property
    def n_months(self) -> int:
        """Number of months."""
        return self.edges_h.size - 1

    @cached_property
    def _weights(self) -> Floats:
        """(n_months, n_periods) 1 where a period has a month."""
        return np.asarray(self.member.T.astype(np.float64))

    @cached_property
    def start_h(self) -> Floats:
        """(n_periods,) start of each period, h."""
        return np.array([self.edges_h[:-1][m].min() for m in self.member])

    @cached_property
    def end_h(self) -> Floats:
        """(n_periods,) end of each period, h."""
        return np.array([self.edges_h[1:][m].max() for m in self.member])

    def month_of(self, times_h: Floats) -> Ints:
        """Month of each time; -1 in the warm-up, after the end and for nan."""
        month = np.searchsorted(self.edges_h, times_h, side="right") - 1
        return np.where((times_h >= self.edges_h[0]) & (times_h < self.edges_h[-1]), month, -1)

    def total(self, month: Ints, weights: Floats | None = None) -> Floats:
        """Sum weights (or count) by period: (n_periods,)."""
        inside = month >= 0
        w = None if weights is None else weights[inside]
        return self.of_months(np.bincount(month[inside], weights=w, minlength=self.n_months).astype(np.float64))

    def of_months(self, monthly: Floats) -> Floats:
        """Add up values given by month, last axis, to periods."""
        return np.asarray(monthly @ self._weights)

    def statistic(self, month: Ints, values: Floats, function: Callable[[Floats], Floats], n: int) -> Floats:
        """Apply a statistic with ``n`` results to the values of each period: (n, n_periods), nan where empty."""
        result = np.full((n, len(self.names)), np.nan)
        order = np.argsort(month, kind="stable")
        first = np.searchsorted(month[order], np.arange(self.n_months + 1))
        by_month = [values[order[first[m] : first[m + 1]]] for m in range(self.n_months)]
        for p, months in enumerate(self.member):
            chosen = [by_month[m] for m in np.flatnonzero(months)]
            sample = np.concatenate(chosen) if len(chosen) > 1 else chosen[0]
            if sample.size:
                result[:, p] = function(sample)
        return result
