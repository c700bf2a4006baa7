"""Figures of sensitivity: tornado, elementary effects, Sobol indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plots.style import INK, SOFT_INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

UP, DOWN, FIRST, TOTAL = "#c03a08", "#0063a6", "#0063a6", "#8fc1e3"
ROW_IN, HEAD_IN, FOOT_IN = 0.34, 0.95, 0.85
MOST_ROWS = 25


@styled
def draw_tornado(
    effects: pd.DataFrame, names: Sequence[str], ends: Sequence[str], *, title: str, unit: str, footer: str
) -> Figure:
    """Draw what each parameter changes from its low to its high end, the strongest on top.

    Parameters
    ----------
    effects
        Columns effect, ci_low, ci_high, one row per parameter.
    names, ends
        In words: the parameter, and from where to where it is moved.
    title, unit, footer
        Of the figure.
    """
    order = np.argsort(-np.abs(effects["effect"].to_numpy()))[:MOST_ROWS]
    figure, ax = _rows(len(order))
    for row, k in enumerate(order):
        one = effects.iloc[int(k)]
        effect = float(one["effect"])
        ax.barh(row, effect, height=0.62, color=UP if effect > 0 else DOWN)
        ax.plot([one["ci_low"], one["ci_high"]], [row, row], color=INK, linewidth=1.1)
    _label_rows(ax, [f"{names[int(k)]}\n{ends[int(k)]}" for k in order])
    ax.axvline(0, color=SOFT_INK, linewidth=0.8)
    ax.set_xlabel(f"change of the answer [{unit}]")
    head(
        figure,
        title,
        "Change when one parameter moves from its first to its last value, others averaged over; lines: 95 % interval",
    )
    foot(figure, footer)
    return figure


@styled
def draw_morris(effects: pd.DataFrame, names: Sequence[str], *, title: str, unit: str, footer: str) -> Figure:
    """Draw elementary effects: their mean size with its interval, and their spread."""
    order = np.argsort(-effects["mu_star"].to_numpy())[:MOST_ROWS]
    figure, ax = _rows(len(order))
    for row, k in enumerate(order):
        one = effects.iloc[int(k)]
        ax.barh(row, one["mu_star"], height=0.62, color=FIRST, label="mean size (mu*)" if row == 0 else None)
        low, high = one["mu_star"] - one["mu_star_half"], one["mu_star"] + one["mu_star_half"]
        ax.plot([max(low, 0), high], [row, row], color=INK, linewidth=1.1)
        ax.plot(one["sigma"], row, "D", color=UP, markersize=5, label="spread (sigma)" if row == 0 else None)
    _label_rows(ax, [names[int(k)] for k in order])
    ax.set_xlabel(f"elementary effect over the whole range [{unit}]")
    _legend(ax)
    head(
        figure, title,
        "Morris: how far each parameter moves the answer. A spread as large as the size: it interacts or bends.",
    )  # fmt: skip
    foot(figure, footer)
    return figure


@styled
def draw_sobol(indices: pd.DataFrame, names: Sequence[str], *, title: str, footer: str) -> Figure:
    """Draw Sobol indices, first order and total, with their intervals."""
    order = np.argsort(-indices["total"].to_numpy())[:MOST_ROWS]
    figure, ax = _rows(len(order), row_in=0.46)
    for row, k in enumerate(order):
        one = indices.iloc[int(k)]
        for shift, key, colour, label in (
            (-0.2, "first", FIRST, "by itself (first order)"),
            (0.2, "total", TOTAL, "with all interactions (total)"),
        ):
            half = one[f"{key}_half"]
            ax.barh(row + shift, one[key], height=0.36, color=colour, label=label if row == 0 else None)
            ax.plot([one[key] - half, one[key] + half], [row + shift] * 2, color=INK, linewidth=1.0)
    _label_rows(ax, [names[int(k)] for k in order])
    ax.set_xlim(right=max(1.0, ax.get_xlim()[1]))
    ax.axvline(0, color=SOFT_INK, linewidth=0.8)
    ax.set_xlabel("share of the variance")
    _legend(ax)
    head(
        figure,
        title,
        "Sobol: which share of the variance of the answer each parameter explains; lines: 95 % intervals.",
    )
    foot(figure, footer)
    return figure


def _rows(n: int, row_in: float = ROW_IN) -> tuple[Figure, Axes]:
    height = HEAD_IN + FOOT_IN + max(row_in, 0.34) * max(n, 2) + 0.2
    figure = new_figure(8.6, height)
    ax = figure.add_axes((0.36, FOOT_IN / height, 0.6, 1 - (HEAD_IN + FOOT_IN) / height))
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    ax.set_ylim(n - 0.4, -0.6)
    return figure, ax


def _label_rows(ax: Axes, labels: Sequence[str]) -> None:
    ax.set_yticks(range(len(labels)), list(labels))
    ax.tick_params(axis="y", length=0)
    for label in ax.get_yticklabels():
        label.set_linespacing(1.05)
        label.set_fontsize(8.2)


def _legend(ax: Axes) -> None:
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.2, handlelength=1.2)
