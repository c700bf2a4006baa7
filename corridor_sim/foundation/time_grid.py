"""The time grid: every time and duration is a whole number of ticks, so sums and maxima are exact.

One tick is 2**-20 h (3.4 ms). A float64 holds multiples of it exactly up to 2**33 h, about a million years, so a
cumulative sum over consignments and a chain of single steps give the same bits, and a tie is a tie in every engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

TICKS_PER_H = float(2**20)
TICK_H = 1.0 / TICKS_PER_H


def to_grid(hours: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Round times in hours to the nearest tick (halves to even); inf and nan pass through.

    Parameters
    ----------
    hours
        Any shape, hours.

    Returns
    -------
    Same shape, hours, multiples of one tick.
    """
    return np.asarray(np.rint(np.asarray(hours, dtype=np.float64) * TICKS_PER_H) * TICK_H)


def durations_to_grid(hours: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Round durations in hours to the grid, at least one tick: no stage takes no time at all."""
    return np.asarray(np.maximum(to_grid(hours), TICK_H))


def scalar_to_grid(hours: float) -> float:
    """Round one finite time in hours to the nearest tick, the same bits as `to_grid`."""
    return round(hours * TICKS_PER_H) * TICK_H
