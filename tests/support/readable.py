"""Whether all that is written in a figure can be read: no text leaves the figure or is cut, no two touch."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.text import Text
from shapely import Polygon, box
from shapely.affinity import rotate

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

SLACK_PX = 1.0
"""What the boxes of texts may overlap: they are a little larger than the ink."""


class Written(NamedTuple):
    """A text that a reader sees, and where, in pixels."""

    text: str
    box: Bbox
    outline: Polygon
    """Its box turned with it."""
    window: Bbox | None
    """Where it is cut off, if anywhere."""


def texts_of(figure: Figure) -> list[Written]:
    """Texts that are seen when the figure is drawn."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    found: dict[int, Text] = {}

    def collect(artist: Any) -> None:
        if not artist.get_visible() or artist.get_alpha() == 0:
            return
        if isinstance(artist, Text) and artist.get_text().strip():
            found[id(artist)] = artist
        for child in artist.get_children():
            collect(child)

    collect(figure)
    for ax in figure.axes:
        # matplotlib keeps labels of ticks beyond the limits, and does not draw them
        for axis, (low, high) in ((ax.xaxis, sorted(ax.get_xlim())), (ax.yaxis, sorted(ax.get_ylim()))):
            for tick in axis.get_major_ticks():
                if not low <= tick.get_loc() <= high:
                    found.pop(id(tick.label1), None)
                    found.pop(id(tick.label2), None)
    return [_written(text, renderer) for text in found.values()]


def _written(text: Text, renderer: Any) -> Written:
    around = text.get_window_extent(renderer)
    angle = text.get_rotation()
    text.set_rotation(0)
    flat = text.get_window_extent(renderer)
    text.set_rotation(angle)
    x, y = (around.x0 + around.x1) / 2, (around.y0 + around.y1) / 2  # turning keeps the middle of the box
    half_w, half_h = flat.width / 2 - SLACK_PX, flat.height / 2 - SLACK_PX
    outline = rotate(box(x - half_w, y - half_h, x + half_w, y + half_h), angle, origin=(x, y))
    window = text.get_clip_box() if text.get_clip_on() else None
    return Written(text.get_text(), around, outline, window)


def written(figure: Figure) -> list[tuple[str, Bbox]]:
    """Texts that a reader sees, with their boxes in pixels."""
    return [(t.text, t.box) for t in texts_of(figure)]


def faults(figure: Figure) -> list[str]:
    """Texts that leave the figure, are cut off, or touch another one."""
    texts = texts_of(figure)
    sheet = box(0, 0, figure.bbox.width, figure.bbox.height)
    found = [f"{t.text!r} leaves the figure" for t in texts if not sheet.contains(t.outline)]
    windows = [(t, box(*t.window.padded(2 * SLACK_PX).extents)) for t in texts if t.window is not None]
    found += [f"{t.text!r} is cut off" for t, window in windows if not window.contains(t.outline)]
    found += [f"{a.text!r} touches {b.text!r}" for a, b in combinations(texts, 2) if a.outline.intersects(b.outline)]
    return found


def assert_readable(figure: Figure) -> None:
    """Something is written, and all of it can be read."""
    assert texts_of(figure)
    assert faults(figure) == []
