"""Pressure and linepack along the gas lines at the largest flow, phase by phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pandas as pd

from corridor_sim.plots.style import INK, foot, gas_footer, head, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.results import RunResult


@styled
def draw_gas_profile(result: RunResult) -> Figure | None:
    """Draw, per line, pressure (upper) and linepack from the head on (lower) by distance, a curve per phase."""
    table = result.gas_profile
    if table is None or table.empty:
        return None
    lines = list(dict.fromkeys(table["line"]))
    figure = new_figure(5.4 * max(len(lines), 1) + 0.4, 7.2)
    for k, line in enumerate(lines):
        left, width = (k + 0.14) / len(lines), 0.83 / len(lines)
        upper = figure.add_axes((left, 0.47, width, 0.38))
        lower = figure.add_axes((left, 0.19, width, 0.23), sharex=upper)
        _draw_line(upper, lower, _different(table[table["line"] == line]))
        upper.set_title(f"{line} line")
        if k == 0:
            upper.set_ylabel("pressure [bar]")
            lower.set_ylabel("linepack so far [mcm]")
    head(
        figure, "Pressure and linepack along the lines",
        "At the largest flow of January, everything in service. Steps up are stations. "
        "Phases that leave a line as it is are not drawn again.",
    )  # fmt: skip
    foot(figure, gas_footer(result.manifest))
    return figure


def _different(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out phases in which the line stands as in the one before."""
    kept: list[pd.DataFrame] = []
    for _, rows in table.groupby("phase", sort=False):
        now = rows[["discharge_bar", "flow_bcm_per_year"]].to_numpy()
        if not kept or not np.allclose(now, kept[-1][["discharge_bar", "flow_bcm_per_year"]].to_numpy(), atol=0.05):
            kept.append(rows)
    return pd.concat(kept)


def _draw_line(upper: Axes, lower: Axes, table: pd.DataFrame) -> None:
    phases = list(dict.fromkeys(table["phase"]))
    colours = mpl.colormaps["viridis"](np.linspace(0.0, 0.82, len(phases)))
    for phase, colour in zip(phases, colours, strict=True):
        rows = table[table["phase"] == phase]
        km = np.repeat(rows["km"].to_numpy(), 2)
        bar = rows[["arrival_bar", "discharge_bar"]].to_numpy().ravel()
        upper.plot(
            km, bar, color=colour, linewidth=1.4, label=f"{phase}: {rows['flow_bcm_per_year'].iloc[0]:.0f} bcm/yr"
        )
        lower.plot(rows["km"], rows["linepack_mcm"], color=colour, linewidth=1.4)
    sites = table.drop_duplicates("site")
    for km in sites["km"]:
        for ax in (upper, lower):
            ax.axvline(km, color="#dddddd", linewidth=0.6, zorder=0)
    lower.set_xticks(sites["km"], [f"{s}, km {km:.0f}" for s, km in zip(sites["site"], sites["km"], strict=True)])
    lower.tick_params(axis="x", labelrotation=60)
    for label in lower.get_xticklabels():
        label.set_horizontalalignment("right")
        label.set_rotation_mode("anchor")
        label.set_fontsize(7.5)
    upper.tick_params(labelbottom=False)
    upper.set_ylim(0, 1.3 * float(table["discharge_bar"].max()))
    lower.set_ylim(0, None)
    upper.legend(loc="upper right", ncols=2, labelcolor=INK, columnspacing=1.0)
