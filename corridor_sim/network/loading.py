"""Layers on disk to a checked Network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from corridor_sim.foundation.errors import GeodataError, ProblemList
from corridor_sim.foundation.shipped import data_dir
from corridor_sim.network import checks
from corridor_sim.network.layers import read_layer
from corridor_sim.network.model import Network, Node, Section

if TYPE_CHECKING:
    from pathlib import Path

    from corridor_sim.network.layers import Feature


def load_network(folder: Path | None = None) -> Network:
    """Read nodes and sections and check that they fit together.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Folder with ``nodes.geojson`` and ``sections.geojson``; the shipped geodata by default.

    Returns
    -------
    Network
        With warnings for sections whose shape and stated km differ by more than 15 % (and 5 km).

    Raises
    ------
    GeodataError
        Carries everything that is wrong, each with file and line, feature id, what was expected and the nearest
        valid id.
    """
    folder = folder or data_dir("geodata")
    problems = ProblemList()
    warnings: list[str] = []
    all_nodes = read_layer(folder / "nodes.geojson", "id", "Point", problems)
    all_sections = read_layer(folder / "sections.geojson", "section_id", "LineString", problems)
    for node in all_nodes:
        checks.check_node(node, problems)
    # A node with a faulty property still exists: its sections are not reported as ending nowhere.
    nodes = {n.feature_id: n for n in all_nodes}
    sections = [s for s in all_sections if checks.check_section(s, list(nodes), problems)]
    for section in sections:
        checks.check_ends(section, nodes, problems)
        checks.check_length(section, problems, warnings)
    checks.check_parallel(sections, problems)
    checks.check_gauges(sections, nodes, problems)
    problems.raise_if_any(GeodataError)
    return Network([_node(n) for n in all_nodes], [_section(s) for s in sections], warnings)


def _node(feature: Feature) -> Node:
    row = feature.properties
    point: Any = feature.geometry
    return Node(
        id=feature.feature_id,
        name=row["name"],
        label=row.get("label") or row["name"],
        country=row["country"],
        kind=row["kind"],
        lon=point.x,
        lat=point.y,
        source=row["source"],
        grade=row["grade"],
        note=row.get("note"),
    )


def _section(feature: Feature) -> Section:
    row = feature.properties
    gauge_mm, tracks = row.get("gauge_mm"), row.get("tracks")
    return Section(
        id=feature.feature_id,
        a=row["from"],
        b=row["to"],
        mode=row["mode"],
        km=float(row["km"]),
        gauge_mm=None if gauge_mm is None else int(gauge_mm),
        tracks=None if tracks is None else int(tracks),
        grade=row["grade"],
        geometry=cast("Any", feature.geometry),
        tag=checks.section_tag(feature.feature_id, row),
        properties=row,
    )
