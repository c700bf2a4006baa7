"""When a case has been run often enough, and the sentence that says so where it was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.results.statistics import summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.sweep.file import Precision


def relative_half_width(values: Sequence[float]) -> float:
    """Half of the 95 % interval of the mean, as a share of the mean; infinite with fewer than two values."""
    found = summarise(np.asarray(values, dtype=np.float64)[:, None])
    n, mean, high = (float(found[name][0]) for name in ("n", "mean", "ci_high"))
    if n < 2:
        return np.inf
    half = high - mean
    return 0.0 if half == 0 else half / abs(mean) if mean else np.inf


def enough(values: Sequence[float], precision: Precision) -> bool:
    """Whether no more replications are needed, or may be run.

    The rule is sequential [Law, Simulation Modeling and Analysis, section 9.4.1]: after each round of replications the
    interval is looked at; a relative half width of g' = g / (1 + g) makes the error at most g of the true mean.
    """
    if len(values) < precision.at_least:
        return False
    adjusted = precision.relative / (1 + precision.relative)
    return len(values) >= precision.at_most or relative_half_width(values) <= adjusted


def shortfall(values: Sequence[float], precision: Precision) -> str:
    """Say in a sentence how far the precision was missed; an empty text where it was reached."""
    reached = relative_half_width(values)
    if len(values) < 2 or reached <= precision.relative / (1 + precision.relative):
        return ""
    needed = len(values) * (reached / (precision.relative / (1 + precision.relative))) ** 2
    return (
        f"{precision.kpi} of {precision.subject} is known to ± {100 * reached:.1f} % after {len(values)} replications, "
        f"asked were ± {100 * precision.relative:.1f} %; about {np.ceil(needed):,.0f} would do"
    )
