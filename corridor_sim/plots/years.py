"""A run of many years: demand and carried, days, and the places that limit, year by year."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from corridor_sim.analysis.year_by_year import FULL_FRAC, TIGHT_FRAC, loads, queues, year_table, years_of
from corridor_sim.plots.style import ALARM, SOFT_INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.plots.result_view import ResultView

SOME_YEARS = 2
"""Years beyond which the figure is drawn."""
MOST_PLACES = 14
MOST_LETTERS, LABELS_IN = 60, 3.9
"""Letters of a place's name, and the room that they take."""
BOUNDS = (0.0, 0.7, TIGHT_FRAC, FULL_FRAC, 1.2, 99.0)
WORDS = ("below 70 %", "70 to 85 %", "85 to 100 %", "100 to 120 %", "above 120 %")
COLOURS = ("#f4f4f2", "#f6dd9a", "#eda020", "#d1420b", "#5a1f06")
"""Load of a place, from free to far too much; darker is worse in grey, too."""


@styled
def draw_years(view: ResultView) -> Figure | None:
    """Draw demand and carried, days, and offered loads, year by year.

    Returns
    -------
    matplotlib.figure.Figure or None
        None when fewer than three years were measured.
    """
    years = years_of(view.result)
    if len(years) <= SOME_YEARS:
        return None
    table, load = year_table(view.result), loads(view.result).reindex(columns=years)
    places = _places(load, queues(view.result).reindex(columns=years))
    height = 4.9 + 0.25 * len(places)
    figure = new_figure(11.6, height)
    name = view.result.manifest.get("title") or view.result.manifest.get("scenario", "")
    head(
        figure, f"Year by year: {name}",
        "Corridor cargo without background and sea reference; places: work offered of what they can do.",
    )  # fmt: skip
    top, middle = 1 - 0.95 / height, 1 - 3.2 / height
    upper = figure.add_gridspec(1, 2, left=0.05, right=0.985, top=top, bottom=middle, wspace=0.13)
    _volumes(figure.add_subplot(upper[0, 0]), table)
    _days(figure.add_subplot(upper[0, 1]), table)
    lower = figure.add_axes((LABELS_IN / 11.6, 0.85 / height, 0.985 - LABELS_IN / 11.6, middle - 1.45 / height))
    _loads(lower, load.loc[places], [view.place_name(p) for p in places])
    foot(figure, f"{len(view.result.replications)} replications, means; simulated, not observed")
    return figure


def _places(load: pd.DataFrame, queue: pd.DataFrame) -> list[str]:
    """Choose the places that are tight in some year, those with most waiting first, and order them by that year."""
    tight = load.index[(load >= TIGHT_FRAC).any(axis=1)]
    worst = queue.reindex(tight).max(axis=1).sort_values(ascending=False).head(MOST_PLACES).index
    values = {str(p): load.loc[str(p)].to_numpy(dtype=float) for p in worst}
    return sorted(values, key=lambda p: (int(np.argmax(values[p] >= TIGHT_FRAC)), -np.nanmax(values[p])))


def _volumes(ax: Axes, table: pd.DataFrame) -> None:
    x = np.arange(len(table))
    ax.plot(x, table["demand_t"] / 1e6, color=SOFT_INK, linestyle="--", marker="o", markersize=3, label="demand")
    ax.plot(x, table["carried_t"] / 1e6, color="#0063a6", marker="s", markersize=3, label="delivered")
    ax.fill_between(x, table["carried_t"] / 1e6, table["demand_t"] / 1e6, color=ALARM, alpha=0.15, linewidth=0)
    ax.set_title("Mt a year")
    ax.set_ylim(bottom=0)
    ax.legend(loc="lower right")
    _year_axis(ax, list(table.index))


def _days(ax: Axes, table: pd.DataFrame) -> None:
    x = np.arange(len(table))
    ax.plot(x, table["transit_p95_h"] / 24, color="#8fb9d9", linestyle="--", marker="o", markersize=3, label="P95")
    ax.plot(x, table["transit_mean_h"] / 24, color="#0063a6", marker="s", markersize=3, label="mean")
    ax.set_title("days from release to delivery")
    is_steep = table["transit_p95_h"].max() > 10 * table["transit_p95_h"].min()
    ax.set_yscale("log" if is_steep else "linear")
    if not is_steep:
        ax.set_ylim(bottom=0)
    else:
        ax.yaxis.set_major_formatter("{x:g}")
    ax.legend(loc="upper left")
    _year_axis(ax, list(table.index))


def _year_axis(ax: Axes, years: list[str]) -> None:
    step = -(-len(years) // 8)
    ax.set_xticks(range(0, len(years), step), years[::step])
    ax.set_xlim(-0.5, len(years) - 0.5)
    if ax.get_yscale() == "linear":
        ax.yaxis.set_major_locator(MaxNLocator(6))
    ax.grid(axis="y")


def _loads(ax: Axes, load: pd.DataFrame, names: list[str]) -> None:
    """Draw places by years, coloured by load, with per cent where the place cannot keep up."""
    colours = ListedColormap(list(COLOURS))
    norm = BoundaryNorm(list(BOUNDS), len(COLOURS))
    values = load.to_numpy(dtype=float)
    ax.imshow(values, aspect="auto", cmap=colours, norm=norm, interpolation="nearest")
    for row, column in zip(*np.nonzero(values >= FULL_FRAC), strict=True):
        ax.text(
            column, row, f"{100 * values[row, column]:.0f}", ha="center", va="center", fontsize=6.5,
            color="white" if values[row, column] >= FULL_FRAC else SOFT_INK,
        )  # fmt: skip
    ax.set_yticks(range(len(load)), [textwrap.shorten(name, MOST_LETTERS, placeholder=" ...") for name in names])
    ax.tick_params(axis="y", labelsize=8)
    step = -(-load.shape[1] // 21)
    ax.set_xticks(range(0, load.shape[1], step), list(load.columns)[::step])
    ax.tick_params(axis="x", labelsize=7.5)
    ax.tick_params(length=0)
    ax.set_title("places that are tight in some year: load, %" if len(load) else "no place is tight in any year")
    for y in np.arange(len(load) - 1) + 0.5:
        ax.axhline(y, color="white", linewidth=0.8)
    patches = [Patch(facecolor=c, edgecolor="#bbbbbb", label=w) for c, w in zip(COLOURS, WORDS, strict=True)]
    ax.legend(handles=patches, loc="upper right", bbox_to_anchor=(1.0, -0.42 / max(len(load), 1) - 0.06), ncols=5)
