"""What a calibration found, written for people: the override file, and the table of every target in Markdown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    import pandas as pd

    from corridor_sim.sweep.calibrate import Calibration


INTRODUCTION = """\
# Simulated against observed: {scenario}

Written by `corridor-sim calibrate {scenario}`; {final_replications} replications, seed {seed}. P5, P50 and P95 of times
and speeds are over trips, of volumes over replications. Inside: the median (of observed means, the mean) lies in the
observed range. Misses are kept in.

Fitted to: {fitted}. Not fitted, shown only (volumes hold by construction, tariffs are inputs, cross-checks do not
count): {others}.

| target | what | grade | unit | observed | stated: P5 / P50 / P95 | inside | fitted: P5 / P50 / P95 | inside | miss |
|---|---|---|---|---|---|---|---|---|---|
{rows}

Miss: how far the fitted value lies from the nearer end of the observed range.

## What was fitted

Known: how much narrower the observations make the range (0: they tell nothing). Best tenth: spread of the best tenth of
the hypercube beside that of all (1: the same).

| number | unit | range | as stated | fitted | known | best tenth |
|---|---|---|---:|---:|---:|---:|
{numbers}
"""
HEADER = """\
# The numbers of {scenario} that were fitted to its calibration targets, each within its stated range.
# Written by `corridor-sim calibrate {scenario}`: {points} points of {replications} replications, seed {seed}.
# Loss (Huber, over the targets fitted to): {before:.2f} as stated, {after:.2f} fitted.
# Take it with --override {name}; the numbers as stated stay the default.
#
# Value before and after, range, and how much narrower the observations make the range (0: they tell nothing):
{numbers}

"""


def override_file(found: Calibration, name: str = "calibrated") -> str:
    """Write the fitted values as a file that a scenario imports: a named override, its findings as comments."""
    lines = []
    for row in found.parameters.to_dict("records"):
        bound = ", at the end of its range" if row["is_at_bound"] else ""
        lines.append(
            f"#   {row['path']}: {row['before']:.4g} -> {row['after']:.4g} {row['unit']}, "
            f"{row['low']:.4g} to {row['high']:.4g}, {row['known']:.2f}{bound}"
        )
    before, after = found.fit.loss_before, found.fit.loss_after
    header = HEADER.format(**found.about, before=before, after=after, name=name, numbers="\n".join(lines))
    return header + yaml.safe_dump({"overrides": {name: found.changes}}, sort_keys=False, width=200)


def markdown_table(found: Calibration) -> str:
    """Write every target with P5, P50 and P95 as stated and as fitted, misses kept in."""
    table = found.targets
    return INTRODUCTION.format(
        **found.about,
        fitted=_count(table[table["is_fitted"]]),
        others=_count(table[~table["is_fitted"]]),
        rows="\n".join(_target_line(row) for _, row in table.iterrows()),
        numbers="\n".join(_number_line(row) for _, row in found.parameters.iterrows()),
    )


def _number_line(row: pd.Series[float]) -> str:
    end = " (end of its range)" if row["is_at_bound"] else ""
    cells = (
        f"{row['name']} `{row['path']}`", f"{row['unit']}", f"{row['low']:.4g} - {row['high']:.4g}",
        f"{row['before']:.4g}", f"{row['after']:.4g}{end}", f"{row['known']:.2f}", _text(row["decile"]),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _count(table: pd.DataFrame) -> str:
    if table.empty:
        return "none"
    n, before, after = len(table), int(table["inside_before"].sum()), int(table["inside_after"].sum())
    return f"{n} targets, inside {before} as stated and {after} as fitted"


def _target_line(row: pd.Series[float]) -> str:
    star = "" if row["is_fitted"] else " (shown only)"
    cells = [
        f"{row['target']}{star}", str(row["quantity"]).replace("|", "/"), str(row["grade"]), str(row["unit"]),
        f"{_text(row['observed_low'])} - {_text(row['observed_high'])}",
    ]  # fmt: skip
    for when in ("before", "after"):
        cells.append(" / ".join(_text(row[f"{p}_{when}"]) for p in ("p05", "p50", "p95")))
        cells.append("yes" if row[f"inside_{when}"] else "**no**")
    return f"| {' | '.join([*cells, _miss(row)])} |"


def _miss(row: pd.Series[float]) -> str:
    """How far what is compared lies outside the range, in per cent of the nearer end."""
    value, low, high = (float(row[c]) for c in ("compared_after", "observed_low", "observed_high"))
    if math.isnan(value):
        return "not simulated"
    end = low if value < low else high if value > high else value
    return "" if end == value else f"{100 * (value / end - 1):+.0f} %"


def _text(x: float) -> str:
    if not math.isfinite(x):
        return "-"
    return f"{x:,.0f}" if abs(x) >= 1000 else f"{x:.3g}"
