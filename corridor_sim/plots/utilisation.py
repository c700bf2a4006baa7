"""Utilisation of the busiest places, month by month, as a heat map with the numbers written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from corridor_sim.foundation.time_axis import is_month
from corridor_sim.plots.style import INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.plots.result_view import ResultView

COLOURS = "YlGnBu"
"""One hue after the other with falling lightness: reads in grey and with any colour vision."""
FRAME = "#ffb000"
"""Frame of overloaded cells, which are dark."""
ROW_IN, HEAD_IN, FOOT_IN, LABELS_IN = 0.245, 1.32, 0.75, 4.8
MOST_MONTHS = 24
"""In a longer run columns are years, and in a result that keeps no months."""


@styled
def draw_utilisation(view: ResultView, n_places: int = 25) -> Figure | None:
    """Draw utilisation by place and month, the busiest places of the whole time first.

    Returns
    -------
    matplotlib.figure.Figure or None
        None when no place is used.
    """
    whole = view.means("utilisation_frac", "place")
    whole = whole[whole > 0].sort_values(ascending=False, kind="stable")[:n_places]
    if whole.empty:
        return None
    places = [str(p) for p in whole.index]
    busy = _columns(view, "utilisation_frac", places)
    load = _columns(view, "offered_load_frac", places)
    n_rows, n_columns = busy.shape
    width = LABELS_IN + 0.4 + 0.44 * max(n_columns, 5)
    height = HEAD_IN + FOOT_IN + ROW_IN * n_rows
    figure = new_figure(width, height)
    left = LABELS_IN / width
    ax = figure.add_axes((left, FOOT_IN / height, 0.44 * n_columns / width, n_rows * ROW_IN / height))
    _draw_cells(ax, busy, load)
    ax.set_yticks(np.arange(n_rows) + 0.5, [_row_label(view, p) for p in places])
    ax.set_xticks(np.arange(n_columns) + 0.5, [_column_label(str(c), list(busy.columns)) for c in busy.columns])
    figure.text(
        (LABELS_IN - 0.07) / width, 1 - (HEAD_IN - 0.07) / height, _columns_text(busy), fontsize=8.5, color=INK,
        ha="right", va="bottom",
    )  # fmt: skip
    over = bool((load > 1).to_numpy().any() or (busy > 1).to_numpy().any())
    mark = "Amber frame: more work arrived in that time than could be done." if over else (
        "At no time did more work arrive anywhere than could be done."
    )  # fmt: skip
    head(
        figure, f"Utilisation of the {n_rows} busiest places" if n_rows > 1 else "Utilisation",
        f"Share of the open time of the servers that was taken [%], reserved traffic included.\n{mark}",
    )  # fmt: skip
    foot(figure, view.footer)
    return figure


def _columns(view: ResultView, kpi: str, places: list[str]) -> pd.DataFrame:
    """Months (years in a long run), as far as they were kept, then the whole time."""
    periods = view.months if 0 < len(view.months) <= MOST_MONTHS else view.calendar_years
    table = pd.DataFrame({p: view.means(kpi, "place", p) for p in periods}, dtype=float).reindex(places)
    return pd.concat([table, view.means(kpi, "place").reindex(places).rename("all")], axis=1)


def _draw_cells(ax: Axes, busy: pd.DataFrame, load: pd.DataFrame) -> None:
    values = busy.to_numpy()
    n_rows, n_columns = values.shape
    colours = mpl.colormaps[COLOURS]
    ax.pcolormesh(
        np.arange(n_columns + 1), np.arange(n_rows + 1), np.ma.masked_invalid(values), cmap=colours, vmin=0, vmax=1,
        edgecolors="white", linewidth=0.6,
    )  # fmt: skip
    overloaded = (load.to_numpy() > 1) | (values > 1)
    for row, column in np.ndindex(*values.shape):
        value = values[row, column]
        if not np.isfinite(value):
            continue
        ax.text(
            column + 0.5, row + 0.52, f"{100 * value:.0f}", ha="center", va="center", fontsize=8,
            color="white" if value > 0.62 else INK, fontweight="bold" if column == n_columns - 1 else "normal",
        )  # fmt: skip
        if overloaded[row, column]:
            ax.add_patch(
                Rectangle((column + 0.05, row + 0.06), 0.9, 0.88, fill=False, edgecolor=FRAME, linewidth=1.8, zorder=3)
            )
    ax.axvline(n_columns - 1, color="white", linewidth=3)
    ax.set_xlim(0, n_columns)
    ax.set_ylim(n_rows, 0)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _row_label(view: ResultView, place: str) -> str:
    name = view.place_name(place)
    name = name[:1].upper() + name[1:]
    return name if len(name) <= 72 else f"{name[:70].rstrip(' ,(')}\N{HORIZONTAL ELLIPSIS}"


def _columns_text(busy: pd.DataFrame) -> str:
    """Say what the columns are; the year, when the months do not tell it."""
    periods = [str(c) for c in busy.columns[:-1]]
    years = sorted({p[:4] for p in periods if is_month(p)})
    return f"place, month of {years[0]}:" if len(years) == 1 else "place, period:"


def _column_label(period: str, columns: list[str]) -> str:
    if not is_month(period):
        return period
    month = pd.Timestamp(period)
    return f"{month:%b}" if len({c[:4] for c in columns}) == 2 else f"{month:%b}\n{month:%Y}"
