"""Base map of the corridor, Baltic to Arabian Sea: land, borders, coast, graticule, names, scale, source line."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely
from matplotlib import patheffects
from matplotlib.patches import Rectangle

from corridor_sim.network import layer_frame
from corridor_sim.plots.map_labels import place_labels

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.text import Text

__all__ = ["CRS_TEXT", "SOURCE_TEXT", "BaseMap", "draw_basemap", "place_labels"]

CRS_TEXT = "+proj=laea +lat_0=38 +lon_0=50 +datum=WGS84 +units=m"
"""Lambert azimuthal equal area, 38 N 50 E; it has no EPSG code. Lengths on the corridor are right to 2 %."""
CRS_NAME = "Lambert azimuthal equal area, 38°N 50°E"
SOURCE_TEXT = (
    "Made with Natural Earth. Place names and coordinates: GeoNames (CC BY 4.0). "
    "Boundaries as in Natural Earth, no opinion."
)
FRAME_KM = (-1750.0, -2850.0, 2550.0, 2750.0)
"""Default frame left, bottom, right, top [km east and north of 38 N 50 E]: about 12 N to 61 N."""
INSET_CRS_TEXT = "+proj=eqc +lat_ts=25 +lon_0=0 +datum=WGS84 +units=m"
INSET_DEG = (-26.0, -42.0, 84.0, 63.0)
"""Inset's west, south, east, north [degrees]."""

SEA, LAND = "#d9e7f0", "#f8f5ee"
BORDER, COAST, GRID, SEA_INK, LAND_INK = "#c4b9a3", "#8fa9bb", "#aab8c2", "#6d8fa8", "#a0957e"

NAMES_WIDTH_IN = 7.9
"""Width of the map [inches] for which the sizes below were chosen."""
# Places chosen by eye: clear of the corridor's lines and inside the country. Name, lon, lat, size [pt], turn [degrees].
COUNTRY_NAMES: tuple[tuple[str, float, float, float, float], ...] = (
    ("RUSSIA", 47.0, 57.2, 12, 0),
    ("KAZAKHSTAN", 66.5, 47.8, 11, -9),
    ("UZBEKISTAN", 63.3, 41.9, 7.5, -14),
    ("TURKMENISTAN", 60.3, 39.5, 7.5, -14),
    ("IRAN", 57.6, 32.6, 12, 0),
    ("AZERBAIJAN", 47.35, 40.55, 6, -8),
    ("GEORGIA", 43.6, 42.15, 6, 0),
    ("ARMENIA", 44.75, 40.3, 5, 0),
    ("TÜRKIYE", 37.5, 38.9, 9, 10),
    ("SYRIA", 38.4, 35.0, 7, 0),
    ("IRAQ", 43.2, 33.0, 8, 0),
    ("SAUDI ARABIA", 48.6, 21.7, 9, 0),
    ("YEMEN", 49.2, 16.1, 7, 12),
    ("OMAN", 56.6, 20.7, 7.5, 55),
    ("U.A.E.", 54.3, 23.7, 6, 0),
    ("AFGHANISTAN", 65.7, 33.9, 8.5, 0),
    ("PAKISTAN", 67.4, 29.4, 8.5, 25),
    ("INDIA", 75.6, 24.3, 11, -10),
    ("UKRAINE", 32.3, 49.2, 8.5, 12),
    ("BELARUS", 28.0, 53.4, 7, 14),
    ("FINLAND", 27.4, 61.9, 6.5, 14),
    ("SUDAN", 33.9, 17.5, 7.5, 0),
    ("EGYPT", 31.0, 26.8, 7.5, 0),
    ("ETHIOPIA", 39.3, 12.3, 6.5, 0),
    ("SOMALIA", 48.3, 9.9, 6.0, 0),
)
SEA_NAMES: tuple[tuple[str, float, float, float, float], ...] = (
    ("Caspian\nSea", 50.0, 44.95, 7, 0),
    ("Black Sea", 35.3, 42.45, 8, 11),
    ("Persian Gulf", 50.35, 27.75, 6.5, -40),
    ("Gulf of Oman", 59.2, 24.25, 6.5, -17),
    ("Arabian Sea", 62.9, 19.0, 11, -5),
    ("Red Sea", 37.4, 21.0, 7, -58),
    ("Mediterranean", 33.75, 34.35, 6, 12),
)


@dataclass
class BaseMap:
    """A drawn base map: projects further layers onto its axes."""

    ax: Axes
    frame_km: tuple[float, float, float, float]
    texts: list[Text] = field(default_factory=list)
    """Names on the map, which city labels keep clear of."""

    def project(self, series: gpd.GeoSeries) -> gpd.GeoSeries:
        """Bring a series (with its CRS set) into map coordinates [m]; lines of long legs follow the earth."""
        degrees = series.to_crs("EPSG:4326")
        return degrees.segmentize(0.5).to_crs(CRS_TEXT)

    def to_xy(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Map coordinates [m] of longitudes and latitudes [degrees], scalars or arrays."""
        return map_xy(lon, lat)

    def inside(self, x: Any, y: Any) -> Any:
        """Whether points in map coordinates [m] lie in the frame."""
        left, bottom, right, top = (v * 1000 for v in self.frame_km)
        return (np.asarray(x) >= left) & (np.asarray(x) <= right) & (np.asarray(y) >= bottom) & (np.asarray(y) <= top)

    def draw_inset(
        self,
        routes: Iterable[tuple[Any, str, str]] = (),
        bounds: tuple[float, float, float, float] = (0.0, 0.0, 0.285, 0.245),
    ) -> Axes:
        """Add a small map of Europe, Africa and the Indian Ocean for the routes by Suez and the Cape.

        Parameters
        ----------
        routes : iterable of (line, colour, label)
            Lines in lon/lat degrees to draw, named in a small key.
        bounds : tuple of float
            Left, bottom, width and height as fractions of the map.

        Returns
        -------
        matplotlib.axes.Axes
            Its data coordinates are those of `inset_xy`.
        """
        inset = self.ax.inset_axes(bounds, zorder=8)
        world = layer_frame("land_world_110m").geometry.to_crs(INSET_CRS_TEXT)
        west, south, east, north = INSET_DEG
        left, bottom = inset_xy(west, south)
        right, top = inset_xy(east, north)
        inset.set_xlim(left, right)
        inset.set_ylim(bottom, top)
        inset.set_autoscale_on(False)
        inset.set_facecolor(SEA)
        world.plot(ax=inset, color=LAND, edgecolor=COAST, linewidth=0.3, aspect=None)
        inset.set_aspect("equal", adjustable="box", anchor="SW")
        inset.set_xticks([])
        inset.set_yticks([])
        inset.xaxis.label.set_visible(False)
        inset.yaxis.label.set_visible(False)
        for spine in inset.spines.values():
            spine.set_visible(True)
            spine.set_edgecolor("#555555")
            spine.set_linewidth(0.7)
        ring = shapely.box(*(v * 1000 for v in self.frame_km)).segmentize(100_000).exterior
        x, y = np.asarray(ring.coords).T
        lon, lat = _transformer().transform(x, y, direction="INVERSE")
        inset.plot(*inset_xy(lon, lat), color="#555555", linewidth=0.6, linestyle=(0, (3, 2)))
        for line, colour, label in routes:
            lon, lat = np.asarray(line.coords).T[:2]
            inset.plot(*inset_xy(lon, lat), color=colour, linewidth=1.0, label=label)
        if inset.get_legend_handles_labels()[0]:
            inset.legend(
                loc="lower left", fontsize=5.5, frameon=False, handlelength=1.2, borderpad=0.2, labelspacing=0.25
            )
        self._hide_names_under(bounds)
        return inset

    def _hide_names_under(self, bounds: tuple[float, float, float, float]) -> None:
        """Hide names that an inset would cover in part."""
        self.ax.apply_aspect()
        to_axes = self.ax.transAxes.inverted()
        for text in self.texts:
            box = text.get_window_extent().transformed(to_axes)
            left, bottom, width, height = bounds
            if box.x0 < left + width and box.x1 > left and box.y0 < bottom + height and box.y1 > bottom:
                text.set_visible(False)


def map_xy(lon: Any, lat: Any) -> tuple[Any, Any]:
    """Map coordinates [m] of longitudes and latitudes [degrees], scalars or arrays."""
    x, y = _transformer().transform(lon, lat)
    return x, y


def inset_xy(lon: Any, lat: Any) -> tuple[Any, Any]:
    """Inset coordinates [m] of longitudes and latitudes [degrees]."""
    x, y = pyproj.Transformer.from_crs("EPSG:4326", INSET_CRS_TEXT, always_xy=True).transform(lon, lat)
    return x, y


def draw_basemap(
    ax: Axes,
    *,
    frame_km: tuple[float, float, float, float] = FRAME_KM,
    names: bool = True,
    scale_at: tuple[float, float] = (0.60, 0.045),
) -> BaseMap:
    """Draw the corridor's base map.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Empty axes; limits, aspect and ticks are set here.
    frame_km : tuple of float
        Left, bottom, right, top of the map [km east and north of 38 N 50 E].
    names : bool, default True
        Write names of countries and seas.
    scale_at : tuple of float
        Left end of the scale bar as fractions of the map.

    Returns
    -------
    BaseMap
        Projects further layers; only shipped geodata is read.
    """
    base = BaseMap(ax, frame_km)
    left, bottom, right, top = (v * 1000 for v in frame_km)
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)
    ax.set_autoscale_on(False)
    ax.set_aspect("equal", adjustable="box")
    ax.set_xticks([])
    ax.set_yticks([])
    # geopandas writes "Easting [metre]" whenever it plots a projected layer.
    ax.xaxis.label.set_visible(False)
    ax.yaxis.label.set_visible(False)
    ax.set_facecolor(SEA)
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_edgecolor("#555555")
        spine.set_zorder(9)
    _draw_land(base)
    _draw_graticule(base)
    if names:
        _draw_names(base, COUNTRY_NAMES, colour=LAND_INK, halo=LAND, style="normal")
        _draw_names(base, SEA_NAMES, colour=SEA_INK, halo=SEA, style="italic")
    _draw_scale(base, scale_at)
    ax.annotate(
        f"{SOURCE_TEXT}\n{CRS_NAME}; scale right within 2 %.",
        (0, 0), xycoords="axes fraction", xytext=(0, -16), textcoords="offset points",
        ha="left", va="top", fontsize=6.5, color="#555555", annotation_clip=False,
    )  # fmt: skip
    return base


@cache
def _transformer() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", CRS_TEXT, always_xy=True)


def _draw_land(base: BaseMap) -> None:
    """Land with borders and shore; the shore of the Caspian and the Gulf in finer lines."""
    view = shapely.box(*(v * 1000 for v in base.frame_km)).buffer(50_000)
    countries = layer_frame("land_countries")
    # Natural Earth keeps the leased ground of Baikonur apart: a disc inside Kazakhstan that tells the reader nothing.
    countries["name"] = countries["name"].replace({"Baikonur": "Kazakhstan"})
    countries = countries.dissolve(by="name")
    whole = shapely.union_all(countries.geometry.to_numpy())
    borders = shapely.line_merge(shapely.union_all(countries.geometry.boundary.to_numpy()).difference(whole.boundary))
    fine = layer_frame("coast_caspian_gulf").geometry.union_all()
    layers = (
        (whole, 1.0, LAND, 0.0),
        (borders, 1.1, BORDER, 0.6),
        (whole.boundary, 1.2, COAST, 0.5),
        (fine, 1.2, COAST, 0.5),
    )
    for shape, zorder, colour, width in layers:
        # A vertex every 2 km is finer than a printed line and keeps vector files small.
        part = base.project(_series(shape)).intersection(view).simplify(2000)
        if not part.is_empty.all():
            part.plot(ax=base.ax, color=colour, linewidth=width, aspect=None, zorder=zorder)


def _series(shape: Any) -> gpd.GeoSeries:
    """Make a series in lon/lat degrees out of one shape."""
    import geopandas as gpd

    return gpd.GeoSeries([shape], crs="EPSG:4326")


def _draw_graticule(base: BaseMap) -> None:
    """Lines every ten degrees, labelled in light ink outside the frame."""
    left, bottom, right, top = (v * 1000 for v in base.frame_km)
    for lon in range(0, 111, 10):
        x, y = base.to_xy(np.full(400, float(lon)), np.linspace(0, 75, 400))
        base.ax.plot(x, y, color=GRID, linewidth=0.4, alpha=0.7, zorder=1.5)
        for at, edge in _crossings(y, x, (bottom, top), (left, right)):
            _edge_label(base, f"{lon}°E", edge, at, horizontal=True)
    for lat in range(0, 81, 10):
        x, y = base.to_xy(np.linspace(-20, 120, 600), np.full(600, float(lat)))
        base.ax.plot(x, y, color=GRID, linewidth=0.4, alpha=0.7, zorder=1.5)
        for at, edge in _crossings(x, y, (left, right), (bottom, top)):
            _edge_label(base, f"{lat}°N", at, edge, horizontal=False)


def _crossings(
    across: Any, along: Any, edges: tuple[float, float], limits: tuple[float, float]
) -> Iterable[tuple[float, float]]:
    """Yield (edge, position along it) where a curve crosses one of two parallel edges between the limits."""
    for edge in edges:
        for (a0, b0), (a1, b1) in pairwise(zip(across, along, strict=True)):
            if (a0 - edge) * (a1 - edge) < 0:
                position = b0 + (b1 - b0) * (edge - a0) / (a1 - a0)
                if limits[0] < position < limits[1]:
                    yield edge, position


def _edge_label(base: BaseMap, text: str, x: float, y: float, *, horizontal: bool) -> None:
    """Write a degree label just outside the frame's edge."""
    left, bottom, _, _ = (v * 1000 for v in base.frame_km)
    if horizontal:
        low = y == bottom
        offset, across, upright = (0, -3 if low else 3), "center", "top" if low else "bottom"
    else:
        low = x == left
        offset, across, upright = (-3 if low else 3, 0), "right" if low else "left", "center"
    base.ax.annotate(
        text, (x, y), xytext=offset, textcoords="offset points", fontsize=6.5, color="#8a97a0",
        annotation_clip=False, ha=across, va=upright,
    )  # fmt: skip


def _draw_names(
    base: BaseMap, table: Iterable[tuple[str, float, float, float, float]], *, colour: str, halo: str, style: str
) -> None:
    """Write names of countries or seas that lie wholly in the frame, smaller on a small map."""
    base.ax.apply_aspect()
    width_in = base.ax.get_window_extent().width / base.ax.get_figure(root=True).dpi  # type: ignore[union-attr]
    shrink = min(1.2, max(0.65, width_in / NAMES_WIDTH_IN))
    for name, lon, lat, size, turn in table:
        x, y = base.to_xy(lon, lat)
        if not base.inside(x, y):
            continue
        spaced = name if style == "italic" or size < 6 else "\u2009".join(name)
        text = base.ax.text(
            x, y, spaced, fontsize=size * shrink, color=colour, rotation=turn, style=style, ha="center", va="center",
            linespacing=1.0, zorder=2, clip_on=True,
        )  # fmt: skip
        extent, frame = text.get_window_extent(), base.ax.get_window_extent()
        if extent.x0 < frame.x0 or extent.x1 > frame.x1 or extent.y0 < frame.y0 or extent.y1 > frame.y1:
            text.remove()  # half a name tells nothing
            continue
        text.set_path_effects([patheffects.withStroke(linewidth=1.5, foreground=halo, alpha=0.7)])
        base.texts.append(text)


def _draw_scale(base: BaseMap, at: tuple[float, float]) -> None:
    """Draw a bar of about an eighth of the map's width, in round kilometres."""
    left, bottom, right, top = (v * 1000 for v in base.frame_km)
    wanted_km = (right - left) / 7000
    step_km = max(s for s in (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000) if 2 * s <= wanted_km or s == 1)
    x0, y0 = left + at[0] * (right - left), bottom + at[1] * (top - bottom)
    height = 0.006 * (top - bottom)
    for i in range(2):
        base.ax.add_patch(
            Rectangle(
                (x0 + i * step_km * 1000, y0), step_km * 1000, height, zorder=9, linewidth=0.6,
                facecolor="#444444" if i == 0 else "white", edgecolor="#444444",
            )
        )  # fmt: skip
    for i, label in ((0, "0"), (2, f"{2 * step_km} km")):
        text = base.ax.annotate(
            label, (x0 + i * step_km * 1000, y0 + height), xytext=(0, 2), textcoords="offset points", fontsize=7,
            color="#444444", ha="center", va="bottom", zorder=9,
        )  # fmt: skip
        base.texts.append(text)
