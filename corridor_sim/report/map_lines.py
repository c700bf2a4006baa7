"""Points and lines of the interactive map: [north, east] in km on the map of the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.plots.basemap import CRS_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor_sim.plots.result_view import ResultView

Line = list[list[float]]


def section_lines(view: ResultView, sections: Iterable[str]) -> dict[str, Line]:
    """Project the lines of some sections, from their end a to their end b."""
    series = view.network.sections.geometry.loc[list(sections)]
    projected = series.segmentize(0.5).to_crs(CRS_TEXT).simplify(600)
    return {str(s): coordinates(shape) for s, shape in projected.items()}


def coordinates(line: Any) -> Line:
    """Points of a line in map metres."""
    return [point(x, y) for x, y in np.asarray(line.coords)[:, :2]]


def point(x: float, y: float) -> list[float]:
    """Return one point, given in map metres, as [north, east] in km, to 100 m."""
    return [round(float(y) / 1000, 1), round(float(x) / 1000, 1)]
