"""Cases of a sweep side by side: their answers with intervals, how far each is behind the best, ranks with ties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor_sim.analysis.comparison import CONFIDENCE, paired_differences, rank

if TYPE_CHECKING:
    from corridor_sim.results import SweepResult
    from corridor_sim.results.sweep_answers import SweepAnswer

SENSITIVITIES = {
    "total": "share of the variance, with interactions (Sobol)",
    "mu_star": "size of the effect over the whole range (Morris)",
    "effect": "effect from the first to the last value",
}
"""Column of a sensitivity table that says most, and what it is."""
MOST_RANKED = 60
"""Cases that are compared pair by pair."""


def answer_table(result: SweepResult, answers: list[SweepAnswer]) -> pd.DataFrame:
    """One row per case: parameters, then mean and interval of every answer.

    Where an answer is to be good, also how far a case is behind the best one, its rank, and the cases it is tied with.
    """
    table = result.cases[["case", *result.parameters]].copy()
    for answer in answers:
        for name in ("mean", "ci_low", "ci_high"):
            table[f"{answer.name} [{answer.unit}] {name}"] = answer.means[name]
    table["n"] = answers[0].means["n"].astype(np.int64)
    judged = judged_by(result, answers)
    if judged is None:
        return table
    table = pd.concat([table, behind_best(judged)], axis=1)
    if len(table) <= MOST_RANKED:
        whole: Any = ~np.isnan(judged.values).all(axis=1)
        values = {str(c): judged.values[k] for k, c in enumerate(result.cases["case"]) if whole[k]}
        ranked = rank(values, highest_first=judged.better == "high").astype({"case": np.int64})
        table = table.merge(ranked[["case", "rank", "tied_with"]], on="case", how="left")
    return table.sort_values(["behind", "case"])


def judged_by(result: SweepResult, answers: list[SweepAnswer]) -> SweepAnswer | None:
    """Return the first answer that says which way is better.

    None where no answer does, or the cases have different luck.
    """
    if len(result.cases) < 2 or not result.manifest["common_random_numbers"]:
        return None
    return next((a for a in answers if a.better), None)


def behind_best(answer: SweepAnswer) -> pd.DataFrame:
    """Difference of every case from the one with the best mean, on common random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per case: behind (positive: worse), behind_half (half of an interval that holds for all cases together
        with 95 %, Bonferroni), surely_behind.
    """
    sign = 1.0 if answer.better == "low" else -1.0
    best = int(np.nanargmin(sign * answer.means["mean"]))
    sure = 1.0 - (1.0 - CONFIDENCE) / max(len(answer.values) - 1, 1)
    reference = np.repeat(answer.values[best][:, None], len(answer.values), axis=1)
    found = paired_differences(reference, answer.values.T, sure)
    half = (found["ci_high"] - found["ci_low"]) / 2
    surely = found["differs"].astype(bool)
    return pd.DataFrame({"behind": sign * found["difference"], "behind_half": half, "surely_behind": surely})
