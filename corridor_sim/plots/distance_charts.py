"""Time and cost over the distance (UNESCAP's corridor method): one panel per route, borders as vertical steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from matplotlib.patches import Patch

from corridor_sim.plan.kinds import Cause
from corridor_sim.plots.itinerary_costs import cost_course
from corridor_sim.plots.itinerary_times import main_itinerary, mean_course
from corridor_sim.plots.staircase import BAND_ALPHA, Part, Staircase, Step, draw_staircase
from corridor_sim.plots.style import CAUSE_STYLES, CauseStyle, draw_key, foot, head, new_figure, route_style, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from corridor_sim.plots.itinerary_costs import CostCourse
    from corridor_sim.plots.itinerary_times import Band, Course
    from corridor_sim.plots.result_view import ResultView

H_PER_DAY = 24.0
LEAST_BORDER_H, LEAST_FEE_FRAC = 0.5, 0.005
"""Hours, and part of the whole bill, below which a border is neither marked nor named."""


class Kind(NamedTuple):
    """How charges of one kind are named and drawn."""

    label: str
    style: CauseStyle


KIND_STYLES: dict[str, Kind] = {
    "transport": Kind("transport, on the slopes", CauseStyle("#8a939c", "")),
    "handling": Kind("handling and change of gauge", CauseStyle("#0063a6", "")),
    "equipment": Kind("equipment by the hour", CauseStyle("#d383b3", "xxxx")),
    "time": Kind("capital bound in the cargo", CauseStyle("#f2e34c", "")),
    "border": Kind("border fees", CauseStyle("#d1420b", "")),
}
"""Charges in the order of drawing; border fees last, most visible."""


@styled
def draw_time_distance(view: ResultView) -> Figure | None:
    """Draw the main itinerary of each route family as a staircase: days over km, steps coloured by cause.

    Returns
    -------
    matplotlib.figure.Figure or None
        None when the result does not say which flow takes which route, or nothing was delivered.
    """
    courses = _courses(view)
    used = {cause for _, c in courses for stop in c.stops for cause, h in stop.hours.items() if h > 0}
    keys = [(c.label, style) for c, style in CAUSE_STYLES.items() if c in used | {Cause.MOVING}]
    return _draw_panels(
        view, [_time_stairs(view, *pair) for pair in courses], keys, "days after release", "Time over distance",
        "Mean course of each route's itinerary with most cargo. Slopes: moving. Steps: standing at a node,\n"
        "coloured by cause. Bands: P5 to P95 of the consignments (n a replication). Dotted: borders. Scales differ.",
    )  # fmt: skip


@styled
def draw_cost_distance(view: ResultView) -> Figure | None:
    """Draw what a tonne has paid along the same itineraries: USD over km, steps coloured by kind of charge.

    Returns
    -------
    matplotlib.figure.Figure or None
        None when the result holds no bills, or nothing was delivered.
    """
    found = [(route, cost_course(view, course)) for route, course in _courses(view)]
    costs = [(route, cost) for route, cost in found if cost is not None and cost.end_usd > 0]
    used = {kind for _, cost in costs for kind, usd in cost.by_kind.items() if usd}
    keys = [kind for name, kind in KIND_STYLES.items() if name in used]
    return _draw_panels(
        view, [_cost_stairs(view, *pair) for pair in costs], list(keys), "USD a tonne, from release",
        "Cost over distance",
        "What a tonne has paid on the same itineraries. Slopes: tariffs and freight. Steps: charges at a node.\n"
        "Bands: P5 to P95, prices drawn within their ranges, and hours. Dotted: borders. Scales differ.",
    )  # fmt: skip


def _courses(view: ResultView) -> list[tuple[str, Course]]:
    found = []
    for route in view.routes:
        itinerary = main_itinerary(view, route)
        course = None if itinerary is None else mean_course(view, itinerary)
        if course is not None and course.end_h > 0:
            found.append((route, course))
    return found


def _draw_panels(
    view: ResultView, panels: list[Staircase], keys: list[tuple[str, CauseStyle]], y_label: str, title: str,
    subtitle: str,
) -> Figure | None:  # fmt: skip
    if not panels:
        return None
    n_cols = min(2, len(panels))
    n_rows = -(-len(panels) // n_cols)
    n_keys = 5 if n_cols == 2 else 3
    above = 1.75 + 0.2 * -(-(len(keys) + 1) // n_keys)
    height = above + 3.5 * n_rows + 0.35
    figure = new_figure(10.4 if n_cols == 2 else 7.2, height)
    grid = figure.add_gridspec(
        n_rows, n_cols, left=0.06 if n_cols == 2 else 0.09, right=0.975, top=1 - above / height, bottom=1.0 / height,
        hspace=0.42, wspace=0.14,
    )  # fmt: skip
    for k, stairs in enumerate(panels):
        ax = figure.add_subplot(grid[k // n_cols, k % n_cols])
        draw_staircase(ax, stairs)
        if k % n_cols == 0:
            ax.set_ylabel(y_label)
        if k + n_cols >= len(panels):
            ax.set_xlabel("distance from origin [km]")
    colour = panels[0].colour
    patches = [Patch(facecolor=s.colour, hatch=s.hatch, edgecolor="white", linewidth=0.5, label=t) for t, s in keys]
    draw_key(figure, [*patches, Patch(facecolor=colour, alpha=BAND_ALPHA, label="P5 to P95")], ncols=n_keys)
    head(figure, title, subtitle)
    foot(figure, view.footer)
    return figure


def _time_stairs(view: ResultView, route: str, course: Course) -> Staircase:
    steps = [
        Step(
            stop.km, stop.arrive_h / H_PER_DAY,
            tuple(Part(stop.hours[c] / H_PER_DAY, *s) for c, s in CAUSE_STYLES.items() if stop.hours.get(c, 0.0) > 0),
            view.node_label(stop.node), _days(stop.total_h), is_border and stop.total_h >= LEAST_BORDER_H,
            _in_days(stop.arrive_band_h), _in_days(stop.leave_band_h),
        )
        for stop, is_border in zip(course.stops, _at_borders(view, course), strict=True)
    ]  # fmt: skip
    end_d, band = course.end_h / H_PER_DAY, _in_days(course.end_band_h)
    within = f" ({band[0]:.1f} to {band[1]:.1f})" if band[0] == band[0] else ""  # nan
    notes = f"{end_d:.1f} d{within}, n = {course.n_departures / view.n_detailed:,.0f}"
    return _staircase(view, route, course, steps, (end_d, band), notes)


def _cost_stairs(view: ResultView, route: str, cost: CostCourse) -> Staircase:
    least_usd = LEAST_FEE_FRAC * cost.end_usd
    steps = [
        Step(
            stop.km, stop.arrive_usd,
            tuple(Part(stop.usd[k], *kind.style) for k, kind in KIND_STYLES.items() if stop.usd.get(k, 0.0) > 0),
            view.node_label(stop.node), f"{stop.total_usd:.1f} USD", is_border and stop.total_usd >= least_usd,
            stop.arrive_band_usd, stop.leave_band_usd,
        )
        for stop, is_border in zip(cost.stops, _at_borders(view, cost.course), strict=True)
    ]  # fmt: skip
    low, high = cost.end_band_usd
    load = f"{cost.load_teu:,.0f} TEU" if cost.load_teu else f"{cost.load_t:,.0f} t"
    notes = f"{cost.end_usd:,.0f} USD/t ({low:,.0f} to {high:,.0f}), {load} each"
    return _staircase(view, route, cost.course, steps, (cost.end_usd, cost.end_band_usd), notes)


def _staircase(
    view: ResultView, route: str, course: Course, steps: list[Step], end: tuple[float, Band], notes: str
) -> Staircase:
    style = route_style(route, view.routes)
    ways = f"{view.node_label(course.stops[0].node)} to {view.node_label(course.stops[-1].node)}"
    text = f"{course.itinerary}, {view.flow_name(course.flow)}\n{ways}: {course.end_km:,.0f} km, {notes}"
    return Staircase(steps, course.end_km, *end, style.label, style.colour, text)


def _at_borders(view: ResultView, course: Course) -> list[bool]:
    """Say of each stop whether it is at a border post; loops of a single track further on are not."""
    borders = {node for nodes in view.post_nodes.values() for node in nodes}
    before = [None, *(stop.node for stop in course.stops)]
    return [stop.node in borders and stop.node != last for stop, last in zip(course.stops, before, strict=False)]


def _in_days(band_h: Band) -> Band:
    return band_h[0] / H_PER_DAY, band_h[1] / H_PER_DAY


def _days(hours: float) -> str:
    return f"{hours / H_PER_DAY:.1f} d" if hours >= 0.1 * H_PER_DAY else f"{hours:.1f} h"
