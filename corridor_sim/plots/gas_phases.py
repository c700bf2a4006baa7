"""Gantt chart of the phases of a gas ramp: lead time to the planned start, and the band in which they really start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from corridor_sim.plots.style import ALARM, INK, SOFT_INK, decimal_years, foot, gas_footer, head, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from corridor_sim.results import RunResult

BUILD, SLIP = "#8fc1e3", "#eda020"


@styled
def draw_gas_phases(result: RunResult) -> Figure | None:
    """Draw a bar per phase from its decision to its planned start, and the slip from P5 to P95."""
    phases = result.gas_phases
    if phases is None:
        return None
    n = len(phases)
    figure = new_figure(10.5, 1.5 + 0.62 * n)
    height = figure.get_size_inches()[1]
    ax = figure.add_axes((0.04, 0.62 / height, 0.92, (0.62 * n) / height))
    for i, row in enumerate(phases.to_dict("records")):
        names = ("decided", "planned", "start_p05", "start_p50", "start_p95")
        decided, planned, low, middle, high = decimal_years(row[k] for k in names)
        ax.barh(i, planned - decided, left=decided, height=0.34, color=BUILD, zorder=2)
        ax.barh(i, high - low, left=low, height=0.34, color=SLIP, zorder=3)
        ax.plot([planned, planned], [i - 0.2, i + 0.25], color=INK, linewidth=1.6, zorder=4)
        ax.plot([middle], [i], marker="D", color=INK, markersize=5, zorder=5)
        short = row["capacity_bcm_per_year"] < row["nameplate_bcm_per_year"]
        carries = f"carries {row['capacity_bcm_per_year']:.1f} bcm/yr"
        ax.text(high + 0.16, i, carries, va="center", fontsize=8.5, color=ALARM if short else SOFT_INK)
        title = f"{row['phase']} ({row['nameplate_bcm_per_year']:.4g}): {row['title']}"
        ax.text(0.0, i - 0.34, title if len(title) < 118 else f"{title[:115]}...", fontsize=8.5, color=INK,
                va="center", transform=ax.get_yaxis_transform())  # fmt: skip
    ax.set_ylim(n - 0.45, -0.6)
    first, last = decimal_years([phases["decided"].min(), phases["start_p95"].max()])
    ax.set_xlim(first - 0.3, last + 2.4)
    ax.xaxis.set_major_locator(MaxNLocator(20, integer=True))
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color="#dddddd", linewidth=0.6)
    head(
        figure, "Phases: planned and likely starts",
        "Blue: from the decision to the planned start (bar). Orange: start from P5 to P95, diamond: P50. "
        "Red: does not reach its name-plate.",
    )  # fmt: skip
    foot(figure, gas_footer(result.manifest))
    return figure
