"""City labels that do not collide: each takes the best free place beside its point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import patheffects
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.transforms import Bbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.text import Annotation, Text

# Direction of the label from its point and how welcome it is there (0 is best): right first, as on printed maps.
DIRECTIONS: tuple[tuple[float, float, float], ...] = (
    (1, 0, 0.0), (1, 0.15, 0.1), (1, -0.15, 0.1), (1, 0.4, 0.2), (1, -0.4, 0.2), (1, 0.8, 0.3), (1, -0.8, 0.3),
    (1, 1.2, 0.9), (1, -1.2, 0.9),
    (-1, 0, 0.6), (-1, 0.15, 0.65), (-1, -0.15, 0.65), (-1, 0.4, 0.7), (-1, -0.4, 0.7), (-1, 0.8, 0.8), (-1, -0.8, 0.8),
    (-1, 1.2, 1.2), (-1, -1.2, 1.2),
    (0, 1, 1.0), (0, -1, 1.0),
)  # fmt: skip
DISTANCES_PT: tuple[float, ...] = (4.0, 10.0, 18.0)
"""Rings tried [points]; from the second on a thin line leads to the point. Farther off a name would seem to belong to
another place, so it is rather left out."""
MOST_COVERED = 2.0
"""Cost of a label that covers lines, at most: rather on a line than far from its point."""
FONT_PT, INK = 7.0, "#222222"
TRIES = 6
"""How often labels are placed anew, each time with the most important name that found no room as the first."""
MARKER_PT = 2.5
"""Half side of the square kept free around every point [points]."""


@dataclass(frozen=True)
class _Canvas:
    """What the search looks at, all in pixels."""

    frame: Bbox
    points: Any
    radii_pt: Any
    line_points: Any
    pixels_per_pt: float


def place_labels(
    ax: Axes,
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    *,
    lines: Iterable[Any] = (),
    avoid: Iterable[Artist] = (),
    radii_pt: Sequence[float] | None = None,
    n_far: int | None = None,
    bold: Iterable[str] = (),
) -> list[str]:
    """Write names beside points so that no two overlap.

    Parameters
    ----------
    ax
        Finished axes: limits and figure size must not change afterwards.
    points
        Positions in the axes' data coordinates.
    names
        One per point, the most important first: earlier names take the better places.
    lines
        Arrays of shape (n, 2): lines in data coordinates that labels should rather not cover.
    avoid
        Texts and insets already on the map that labels may not touch.
    radii_pt
        Half widths of the symbols at the points [points], kept free of labels; small dots by default.
    n_far
        How many names, the first ones, may stand farther off with a line to their point; all by default.
    bold
        Names written bold.

    Returns
    -------
    Names for which no free place was found; they are not written.
    """
    figure = ax.get_figure(root=True)
    radii = [MARKER_PT] * len(points) if radii_pt is None else radii_pt
    if figure is None or len({len(points), len(names), len(radii)}) != 1:
        raise ValueError("place_labels needs axes in a figure, and one name for each point")
    # Texts are measured with the renderer at the place and scale in which they will be drawn.
    canvas_agg = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    canvas_agg.draw()  # type: ignore[no-untyped-call]
    renderer = canvas_agg.get_renderer()  # type: ignore[no-untyped-call]
    pixels_per_pt = figure.dpi / 72.0
    to_pixels = ax.transData.transform
    xy = to_pixels(np.asarray(points, dtype=float)) if len(points) else np.empty((0, 2))
    frame = ax.get_window_extent(renderer).padded(-2)
    canvas = _Canvas(frame, xy, np.asarray(radii, dtype=float), _dense(lines, to_pixels), pixels_per_pt)
    blocked = [t.get_window_extent(renderer) for t in avoid if t.get_visible()]
    emphasised = set(bold)
    texts = [_annotate(ax, name, point, bold=name in emphasised) for name, point in zip(names, points, strict=True)]
    sizes = [_size(text, renderer) for text in texts]
    places = _solve(sizes, canvas, blocked, len(names) if n_far is None else n_far)
    for i, text in enumerate(texts):
        _write(ax, text, xy[i], places.get(i), pixels_per_pt)
    return [name for i, name in enumerate(names) if i not in places]


def _annotate(ax: Axes, name: str, point: tuple[float, float], *, bold: bool) -> Annotation:
    return ax.annotate(
        name, point, xytext=(0, 0), textcoords="offset points", fontsize=FONT_PT, color=INK, zorder=7,
        fontweight="bold" if bold else "normal", annotation_clip=True,
    )  # fmt: skip


def _write(ax: Axes, text: Annotation, point: Any, place: tuple[Bbox, float] | None, pixels_per_pt: float) -> None:
    """Move a label to its place and draw its lead; take it off when it has none."""
    if place is None:
        text.remove()
        return
    box, distance_pt = place
    text.set_path_effects([patheffects.withStroke(linewidth=1.8, foreground="white", alpha=0.85)])
    offset_pt = (np.array([box.x0, box.y0]) - point) / pixels_per_pt
    text.xyann = (offset_pt[0], offset_pt[1])
    text.set_horizontalalignment("left")
    text.set_verticalalignment("bottom")
    if distance_pt > DISTANCES_PT[0]:
        _lead(ax, box, point)


def _solve(
    sizes: Sequence[tuple[float, float]], canvas: _Canvas, blocked: Sequence[Bbox], n_far: int
) -> dict[int, tuple[Bbox, float]]:
    """Place labels one after the other; when one that may stand off finds no room, try again with it as the first.

    Of a few tries the one wins that drops the least important names. Returns box and distance by position.
    """
    order = list(range(len(sizes)))
    best: dict[int, tuple[Bbox, float]] = {}
    least_loss = np.inf
    for _ in range(TRIES):
        taken, places = list(blocked), {}
        for i in order:
            n_rings = len(DISTANCES_PT) if i < n_far else 1
            found = _best_place(sizes[i], i, canvas, taken, n_rings)
            if found is not None:
                places[i] = found
                taken.append(found[0])
        dropped = [i for i in range(len(sizes)) if i not in places]
        loss = sum(float(len(sizes) - i) ** 2 for i in dropped)
        if loss < least_loss:
            least_loss, best = loss, places
        if not dropped or dropped[0] >= n_far or order[0] == dropped[0]:
            break
        order.remove(dropped[0])
        order.insert(0, dropped[0])
    return best


def _size(text: Text, renderer: RendererBase) -> tuple[float, float]:
    """Width and height of a text [pixels]."""
    box = text.get_window_extent(renderer)
    return box.width, box.height


def _best_place(
    size: tuple[float, float], own: int, canvas: _Canvas, taken: Sequence[Bbox], n_rings: int
) -> tuple[Bbox, float] | None:
    """Find the cheapest free box around a point; nearer rings are preferred, covered lines cost."""
    best: tuple[float, Bbox, float] | None = None
    width, height = size
    x, y = canvas.points[own]
    others = np.delete(canvas.points, own, axis=0)
    margin = np.delete(canvas.radii_pt, own) * canvas.pixels_per_pt
    own_pt = max(float(canvas.radii_pt[own]) - MARKER_PT, 0.0)
    blocked = np.array([b.extents for b in taken]).reshape(-1, 4)
    for ring, distance_pt in enumerate(DISTANCES_PT[:n_rings]):
        gap = (distance_pt + own_pt) * canvas.pixels_per_pt
        for dx, dy, cost in DIRECTIONS:
            if best is not None and cost + 1.5 * ring >= best[0]:
                continue
            centre_x = x + dx * (gap + width / 2)
            centre_y = y + dy * (gap if dx else gap + height / 2)
            box = Bbox.from_bounds(centre_x - width / 2, centre_y - height / 2, width, height)
            if not _within(box, canvas.frame) or _overlaps(box, blocked) or _count(others, box, margin):
                continue
            covered = _count(canvas.line_points, box, 0.0)
            total = cost + 1.5 * ring + min(0.12 * covered, MOST_COVERED)
            if best is None or total < best[0]:
                best = (total, box, distance_pt)
    return None if best is None else (best[1], best[2])


def _lead(ax: Axes, box: Bbox, point: Any) -> None:
    """Draw a thin line from a point to the nearest place of its label's box."""
    near = np.array([np.clip(point[0], box.x0, box.x1), np.clip(point[1], box.y0, box.y1)])
    ends = ax.transData.inverted().transform(np.array([point, near]))
    ax.plot(ends[:, 0], ends[:, 1], color=INK, linewidth=0.6, alpha=0.8, zorder=6.5)


def _dense(lines: Iterable[Any], to_pixels: Any) -> Any:
    """Points every few pixels along all lines, so that counting them in a box measures the length covered."""
    parts = [np.empty((0, 2))]
    for line in lines:
        xy = to_pixels(np.asarray(line, dtype=float)[:, :2])
        steps = np.hypot(*np.diff(xy, axis=0).T)
        along = np.concatenate(([0.0], np.cumsum(steps)))
        if along[-1] > 0:
            at = np.arange(0.0, along[-1], 4.0)
            parts.append(np.column_stack([np.interp(at, along, xy[:, k]) for k in (0, 1)]))
    return np.concatenate(parts)


def _count(points: Any, box: Bbox, margin: Any) -> int:
    """How many points lie in a box grown by a margin [pixels]."""
    x, y = points[:, 0], points[:, 1]
    inside = (x > box.x0 - margin) & (x < box.x1 + margin) & (y > box.y0 - margin) & (y < box.y1 + margin)
    return int(inside.sum())


def _overlaps(box: Bbox, others: Any) -> bool:
    """Whether a box shares area with one of others (n, 4), or comes closer than a pixel."""
    apart_x = (box.x0 >= others[:, 2] + 1) | (box.x1 + 1 <= others[:, 0])
    apart_y = (box.y0 >= others[:, 3] + 1) | (box.y1 + 1 <= others[:, 1])
    return bool((~(apart_x | apart_y)).any())


def _within(box: Bbox, frame: Bbox) -> bool:
    return bool(box.x0 >= frame.x0 and box.x1 <= frame.x1 and box.y0 >= frame.y0 and box.y1 <= frame.y1)
