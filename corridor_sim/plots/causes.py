"""Time by cause: a bar per route and direction, and the staircase of days over the distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from corridor_sim.plan.kinds import Cause
from corridor_sim.plots.itinerary_times import main_itinerary, mean_course
from corridor_sim.plots.style import CAUSE_STYLES, INK, SOFT_INK, foot, head, new_figure, route_style, styled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.plots.itinerary_times import Course, Stop
    from corridor_sim.plots.result_view import ResultView

H_PER_DAY = 24.0
EDGE: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.5}


@styled
def draw_time_by_cause(view: ResultView) -> Figure | None:
    """Draw mean days by cause, one stacked bar per route family and direction.

    Returns
    -------
    matplotlib.figure.Figure or None
        None when nothing was delivered.
    """
    bars = _bars(view)
    if not bars:
        return None
    height = 1.35 + 0.34 * len(bars) + 0.16 * len(view.routes) + 1.0
    figure = new_figure(10.0, height)
    ax = figure.add_axes((0.285, 1.0 / height, 0.69, 1 - (1.0 + 1.35) / height))
    longest = max(sum(hours.values()) for _, _, _, hours, _ in bars) / H_PER_DAY
    used: set[Cause] = set()
    runs = len(view.result.replications)
    ticks = []
    y, last_route = 0.0, bars[0][0]
    for route, _, label, hours, n in bars:
        y += 0.45 if route != last_route else 0.0
        last_route = route
        used |= {c for c, h in hours.items() if h > 0}
        total = _stack(ax, y, hours, longest)
        ax.text(
            total + 0.008 * longest, y, f"{total:.1f} d  (n = {n / runs:,.0f})", va="center", fontsize=8.5, color=INK
        )
        ticks.append((y, label))
        y += 1.0
    ax.set_yticks([t for t, _ in ticks], [label for _, label in ticks])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(y - 0.4, -0.6)
    ax.set_xlim(0, longest * 1.17)
    ax.set_xlabel("mean transit time by cause [days per consignment]")
    ax.grid(axis="x")
    _cause_key(figure, used, top_in=0.78)
    head(
        figure, "Where the time goes",
        "Mean transit time of delivered consignments (n: a replication) by cause, route and direction; "
        "no background traffic.",
    )  # fmt: skip
    foot(figure, view.footer)
    return figure


def _bars(view: ResultView) -> list[tuple[str, str, str, dict[Cause, float], float]]:
    """Route, subject, label, hours by cause and number delivered of each bar."""
    count = view.means("throughput_consignments", "route")
    causes = {cause: view.means(f"time_{cause.name.lower()}_h", "route") for cause in CAUSE_STYLES}
    found = []
    for route in view.routes:
        ways = [f"{route}/{d}" for d in ("south", "north") if count.get(f"{route}/{d}", 0) > 0]
        for subject in ways or [route]:
            way = f", {subject.partition('/')[2]}bound" if "/" in subject else ""
            label = route_style(route, view.routes).label.replace(" (reference)", "") + way
            hours = {c: float(np.nan_to_num(series.get(subject, 0.0))) for c, series in causes.items()}
            found.append((route, subject, label, hours, float(count[subject]) * len(view.result.replications)))
    return found


def _stack(ax: Axes, y: float, hours: dict[Cause, float], longest_d: float) -> float:
    """Draw one bar; parts that are wide enough carry their days. Returns its length, days."""
    left = 0.0
    for cause, style in CAUSE_STYLES.items():
        days = hours.get(cause, 0.0) / H_PER_DAY
        if days <= 0:
            continue
        ax.barh(y, days, left=left, height=0.78, color=style.colour, hatch=style.hatch, **EDGE)
        if days > 0.035 * longest_d:
            ax.text(left + days / 2, y, f"{days:.1f}", ha="center", va="center", fontsize=7.5, **_on(cause))
        left += days
    return left


def _on(cause: Cause) -> dict[str, Any]:
    """Ink for numbers on a cause's fill; a box keeps them clear of hatches."""
    style = CAUSE_STYLES[cause]
    red, green, blue = (int(style.colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
    box = {"facecolor": style.colour, "edgecolor": "none", "pad": 0.8} if style.hatch else None
    return {"color": "white" if dark else INK, "bbox": box}


def _cause_key(figure: Figure, used: set[Cause], *, top_in: float, left_in: float = 0.25, ncols: int = 5) -> None:
    """Key of the causes drawn, in the order of drawing, in rows under the title."""
    width, height = figure.get_size_inches()
    causes = [c for c in CAUSE_STYLES if c in used]
    rows = -(-len(causes) // ncols)
    # matplotlib fills columns first; readers read rows first
    order = [causes[k] for column in range(ncols) for r in range(rows) if (k := r * ncols + column) < len(causes)]
    styles = [CAUSE_STYLES[c] for c in order]
    figure.legend(
        handles=[
            Patch(facecolor=s.colour, hatch=s.hatch, label=c.label, **EDGE) for c, s in zip(order, styles, strict=True)
        ],
        loc="upper left", bbox_to_anchor=(left_in / width, 1 - top_in / height), ncols=min(ncols, len(causes)),
        fontsize=8.5, handlelength=1.7, handleheight=1.0, columnspacing=1.6, borderaxespad=0, borderpad=0,
    )  # fmt: skip


@styled
def draw_time_distance(view: ResultView) -> Figure | None:
    """Draw the main itinerary of each route family as a staircase: days over km, steps coloured by cause.

    Returns
    -------
    matplotlib.figure.Figure or None
        None when the result does not say which flow takes which route, or nothing was delivered.
    """
    courses = []
    for route in view.routes:
        itinerary = main_itinerary(view, route)
        course = None if itinerary is None else mean_course(view, itinerary)
        if course is not None and course.end_h > 0:
            courses.append((route, course))
    if not courses:
        return None
    n_cols = min(2, len(courses))
    n_rows = -(-len(courses) // n_cols)
    height = 2.15 + 3.5 * n_rows + 0.35
    figure = new_figure(10.4 if n_cols == 2 else 7.2, height)
    grid = figure.add_gridspec(
        n_rows, n_cols, left=0.06 if n_cols == 2 else 0.09, right=0.975, top=1 - 2.15 / height, bottom=1.0 / height,
        hspace=0.42, wspace=0.14,
    )  # fmt: skip
    used: set[Cause] = set()
    for k, (route, course) in enumerate(courses):
        ax = figure.add_subplot(grid[k // n_cols, k % n_cols])
        _draw_course(ax, view, route, course)
        used |= {cause for stop in course.stops for cause, h in stop.hours.items() if h > 0}
        if k % n_cols == 0:
            ax.set_ylabel("days after release")
        if k + n_cols >= len(courses):
            ax.set_xlabel("distance from origin [km]")
    _cause_key(figure, used | {Cause.MOVING}, top_in=1.02, ncols=5 if n_cols == 2 else 4)
    head(
        figure, "Time over distance",
        "Mean course of each route's itinerary with most cargo. Slopes: moving. Steps: standing\n"
        "at a node, coloured by cause; the longest are named with days. Scales of panels differ.",
    )  # fmt: skip
    foot(figure, view.footer)
    return figure


def _draw_course(ax: Axes, view: ResultView, route: str, course: Course) -> None:
    end_d = course.end_h / H_PER_DAY
    ax.set_xlim(-0.03 * course.end_km, 1.03 * course.end_km)
    ax.set_ylim(0, end_d * 1.06)
    width = 0.02 * course.end_km
    line_km, line_d = [], []
    for stop in course.stops:
        leave_d = (stop.arrive_h + stop.total_h) / H_PER_DAY
        line_km += [stop.km, stop.km]
        line_d += [stop.arrive_h / H_PER_DAY, leave_d]
        _draw_step(ax, stop, width, end_d)
    ax.plot([*line_km, course.end_km], [*line_d, end_d], color="#8a939c", linewidth=1.4, zorder=2)
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    ax.grid()
    style = route_style(route, view.routes)
    ax.set_title(style.label, color=style.colour, pad=29)
    first, last = course.stops[0].node, course.stops[-1].node
    ax.text(
        0, 1.015,
        f"{course.itinerary}, {view.flow_name(course.flow)}\n"
        f"{view.node_label(first)} to {view.node_label(last)}: {course.end_km:,.0f} km, {end_d:.1f} d, "
        f"n = {course.n_departures / view.n_detailed:,.0f} a replication",
        transform=ax.transAxes, fontsize=8, color=SOFT_INK, ha="left", va="bottom", linespacing=1.3,
    )  # fmt: skip
    _name_steps(ax, view, course)


def _draw_step(ax: Axes, stop: Stop, width: float, end_d: float) -> None:
    bottom = stop.arrive_h / H_PER_DAY
    for cause, style in CAUSE_STYLES.items():
        days = stop.hours.get(cause, 0.0) / H_PER_DAY
        if days <= 0:
            continue
        # outline and hatch would hide a short stand, such as an hour's wait for a train path
        dress = {**EDGE, "hatch": style.hatch} if days > 0.02 * end_d else {"linewidth": 0.0}
        ax.add_patch(Rectangle((stop.km - width / 2, bottom), width, days, facecolor=style.colour, zorder=3, **dress))
        bottom += days


def _name_steps(ax: Axes, view: ResultView, course: Course, n: int = 9) -> None:
    """Name the longest stands beside their steps, where there is room.

    The course only rises: right of a step below its top, left of it above its foot, and above the line it is empty.
    """
    figure = cast("Any", ax.get_figure(root=True))
    renderer = figure.canvas.get_renderer()
    frame = ax.get_window_extent(renderer)
    taken: list[Bbox] = []
    for stop in sorted(course.stops, key=lambda s: -s.total_h)[:n]:
        if stop.total_h < 0.02 * course.end_h:
            break
        text = ax.text(
            0, 0, f"{view.node_label(stop.node)}  {stop.total_h / H_PER_DAY:.1f} d", fontsize=8, color=INK,
            transform=None, zorder=5, ha="left", va="bottom",
        )  # fmt: skip
        size = text.get_window_extent(renderer)
        for x, y in _beside(ax, course, stop, (size.width, size.height), 7 * figure.dpi / 72):
            box = Bbox.from_bounds(x, y, size.width, size.height)
            inside = frame.x0 <= x and box.x1 <= frame.x1 and frame.y0 <= y and box.y1 <= frame.y1
            if inside and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                # kept in data coordinates, so that it stays in place at any resolution
                text.set_position(tuple(ax.transData.inverted().transform((x, y))))
                text.set_transform(ax.transData)
                break
        else:
            text.remove()


def _beside(
    ax: Axes, course: Course, stop: Stop, size: tuple[float, float], gap: float
) -> Iterator[tuple[float, float]]:
    """Yield lower left corners [pixels] for a label: beside the step, then above the line."""
    width, height = size
    x, foot_y = ax.transData.transform((stop.km, stop.arrive_h / H_PER_DAY))
    _, top_y = ax.transData.transform((stop.km, (stop.arrive_h + stop.total_h) / H_PER_DAY))
    middle = (foot_y + top_y - height) / 2
    right, left = (x + gap, min(middle, top_y - height)), (x - gap - width, max(middle, foot_y))
    yield from (right, left) if stop.km < 0.5 * course.end_km else (left, right)
    km = [s.km for s in course.stops] + [course.end_km]
    days = [(s.arrive_h + s.total_h) / H_PER_DAY for s in course.stops] + [course.end_h / H_PER_DAY]
    end_km, _ = ax.transData.inverted().transform((x + width, top_y))
    _, above = ax.transData.transform((end_km, np.interp(end_km, km, days)))
    yield x - gap / 2, above + gap / 2
