"""The ramp of a gas run against the calendar: what is asked for, could be and is delivered, with bands and phases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from corridor_sim.foundation.gas_volumes import DAYS_PER_GAS_YEAR
from corridor_sim.plots.style import INK, SOFT_INK, decimal_years, foot, gas_footer, head, new_figure, styled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.results import RunResult

SMOOTH_DAYS = 30
"""Days over which lines are averaged."""
COLOURS = {"nominated": INK, "capacity": "#c28f00", "delivered": "#0063a6"}
LABELS = {"nominated": "nominated", "capacity": "capacity", "delivered": "delivered"}


@styled
def draw_gas_ramp(result: RunResult) -> Figure | None:
    """Draw nominated, capacity and delivered in bcm per year, 30-day means; bands hold 90 % of the replications."""
    if result.gas is None or result.gas_phases is None:
        return None
    figure = new_figure(10.5, 5.6)
    ax = figure.add_axes((0.07, 0.13, 0.79, 0.73))
    days = decimal_years(result.gas["date"].unique())
    ends: list[tuple[float, str]] = []
    for name, colour in COLOURS.items():
        rows = result.gas[result.gas["quantity"] == name].set_index("date")[["p05", "mean", "p95"]]
        smooth = rows.rolling(SMOOTH_DAYS, center=True, min_periods=1).mean() * DAYS_PER_GAS_YEAR / 1e3
        if name != "nominated":
            ax.fill_between(days, smooth["p05"], smooth["p95"], color=colour, alpha=0.2, linewidth=0)
        ax.plot(days, smooth["mean"], color=colour, linewidth=1.4 if name == "delivered" else 1.0,
                linestyle="--" if name == "nominated" else "-", zorder=3 if name == "nominated" else 2)  # fmt: skip
        ends.append((float(smooth["mean"].iloc[-365:].mean()), name))
    _label_ends(ax, ends)
    ax.set_ylim(0, None)
    ax.set_xlim(days[0], days[-1])
    _mark_phases(ax, result.gas_phases)
    ax.set_ylabel("bcm per year (20 \N{DEGREE SIGN}C)")
    ax.xaxis.set_major_locator(MaxNLocator(12, integer=True))
    ax.grid(axis="y", color="#dddddd", linewidth=0.6)
    head(
        figure, "The ramp: asked for, possible, delivered",
        "30-day means over the replications; bands hold 90 % of them. Grey: a phase starts here in half of them, "
        "triangles: as planned.",
    )  # fmt: skip
    foot(figure, gas_footer(result.manifest))
    return figure


def _label_ends(ax: Axes, ends: list[tuple[float, str]]) -> None:
    """Write the names at the right ends, far enough apart to be read."""
    top = ax.get_ylim()[1]
    at = -np.inf
    for value, name in sorted(ends):
        at = max(value, at + 0.055 * top)
        ax.annotate(
            LABELS[name], (1.01, at), xycoords=("axes fraction", "data"), color=COLOURS[name], va="center",
            fontsize=9, fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def _mark_phases(ax: Axes, phases: pd.DataFrame) -> None:
    """Mark where phases start, and were planned to, within the time that is shown."""
    (first, last), top = ax.get_xlim(), ax.get_ylim()[1]
    for row in phases.to_dict("records"):
        start, planned = decimal_years([row["start_p50"], row["planned"]])
        if first <= planned <= last:
            ax.plot([planned], [0], marker="^", color="#666666", markersize=6, clip_on=False, zorder=5)
        if not first <= start <= last:
            continue
        ax.axvline(start, color="#999999", linewidth=0.7, zorder=1)
        ax.text(
            start - 0.07, 0.985 * top, f"{row['phase']}: {row['nameplate_bcm_per_year']:.4g} bcm/yr",
            rotation=90, ha="right", va="top", fontsize=8, color=SOFT_INK, zorder=6,
            bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip
