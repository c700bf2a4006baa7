"""Time by cause: a bar per route and direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Patch

from corridor_sim.plots.style import CAUSE_STYLES, INK, draw_key, foot, head, new_figure, route_style, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.plan.kinds import Cause
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


def _cause_key(figure: Figure, used: set[Cause], *, top_in: float) -> None:
    """Key of the causes drawn, in the order of drawing."""
    styles = [(c.label, style) for c, style in CAUSE_STYLES.items() if c in used]
    draw_key(figure, [Patch(facecolor=s.colour, hatch=s.hatch, label=t, **EDGE) for t, s in styles], top_in=top_in)
