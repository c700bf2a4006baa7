"""Figure of bottleneck relief: what more capacity gains, place by place, and where the queue moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.plots.style import INK, SOFT_INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SURE, UNSURE = "#0a9a76", "#c3c9d0"
MOST_ROWS = 15
ROW_IN, HEAD_IN, FOOT_IN = 0.42, 1.2, 0.85


@styled
def draw_relief(table: pd.DataFrame, *, title: str, footer: str) -> Figure | None:
    """Draw the places that gain most, hours that a tonne of cargo gains on average and tonnes a year.

    Parameters
    ----------
    table
        As in `corridor_sim.sweep.relief.Relief`.
    title, footer
        Of the figure.

    Returns
    -------
    matplotlib.figure.Figure or None
        None where no place gains anything.
    """
    rows = table[table["days"] > 0].head(MOST_ROWS)
    if rows.empty:
        return None
    height = HEAD_IN + FOOT_IN + ROW_IN * max(len(rows), 3)
    figure = new_figure(11.0, height)
    bottom, tall = FOOT_IN / height, 1 - (HEAD_IN + FOOT_IN) / height
    days = figure.add_axes((0.33, bottom, 0.23, tall))
    tonnes = figure.add_axes((0.585, bottom, 0.14, tall))
    _bars(days, 24.0 * rows["days"], 24.0 * rows["days_half"])
    _bars(tonnes, rows["tonnes_per_year"] / 1e3, rows["tonnes_half"] / 1e3)
    days.set_xlabel("gained by a tonne of cargo [h]")
    tonnes.set_xlabel("carried more [kt a year]")
    days.set_yticks(
        range(len(rows)), [_two_lines(str(n), str(p)) for n, p in zip(rows["name"], rows["place"], strict=True)]
    )
    tonnes.set_yticks([])
    for row, one in enumerate(rows.to_dict("records")):
        to = (
            f"queue moves to {one['moves_to']} (+{one['moves_t']:.0f} t waiting)"
            if one["moves_to"]
            else "no other queue grows for sure"
        )
        text = f"{one['route'].replace('_', ' ')}: {24 * one['route_days']:.1f} h\n{to}"
        tonnes.text(
            1.06,
            row,
            text,
            transform=tonnes.get_yaxis_transform(),
            va="center",
            fontsize=7.8,
            color=INK,
            linespacing=1.25,
        )
    figure.text(
        0.735,
        1 - (HEAD_IN - 0.12) / height,
        "gain on the route that gains most; what follows",
        fontsize=8.5,
        color=SOFT_INK,
    )
    head(
        figure, title,
        "Each place by itself, on common random numbers. Lines: 95 % intervals; grey: may be nothing. "
        "Tonnes grow only where "
        "demand is held back.",
    )  # fmt: skip
    foot(figure, footer)
    return figure


def _bars(ax: Axes, values: pd.Series[float], half: pd.Series[float]) -> None:
    for row, (value, h) in enumerate(zip(values, half, strict=True)):
        ax.barh(row, value, height=0.62, color=SURE if abs(value) > h else UNSURE)
        ax.plot([value - h, value + h], [row, row], color=INK, linewidth=1.1)
    ax.set_ylim(len(values) - 0.4, -0.6)
    ax.axvline(0, color=SOFT_INK, linewidth=0.8)
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0, labelsize=8)
    ax.spines["left"].set_visible(False)


def _two_lines(name: str, key: str) -> str:
    short = name if len(name) <= 54 else f"{name[:52]}..."
    return f"{short}\n{key}"
