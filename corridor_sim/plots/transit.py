"""Transit times: their distribution on each route, with P50, P80 and P95."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from corridor_sim.plots.style import INK, SOFT_INK, foot, head, new_figure, route_style, styled

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.plots.result_view import ResultView

    Floats = npt.NDArray[np.float64]

H_PER_DAY = 24.0
PERCENTILES = {"P50": "transit_p50_h", "P80": "transit_p80_h", "P95": "transit_p95_h"}
DIRECTIONS = ("south", "north")
HEIGHTS = (0.96, 0.82, 0.68)
"""How high the lines of the percentiles reach, as fractions of the axes."""
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (2, 2)))
QUIET: dict[str, Any] = {"fontsize": 8.5, "fontweight": "normal", "color": SOFT_INK}
ROW_IN, HEAD_IN, FOOT_IN = 1.2, 1.22, 0.95


@styled
def draw_transit_times(view: ResultView) -> Figure | None:
    """Draw the distribution of transit times, one row per route family.

    Parameters
    ----------
    view
        The result.

    Returns
    -------
    matplotlib.figure.Figure or None
        None when nothing was delivered.
    """
    table = view.result.transit_times
    subjects = set(table["subject"].astype(str))
    routes = [r for r in view.routes if f"route:{r}" in subjects]
    if not routes:
        return None
    height = HEAD_IN + FOOT_IN + ROW_IN * len(routes)
    figure = new_figure(8.6, height)
    grid = figure.add_gridspec(
        len(routes), 1, left=0.085, right=0.965, top=1 - HEAD_IN / height, bottom=FOOT_IN / height, hspace=0.42
    )
    longest_d = max(_upper_end_h(view, f"route:{r}") for r in routes) / H_PER_DAY
    width_h = 12.0 if longest_d <= 75 else 24.0
    for row, route in enumerate(routes):
        ax = figure.add_subplot(grid[row])
        _draw_route(ax, view, route, width_h=width_h, longest_d=longest_d)
        if row < len(routes) - 1:
            ax.tick_params(labelbottom=False)
    ax.set_xlabel("transit time, origin to destination [days]")
    head(
        figure, "Transit times by route",
        f"Share of delivered consignments per {width_h:g} h of transit time; dark: southbound, pale: northbound. A "
        "consignment is a train load,\na wagon group, a ship parcel or a group of trucks. Lines: half (P50), 80 % "
        "and 95 % of the consignments took no longer.",
    )  # fmt: skip
    foot(figure, view.footer)
    return figure


def _draw_route(ax: Axes, view: ResultView, route: str, *, width_h: float, longest_d: float) -> None:
    style = route_style(route, view.routes)
    total = _counts(view, f"route:{route}", width_h)
    n = int(total.sum())
    left_d = np.arange(total.size, dtype=np.float64) * (width_h / H_PER_DAY)
    below = np.zeros(total.size)
    drawn: dict[str, int] = {}
    for direction, colour in zip(DIRECTIONS, (style.colour, style.tint), strict=True):
        count = _counts(view, f"route:{route}/{direction}", width_h, total.size)
        if not count.any():
            continue
        share = 100 * count / n
        _bars(ax, left_d, share, below, width_h / H_PER_DAY, colour)
        below += share
        drawn[direction] = int(count.sum())
    if not drawn:  # a family without directions
        _bars(ax, left_d, 100 * total / n, below, width_h / H_PER_DAY, style.colour)
        below = 100 * total / n
    ax.set_xlim(0, longest_d * 1.02)
    ax.set_ylim(0, below.max() * 1.62)
    ax.yaxis.set_major_locator(MaxNLocator(3))
    ax.set_ylabel("share [%]")
    ax.grid(axis="x")
    ax.set_title(style.label, pad=3)
    runs = len(view.result.replications)
    ways = ", ".join(f"{count / runs:,.0f} {direction}bound" for direction, count in drawn.items())
    ways = f" ({ways})" if len(drawn) > 1 else ""
    ax.set_title(f"n = {n / runs:,.0f} consignments a replication{ways}", loc="right", pad=3, **QUIET)
    _mark_percentiles(ax, view, route, longest_d)


def _bars(ax: Axes, left: Floats, height: Floats, below: Floats, width: float, colour: str) -> None:
    """Draw bars as one filled step shape: hundreds of bars would make a heavy file."""
    edges = np.append(left, left[-1] + width)
    ax.stairs(below + height, edges, baseline=below, fill=True, color=colour, linewidth=0)


def _mark_percentiles(ax: Axes, view: ResultView, route: str, longest_d: float) -> None:
    """Draw P50, P80 and P95; each line is lower than the one before, so that a label passes over the next line."""
    top = ax.get_ylim()[1]
    for (name, kpi), height, dashes in zip(PERCENTILES.items(), HEIGHTS, DASHES, strict=True):
        x = view.means(kpi, "route").get(route, np.nan) / H_PER_DAY
        if not np.isfinite(x):
            continue
        ax.plot([x, x], [0, height * top], color=INK, linewidth=1.0, linestyle=dashes)
        near_end = x > 0.86 * longest_d
        ax.annotate(
            f"{name}  {x:.1f} d", (x, height * top), xytext=(-3 if near_end else 3, 0), textcoords="offset points",
            ha="right" if near_end else "left", va="top", fontsize=8, color=INK,
        )  # fmt: skip


def _counts(view: ResultView, subject: str, width_h: float, n_bins: int | None = None) -> Floats:
    """Consignments per bin of a width that is a multiple of the stored bins'."""
    table = view.result.transit_times
    rows = table[table["subject"].astype(str) == subject]
    n = int(rows["high_h"].max() // width_h) + 1 if n_bins is None and len(rows) else n_bins or 0
    return np.bincount(
        (rows["low_h"].to_numpy() // width_h).astype(np.int64), weights=rows["count"].to_numpy(), minlength=n
    ).astype(np.float64)[:n]


def _upper_end_h(view: ResultView, subject: str) -> float:
    """Time below which all but one in two hundred lie, or P95 if that is longer."""
    table = view.result.transit_times
    rows = table[table["subject"].astype(str) == subject].sort_values("low_h")
    share = rows["count"].cumsum() / rows["count"].sum()
    return float(rows["high_h"][share >= 0.995].min())
