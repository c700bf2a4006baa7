"""A calibration as a figure: misses before and after, and where each number went in its range."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from corridor_sim.analysis.fitting import scaled_misses
from corridor_sim.plots.style import ALARM, BAND, INK, SOFT_INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BEFORE, AFTER = "#9aa4ad", "#0063a6"
MOST = 4.0
"""Misses beyond this many half ranges are drawn at the edge."""
WIDTH_IN, ROW_IN, NAMES_IN = 11.6, 0.235, 4.5


@styled
def draw_fit(parameters: pd.DataFrame, targets: pd.DataFrame, about: dict[str, Any]) -> Figure:
    """Draw the misses of the targets that were fitted to, and the numbers in their ranges, before and after.

    Parameters
    ----------
    parameters, targets, about
        Of a calibration.
    """
    shown = targets[targets["is_fitted"]]
    n, m = len(shown), len(parameters)
    height = 1.35 + ROW_IN * n + 1.15 + ROW_IN * m + 0.85
    figure = new_figure(WIDTH_IN, height)
    inside = int(shown["inside_before"].sum()), int(shown["inside_after"].sum())
    head(
        figure,
        f"Calibration of {about['scenario']}: {inside[0]} of {n} targets inside as stated, {inside[1]} as fitted",
        "Above: every target it was fitted to, on the scale of its observed range (band). Below: every number that was "
        "fitted, in its stated range.",
    )  # fmt: skip
    upper = figure.add_axes(
        (NAMES_IN / WIDTH_IN, 1 - (1.05 + ROW_IN * n) / height, 0.585, ROW_IN * n / height)
    )  # fmt: skip
    _targets(upper, shown)
    lower = figure.add_axes((NAMES_IN / WIDTH_IN, 0.75 / height, 0.585, ROW_IN * m / height))
    _parameters(lower, parameters)
    foot(
        figure,
        f"corridor_sim: {about['points']} points of {about['replications']} replications, seed {about['seed']}; "
        f"targets from {about['final_replications']} replications. Known: by how much the range narrows.",
    )  # fmt: skip
    return figure


def _targets(ax: Axes, table: pd.DataFrame) -> None:
    y = np.arange(len(table))
    low, mid, high = (table[f"observed_{end}"].to_numpy(dtype=float) for end in ("low", "mid", "high"))
    before, after = (
        np.clip(scaled_misses(table[f"compared_{when}"].to_numpy(dtype=float), low, mid, high), -MOST, MOST)
        for when in ("before", "after")
    )
    ax.axvspan(-1, 1, color=BAND, linewidth=0, zorder=0)
    ax.hlines(y, before, after, color=BEFORE, linewidth=1.0, zorder=2)
    ax.plot(before, y, "o", color="white", markeredgecolor=BEFORE, markersize=5, zorder=3)
    misses = ~table["inside_after"].to_numpy(dtype=bool)
    ax.plot(after[~misses], y[~misses], "o", color=AFTER, markersize=5, zorder=4)
    ax.plot(after[misses], y[misses], "D", color=ALARM, markersize=4.6, zorder=4)
    ax.set_xlim(-MOST - 0.15, MOST + 0.15)
    ax.set_ylim(len(table) - 0.4, -0.6)
    names = [textwrap.shorten(f"{t}  {q}", 62, placeholder=" ...")
             for t, q in zip(table["target"], table["quantity"], strict=True)]  # fmt: skip
    ax.set_yticks(y, names)
    ax.tick_params(axis="y", length=0, labelsize=7.8)
    ax.set_xticks([-4, -3, -2, -1, 0, 1, 2, 3, 4], ["", "", "", "low", "middle", "high", "", "", ""])
    ax.set_xlabel("position in the observed range; low end at -1, high end at +1, logarithmic", color=SOFT_INK)
    handles = [
        Line2D([], [], marker="o", linestyle="none", color="white", markeredgecolor=BEFORE, label="as stated"),
        Line2D([], [], marker="o", linestyle="none", color=AFTER, label="fitted, inside"),
        Line2D([], [], marker="D", linestyle="none", color=ALARM, markersize=4.6, label="fitted, outside"),
    ]  # fmt: skip
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, borderaxespad=0.2)


def _parameters(ax: Axes, table: pd.DataFrame) -> None:
    y = np.arange(len(table))
    low, high = table["low"].to_numpy(dtype=float), table["high"].to_numpy(dtype=float)
    before, after = ((table[when].to_numpy(dtype=float) - low) / (high - low) for when in ("before", "after"))
    ax.hlines(y, 0, 1, color=BAND, linewidth=6, zorder=1)
    ax.hlines(y, before, after, color=BEFORE, linewidth=1.0, zorder=2)
    ax.plot(before, y, "o", color="white", markeredgecolor=BEFORE, markersize=5, zorder=3)
    ax.plot(after, y, "o", color=AFTER, markersize=5, zorder=4)
    for k, row in enumerate(table.to_dict("records")):
        moved = f"{row['before']:.3g} \N{RIGHTWARDS ARROW} {row['after']:.3g} {row['unit']}"
        text = f"{moved}; known {100 * row['known']:.0f} %"
        ax.text(1.03, k, text, va="center", fontsize=7.5, color=INK)
    ax.set_xlim(-0.03, 1.62)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_yticks(y, [textwrap.shorten(str(n), 68, placeholder=" ...") for n in table["name"]])
    ax.tick_params(axis="y", length=0, labelsize=7.8)
    ax.set_xticks([0, 0.5, 1], ["lowest", "middle of the range", "highest"])
    ax.spines["bottom"].set_visible(False)
