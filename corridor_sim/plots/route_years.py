"""Days, dollars and carbon of every route, year by year, with 95 % intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from corridor_sim.analysis.year_by_year import route_table, years_of
from corridor_sim.plots.style import BACKGROUND, foot, head, new_figure, order_routes, route_style, styled
from corridor_sim.plots.years import SOME_YEARS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.plots.result_view import ResultView

PANELS = (
    ("transit_mean_h", "days, mean", 1 / 24),
    ("cost_usd_per_t", "USD a tonne, value of time included", 1.0),
    ("cost_usd_per_teu", "USD a TEU, value of time included", 1.0),
    ("co2e_wtw_kg_per_teu", "kg CO2e a TEU, well to wheel", 1.0),
)
MARKERS = "osD^vPX*"
STEEP = 10.0
"""Ratio of the largest to the smallest value from which an axis is logarithmic."""


@styled
def draw_route_years(view: ResultView) -> Figure | None:
    """Draw days, USD per tonne and TEU, and CO2e per TEU of every route by year.

    Returns
    -------
    matplotlib.figure.Figure or None
        None when fewer than three years were measured, or nothing is charged or emitted.
    """
    years = years_of(view.result)
    if len(years) <= SOME_YEARS:
        return None
    table = route_table(view.result)
    table = table[table["route"] != BACKGROUND]
    gone = set(table.loc[table["transit_mean_h"].notna(), "year"])
    years = [year for year in years if year in gone]
    shown = [panel for panel in PANELS if table[panel[0]].notna().any()]
    if len(shown) < 2:
        return None
    n_rows = (len(shown) + 1) // 2
    height = 1.75 + 2.9 * n_rows
    figure = new_figure(11.6, height)
    name = view.result.manifest.get("title") or view.result.manifest.get("scenario", "")
    head(
        figure, f"Route by route, year by year: {name}",
        "What was delivered in each year. Bands: 95 % interval of the mean over replications; gaps: nothing delivered.",
    )  # fmt: skip
    grid = figure.add_gridspec(
        n_rows, 2, left=0.055, right=0.985, top=1 - 0.95 / height, bottom=1.0 / height, wspace=0.13, hspace=0.3
    )
    axes = [figure.add_subplot(grid[k // 2, k % 2]) for k in range(len(shown))]
    for ax, (kpi, title, factor) in zip(axes, shown, strict=True):
        _panel(ax, table, years, kpi, factor)
        ax.set_title(title)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower left", bbox_to_anchor=(0.045, 0.3 / height), ncols=min(len(labels), 6))
    foot(figure, f"{len(view.result.replications)} replications; simulated, not observed")
    return figure


def _panel(ax: Axes, table: pd.DataFrame, years: list[str], kpi: str, factor: float) -> None:
    x = np.arange(len(years))
    routes = order_routes(table["route"])
    largest, smallest = table[kpi].max(), table[kpi].min()
    for k, route in enumerate(routes):
        own = table[table["route"] == route].set_index("year").reindex(years)
        mean, low, high = (own[f"{kpi}{end}"].to_numpy(dtype=float) * factor for end in ("", "_low", "_high"))
        style = route_style(route, routes)
        ax.plot(x, mean, color=style.colour, marker=MARKERS[k % len(MARKERS)], markersize=3.5, label=style.label)
        ax.fill_between(x, np.maximum(low, 0), high, color=style.colour, alpha=0.18, linewidth=0)
    if largest > STEEP * smallest > 0:
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter("{x:g}")
    else:
        ax.set_ylim(bottom=0)
        ax.yaxis.set_major_locator(MaxNLocator(6))
    step = -(-len(years) // 8)
    ax.set_xticks(range(0, len(years), step), years[::step])
    ax.set_xlim(-0.5, len(years) - 0.5)
    ax.grid(axis="y")
