"""The GeoPackage of a result: sections with their flows, places with their queues, on WGS 84, with styles for QGIS."""

from __future__ import annotations

import math
import sqlite3
from typing import TYPE_CHECKING, Any

from corridor_sim.foundation.errors import ResultError
from corridor_sim.plots.map_layers import section_flows
from corridor_sim.report.qgis_styles import line_style, point_style

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corridor_sim.plots.result_view import ResultView

SECTIONS, PLACES = "sections", "places"
PLACE_KPIS = {
    "queue_mean_n": "waiting_mean_n", "queue_longest_n": "waiting_most_n", "queue_mean_h": "wait_mean_h",
    "queue_p95_h": "wait_p95_h", "utilisation_frac": "busy_frac", "offered_load_frac": "offered_load_frac",
    "throughput_t": "throughput_t",
}  # fmt: skip
"""KPI and its field in the layer of places; values are those of the whole measured time."""
STYLES: dict[str, Callable[[Any], str]] = {SECTIONS: line_style, PLACES: point_style}
"""What makes the style of each layer."""


def write_geopackage(view: ResultView, target: Path) -> Path:
    """Write sections and places of a result as two layers, each with a default style that QGIS takes up.

    Raises
    ------
    ResultError
        When nothing of the result lies on the network, or the file cannot be written.
    """
    layers = {} if view.result.stages.empty else {SECTIONS: _sections(view), PLACES: _places(view)}
    layers = {name: frame for name, frame in layers.items() if len(frame)}
    if not layers:
        raise ResultError("nothing flows or waits on the network, so there is nothing to put on a map")
    try:
        target.unlink(missing_ok=True)
        for name, frame in layers.items():
            frame.to_file(target, layer=name, driver="GPKG", index=False)
        _add_styles(target, {name: STYLES[name](frame) for name, frame in layers.items()})
    except (OSError, RuntimeError, sqlite3.Error) as error:
        raise ResultError(f"{target}: cannot be written: {error}") from error
    return target


def _sections(view: ResultView) -> Any:
    import geopandas as gpd

    tonnes, number = (view.means(kpi, "section") for kpi in ("throughput_t", "throughput_consignments"))
    rows = []
    for flow in section_flows(view):
        s = view.network.section_by_id(flow.section)
        rows.append({
            "section_id": s.id, "from_name": view.node_label(s.a), "to_name": view.node_label(s.b), "mode": s.mode,
            "km": s.km, "throughput_t": float(tonnes[s.id]), "throughput_consignments": float(number[s.id]),
            "all_mt_per_year": flow.total_mt, "corridor_mt_per_year": flow.corridor_mt, "grade": s.grade,
            "geometry": s.geometry,
        })  # fmt: skip
    return gpd.GeoDataFrame(
        rows, geometry="geometry" if rows else None, crs=view.network.sections.crs if rows else None
    )


def _places(view: ResultView) -> Any:
    import geopandas as gpd
    from shapely import Point

    means = {field: view.means(kpi, "place") for kpi, field in PLACE_KPIS.items()}
    rows = []
    for place, about in view.places.iterrows():
        if about["node"] not in view.network.node_ids:
            continue
        node = view.network.node(about["node"])
        row = {
            "place_id": str(place),
            "name": about["name"],
            "kind": about["kind"],
            "node": node.id,
            "node_name": node.name,
        }
        row |= {field: float(series.get(place, math.nan)) for field, series in means.items()}
        waiting = float(view.waiting_t.get(place, 0.0))
        rows.append({**row, "waiting_mean_t": waiting, "geometry": Point(node.lon, node.lat)})
    return gpd.GeoDataFrame(rows, geometry="geometry" if rows else None, crs=view.network.nodes.crs if rows else None)


def _add_styles(target: Path, styles: dict[str, str]) -> None:
    """Put styles where QGIS looks for them, as a registered table of the GeoPackage."""
    connection = sqlite3.connect(target)
    try:
        with connection:
            connection.execute(
                "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT,"
                " f_table_schema TEXT, f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT,"
                " styleSLD TEXT,"
                " useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT,"
                " update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"
            )
            connection.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, description)"
                " VALUES ('layer_styles', 'attributes', 'layer_styles', 'styles of the layers')"
            )
            connection.executemany(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,"
                " styleName, styleQML, styleSLD, useAsDefault, description, owner)"
                " VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '')",
                [(name, name, qml) for name, qml in styles.items()],
            )
    finally:
        connection.close()
