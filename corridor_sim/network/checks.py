"""What must hold before nodes and sections make a network. Each check notes all it finds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from corridor_sim.foundation.errors import nearest
from corridor_sim.network.model import MODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corridor_sim.foundation.errors import ProblemList
    from corridor_sim.network.layers import Feature

GRADES = ("A", "B", "C")
NODE_KINDS = (
    "city", "gauge_terminal", "project_site", "rail_border", "rail_hub", "rail_station", "rail_terminal",
    "road_border", "road_node", "sea_waypoint", "seaport",
)  # fmt: skip
END_TOLERANCE_KM = 0.05
"""How far a line may end from its node [km]: rounding to 0.0001 degree is 11 m at most."""
LENGTH_SLACK_KM = 5.0
"""Difference of shape and stated length that is always allowed [km]: many nodes are known to 2-5 km only, which says
nothing about a section of 1-10 km."""
LENGTH_WARN_FRAC = 0.15
LENGTH_ERROR_FRAC = 0.40


def geodesic_km(line: Any) -> float:
    """Length of a lon/lat line on the WGS 84 ellipsoid [km]."""
    from pyproj import Geod

    return float(Geod(ellps="WGS84").geometry_length(line)) / 1000.0


def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Geodesic distance of two points given in degrees [km]."""
    from pyproj import Geod

    return float(Geod(ellps="WGS84").inv(lon1, lat1, lon2, lat2)[2]) / 1000.0


def check_node(node: Feature, problems: ProblemList) -> bool:
    """Check the properties of one node; return whether it can be used."""
    before = len(problems.problems)
    _check_texts(node, ("name", "country", "kind", "source", "grade"), problems)
    _check_choice(node, "kind", NODE_KINDS, problems)
    _check_choice(node, "grade", GRADES, problems)
    return len(problems.problems) == before


def check_section(section: Feature, node_ids: Sequence[str], problems: ProblemList) -> bool:
    """Check the properties of one section; return whether it can be used."""
    before = len(problems.problems)
    _check_texts(section, ("from", "to", "mode", "source", "grade"), problems)
    _check_choice(section, "mode", MODES, problems)
    _check_choice(section, "grade", GRADES, problems)
    row = section.properties
    for end in ("from", "to"):
        value = row.get(end)
        if isinstance(value, str) and value and value not in node_ids:
            hint = nearest(value, node_ids) or "expected the id of a node"
            problems.add(f"{section.path}.{end}", f"there is no node '{value}'", location=section.location, hint=hint)
    if row.get("from") and row.get("from") == row.get("to"):
        problems.add(section.path, "starts and ends at the same node", location=section.location)
    if not _positive(row.get("km")):
        message = f"length is {row.get('km')!r}"
        problems.add(f"{section.path}.km", message, location=section.location, hint="expected km above 0")
    is_rail = row.get("mode") == "rail"
    if is_rail and not _positive(row.get("gauge_mm")):
        message = f"rail section with gauge {row.get('gauge_mm')!r}"
        hint = "expected millimetres, 1520 or 1435"
        problems.add(f"{section.path}.gauge_mm", message, location=section.location, hint=hint)
    expected = f"{row.get('from')}-{row.get('to')}-{row.get('mode')}"
    if section.feature_id != expected and not section.feature_id.startswith(f"{expected}-"):
        hint = f"expected '{expected}' or '{expected}-' and a tag for parallel sections"
        problems.add(section.path, "the id does not fit the section's ends", location=section.location, hint=hint)
    return len(problems.problems) == before


def check_parallel(sections: Iterable[Feature], problems: ProblemList) -> None:
    """Check that parallel sections of one mode are told apart by tags, whichever way round they are written."""
    groups: dict[tuple[frozenset[str], str], list[Feature]] = {}
    for s in sections:
        ends = frozenset((str(s.properties["from"]), str(s.properties["to"])))
        groups.setdefault((ends, str(s.properties["mode"])), []).append(s)
    for group in groups.values():
        seen: set[str] = set()
        for s in group:
            tag = section_tag(s.feature_id, s.properties)
            if len(group) > 1 and (not tag or tag in seen):
                others = ", ".join(o.feature_id for o in group if o is not s)
                hint = "expected ids that end in different tags, such as -suez and -cape"
                problems.add(s.path, f"cannot be told from {others}", location=s.location, hint=hint)
            seen.add(tag)


def section_tag(section_id: str, row: Mapping[str, Any]) -> str:
    """Tag of a section: what follows ``from-to-mode-`` in its id."""
    return section_id[len(f"{row['from']}-{row['to']}-{row['mode']}") :].removeprefix("-")


def check_ends(section: Feature, nodes: Mapping[str, Feature], problems: ProblemList) -> None:
    """Check that the line starts and ends at the section's nodes (within `END_TOLERANCE_KM`)."""
    line: Any = section.geometry
    for end, position in (("from", 0), ("to", -1)):
        node_id = str(section.properties[end])
        point: Any = nodes[node_id].geometry
        lon, lat = line.coords[position][:2]
        gap_km = distance_km(lon, lat, point.x, point.y)
        if gap_km > END_TOLERANCE_KM:
            which = "starts" if position == 0 else "ends"
            closest = min(nodes, key=lambda n: _flat_distance(nodes[n].geometry, lon, lat))
            hint = f"expected {point.x} {point.y}"
            hint += f" within {END_TOLERANCE_KM * 1000:.0f} m; the nearest node to that point is {closest}"
            message = f"line {which} at {lon} {lat}, {gap_km:.2f} km from {node_id}"
            problems.add(f"{section.path}.{end}", message, location=section.location, hint=hint)


def check_length(section: Feature, problems: ProblemList, warnings: list[str]) -> None:
    """Compare the line's geodesic length with the stated km, which rules time and cost."""
    stated_km = float(section.properties["km"])
    shape_km = geodesic_km(section.geometry)
    gap_km = abs(shape_km - stated_km)
    gap_frac = gap_km / stated_km
    if gap_km <= LENGTH_SLACK_KM or gap_frac <= LENGTH_WARN_FRAC:
        return
    text = f"the line is {shape_km:.0f} km long, {stated_km:g} km are stated ({(shape_km / stated_km - 1):+.0%})"
    if gap_frac > LENGTH_ERROR_FRAC:
        hint = f"expected within {LENGTH_ERROR_FRAC:.0%} or {LENGTH_SLACK_KM:g} km"
        problems.add(f"{section.path}.km", text, location=section.location, hint=hint)
    else:
        # The file's name alone: warnings go into results, which must not depend on where the package lies.
        place = f"{section.layer}:{section.location.line}"
        warnings.append(f"{place}: {section.path}: {text}; the stated km rule time and cost")


def check_gauges(sections: Iterable[Feature], nodes: Mapping[str, Feature], problems: ProblemList) -> None:
    """Check that rail sections of different gauge meet at gauge terminals only."""
    at: dict[str, dict[int, list[str]]] = {}
    for s in sections:
        if s.properties["mode"] == "rail":
            for end in ("from", "to"):
                by_gauge = at.setdefault(str(s.properties[end]), {})
                by_gauge.setdefault(int(s.properties["gauge_mm"]), []).append(s.feature_id)
    for node_id, by_gauge in at.items():
        node = nodes[node_id]
        if len(by_gauge) > 1 and node.properties["kind"] != "gauge_terminal":
            parts = "; ".join(f"{gauge} mm: {', '.join(ids)}" for gauge, ids in sorted(by_gauge.items()))
            message = f"gauges meet at a {node.properties['kind']} ({parts})"
            problems.add(node.path, message, location=node.location, hint="expected a node of kind gauge_terminal")


def _check_texts(feature: Feature, names: Iterable[str], problems: ProblemList) -> None:
    for name in names:
        value = feature.properties.get(name)
        if not isinstance(value, str) or not value.strip():
            hint = nearest(name, feature.properties) if value is None else ""
            problems.add(
                f"{feature.path}.{name}",
                "is missing or no text",
                location=feature.location,
                hint=hint or "expected a text",
            )


def _check_choice(feature: Feature, name: str, valid: Sequence[str], problems: ProblemList) -> None:
    value = feature.properties.get(name)
    if isinstance(value, str) and value.strip() and value not in valid:
        hint = nearest(value, valid) or f"expected one of {', '.join(valid)}"
        problems.add(f"{feature.path}.{name}", f"unknown {name} '{value}'", location=feature.location, hint=hint)


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0


def _flat_distance(point: Any, lon: float, lat: float) -> float:
    """Order of nearness only: squared distance in degrees with longitudes shrunk."""
    return float(((point.x - lon) * math.cos(math.radians(lat))) ** 2 + (point.y - lat) ** 2)
