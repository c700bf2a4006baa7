"""Capacity against delay of a single-track line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.plots.style import ALARM, SOFT_INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from corridor_sim.analysis.delay_curve import DelayCurve

MEAN, P95 = "#0063a6", "#8fb9d9"


@styled
def draw_delay_curve(curve: DelayCurve, name: str, n_replications: int) -> Figure:
    """Draw delay over departures, with Scott's trains a day and what gets through at most.

    Parameters
    ----------
    curve
        Delays on the line alone.
    name
        The line in words.
    n_replications
        Replications of each point.
    """
    figure = new_figure(7.6, 5.0)
    head(
        figure, f"{name}: delay against trains a day",
        "Line alone, trains at random times, half each way; delay: what a run takes longer than without other trains.",
    )  # fmt: skip
    ax = figure.add_axes((0.1, 0.175, 0.87, 0.655))
    x, top_h = curve.trains_per_day, float(curve.delay_p95_h.max()) * 1.05
    ax.fill_between(x, curve.ci_low_h, curve.ci_high_h, color=MEAN, alpha=0.25, linewidth=0, label="95 % interval")
    ax.plot(x, curve.delay_mean_h, color=MEAN, marker="o", markersize=4, label="mean delay")
    ax.plot(x, curve.delay_p95_h, color=P95, marker="s", markersize=4, linestyle="--", label="P95 of trains")
    marks = (
        (curve.scott_trains_per_day, SOFT_INK, "Scott's formula"),
        (curve.capacity_trains_per_day, ALARM, "most that gets through"),
    )
    for trains, colour, words in marks:
        dashes = "-." if colour == SOFT_INK else "-"
        ax.axvline(trains, color=colour, linewidth=1.3, linestyle=dashes, label=f"{words}: {trains:.1f} a day")
    ax.set_xlim(0, max(curve.capacity_trains_per_day, curve.scott_trains_per_day) * 1.04)
    ax.set_ylim(0, top_h)
    ax.set_xlabel("trains a day, both directions together, beside other traffic")
    ax.set_ylabel("delay, hours")
    ax.grid(axis="y")
    ax.legend(loc="upper left")
    free = f"a run without other trains takes {curve.free_h:.1f} h"
    foot(figure, f"{n_replications} replications of 90 days each; {free}; simulated, not observed")
    return figure
