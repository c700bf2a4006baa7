"""GeoJSON layers as located features: the file and line of every feature are kept for messages."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor_sim.foundation.errors import GeodataError, Location, Problem, ProblemList
from corridor_sim.foundation.shipped import data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

CRS = "EPSG:4326"
"""Longitude and latitude in degrees on WGS 84, the only reference system of GeoJSON (RFC 7946)."""


@dataclass(frozen=True)
class Feature:
    """One feature of a layer that passed the checks of form."""

    layer: str
    """File name, such as ``nodes.geojson``."""
    feature_id: str
    properties: Mapping[str, Any]
    geometry: BaseGeometry
    location: Location

    @property
    def path(self) -> str:
        """Name used in messages: layer and id, such as ``sections.RU_MCX-RU_DER-rail``."""
        return f"{self.layer.removesuffix('.geojson')}.{self.feature_id}"


def read_layer(path: Path, id_field: str, geometry_type: str, problems: ProblemList) -> list[Feature]:
    """Read a GeoJSON layer and check its form.

    Parameters
    ----------
    path : pathlib.Path
        The file; coordinates are longitude and latitude in degrees.
    id_field : str
        Property that names a feature; it must be a unique non-empty text.
    geometry_type : {"Point", "LineString"}
        The only geometry type allowed in the layer.
    problems : ProblemList
        Receives everything that is wrong; a feature with a problem is left out of the answer.

    Returns
    -------
    list of Feature
        In the order of the file.
    """
    from shapely.geometry import shape

    features: list[Feature] = []
    first_seen: dict[str, Location] = {}
    for number, (raw, location) in enumerate(_raw_features(path, problems)):
        layer_name = path.name.removesuffix(".geojson")
        properties = raw.get("properties") if isinstance(raw, dict) else None
        if not isinstance(properties, dict):
            problems.add(f"{layer_name}[{number}]", "is no feature with properties", location=location)
            continue
        feature_id = properties.get(id_field)
        if not isinstance(feature_id, str) or not feature_id:
            problems.add(
                f"{layer_name}[{number}]", f"'{id_field}' is missing", location=location, hint="expected a unique text"
            )
            continue
        where = f"{layer_name}.{feature_id}"
        if feature_id in first_seen:
            hint = f"first used at {first_seen[feature_id]}; expected unique ids"
            problems.add(where, "the id is used twice", location=location, hint=hint)
            continue
        first_seen[feature_id] = location
        fault = geometry_fault(raw.get("geometry"), geometry_type)
        if fault:
            problems.add(where, fault, location=location, hint=f"expected a {geometry_type} in lon/lat degrees")
            continue
        features.append(Feature(path.name, feature_id, properties, shape(raw["geometry"]), location))
    return features


def _raw_features(path: Path, problems: ProblemList) -> Iterator[tuple[Any, Location]]:
    """Yield each raw feature with its place in the file; note a file that cannot be read as a problem."""
    start = Location(str(path), 1, 1)
    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text)
    except json.JSONDecodeError as error:
        location = Location(str(path), error.lineno, error.colno)
        problems.add("", f"is no JSON: {error.msg}", location=location, hint="expected a GeoJSON FeatureCollection")
        return
    except (OSError, UnicodeDecodeError) as error:
        problems.add("", f"cannot be read: {error}", location=start, hint="expected a GeoJSON FeatureCollection")
        return
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        problems.add("", "holds no list of features", location=start, hint="expected a GeoJSON FeatureCollection")
        return
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.lstrip().startswith('{"type":"Feature",')]
    # The layers are written one feature per line; for any other layout the file alone is named.
    known = len(lines) == len(features)
    for i, raw in enumerate(features):
        yield raw, Location(str(path), lines[i], 1) if known else start


def geometry_fault(geometry: Any, geometry_type: str) -> str:
    """Say what is wrong with a raw GeoJSON geometry, or return an empty text."""
    if not isinstance(geometry, dict) or geometry.get("type") != geometry_type:
        found = geometry.get("type") if isinstance(geometry, dict) else None
        return f"geometry is '{found}'" if found else "has no geometry"
    coordinates = geometry.get("coordinates")
    points = [coordinates] if geometry_type == "Point" else coordinates
    if not isinstance(points, list) or not points:
        return "geometry has no coordinates"
    for point in points:
        if not isinstance(point, list) or len(point) < 2 or not all(_is_number(v) for v in point[:2]):
            return f"coordinate {point} is no pair of numbers"
        if not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
            return f"coordinate {point} lies outside lon -180..180, lat -90..90 (order is lon, lat)"
    if geometry_type == "LineString" and len({tuple(p[:2]) for p in points}) < 2:
        return "line has fewer than two different points"
    return ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def layer_frame(name: str, folder: Path | None = None) -> gpd.GeoDataFrame:
    """Read a base layer for drawing.

    Parameters
    ----------
    name : str
        Layer without ending: ``land_countries``, ``coast_caspian_gulf``, ``land_world_110m``, ``gas_route``, ...
    folder : pathlib.Path, optional
        Folder of the layers; the shipped geodata by default.

    Returns
    -------
    geopandas.GeoDataFrame
        All features in the order of the file, in lon/lat degrees on WGS 84.

    Raises
    ------
    GeodataError
        When the file is missing or no GeoJSON.
    """
    import geopandas as gpd

    path = (folder or data_dir("geodata")) / f"{name}.geojson"
    problems = ProblemList()
    features = [raw for raw, _ in _raw_features(path, problems)]
    problems.raise_if_any(GeodataError)
    if not features:
        raise GeodataError([Problem("", "holds no features", Location(str(path), 1, 1))])
    return gpd.GeoDataFrame.from_features(features, crs=CRS)
