"""The network: nodes, sections between them, and shortest routes over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

from corridor_sim.foundation.errors import nearest
from corridor_sim.network.layers import CRS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import geopandas as gpd
    import networkx as nx
    from shapely import LineString

Mode = Literal["rail", "road", "sea"]
MODES: tuple[Mode, ...] = ("rail", "road", "sea")


@dataclass(frozen=True)
class Node:
    """A place of the network: station, port, border post, terminal or waypoint."""

    id: str
    name: str
    label: str
    """Short name for maps."""
    country: str
    kind: str
    lon: float
    """Longitude [degrees east, WGS 84]."""
    lat: float
    """Latitude [degrees north, WGS 84]."""
    source: str
    grade: str
    note: str | None = None


@dataclass(frozen=True)
class Section:
    """A stretch of infrastructure between two nodes, usable in both directions."""

    id: str
    a: str
    """Node where the geometry starts."""
    b: str
    """Node where the geometry ends."""
    mode: Mode
    km: float
    """Stated length [km]: rules time and cost. The geometry only draws."""
    gauge_mm: int | None
    """Track gauge [mm], rail only."""
    tracks: int | None
    grade: str
    geometry: LineString = field(compare=False, repr=False)
    tag: str = ""
    """Tells parallel sections apart: the ``via`` of a sea leg, such as ``suez``."""
    properties: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """The row of the layer as stored: route, speed_kmh, status, source, ..."""

    @property
    def planned(self) -> bool:
        """Whether the section is not open yet (status planned or under construction)."""
        return str(self.properties.get("status") or "").startswith(("planned", "under construction"))

    def geometry_from(self, node_id: str) -> LineString:
        """Give the line in the direction of travel that starts at one of the two ends."""
        if node_id not in (self.a, self.b):
            raise ValueError(f"{node_id} is no end of {self.id}, expected {self.a} or {self.b}")
        return self.geometry if node_id == self.a else self.geometry.reverse()


class Network:
    """Nodes and sections that fit together, made by `load_network`.

    Parameters
    ----------
    nodes : sequence of Node
        In the order of the layer.
    sections : sequence of Section
        In the order of the layer; both ends are among the nodes.
    warnings : sequence of str
        What the checks found doubtful but usable.
    """

    def __init__(self, nodes: Sequence[Node], sections: Sequence[Section], warnings: Sequence[str] = ()) -> None:
        self._nodes = {n.id: n for n in nodes}
        self._sections = {s.id: s for s in sections}
        self._between: dict[tuple[frozenset[str], str], list[Section]] = {}
        for s in sections:
            self._between.setdefault((frozenset((s.a, s.b)), s.mode), []).append(s)
        self.warnings: list[str] = list(warnings)

    @cached_property
    def nodes(self) -> gpd.GeoDataFrame:
        """Nodes as a frame, index ``id``; points in lon/lat degrees on WGS 84."""
        import geopandas as gpd

        columns = ("id", "name", "label", "country", "kind", "source", "grade", "note")
        rows = [{c: getattr(n, c) for c in columns} for n in self._nodes.values()]
        points = gpd.points_from_xy([n.lon for n in self._nodes.values()], [n.lat for n in self._nodes.values()])
        return gpd.GeoDataFrame(rows, geometry=points, crs=CRS).set_index("id")

    @cached_property
    def sections(self) -> gpd.GeoDataFrame:
        """Sections as a frame, index ``section_id``; km is the stated length, lines in lon/lat degrees on WGS 84."""
        import geopandas as gpd

        rows = [{**s.properties, "tag": s.tag} for s in self._sections.values()]
        lines = [s.geometry for s in self._sections.values()]
        return gpd.GeoDataFrame(rows, geometry=lines, crs=CRS).set_index("section_id")

    @cached_property
    def graph(self) -> nx.MultiGraph:
        """Undirected multigraph: edge key is the section id, edges carry ``mode``, ``km``, ``tag`` and ``planned``."""
        import networkx as nx

        graph = nx.MultiGraph()
        for n in self._nodes.values():
            graph.add_node(n.id, kind=n.kind, country=n.country)
        for s in self._sections.values():
            graph.add_edge(s.a, s.b, key=s.id, mode=s.mode, km=s.km, tag=s.tag, planned=s.planned)
        return graph

    @property
    def node_ids(self) -> tuple[str, ...]:
        """Ids of all nodes in the order of the layer."""
        return tuple(self._nodes)

    @property
    def section_ids(self) -> tuple[str, ...]:
        """Ids of all sections in the order of the layer."""
        return tuple(self._sections)

    def node(self, node_id: str) -> Node:
        """Give a node, or raise ValueError naming the nearest valid id."""
        if node_id not in self._nodes:
            raise ValueError(_join(f"the network has no node '{node_id}'", nearest(node_id, self._nodes)))
        return self._nodes[node_id]

    def section_by_id(self, section_id: str) -> Section:
        """Give a section by its id, or raise ValueError naming the nearest valid id."""
        if section_id not in self._sections:
            raise ValueError(_join(f"the network has no section '{section_id}'", nearest(section_id, self._sections)))
        return self._sections[section_id]

    def parallel(self, a: str, b: str, mode: str) -> list[Section]:
        """All sections of a mode that join two nodes directly, in either direction."""
        return list(self._between.get((frozenset((a, b)), mode), ()))

    def section(self, a: str, b: str, mode: str, via: str | None = None) -> Section | None:
        """Find the section of a mode that joins two nodes directly, in either direction.

        Parameters
        ----------
        a, b : str
            Node ids.
        mode : {"rail", "road", "sea"}
            Mode of the section.
        via : str, optional
            Tag that tells parallel sections apart.

        Returns
        -------
        Section or None
            None when there is no such section (also when all carry other tags).

        Raises
        ------
        ValueError
            When there are parallel sections and no tag was given.
        """
        found = self.parallel(a, b, mode)
        if via is not None:
            tagged = [s for s in found if s.tag == via]
            # A chain may hold ordinary sections beside the one that the tag picks.
            return next(iter(tagged or [s for s in found if not s.tag]), None)
        if len(found) > 1:
            tags = ", ".join(sorted(s.tag for s in found))
            raise ValueError(f"{len(found)} {mode} sections join {a} and {b}, choose one with via: {tags}")
        return found[0] if found else None

    def route(self, a: str, b: str, mode: str, *, include_planned: bool = False) -> list[str]:
        """Find the shortest route of one mode.

        Parameters
        ----------
        a, b : str
            Node ids of origin and destination.
        mode : {"rail", "road", "sea"}
            Mode of all sections on the way.
        include_planned : bool, default False
            Also use sections that are planned or under construction.

        Returns
        -------
        list of str
            Node ids from `a` to `b`, both included, of the least stated length [km]. Of parallel sections the
            shortest counts. Ties go to the route found first in the order of the layer.

        Raises
        ------
        ValueError
            When a node or the mode is unknown or there is no way.
        """
        import networkx as nx

        self.node(a)
        self.node(b)
        if mode not in MODES:
            raise ValueError(_join(f"unknown mode '{mode}', expected rail, road or sea", nearest(mode, MODES)))
        try:
            path = nx.dijkstra_path(self._mode_graph(mode, include_planned=include_planned), a, b, weight="km")
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            raise ValueError(self._unreachable(a, b, mode, include_planned=include_planned)) from None
        return cast("list[str]", path)

    def gauge_problems(self, nodes: Sequence[str], gauge_works: Collection[str] = ()) -> list[str]:
        """Check a chain of rail nodes for changes of gauge where no gauge can be changed.

        Parameters
        ----------
        nodes : sequence of str
            Node ids of a rail journey in order; a pair without a section is passed over (reported elsewhere).
        gauge_works : collection of str
            Further nodes where the gauge is changed, beside those of kind ``gauge_terminal``.

        Returns
        -------
        list of str
            One message per faulty joint, empty when the chain is sound.
        """
        messages = []
        for before, joint, after in zip(nodes, nodes[1:], nodes[2:], strict=False):
            gauges = [
                next((s.gauge_mm for s in self.parallel(*ends, "rail")), None)
                for ends in ((before, joint), (joint, after))
            ]
            if None in gauges or gauges[0] == gauges[1]:
                continue
            kind = self._nodes[joint].kind
            if kind == "gauge_terminal" or joint in gauge_works:
                continue
            messages.append(
                f"gauge changes from {gauges[0]} to {gauges[1]} mm at {joint} ({before} > {joint} > {after}), which is "
                f"a {kind}; expected a gauge_terminal or a gauge change queue there"
            )
        return messages

    def _mode_graph(self, mode: str, *, include_planned: bool) -> nx.Graph:
        """Graph of one mode with the shortest of parallel sections; isolated nodes are absent."""
        import networkx as nx

        graph = nx.Graph()
        for s in self._sections.values():
            if s.mode != mode or (s.planned and not include_planned):
                continue
            if not graph.has_edge(s.a, s.b) or graph.edges[s.a, s.b]["km"] > s.km:
                graph.add_edge(s.a, s.b, km=s.km)
        return graph

    def _unreachable(self, a: str, b: str, mode: str, *, include_planned: bool) -> str:
        """Explain why there is no route."""
        graph = self._mode_graph(mode, include_planned=include_planned)
        text = f"no {mode} route from {a} to {b}"
        for end in (a, b):
            if end not in graph:
                return f"{text}: no {mode} section ends at {end}"
        import networkx as nx

        if not include_planned and nx.has_path(self._mode_graph(mode, include_planned=True), a, b):
            return f"{text} over open sections; there is one over planned sections"
        reach = [len(nx.node_connected_component(graph, end)) for end in (a, b)]
        return f"{text}: they lie in separate parts of the {mode} network ({reach[0]} and {reach[1]} nodes)"


def _join(message: str, hint: str) -> str:
    return f"{message}; {hint}" if hint else message
