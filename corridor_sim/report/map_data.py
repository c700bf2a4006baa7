"""What the interactive map shows, as plain data: land, sections by flow, places by queue, in map kilometres."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import shapely

from corridor_sim.network import layer_frame
from corridor_sim.plots.basemap import COUNTRY_NAMES, CRS_NAME, CRS_TEXT, FRAME_KM, SEA_NAMES, SOURCE_TEXT, map_xy
from corridor_sim.plots.map_layers import frame_around, section_flows
from corridor_sim.report.animation import animation_data
from corridor_sim.report.map_lines import coordinates, point, section_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor_sim.plots.map_layers import Flow
    from corridor_sim.plots.result_view import ResultView
    from corridor_sim.report.map_lines import Line

NEAR_KM, FAR_KM = 3.0, 15.0
"""Detail of the land in the corridor, and of the continents that ships pass."""
FAR_DEG = (-32.0, -40.0, 110.0, 72.0)
"""West, south, east, north of the far land [degrees]."""
TOGETHER_KM = 18.0
"""Nodes closer than this share one circle: the posts, lanes and terminals of one border town."""
N_PLACES_TOLD = 3
LEAST_M2 = 30e6
"""Islands and lakes below this are left out, m2."""


def map_data(view: ResultView) -> dict[str, Any] | None:
    """Return the map's data; None when nothing flows on a section of the network.

    Coordinates are [north, east] in km from 38 N 50 E, Lambert azimuthal equal area, as Leaflet's simple system wants.
    """
    flows = [] if view.result.stages.empty else section_flows(view)
    if not flows:
        return None
    lines = section_lines(view, [f.section for f in flows])
    nodes = sorted({n for f in flows for n in _ends(view, f)})
    places = [map_xy(view.network.node(n).lon, view.network.node(n).lat) for n in nodes]
    left, bottom, right, top = frame_around((x / 1000, y / 1000) for x, y in places)
    whole = (left, bottom, right, top) == FRAME_KM
    return {
        "frame": [[bottom, left], [top, right]],
        "land": _land(),
        "names": [
            *(_name(name, lon, lat, "country") for name, lon, lat, _, _ in COUNTRY_NAMES),
            *(_name(name, lon, lat, "sea") for name, lon, lat, _, _ in SEA_NAMES),
        ],
        "sections": [_section(view, flow, lines[flow.section]) for flow in flows],
        "nodes": [_node(view, n, main=whole) for n in nodes],
        "queues": _queues(view),
        "animation": animation_data(view),
        "source": f"{SOURCE_TEXT} {CRS_NAME}.",
    }


def _ends(view: ResultView, flow: Flow) -> tuple[str, str]:
    section = view.network.section_by_id(flow.section)
    return section.a, section.b


def _section(view: ResultView, flow: Flow, line: Line) -> dict[str, Any]:
    section = view.network.section_by_id(flow.section)
    tonnes = view.means("throughput_t", "section")
    ways = [
        (f"{view.node_label(a)} to {view.node_label(b)}", tonnes.get(f"{flow.section}/{a}>{b}", math.nan))
        for a, b in ((section.a, section.b), (section.b, section.a))
    ]
    number = view.means("throughput_consignments", "section").get(flow.section, math.nan)
    rows = [
        ["corridor cargo", f"{flow.corridor_mt:.2f} Mt/yr"],
        ["all simulated cargo", f"{flow.total_mt:.2f} Mt/yr"],
        *([way, f"{t / 1e6 / view.years:.2f} Mt/yr"] for way, t in ways if not math.isnan(t)),
        ["consignments", f"{number / view.years / 365:,.1f} a day"],
        ["length", f"{section.km:,.0f} km"],
    ]
    title = f"{view.node_label(section.a)} – {view.node_label(section.b)}, {section.mode}"  # noqa: RUF001
    return {
        "id": section.id, "mode": section.mode, "mt": round(flow.corridor_mt, 4), "all": round(flow.total_mt, 4),
        "line": line, "title": title, "rows": rows,
    }  # fmt: skip


def _node(view: ResultView, node_id: str, *, main: bool) -> dict[str, Any]:
    from corridor_sim.plots.map import MAIN_NODES

    node = view.network.node(node_id)
    x, y = map_xy(node.lon, node.lat)
    rank = MAIN_NODES.index(node_id) if node_id in MAIN_NODES else len(MAIN_NODES)
    return {"at": point(x, y), "name": node.label, "rank": rank if main else 0}


def _name(name: str, lon: float, lat: float, kind: str) -> dict[str, Any]:
    return {"at": point(*map_xy(lon, lat)), "name": name.replace("\n", " "), "kind": kind}


def _queues(view: ResultView) -> list[dict[str, Any]]:
    """Cargo waiting, grouped by nodes that lie close together, the most first, with what is known of each place."""
    groups: list[dict[str, Any]] = []
    for place, waiting_t in view.waiting_t[view.waiting_t > 0].sort_values(ascending=False).items():
        node = str(view.places["node"].get(place, ""))
        if node not in view.network.node_ids:
            continue
        at = point(*map_xy(view.network.node(node).lon, view.network.node(node).lat))
        near = next((g for g in groups if math.dist(g["at"], at) < TOGETHER_KM), None)
        if near is None:
            near = {"at": at, "title": view.node_label(node), "t": 0.0, "rows": []}
            groups.append(near)
        near["t"] = round(near["t"] + float(waiting_t), 1)
        if len(near["rows"]) < N_PLACES_TOLD:
            near["rows"].append([view.place_name(str(place)), _about_place(view, str(place))])
    return sorted((g for g in groups if g["t"] >= 1), key=lambda g: -g["t"])


def _about_place(view: ResultView, place: str) -> str:
    parts = [f"{view.waiting_t[place] / 1000:.2f} kt waiting"]
    wait, busy = (view.means(kpi, "place").get(place, math.nan) for kpi in ("queue_mean_h", "utilisation_frac"))
    growth = view.means("queue_growth_per_year", "place").get(place, math.nan)
    parts += [] if math.isnan(wait) else [f"wait {wait:.1f} h"]
    parts += [] if math.isnan(growth) else [f"grows by {growth:,.0f} a year"]
    parts += [] if math.isnan(busy) else [f"busy {100 * busy:.0f} %"]
    return ", ".join(parts)


@cache
def _land() -> dict[str, Any]:
    """Land as one shape, so that only shores have an outline, and the borders inside it.

    The corridor's countries are in detail, the continents beyond, which ships pass, in outline.
    """
    countries = layer_frame("land_countries").dissolve(by="name").to_crs(CRS_TEXT)
    near = countries.simplify_coverage(NEAR_KM * 1000).make_valid()
    whole = shapely.union_all(near.to_numpy())
    borders = shapely.union_all(near.boundary.to_numpy()).difference(whole.boundary.buffer(500))
    far = layer_frame("land_world_110m").clip(FAR_DEG).segmentize(2.0).to_crs(CRS_TEXT).simplify(FAR_KM * 1000)
    beyond = shapely.union_all(far.make_valid().to_numpy()).difference(whole.convex_hull.buffer(-FAR_KM * 1000))
    fine = layer_frame("coast_caspian_gulf").to_crs(CRS_TEXT).simplify(NEAR_KM * 1000).to_numpy()
    return {
        "land": _polygons(shapely.union(whole, beyond.buffer(FAR_KM * 1000 / 3).simplify(NEAR_KM * 1000))),
        "borders": _lines([shapely.line_merge(borders)]),
        "shores": _lines(fine),
    }


def _polygons(shape: Any) -> list[list[Line]]:
    parts = [p for p in _parts([shape]) if p.geom_type == "Polygon" and p.area > LEAST_M2]
    return [[coordinates(ring) for ring in (p.exterior, *p.interiors) if _area(ring) > LEAST_M2] for p in parts]


def _area(ring: Any) -> float:
    return float(shapely.Polygon(ring).area)


def _lines(shapes: Iterable[Any]) -> list[Line]:
    return [coordinates(p) for p in _parts(shapes) if p.geom_type == "LineString" and p.length > 5000]


def _parts(shapes: Iterable[Any]) -> list[Any]:
    return list(shapely.get_parts(shapely.get_parts(list(shapes))))
