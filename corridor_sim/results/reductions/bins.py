"""Bins of time and cells of lanes and bins: where every count and sum of the reductions is made.

A lane's numbers may not depend on the lanes it is reduced with. Times are whole ticks, so sums of hours are exact in
any order; sums of tonnes are not, and are taken within a cell one after the other, in the order of the columns. Padding
falls in a bin that nobody reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Small = npt.NDArray[np.int16]


FEW_RUNS = 6
"""Runs are added as such when they are at least so long, on average."""


@dataclass(frozen=True, eq=False)
class Bins:
    """Stretches of time: bin 0 is before the first edge, the last is at or after the last edge, or never."""

    edges_h: Floats

    @property
    def n_bins(self) -> int:
        """Number of bins, with the first and the last."""
        return self.edges_h.size + 1

    @cached_property
    def lower_h(self) -> Floats:
        """(n_bins,) start of each bin."""
        return np.concatenate(([0.0], self.edges_h))

    @cached_property
    def upper_h(self) -> Floats:
        """(n_bins,) end of each bin."""
        return np.concatenate((self.edges_h, [np.inf]))

    @cached_property
    def _bin_of_hour(self) -> Small | None:
        """Bin of every whole hour up to the last edge, when all edges are whole hours."""
        if np.any(self.edges_h != np.floor(self.edges_h)):
            return None
        return np.searchsorted(self.edges_h, np.arange(self.edges_h[-1] + 1), side="right").astype(np.int16)

    def of(self, times_h: Floats) -> Small:
        """Bin of each time; inf is never."""
        if self._bin_of_hour is None:
            return np.searchsorted(self.edges_h, times_h, side="right").astype(np.int16)
        hour = np.minimum(times_h, self.edges_h[-1]).astype(np.int64)
        return np.asarray(self._bin_of_hour.take(hour))


class Cells:
    """Counts and sums by lane and bin; a cell is numbered lane * n_bins + bin.

    Parameters
    ----------
    n_lanes
        Number of lanes.
    bins
        Bins of time.
    """

    def __init__(self, n_lanes: int, bins: Bins) -> None:
        self.n_lanes, self.bins = n_lanes, bins
        self.shape = n_lanes, bins.n_bins
        self.lane_of: Ints = np.repeat(np.arange(n_lanes), bins.n_bins)
        """(n_cells,)"""
        self.bin_of: Ints = np.tile(np.arange(bins.n_bins), n_lanes)
        """(n_cells,)"""
        self._first: Ints = np.arange(n_lanes)[:, None] * bins.n_bins

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return self.lane_of.size

    def of(self, times_h: Floats) -> Binned:
        """Put times (n_lanes, n) in their cells."""
        return Binned(self, self.bins.of(times_h))

    def flat(self, times_h: Floats) -> Ints:
        """Cell of every time (n_lanes, n), flat."""
        return (self.bins.of(times_h) + self._first).reshape(-1)

    def of_lanes(self, lane: Ints, times_h: Floats) -> Ints:
        """Cell of every time (n,) of a lane each."""
        return lane * self.bins.n_bins + self.bins.of(times_h)

    def is_within(self, cell: Ints) -> npt.NDArray[np.bool_]:
        """Whether each cell is between the first and the last edge."""
        within = (self.bin_of > 0) & (self.bin_of < self.bins.n_bins - 1)
        return np.asarray(within.take(cell))

    def count(self, cell: Ints) -> Ints:
        """How many there are: (n_lanes, n_bins)."""
        return np.bincount(cell, minlength=self.n_cells).reshape(self.shape)

    def total(self, cell: Ints, weights: Floats | Ints) -> Floats:
        """Sum of weights: (n_lanes, n_bins). What is not finite may only be in bins that nobody reads."""
        total = np.bincount(cell, weights=weights.reshape(-1), minlength=self.n_cells)
        return np.asarray(total.reshape(self.shape), dtype=np.float64)


class Binned:
    """Times of lanes in their cells.

    Times are nearly in order, so neighbours mostly share a cell: they are counted and added run by run.

    Parameters
    ----------
    cells
        Cells of lanes and bins.
    bins
        (n_lanes, n) bin of each time.
    """

    def __init__(self, cells: Cells, bins: Small) -> None:
        self._cells, self._bins = cells, bins

    @cached_property
    def _runs(self) -> tuple[Ints, Ints, Ints]:
        """Where each run begins, its length and its cell."""
        bins, (n_lanes, n) = self._bins, self._bins.shape
        begins = np.ones(bins.shape, dtype=np.bool_)
        np.not_equal(bins[:, 1:], bins[:, :-1], out=begins[:, 1:])
        first = begins.reshape(-1).nonzero()[0]
        length = np.empty(first.size, dtype=np.int64)
        np.subtract(first[1:], first[:-1], out=length[:-1])
        length[-1:] = n_lanes * n - first[-1:]
        return first, length, first // max(n, 1) * self._cells.bins.n_bins + bins.reshape(-1).take(first)

    def cell(self) -> Ints:
        """Cell of each time: (n_lanes * n,)."""
        _, length, run_cell = self._runs
        return np.repeat(run_cell, length)

    def is_within(self) -> npt.NDArray[np.bool_]:
        """Whether each time is between the first and the last edge: (n_lanes * n,)."""
        return ((self._bins > 0) & (self._bins < self._cells.bins.n_bins - 1)).reshape(-1)

    @cached_property
    def count(self) -> Ints:
        """How many there are: (n_lanes, n_bins)."""
        _, length, run_cell = self._runs
        return self._cells.total(run_cell, length).astype(np.int64)

    def hours(self, hours: Floats) -> Floats:
        """Sum of hours: (n_lanes, n_bins). What is not finite may only be in bins that nobody reads."""
        first, _, run_cell = self._runs
        if first.size * FEW_RUNS > hours.size:
            return self._cells.total(self.cell(), hours)
        return self._cells.total(run_cell, np.add.reduceat(hours.reshape(-1), first))

    def spread(self, by_cell: Floats) -> Floats:
        """Value of the cell of each time, of one (n_lanes, n_bins) per cell: (n_lanes * n,)."""
        _, length, run_cell = self._runs
        return np.repeat(by_cell.reshape(-1).take(run_cell), length)
