"""What limits a gas pipeline, year by year: share of days by segment, station or meter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plots.style import INK, foot, gas_footer, head, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from corridor_sim.results import RunResult

PALETTE = (
    "#c3c9d0", "#0063a6", "#eda020", "#0a9a76", "#d1420b", "#43276b", "#62bdf0", "#d383b3", "#5a1f06", "#f2e34c",
)  # fmt: skip
N_SHOWN = 9
"""Limits with a colour of their own; the rest is drawn together."""
OTHERS = "others"


@styled
def draw_gas_limits(result: RunResult) -> Figure | None:
    """Draw the share of days on which each segment, station or meter held the capacity, stacked by year."""
    summary = result.summary()
    rows = summary[(summary["kpi"] == "gas_limit_days") & (summary["period"] != "all")]
    if rows.empty:
        return None
    days = rows.pivot_table(index="period", columns="subject", values="mean", aggfunc="sum").fillna(0.0)
    shares = 100 * days.div(days.sum(axis=1), axis=0)
    order = list(shares.sum().sort_values(ascending=False).index)
    few = order[:N_SHOWN]
    few.sort(key=lambda name: (-float(shares[name].to_numpy().max()), int(np.argmax(shares[name].to_numpy()))))
    few.sort(key=lambda name: int(np.argmax(shares[name].to_numpy())))
    table = shares[few].copy()
    if len(order) > len(few):
        table[OTHERS] = shares[order[N_SHOWN:]].sum(axis=1)
    figure = new_figure(10.5, 5.4)
    ax = figure.add_axes((0.06, 0.11, 0.62, 0.71))
    below = np.zeros(len(table))
    for name, colour in zip(table.columns, PALETTE, strict=False):
        ax.bar(table.index, table[name], bottom=below, color=colour, width=0.86, edgecolor="white", linewidth=0.5,
               label=_label(str(name)))  # fmt: skip
        below += table[name].to_numpy()
    ax.set_ylim(0, 100)
    ax.set_xlim(-0.6, len(table) - 0.4)
    ax.set_ylabel("share of the days [%]")
    ax.set_xticks(range(0, len(table), 2), list(table.index)[::2])
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.01, 1.0), labelcolor=INK)
    head(
        figure, "What limits the capacity, year by year",
        "Share of days, mean of the replications: a meter, a stretch of pipe (largest pressure),\n"
        "or a station whose power or pressure ratio is at its end.",
    )  # fmt: skip
    foot(figure, gas_footer(result.manifest))
    return figure


def _label(subject: str) -> str:
    kind, _, rest = subject.removeprefix("limit:").partition(" ")
    words = {"pipe": "pipe", "power": "station power", "ratio": "station ratio", "meter": "meter"}
    return f"{words[kind]}, {rest.replace(': ', ' line: ')}" if kind in words else subject.removeprefix("limit:")
