"""Percentiles of many groups at once: one sort of whole numbers that hold the group above and the ticks below."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_grid import TICK_H, TICKS_PER_H

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.results.reductions.bins import Cells
    from corridor_sim.results.reductions.periods import Periods

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

TICK_BITS = 43
"""Bits of a key for ticks: almost a thousand years; twenty are left for groups."""
_TICKS = (1 << TICK_BITS) - 1


def group_keys(group: Ints, hours: Floats) -> Ints:
    """Keys of hours >= 0, on the time grid, in groups."""
    return (hours * TICKS_PER_H).astype(np.int64) + (group << TICK_BITS)


def percentiles(keys: Ints, n_groups: int, q: Sequence[float], size: Ints | None = None) -> Floats:
    """Percentiles of every group, between two values by straight line, as `numpy.percentile`.

    Parameters
    ----------
    keys
        From `group_keys`, sorted.
    n_groups
        Number of groups.
    q
        Percentages.
    size
        (n_groups,) how many there are; those that have no key have hours of 0. By default all have keys.

    Returns
    -------
    (len(q), n_groups) hours; nan where a group is empty.
    """
    first = keys.searchsorted(np.arange(n_groups + 1) << TICK_BITS)
    n_keys = first[1:] - first[:-1]
    n = n_keys if size is None else size
    some = np.flatnonzero(n)
    n, zero, first = n[some], (n - n_keys)[some], first[some]
    result = np.full((len(q), n_groups), np.nan)
    for row, percent in zip(result, q, strict=True):
        at = (n - 1) * (percent / 100)
        rank = np.floor(at).astype(np.int64)
        low, high = (_ranked(keys, first, np.minimum(k, n - 1) - zero) for k in (rank, rank + 1))
        part = at - rank
        row[some] = np.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1 - part))
    return result


def _ranked(keys: Ints, first: Ints, rank: Ints) -> Floats:
    """Hours of a rank in each group; ranks below 0 are those of nothing."""
    if not keys.size:
        return np.zeros(rank.size)
    ticks = keys.take(np.minimum(first + np.maximum(rank, 0), keys.size - 1)) & _TICKS
    return np.where(rank < 0, 0.0, ticks * TICK_H)


def period_percentiles(
    cells: Cells, periods: Periods, keys: Ints, q: Sequence[float], size: Ints | None = None
) -> Floats:
    """Percentiles of every lane and period: (len(q), n_lanes, n_periods).

    Parameters
    ----------
    cells
        Cells of lanes and months.
    periods
        Periods of these months.
    keys
        From `group_keys`, grouped by cell, all within the measured time; sorted in place.
    q
        Percentages.
    size
        (n_lanes, n_bins) how many there are in each cell; those that have no key have hours of 0.
    """
    keys.sort()
    monthly = percentiles(keys, cells.n_cells, q, None if size is None else size.reshape(-1))
    monthly = monthly.reshape(len(q), *cells.shape)
    result = np.empty((len(q), cells.n_lanes, len(periods.names)))
    found: dict[range, Floats] = {}
    for period, months in enumerate(periods.months):
        if len(months) == 1:
            result[:, :, period] = monthly[:, :, months.start + 1]
            continue
        if months not in found:
            bins = slice(months.start + 1, months.stop + 1)
            merged = _by_lane(cells, keys, None if len(months) == periods.n_months else bins)
            found[months] = percentiles(merged, cells.n_lanes, q, None if size is None else size[:, bins].sum(axis=1))
        result[:, :, period] = found[months]
    return result


def _by_lane(cells: Cells, keys: Ints, bins: slice | None) -> Ints:
    """Sorted keys, grouped by lane alone, of all bins or of some."""
    cell = keys >> TICK_BITS
    if bins is not None:
        month = cells.bin_of.take(cell)
        chosen = np.flatnonzero((bins.start <= month) & (month < bins.stop))
        keys, cell = keys.take(chosen), cell.take(chosen)
    merged = cells.lane_of.take(cell)
    merged <<= TICK_BITS
    cell = np.bitwise_and(keys, _TICKS, out=cell)
    merged |= cell
    ends = merged.searchsorted(np.arange(cells.n_lanes + 1) << TICK_BITS)  # no key is under that of its own lane
    for begin, end in pairwise(ends.tolist()):
        merged[begin:end].sort()
    return merged
