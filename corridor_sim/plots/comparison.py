"""Cases beside a reference: days and tonnes year by year with bands, or differences with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from corridor_sim.foundation.time_axis import is_month
from corridor_sim.plots.style import SOFT_INK, foot, head, new_figure, order_routes, route_style, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.analysis.comparison import Comparison

CASE_STYLES: tuple[tuple[str, Any, str], ...] = (
    ("#333333", "-", "o"), ("#d1420b", "--", "s"), ("#0063a6", "-.", "D"), ("#0a9a76", ":", "^"),
    ("#9c2c67", (0, (5, 1)), "v"), ("#c28f00", (0, (3, 1, 1, 1)), "P"), ("#43276b", (0, (1, 1)), "X"),
)  # fmt: skip
"""Colour, dashes and marker of the reference and of the cases: told apart without colour, too."""
SOME_YEARS = 2
"""Years beyond which lines by year are drawn; a winter lies in two."""
PANELS = (
    ("transit_mean_h", 1 / 24, "days from release to delivery, mean"),
    ("throughput_t", 1e-6, "Mt delivered in the year"),
)
DIFFERENCE_PANELS = (
    ("transit_mean_h", 1 / 24, "days, mean"),
    ("throughput_t", 1e-3, "kt delivered"),
    ("cost_usd_per_t", 1.0, "USD per t"),
)
"""Panels of the differences over the whole time; those in which something changes."""
GAS, GAS_PANELS = (
    "gas",
    (
        ("gas_delivered_bcm", 1.0, "bcm delivered in the year"),
        ("gas_served_frac", 100.0, "% of what was asked"),
    ),
)


def comparison_figures(found: Comparison, subjects: Sequence[str], title: str = "") -> dict[str, Figure]:
    """Draw the cases of a comparison.

    Parameters
    ----------
    found
        The comparison.
    subjects
        What is shown first, such as ``all`` or ``route:west_truck_gap``.
    title
        The question that it answers.

    Returns
    -------
    dict of matplotlib.figure.Figure
        By file name: lines by year for each subject where several years were measured, else the differences of the
        subjects and of all routes over the whole time.
    """
    years = sorted(p for p in found.means["period"].unique() if p != "all" and not is_month(str(p)))
    if len(years) <= SOME_YEARS:
        return {"comparison": draw_differences(found, subjects, title)}
    return {f"comparison-{s.replace(':', '-')}": draw_years(found, s, years, title) for s in subjects}


@styled
def draw_years(found: Comparison, subject: str, years: list[str], title: str = "") -> Figure:
    """Draw days and tonnes of one subject year by year, and their differences from the reference."""
    figure = new_figure(10.4, 6.6)
    head(
        figure,
        title or f"{_words(subject)}: cases compared",
        f"{_words(subject)}. Above: mean of the replications, band: 95 % interval. Below: difference from "
        f"{found.reference}, with the interval\nof the {'paired ' if found.paired else ''}difference; open markers: "
        "zero lies within it.",
    )
    grid = figure.add_gridspec(2, 2, left=0.075, right=0.98, top=0.83, bottom=0.15, hspace=0.32, wspace=0.2)
    for column, (kpi, scale, words) in enumerate(GAS_PANELS if subject == GAS else PANELS):
        upper, lower = figure.add_subplot(grid[0, column]), figure.add_subplot(grid[1, column])
        _lines(upper, found, (kpi, subject, scale), years)
        _differences(lower, found, (kpi, subject, scale), years)
        upper.set_title(words)
        lower.set_title(f"difference from {found.reference}")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=len(labels), bbox_to_anchor=(0.5, 0.045), handlelength=3.2)
    foot(figure, _footer(found))
    return figure


def _lines(ax: Axes, found: Comparison, what: tuple[str, str, float], years: list[str]) -> None:
    """Draw the mean of every case with its band."""
    kpi, subject, scale = what
    t = found.means
    chosen = t[(t["kpi"] == kpi) & (t["subject"] == subject)]
    for style, case in zip(_styles(found), (found.reference, *found.cases), strict=True):
        rows = chosen[chosen["case"] == case].set_index("period").reindex(years)
        colour, dashes, marker = style
        x = np.arange(len(years))
        ax.fill_between(x, rows["ci_low"] * scale, rows["ci_high"] * scale, color=colour, alpha=0.15, linewidth=0)
        ax.plot(x, rows["mean"] * scale, color=colour, linestyle=dashes, marker=marker, markersize=4, label=case)
    ax.set_ylim(bottom=0)
    _year_axis(ax, years)


def _differences(ax: Axes, found: Comparison, what: tuple[str, str, float], years: list[str]) -> None:
    """Draw the difference of every case, side by side within a year."""
    kpi, subject, scale = what
    ax.axhline(0, color=SOFT_INK, linewidth=0.8)
    for k, (case, (colour, _, marker)) in enumerate(zip(found.cases, _styles(found)[1:], strict=True)):
        rows = found.of(kpi, subject)
        rows = rows[rows["case"] == case].set_index("period").reindex(years)
        x = np.arange(len(years)) + 0.14 * (k - (len(found.cases) - 1) / 2)
        half = (rows["ci_high"] - rows["difference"]).fillna(0.0)
        ax.errorbar(x, rows["difference"] * scale, half * scale, fmt="none", ecolor=colour, elinewidth=1, capsize=2)
        for sure, fill in ((True, colour), (False, "white")):
            at = rows["differs"].eq(sure).to_numpy()
            y = rows["difference"].to_numpy()[at] * scale
            ax.plot(x[at], y, marker, color=colour, markerfacecolor=fill, markersize=4.5)
    _year_axis(ax, years)


def _year_axis(ax: Axes, years: list[str]) -> None:
    step = -(-len(years) // 11)
    ax.set_xticks(range(0, len(years), step), years[::step])
    ax.set_xlim(-0.5, len(years) - 0.5)
    ax.yaxis.set_major_locator(MaxNLocator(6))
    ax.grid(axis="y")


@styled
def draw_differences(found: Comparison, first: Sequence[str], title: str = "") -> Figure:
    """Draw the differences of some subjects, and of the routes that anything changes, over the whole time."""
    whole = found.table[found.table["period"] == "all"]
    changes = whole[(whole["difference"] != 0) & whole["difference"].notna()]
    panels = [p for p in DIFFERENCE_PANELS if p[0] in set(changes["kpi"])] or list(DIFFERENCE_PANELS[:2])
    sure = set(whole.loc[whole["differs"] & whole["kpi"].isin([kpi for kpi, _, _ in panels]), "subject"])
    routes = [f"route:{r}" for r in order_routes(_routes(found.table))]
    subjects = list(dict.fromkeys([*first, "all", *(r for r in routes if r in sure)]))
    height = 2.05 + 0.3 * len(subjects) * max(len(found.cases), 2) / 2
    figure = new_figure(10.4, height)
    head(
        figure, title or "Cases compared",
        f"Difference from {found.reference} over the whole measured time, with its 95 % interval; open markers: zero "
        "lies within it.\nRoutes that nothing surely changes are left out.",
    )  # fmt: skip
    grid = figure.add_gridspec(
        1, len(panels), left=0.21, right=0.98, top=1 - 1.15 / height, bottom=0.85 / height, wspace=0.08
    )
    for column, (kpi, scale, words) in enumerate(panels):
        ax = figure.add_subplot(grid[0, column])
        _forest(ax, found, (kpi, scale), subjects)
        ax.set_title(words)
        ax.tick_params(labelleft=column == 0)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower right", ncols=min(len(labels), 4), bbox_to_anchor=(0.98, 0.28 / height))
    foot(figure, _footer(found))
    return figure


def _forest(ax: Axes, found: Comparison, what: tuple[str, float], subjects: list[str]) -> None:
    """Draw one row per subject and one marker per case."""
    kpi, scale = what
    ax.axvline(0, color=SOFT_INK, linewidth=0.8)
    t = found.table[(found.table["kpi"] == kpi) & (found.table["period"] == "all")]
    for k, (case, (colour, _, marker)) in enumerate(zip(found.cases, _styles(found)[1:], strict=True)):
        rows = t[t["case"] == case].set_index("subject").reindex(subjects)
        y = np.arange(len(subjects)) + 0.22 * (k - (len(found.cases) - 1) / 2)
        half = (rows["ci_high"] - rows["difference"]).fillna(0.0)
        x = rows["difference"].to_numpy() * scale
        ax.errorbar(x, y, xerr=half * scale, fmt="none", ecolor=colour, elinewidth=1, capsize=2)
        for sure, fill in ((True, colour), (False, "white")):
            at = rows["differs"].eq(sure).to_numpy()
            label = case if sure else None
            ax.plot(x[at], y[at], marker, color=colour, markerfacecolor=fill, markersize=5, label=label)
    ax.set_yticks(range(len(subjects)), [_words(s) for s in subjects])
    ax.set_ylim(len(subjects) - 0.5, -0.5)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.grid(axis="x")


def _styles(found: Comparison) -> list[tuple[str, Any, str]]:
    n = 1 + len(found.cases)
    return [CASE_STYLES[k % len(CASE_STYLES)] for k in range(n)]


def _routes(table: pd.DataFrame) -> list[str]:
    subjects = table["subject"].astype(str).unique()
    return [s.removeprefix("route:") for s in subjects if s.startswith("route:") and "/" not in s]


def _words(subject: str) -> str:
    kind, _, name = subject.partition(":")
    if kind == "route":
        return route_style(name).label
    if subject == GAS:
        return "Gas pipeline"
    return "All cargo of the corridor" if subject == "all" else f"{kind} {name}"


def _footer(found: Comparison) -> str:
    n = int(found.table["n"].max())
    numbers = "the same random numbers in all cases" if found.paired else "random numbers of their own"
    return f"{n} replications, {numbers}; simulated, not observed"
