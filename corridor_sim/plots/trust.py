"""The trust ledger as a figure: on whose numbers the spread of each answer rests, and the ten to measure first."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Patch

from corridor_sim.plots.style import INK, SOFT_INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PARTS: tuple[tuple[str, str, str, str], ...] = (
    ("share_A", "A official", "#0a9a76", ""),
    ("share_B", "B press or study", "#0063a6", "////"),
    ("share_C", "C estimate", "#eda020", ""),
    ("luck", "luck (replications)", "#c3c9d0", ""),
    ("rest", "not told: small or joint effects", "#f4f4f2", "...."),
)
"""Column, words, colour and hatch, from left to right."""
GRADE_COLOURS = {"A": "#0a9a76", "B": "#0063a6", "C": "#eda020"}
WIDTH_IN, NAMES_IN, NUMBERS_IN, ROW_IN = 11.6, 3.3, 4.6, 0.31
MOST_LETTERS = 74


@styled
def draw_trust(answers: pd.DataFrame, first: pd.DataFrame, about: dict[str, Any]) -> Figure:
    """Draw the shares of the spread by grade for every answer, and the numbers worth measuring first.

    Parameters
    ----------
    answers, about
        Of a trust ledger.
    first
        Its numbers worth measuring first.
    """
    n, m = len(answers), max(len(first), 1)
    height = 1.45 + ROW_IN * n + 0.95 + ROW_IN * m + 0.75
    figure = new_figure(WIDTH_IN, height)
    title = about.get("title") or about.get("scenario", "")
    head(
        figure, f"What the answers rest on: {title}",
        "Each bar is the whole spread (variance) of one answer when all uncertain numbers are drawn from their "
        "ranges at once, shared out by how well\nthe numbers are known. Thin lines: 95 % intervals of A, B and C.",
    )  # fmt: skip
    top = 1 - 1.4 / height
    upper = figure.add_axes((NAMES_IN / WIDTH_IN, top - ROW_IN * n / height, 0.592, ROW_IN * n / height))
    _stacks(upper, answers)
    bottom = 0.75 / height
    lower = figure.add_axes((NUMBERS_IN / WIDTH_IN, bottom, 0.508, ROW_IN * m / height))
    _numbers(lower, first)
    counts = ", ".join(f"{v} {g}" for g, v in about["numbers"].items())
    foot(
        figure,
        f"corridor_sim, scenario {about['scenario']}: {about['cases']} Latin hypercube cases, "
        f"{about['replications']} replications each, seed {about['seed']}; numbers by grade: {counts}. Simulated.",
    )  # fmt: skip
    return figure


def _stacks(ax: Axes, answers: pd.DataFrame) -> None:
    y = np.arange(len(answers))
    left = np.zeros(len(answers))
    for column, _, colour, hatch in PARTS:
        values = answers[column].to_numpy(dtype=float)
        ax.barh(y, values, left=left, height=0.66, color=colour, hatch=hatch, edgecolor="white", linewidth=0.6)
        for k, value in enumerate(values):
            if value >= 0.06:
                is_dark = colour == "#0063a6"
                ax.text(left[k] + value / 2, k, f"{100 * value:.0f}", ha="center", va="center", fontsize=7.5,
                        color="white" if is_dark else INK,
                        bbox={"facecolor": colour, "edgecolor": "none", "pad": 0.8})  # fmt: skip
        if f"{column}_low" in answers:
            low, high = (left + answers[f"{column}_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
            shown = values >= 0.03
            ax.hlines(y[shown] + 0.24, low[shown], np.minimum(high, 1)[shown], color=INK, linewidth=0.9)
        left += values
    ax.set_xlim(0, 1)
    ax.set_ylim(len(answers) - 0.5, -0.5)
    ax.set_yticks(y, [textwrap.shorten(str(a), 44, placeholder=" ...") for a in answers["answer"]])
    ax.tick_params(axis="y", length=0)
    ax.set_xticks(np.linspace(0, 1, 6), [f"{100 * v:.0f}" for v in np.linspace(0, 1, 6)])
    ax.set_title("share of the spread, %", pad=24)
    for k, (mean, sd, unit) in enumerate(zip(answers["mean"], answers["sd"], answers["unit"], strict=True)):
        text = f"{_short(mean)} \N{PLUS-MINUS SIGN} {_short(sd)} {'' if unit == '1' else unit}"
        ax.text(1.015, k, text, ha="left", va="center", fontsize=8, color=SOFT_INK)
    ax.text(1.015, -0.75, "mean and one sd", ha="left", va="bottom", fontsize=8, color=SOFT_INK)
    handles = [
        Patch(facecolor=c, hatch=h, edgecolor="#999999", linewidth=0.4, label=words) for _, words, c, h in PARTS
    ]  # fmt: skip
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=5, fontsize=8, columnspacing=1.1,
              handlelength=1.3, borderaxespad=0.2)  # fmt: skip


def _numbers(ax: Axes, first: pd.DataFrame) -> None:
    ax.set_title("worth measuring first: mean share of the spread over all answers, %")
    if first.empty:
        ax.set_axis_off()
        ax.text(0, 0.5, "none can be told from chance with so few cases", va="center", color=SOFT_INK)
        return
    y = np.arange(len(first))
    ax.barh(y, first["mean_share"], height=0.6, color=[GRADE_COLOURS[g] for g in first["grade"]])
    ax.set_ylim(len(first) - 0.5, -0.5)
    ax.set_xlim(0, float(first["mean_share"].max()) * 1.02)
    names = [textwrap.shorten(f"{n} ({g})", MOST_LETTERS, placeholder=f" ... ({g})")
             for n, g in zip(first["name"], first["grade"], strict=True)]  # fmt: skip
    ax.set_yticks(y, names)
    ax.tick_params(axis="y", length=0, labelsize=7.8)
    ax.xaxis.set_major_formatter(lambda v, _: f"{100 * v:.0f}")
    ax.grid(axis="x")
    right = ax.get_xlim()[1]
    for k, (answer, share) in enumerate(zip(first["answer"], first["share"], strict=True)):
        label = f"{100 * share:.0f} % of {textwrap.shorten(str(answer), 30, placeholder=' ...')}"
        value = float(first["mean_share"].iloc[k])
        is_long = value > 0.6 * right
        ax.annotate(label, (value, k), xytext=(-4 if is_long else 4, 0), textcoords="offset points", va="center",
                    ha="right" if is_long else "left", fontsize=7.5,
                    color="white" if is_long and first["grade"].iloc[k] == "B" else INK)  # fmt: skip


def _short(x: float) -> str:
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"
