"""What one string of 1420 mm carries, by spacing of its stations and pressure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np

from corridor_sim.plots.style import INK, SOFT_INK, foot, gas_footer, head, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from corridor_sim.results import RunResult


@styled
def draw_gas_feasibility(result: RunResult) -> Figure | None:
    """Draw yearly capacity (left) and power of a station (right) against spacing, a curve per pressure."""
    table = result.gas_feasibility
    if table is None:
        return None
    figure = new_figure(10.5, 5.0)
    left = figure.add_axes((0.06, 0.18, 0.355, 0.63))
    right = figure.add_axes((0.57, 0.18, 0.355, 0.63))
    pressures = sorted(table["pressure_bar"].unique())
    for bar, colour in zip(pressures, mpl.colormaps["viridis"](np.linspace(0.0, 0.82, len(pressures))), strict=True):
        rows = table[table["pressure_bar"] == bar]
        for ax, column in ((left, "carried_bcm_per_year"), (right, "station_mw")):
            ax.plot(rows["spacing_km"], rows[column], color=colour, linewidth=1.6)
            ax.annotate(f"{bar / 10:.1f} MPa", (rows["spacing_km"].iloc[-1] + 3, rows[column].iloc[-1]), color=colour,
                        va="center", fontsize=8.5, fontweight="bold", annotation_clip=False)  # fmt: skip
    left.axhline(55, color=INK, linewidth=0.9, linestyle="--")
    left.text(298, 55.8, "55 bcm/yr by one string", ha="right", va="bottom", fontsize=8.5, color=INK)
    left.axhline(27.5, color=SOFT_INK, linewidth=0.9, linestyle=":")
    left.text(222, 26.9, "27.5 bcm/yr, half of it", ha="right", va="top", fontsize=8.5, color=SOFT_INK)
    for ax, label in ((left, "bcm per year"), (right, "shaft power working at each station [MW]")):
        ax.set_ylabel(label)
        ax.set_xlabel("distance of the stations [km]")
        ax.set_xlim(60, 300)
        ax.set_ylim(0, None)
        ax.grid(color="#dddddd", linewidth=0.6)
    head(
        figure, "What one string of 1420 mm carries",
        "By distance of its stations and largest pressure; pressure ratio 1.40, coated pipe, 15 \N{DEGREE SIGN}C, "
        "yearly flow 0.92 of the largest.",
    )  # fmt: skip
    foot(figure, gas_footer(result.manifest))
    return figure
