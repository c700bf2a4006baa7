"""Comparing runs: differences with intervals, paired where the runs share their random numbers; ranks with ties."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridor_sim.foundation.errors import ResultError
from corridor_sim.foundation.time_axis import is_month
from corridor_sim.results.kpi_table import KEYS
from corridor_sim.results.statistics import summarise

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from corridor_sim.results import RunResult

    Floats = npt.NDArray[np.float64]

CONFIDENCE = 0.95
CLOSE = 1e-12
"""Relative size below which a difference is rounding."""
DIFFERENCE_COLUMNS = (
    "reference_mean", "mean", "difference", "ci_low", "ci_high", "n", "paired", "variance_saved_frac", "differs",
)  # fmt: skip


def paired_differences(reference: Floats, case: Floats, confidence: float = CONFIDENCE) -> dict[str, Floats]:
    """Mean difference of a case from a reference on the same random numbers, with its interval.

    Parameters
    ----------
    reference, case
        (n_replications, n_kpis): row r of both was drawn with the same random numbers; nan where there is no value.
    confidence
        Level of the interval.

    Returns
    -------
    For each of `DIFFERENCE_COLUMNS` an array (n_kpis,). The interval is Student's t over the differences of the
    replications in which both have a value [Law, Simulation Modeling and Analysis, section 10.2]. The variance saved
    is 1 - var(case - reference) / (var(case) + var(reference)): what common random numbers took off the variance of
    the difference; nan where nothing varies.
    """
    both = ~(np.isnan(reference) | np.isnan(case))
    a, b = np.where(both, reference, np.nan), np.where(both, case, np.nan)
    n = both.sum(axis=0)
    mean_a, _ = _moments(a, n)
    mean_b, _ = _moments(b, n)
    difference, variance = _moments(b - a, n)
    half = _student_half(np.sqrt(variance / np.maximum(n, 1)), n - 1.0, confidence)
    apart = _moments(a, n)[1] + _moments(b, n)[1]
    saved = np.divide(variance, apart, out=np.full(n.shape, np.nan), where=apart > 0)
    return _columns(mean_a, mean_b, difference, half, n, paired=True, saved=1.0 - saved)


def independent_differences(reference: Floats, case: Floats, confidence: float = CONFIDENCE) -> dict[str, Floats]:
    """Mean difference of a case from a reference with other random numbers, with Welch's interval.

    Parameters
    ----------
    reference, case
        (n_replications, n_kpis) each; their numbers of replications may differ.
    confidence
        Level of the interval.

    Returns
    -------
    As `paired_differences`; n is the smaller number of values, nothing is saved [Welch, Biometrika 34 (1947)].
    """
    n_a, n_b = (~np.isnan(reference)).sum(axis=0), (~np.isnan(case)).sum(axis=0)
    (mean_a, var_a), (mean_b, var_b) = _moments(reference, n_a), _moments(case, n_b)
    of_a, of_b = var_a / np.maximum(n_a, 1), var_b / np.maximum(n_b, 1)
    spread = of_a**2 / np.maximum(n_a - 1, 1) + of_b**2 / np.maximum(n_b - 1, 1)
    freedom = np.divide((of_a + of_b) ** 2, spread, out=np.minimum(n_a, n_b) - 1.0, where=spread > 0)
    half = _student_half(np.sqrt(of_a + of_b), np.where(np.minimum(n_a, n_b) > 1, freedom, 0.0), confidence)
    return _columns(mean_a, mean_b, mean_b - mean_a, half, np.minimum(n_a, n_b), paired=False, saved=np.nan)


def _moments(values: Floats, n: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Mean and variance of each column, nan where there are too few values."""
    filled = np.where(np.isnan(values), 0.0, values)
    mean = np.divide(filled.sum(axis=0), n, out=np.full(n.shape, np.nan), where=n > 0)
    squares = np.where(np.isnan(values), 0.0, (values - mean) ** 2).sum(axis=0)
    return mean, np.divide(squares, n - 1, out=np.full(n.shape, np.nan), where=n > 1)


def _student_half(error: Floats, freedom: Floats, confidence: float) -> Floats:
    """Half an interval from a standard error; nan where nothing is known of the spread."""
    from scipy.stats import t as student

    half = np.full(error.shape, np.nan)
    known = freedom > 0
    half[known] = student.ppf(0.5 + confidence / 2, freedom[known]) * error[known]
    return half


def _columns(
    reference: Floats, mean: Floats, difference: Floats, half: Floats, n: Floats | npt.NDArray[np.int64],
    *, paired: bool, saved: Floats | float,
) -> dict[str, Floats]:  # fmt: skip
    low, high = difference - half, difference + half
    # what is the same in every replication has an interval without width, whose ends rounding may move off zero
    rounding = CLOSE * np.maximum(np.abs(reference), np.abs(mean))
    differs = (low > rounding) | (high < -rounding)
    return {
        "reference_mean": reference, "mean": mean, "difference": difference, "ci_low": low, "ci_high": high,
        "n": np.asarray(n, dtype=np.float64), "paired": np.full(reference.shape, float(paired)),
        "variance_saved_frac": np.broadcast_to(saved, reference.shape).astype(np.float64),
        "differs": differs.astype(np.float64),
    }  # fmt: skip


def rank(values: Mapping[str, Floats], *, highest_first: bool = False, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Rank cases by one KPI, ties said as ties.

    Parameters
    ----------
    values
        (n_replications,) of each case, row r of all on the same random numbers.
    highest_first
        Whether a high value is a good one.
    confidence
        That all comparisons between cases hold together (Bonferroni).

    Returns
    -------
    pandas.DataFrame
        Columns case, mean, rank, tied_with: the rank is one more than the number of cases that are surely better;
        tied_with names the cases that nothing sure can be said of, best first.
    """
    pairs = list(combinations(values, 2))
    sure = 1.0 - (1.0 - confidence) / max(len(pairs), 1)
    sign = -1.0 if highest_first else 1.0
    better: dict[str, set[str]] = {case: set() for case in values}
    tied: dict[str, set[str]] = {case: set() for case in values}
    for a, b in pairs:
        found = paired_differences(values[a][:, None], values[b][:, None], sure)
        if not found["differs"][0]:
            tied[a].add(b)
            tied[b].add(a)
        elif sign * found["difference"][0] > 0:
            better[b].add(a)
        else:
            better[a].add(b)
    means = {case: float(np.nanmean(column)) for case, column in values.items()}
    order = sorted(values, key=lambda case: sign * means[case])
    rows = [(c, means[c], len(better[c]) + 1, ", ".join(o for o in order if o in tied[c])) for c in order]
    return pd.DataFrame(rows, columns=["case", "mean", "rank", "tied_with"])


@dataclass(frozen=True, eq=False)
class Comparison:
    """Cases beside a reference.

    Attributes
    ----------
    reference
        Its name.
    cases
        Names of the others, in order.
    table
        One row per case and KPI: case, kpi, subject, period, unit and `DIFFERENCE_COLUMNS`.
    means
        The mean of every case, the reference included, with its interval: case, kpi, subject, period, mean, ci_low,
        ci_high.
    """

    reference: str
    cases: tuple[str, ...]
    table: pd.DataFrame
    means: pd.DataFrame

    @property
    def paired(self) -> bool:
        """Whether all cases were run on the random numbers of the reference."""
        return bool(self.table["paired"].all())

    def of(self, kpi: str, subject: str, period: str | None = None) -> pd.DataFrame:
        """Differences of one KPI of one subject, for all cases and periods or one of them."""
        t = self.table
        chosen = (t["kpi"] == kpi) & (t["subject"] == subject)
        return t[chosen if period is None else chosen & (t["period"] == period)]


def compare(
    results: Mapping[str, RunResult],
    reference: str | None = None,
    *,
    months: bool = False,
    confidence: float = CONFIDENCE,
) -> Comparison:
    """Compare results with one of them.

    Parameters
    ----------
    results
        By name; results of one seed are paired replication by replication, others compared as independent.
    reference
        Name of the result that the others are compared with; the first when absent.
    months
        Whether months are compared, too, not only years and the whole time.
    confidence
        Level of the intervals.

    Raises
    ------
    ResultError
        When there are not two results, none of that name, or one shares no KPI with the reference.
    """
    if len(results) < 2:
        raise ResultError("one result alone cannot be compared, give two or more")
    reference = next(iter(results)) if reference is None else reference
    if reference not in results:
        raise ResultError(f"no result '{reference}' to compare with; results are {', '.join(results)}")
    cases = tuple(name for name in results if name != reference)
    chosen = {name: _Columns.of(r, months=months) for name, r in results.items()}
    tables = [_case_table(name, chosen[reference], chosen[name], reference, confidence) for name in cases]
    means = pd.concat([columns.means().assign(case=name) for name, columns in chosen.items()], ignore_index=True)
    return Comparison(reference, cases, pd.concat(tables, ignore_index=True), means)


@dataclass(frozen=True, eq=False)
class _Columns:
    """The KPIs of a result that are compared."""

    result: RunResult
    labels: pd.DataFrame
    values: Floats

    @classmethod
    def of(cls, result: RunResult, *, months: bool) -> _Columns:
        period = result.labels["period"]
        is_kept = ~period.isin([p for p in period.unique() if is_month(str(p)) and not months]).to_numpy()
        return cls(result, result.labels.loc[is_kept, list(KEYS)].reset_index(drop=True), result.values[:, is_kept])

    def means(self) -> pd.DataFrame:
        """Mean and interval of every KPI."""
        found = summarise(self.values)
        table = self.labels.assign(**{name: found[name] for name in ("mean", "ci_low", "ci_high")})
        return table[found["n"] > 0].reset_index(drop=True)


def _case_table(name: str, base: _Columns, case: _Columns, reference: str, confidence: float) -> pd.DataFrame:
    """Differences of one case, for the KPIs that both have."""
    keys = list(KEYS)
    left, right = (c.labels.assign(column=np.arange(len(c.labels))) for c in (base, case))
    shared = left.merge(right, on=keys, suffixes=("_a", "_b"))
    if shared.empty:
        raise ResultError(f"{name} and {reference} have no KPI in common: are they runs of the same corridor and time?")
    a, b = base.values[:, shared["column_a"]], case.values[:, shared["column_b"]]
    if base.result.manifest["seed"] == case.result.manifest["seed"]:
        of_a, of_b = base.result.replications, case.result.replications
        common = [r for r in of_a if r in set(of_b)]
        rows_a, rows_b = [of_a.index(r) for r in common], [of_b.index(r) for r in common]
        found = paired_differences(a[rows_a], b[rows_b], confidence)
    else:
        found = independent_differences(a, b, confidence)
    table = shared[keys].copy()
    table.insert(0, "case", name)
    for column in DIFFERENCE_COLUMNS:
        table[column] = found[column]
    table = table.astype({"n": np.int64, "paired": bool, "differs": bool})
    return table[table["n"] > 0].reset_index(drop=True)
