"""Where cargo goes: ribbons from origins by routes to destinations, as wide as their tonnes a year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from corridor_sim.plots.style import INK, draw_key, foot, head, new_figure, route_style, styled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.plots.result_view import ResultView

MOST_ENDS = 14
"""Origins, and destinations, drawn by name; the smaller ones are put together."""
WIDTH_IN, BAR_IN = 10.4, 0.13
COLUMNS_IN = (1.95, 4.9, 8.3)
"""Left edges of the bars of origins, routes and destinations."""
HEAD_IN, FOOT_IN, SLOT_IN, GAP_IN, ALL_IN = 1.4, 0.75, 0.2, 0.06, 4.4
"""Room above and below, the least height of a bar with its name, the gap between bars, all cargo together."""
OTHERS = "others"
ALPHA = 0.8


class Ribbon(NamedTuple):
    """Cargo of one route and direction between one origin and one destination."""

    origin: str
    route: str
    destination: str
    direction: str
    t_per_year: float

    @property
    def ends(self) -> tuple[str, str, str]:
        """Names of its bars, column by column."""
        return self.origin, self.route, self.destination


@dataclass
class Bar:
    """A bar at which ribbons end; measured downwards, inches."""

    t_per_year: float
    top_in: float
    height_in: float
    taken_in: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Height taken by ribbons so far, side by side."""

    def take(self, side: str, height_in: float) -> float:
        """Take the next part of a side; returns its upper end."""
        at = self.top_in + self.taken_in[side]
        self.taken_in[side] += height_in
        return at


Column = dict[str, Bar]


@styled
def draw_sankey(view: ResultView) -> Figure | None:
    """Draw origins, routes and destinations of delivered cargo, tonnes a year.

    Returns
    -------
    matplotlib.figure.Figure or None
        None when the result does not say which flow goes where, or nothing was delivered.
    """
    ribbons = ribbons_of(view)
    if not ribbons:
        return None
    columns = _columns(ribbons, {route: k for k, route in enumerate(view.routes)})
    tall_in = max(_bottom(column) for column in columns)
    for column in columns:
        _spread(column, tall_in)
    height = HEAD_IN + tall_in + FOOT_IN
    figure = new_figure(WIDTH_IN, height)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    ax.set_xlim(0, WIDTH_IN)
    ax.set_ylim(tall_in + FOOT_IN, -HEAD_IN)
    _draw_ribbons(ax, view, ribbons, columns)
    _draw_bars(ax, view, columns)
    total = sum(r.t_per_year for r in ribbons)
    draw_key(figure, [
        Patch(facecolor="#555b62", alpha=ALPHA, label="southbound"),
        Patch(facecolor="#b4bac1", alpha=ALPHA, label="northbound (paler)"),
    ], top_in=0.98)  # fmt: skip
    head(
        figure, "Where cargo goes",
        f"Cargo delivered, {total / 1e6:.3g} Mt a year in all, from origin (left) by route to destination (right). "
        "Widths: tonnes a year, mean\nof the replications. No background traffic; the sea route is a reference.",
    )  # fmt: skip
    foot(figure, view.footer)
    return figure


def ribbons_of(view: ResultView) -> list[Ribbon]:
    """Add up the flows of the stored scenario to ribbons; ends with little cargo are put together.

    Returns
    -------
    list of Ribbon
        Nodes by their short names, in the order of the routes, southbound first.
    """
    flows = view.scenario.get("flows") or {}
    carried = view.means("throughput_t", "flow") / view.years
    found = []
    for flow, t in carried.items():
        about, (route, way) = flows.get(str(flow)) or {}, view.flow_routes.get(str(flow), ("", ""))
        if t > 0 and route in view.routes and {"origin", "destination"} <= about.keys():
            ends = (view.node_label(str(about[end])) for end in ("origin", "destination"))
            found.append(Ribbon(next(ends), route, next(ends), way, float(t)))
    origins, destinations = (_largest((r.ends[k], r.t_per_year) for r in found) for k in (0, 2))
    total: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for r in found:
        origin = r.origin if r.origin in origins else OTHERS
        total[origin, r.route, r.destination if r.destination in destinations else OTHERS, r.direction] += r.t_per_year
    rank = {route: k for k, route in enumerate(view.routes)}
    return sorted((Ribbon(*key, t) for key, t in total.items()), key=lambda r: (rank[r.route], r.direction != "south"))


def _largest(parts: Iterable[tuple[str, float]]) -> set[str]:
    total: dict[str, float] = defaultdict(float)
    for name, t in parts:
        total[name] += t
    return set(sorted(total, key=lambda name: (-total[name], name))[:MOST_ENDS])


def _columns(ribbons: list[Ribbon], rank: Mapping[str, int]) -> tuple[Column, Column, Column]:
    """Bars of origins, routes and destinations; ends stand where their routes are, so that few ribbons cross."""
    in_per_t = ALL_IN / sum(r.t_per_year for r in ribbons)
    columns = []
    for k in range(3):
        total: dict[str, float] = defaultdict(float)
        middle: dict[str, float] = defaultdict(float)
        for r in ribbons:
            total[r.ends[k]] += r.t_per_year
            middle[r.ends[k]] += rank[r.route] * r.t_per_year
        column: Column = {}
        top = 0.0
        for name in sorted(total, key=lambda n: (n == OTHERS, middle[n] / total[n], -total[n], n)):
            height = total[name] * in_per_t
            slot = max(height, SLOT_IN)
            column[name] = Bar(total[name], top + (slot - height) / 2, height)
            top += slot + GAP_IN
        columns.append(column)
    return columns[0], columns[1], columns[2]


def _bottom(column: Column) -> float:
    return max(bar.top_in + bar.height_in for bar in column.values())


def _spread(column: Column, tall_in: float) -> None:
    """Widen the gaps of a column until it is as tall as the tallest; above and below it, too."""
    gap = (tall_in - _bottom(column)) / (len(column) + 1)
    for k, bar in enumerate(column.values(), start=1):
        bar.top_in += k * gap


def _draw_ribbons(ax: Axes, view: ResultView, ribbons: list[Ribbon], columns: tuple[Column, Column, Column]) -> None:
    """Draw both halves of every ribbon; at a bar they lie in the order of what they come from or go to."""
    origins, routes, destinations = columns
    for near, far, side, x in (
        ((origins, 0), (routes, 1), "left", COLUMNS_IN[:2]),
        ((routes, 1), (destinations, 2), "right", COLUMNS_IN[1:]),
    ):
        parts: dict[tuple[str, str, str, str], float] = defaultdict(float)
        for r in ribbons:
            parts[r.ends[near[1]], r.ends[far[1]], r.route, r.direction] += r.t_per_year
        height = {key: near[0][key[0]].height_in * t / near[0][key[0]].t_per_year for key, t in parts.items()}
        leave = {k: near[0][k[0]].take(f"{side} out", height[k])
                 for k in sorted(parts, key=lambda k: (list(far[0]).index(k[1]), k[3] != "south"))}  # fmt: skip
        enter = {k: far[0][k[1]].take(f"{side} in", height[k])
                 for k in sorted(parts, key=lambda k: (list(near[0]).index(k[0]), k[3] != "south"))}  # fmt: skip
        for key in parts:
            style = route_style(key[2], view.routes)
            colour = style.tint if key[3] == "north" else style.colour
            path = _ribbon(x[0] + BAR_IN, leave[key], x[1], enter[key], height[key])
            ax.add_patch(PathPatch(path, facecolor=colour, alpha=ALPHA, linewidth=0))


def _ribbon(x0: float, y0: float, x1: float, y1: float, height: float) -> Path:
    """Outline of a ribbon of one height between two upright edges: a cubic Bezier curve each way."""
    middle = (x0 + x1) / 2
    corners = [
        (x0, y0), (middle, y0), (middle, y1), (x1, y1),
        (x1, y1 + height), (middle, y1 + height), (middle, y0 + height), (x0, y0 + height), (x0, y0),
    ]  # fmt: skip
    curve = [Path.CURVE4] * 3
    return Path(corners, [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])


def _draw_bars(ax: Axes, view: ResultView, columns: tuple[Column, Column, Column]) -> None:
    for k, (x, column) in enumerate(zip(COLUMNS_IN, columns, strict=True)):
        for name, bar in column.items():
            colour = route_style(name, view.routes).colour if k == 1 else INK
            ax.add_patch(Rectangle((x, bar.top_in), BAR_IN, bar.height_in, facecolor=colour, linewidth=0))
            label = route_style(name, view.routes).label.replace(" (reference)", "") if k == 1 else name
            at, side = (x - 0.07, "right") if k == 0 else (x + BAR_IN + 0.07, "left")
            ax.text(
                at, bar.top_in + bar.height_in / 2, f"{label}  {_tonnes(bar.t_per_year)}", ha=side, va="center",
                fontsize=8.2, color=INK, fontweight="bold" if k == 1 else "normal",
                bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.8} if k == 1 else None,
            )  # fmt: skip


def _tonnes(t: float) -> str:
    return f"{t / 1e6:.2f} Mt" if t >= 1e5 else f"{t / 1e3:.0f} kt" if t >= 1e3 else f"{t / 1e3:.2g} kt"
