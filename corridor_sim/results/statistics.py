"""Statistics over replications: mean, 95 % interval, percentiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.results.kpi_values import column_slices, read_columns

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

SUMMARY_COLUMNS = ("mean", "ci_low", "ci_high", "p05", "p50", "p95", "n")


def summarise(values: Floats, confidence: float = 0.95) -> dict[str, Floats]:
    """Summarise replications, some KPIs at a time.

    Parameters
    ----------
    values
        (n_replications, n_kpis); nan where a replication has no value.
    confidence
        Level of the interval of the mean.

    Returns
    -------
    For each of `SUMMARY_COLUMNS` an array (n_kpis,). The interval is Student's t over replications, which are
    independent; with fewer than two values it is nan. Percentiles are of the replications, linearly interpolated.
    """
    blocks = [_summarise(read_columns(values, columns), confidence) for columns in column_slices(*values.shape)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in SUMMARY_COLUMNS}


def _summarise(values: Floats, confidence: float) -> dict[str, Floats]:
    from scipy.stats import t as student

    present = ~np.isnan(values)
    n = present.sum(axis=0)
    some, several = n > 0, n > 1
    filled = np.where(present, values, 0.0)
    mean = np.divide(filled.sum(axis=0), n, out=np.full(n.shape, np.nan), where=some)
    squares = np.where(present, (values - mean) ** 2, 0.0).sum(axis=0)
    variance = np.divide(squares, n - 1, out=np.full(n.shape, np.nan), where=several)
    half = np.full(n.shape, np.nan)
    half[several] = student.ppf(0.5 + confidence / 2, n[several] - 1) * np.sqrt(variance[several] / n[several])
    percentiles = np.full((3, n.size), np.nan)
    whole = n == values.shape[0]
    percentiles[:, whole] = np.percentile(values[:, whole], [5, 50, 95], axis=0)
    for k in np.flatnonzero(some & ~whole):
        percentiles[:, k] = np.percentile(values[present[:, k], k], [5, 50, 95])
    low, middle, high = percentiles
    return {
        "mean": mean, "ci_low": mean - half, "ci_high": mean + half,
        "p05": low, "p50": middle, "p95": high, "n": n.astype(np.float64),
    }  # fmt: skip
