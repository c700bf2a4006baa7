"""How long a run takes to fill up: MSER-5, for scenarios that give no warm-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.results import RunResult

    Floats = npt.NDArray[np.float64]

BATCH = 5
LAST = 5
"""Batches at the end that are too few for a spread [Hoad, Robinson and Davies, JORS 61 (2010)]."""
H_PER_DAY = 24.0


def mser(values: Floats, batch: int = BATCH) -> int | None:
    """Return the number of first values to leave out of a mean.

    The truncation after which the standard error of the mean of what is left is smallest, over means of ``batch``
    values [White, Cobb and Spratt, A comparison of five steady-state truncation heuristics, WSC 2000]:
    MSER(d) = sum of (y_i - mean of y_d+1..y_n)^2 over i > d, by (n - d)^2.

    Parameters
    ----------
    values
        (n,) a series in the order of time, such as the number waiting by day.
    batch
        Values averaged before.

    Returns
    -------
    int or None
        A multiple of ``batch``; None when the best truncation lies in the second half of the series, which has then not
        come to rest, or the series has no more than ten batches.
    """
    n = len(values) // batch
    if n <= 2 * LAST:
        return None
    means = values[: n * batch].reshape(n, batch).mean(axis=1)
    left = np.arange(n, 0, -1)
    totals, squares = np.cumsum(means[::-1])[::-1], np.cumsum((means**2)[::-1])[::-1]
    error = np.maximum(squares - totals**2 / left, 0.0) / left**2
    best = int(np.argmin(error[: n - LAST]))
    return None if best > n // 2 else best * batch


def suggested_warm_up(result: RunResult) -> tuple[float | None, str]:
    """Suggest a warm-up from the cargo waiting at all places, averaged over replications, day by day.

    Parameters
    ----------
    result
        Of a run; its own warm-up is looked through, too.

    Returns
    -------
    tuple
        The warm-up, h (None where the queues do not come to rest), and a sentence that says so.
    """
    daily = result.queues.groupby("date")["mean"].sum().sort_index().to_numpy(dtype=np.float64)
    days = mser(daily)
    if days is None:
        return None, (
            f"the queues do not come to rest in {len(daily)} days (MSER-5): load is above capacity somewhere, or the "
            "run is too short; a warm-up would not help"
        )
    given = float(result.manifest["warm_up_h"]) / H_PER_DAY
    if given >= days:
        return days * H_PER_DAY, f"the warm-up of {given:g} d suffices: queues come to rest after {days} d (MSER-5)"
    words = f"the warm-up of {given:g} d is too short" if given else "no warm-up is given"
    return days * H_PER_DAY, f"{words}: queues come to rest after {days} d (MSER-5); set run.warm_up: {days} d"
