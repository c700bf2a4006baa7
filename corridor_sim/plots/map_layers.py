"""What a corridor map shows, as numbers: flows by section, cargo waiting by group of nodes, its frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.plots.basemap import FRAME_KM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor_sim.plots.basemap import BaseMap
    from corridor_sim.plots.result_view import ResultView

TOGETHER_PT = 6.0
"""Nodes closer than this on paper share one queue circle: the posts, lanes and terminals of one border town."""
LEAST_FRAME_KM = 500.0


@dataclass(frozen=True)
class Flow:
    """Cargo over one section, both directions."""

    section: str
    mode: str
    total_mt: float
    """All traffic that is simulated, Mt/yr."""
    corridor_mt: float
    """Without background traffic, Mt/yr."""


@dataclass(frozen=True)
class Queue:
    """Cargo waiting at nodes that lie close together."""

    x: float
    y: float
    """Map coordinates, m."""
    nodes: tuple[str, ...]
    waiting_t: float
    worst_place: str
    """The place with the most cargo waiting."""
    wait_h: float
    """Mean time waited there, h; nan where load exceeds capacity."""


def section_flows(view: ResultView) -> list[Flow]:
    """Give the flow of every section of the network that carried cargo, Mt/yr."""
    tonnes = view.means("throughput_t", "section")
    share = _corridor_share(view)
    known = set(view.network.section_ids)
    flows = []
    for section_id, t in tonnes.items():
        if section_id not in known or not t > 0:
            continue
        section = view.network.section_by_id(str(section_id))
        mt = float(t) / 1e6 / view.years
        part = share.get((frozenset((section.a, section.b)), section.mode), 1.0)
        flows.append(Flow(section.id, section.mode, mt, mt * part))
    return sorted(flows, key=lambda f: f.total_mt)


def _corridor_share(view: ResultView) -> dict[tuple[frozenset[str], str], float]:
    """Share of corridor cargo in the tonnes between two nodes, by mode: departures times the flow's mean load."""
    load = view.means("throughput_t", "flow") / view.means("throughput_consignments", "flow")
    stages = view.result.stages
    rows: list[Any] = list(stages[stages["kind"] == "travel"].itertuples())
    tonnes: dict[tuple[frozenset[str], str], list[float]] = {}
    for row in rows:
        flow = str(row.flow_id)
        t = float(row.departures) * float(np.nan_to_num(load.get(flow, 0.0)))
        total = tonnes.setdefault((frozenset((str(row.node), str(row.to_node))), str(row.mode)), [0.0, 0.0])
        total[0] += t
        total[1] += 0.0 if view.is_background(flow) else t
    return {key: part / t for key, (t, part) in tonnes.items() if t > 0}


def node_queues(view: ResultView, base: BaseMap, least_t: float = 100.0) -> list[Queue]:
    """Group the cargo waiting by nodes that lie close together, the most first; small queues are left out."""
    places = view.places
    at = [(p, str(places.loc[p, "node"])) for p in view.waiting_t.index if p in places.index]
    at = [(p, n) for p, n in at if n in view.network.node_ids and view.waiting_t[p] > 0]
    wait = view.means("queue_mean_h", "place")
    together_m = TOGETHER_PT * m_per_pt(base)
    groups: list[tuple[float, float, list[str]]] = []
    for place, node in sorted(at, key=lambda pn: -view.waiting_t[pn[0]]):
        x, y = _xy(view, base, node)
        near = [g for g in groups if np.hypot(g[0] - x, g[1] - y) < together_m]
        if near:
            near[0][2].append(place)
        else:
            groups.append((x, y, [place]))
    node_of = dict(at)
    queues = [
        Queue(
            x, y, tuple(dict.fromkeys(node_of[p] for p in members)), float(view.waiting_t[members].sum()),
            members[0], float(wait.get(members[0], np.nan)),
        )
        for x, y, members in groups
    ]  # fmt: skip
    return sorted((q for q in queues if q.waiting_t >= least_t), key=lambda q: -q.waiting_t)


def m_per_pt(base: BaseMap) -> float:
    """Metres of the map per point on paper."""
    left, _, right, _ = base.frame_km
    figure = base.ax.get_figure(root=True)
    assert figure is not None  # noqa: S101  # a drawn map has one
    return 1000 * (right - left) / (base.ax.get_window_extent().width * 72 / figure.dpi)


def _xy(view: ResultView, base: BaseMap, node: str) -> tuple[float, float]:
    where = view.network.node(node)
    x, y = base.to_xy(where.lon, where.lat)
    return float(x), float(y)


def frame_around(xy_km: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Frame of the default shape around points [km on the map]: the default one unless they fill little of it."""
    points = np.array(list(xy_km), dtype=float).reshape(-1, 2)
    left, bottom, right, top = FRAME_KM
    if not len(points):
        return FRAME_KM
    low, high = points.min(axis=0), points.max(axis=0)
    shape = (top - bottom) / (right - left)
    width = max(1.35 * (high[0] - low[0]), 1.35 * (high[1] - low[1]) / shape, LEAST_FRAME_KM)
    if width > 0.75 * (right - left):
        return FRAME_KM
    x, y = (low + high) / 2
    return (x - width / 2, y - width * shape / 2, x + width / 2, y + width * shape / 2)
