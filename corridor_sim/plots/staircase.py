"""Staircases over the distance: a rising line with its band, vertical steps at nodes, the longest named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from corridor_sim.plots.style import INK, SOFT_INK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

BAND_ALPHA, LINE_INK = 0.17, "#8a939c"
MOST_NAMES = 10
LEAST_FRAC = 0.02
"""Part of the whole height below which a step is not named, unless it is at a border."""
HALO = [withStroke(linewidth=2.2, foreground="white")]
BORDER_MARK: dict[str, Any] = {"color": "#b30000", "linewidth": 0.8, "linestyle": (0, (1, 2)), "zorder": 1}


class Part(NamedTuple):
    """A coloured part of a step."""

    height: float
    colour: str
    hatch: str


@dataclass(frozen=True)
class Step:
    """What happens at one node."""

    km: float
    foot: float
    """Height of the line on arrival."""
    parts: tuple[Part, ...]
    name: str
    text: str
    """The step's height in words."""
    is_border: bool
    arrive_band: tuple[float, float]
    leave_band: tuple[float, float]

    @property
    def top(self) -> float:
        """Height of the line on departure."""
        return self.foot + sum(part.height for part in self.parts)


@dataclass(frozen=True)
class Staircase:
    """A rising line with steps."""

    steps: list[Step]
    end_km: float
    end: float
    end_band: tuple[float, float]
    title: str
    colour: str
    notes: str


def draw_staircase(ax: Axes, stairs: Staircase) -> None:
    """Draw one panel."""
    highest = max(stairs.end, np.nan_to_num(stairs.end_band[1]))
    ax.set_xlim(-0.03 * stairs.end_km, 1.03 * stairs.end_km)
    ax.set_ylim(0, highest * 1.06)
    width = 0.02 * stairs.end_km
    km = [x for s in stairs.steps for x in (s.km, s.km)] + [stairs.end_km]
    line = [y for s in stairs.steps for y in (s.foot, s.top)] + [stairs.end]
    bands = [b for s in stairs.steps for b in (s.arrive_band, s.leave_band)] + [stairs.end_band]
    low, high = np.array(bands, dtype=np.float64).T
    if np.isfinite(low).all():
        ax.fill_between(km, low, high, color=stairs.colour, alpha=BAND_ALPHA, linewidth=0, zorder=1)
    for step in stairs.steps:
        _draw_step(ax, step, width, highest)
        if step.is_border:
            ax.axvline(step.km, **BORDER_MARK)
    ax.plot(km, line, color=LINE_INK, linewidth=1.4, zorder=2)
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.xaxis.set_major_locator(MaxNLocator(6))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    ax.grid()
    ax.set_title(stairs.title, color=stairs.colour, pad=29)
    ax.text(
        0, 1.015, stairs.notes, transform=ax.transAxes, fontsize=8, color=SOFT_INK, ha="left", va="bottom",
        linespacing=1.3,
    )  # fmt: skip
    _name_steps(ax, stairs)


def _draw_step(ax: Axes, step: Step, width: float, highest: float) -> None:
    bottom = step.foot
    for part in step.parts:
        # outline and hatch would hide a short step, such as an hour's wait for a train path
        is_tall = part.height > LEAST_FRAC * highest
        dress: dict[str, Any] = (
            {"edgecolor": "white", "linewidth": 0.5, "hatch": part.hatch} if is_tall else {"linewidth": 0.0}
        )
        ax.add_patch(
            Rectangle((step.km - width / 2, bottom), width, part.height, facecolor=part.colour, zorder=3, **dress)
        )
        bottom += part.height


def _name_steps(ax: Axes, stairs: Staircase) -> None:
    """Name the borders, then the longest other steps, beside them or with a thin line to them, where there is room."""
    figure = cast("Any", ax.get_figure(root=True))
    renderer = figure.canvas.get_renderer()
    frame = ax.get_window_extent(renderer)
    highest = ax.get_ylim()[1]
    chosen = [s for s in stairs.steps if s.top - s.foot > (0.0 if s.is_border else LEAST_FRAC * highest)]
    taken: list[Bbox] = []
    for step in sorted(chosen, key=lambda s: (not s.is_border, s.foot - s.top))[:MOST_NAMES]:
        text = ax.text(
            0, 0, f"{step.name}  {step.text}", fontsize=8, color=INK, transform=None, zorder=5, ha="left", va="bottom",
            path_effects=HALO,
        )  # fmt: skip
        size = text.get_window_extent(renderer)
        for x, y in _beside(ax, stairs, step, (size.width, size.height), 7 * figure.dpi / 72):
            box = Bbox.from_bounds(x, y, size.width, size.height)
            inside = frame.x0 <= x and box.x1 <= frame.x1 and frame.y0 <= y and box.y1 <= frame.y1
            if inside and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                # kept in data coordinates, so that it stays in place at any resolution
                text.set_position(tuple(ax.transData.inverted().transform((x, y))))
                text.set_transform(ax.transData)
                _point_from(ax, box, step)
                break
        else:
            text.remove()


def _point_from(ax: Axes, box: Bbox, step: Step) -> None:
    """Draw a thin line from a name to its step, where they are apart."""
    tip = ax.transData.transform((step.km, (step.foot + step.top) / 2))
    nearest = np.clip(tip, (box.x0, box.y0), (box.x1, box.y1))
    if np.hypot(*(tip - nearest)) < 1.4 * box.height:
        return
    ends = ax.transData.inverted().transform([nearest, tip])
    ax.plot(ends[:, 0], ends[:, 1], color=SOFT_INK, linewidth=0.5, zorder=4)


def _beside(
    ax: Axes, stairs: Staircase, step: Step, size: tuple[float, float], gap: float
) -> Iterator[tuple[float, float]]:
    """Yield lower left corners [pixels] for a name.

    The line only rises: right of a step below its top, left of it above its foot, and above the line it is empty.
    """
    width, height = size
    x, foot_y = ax.transData.transform((step.km, step.foot))
    _, top_y = ax.transData.transform((step.km, step.top))
    middle = (foot_y + top_y - height) / 2
    right, left = (x + gap, min(middle, top_y - height)), (x - gap - width, max(middle, foot_y))
    yield from (right, left) if step.km < 0.5 * stairs.end_km else (left, right)
    for rows in range(1, 9):  # further up on the left, further down on the right, row by row
        yield x - gap - width - 6 * rows, left[1] + 1.25 * rows * height
        yield x + gap + 6 * rows, right[1] - 1.25 * rows * height
