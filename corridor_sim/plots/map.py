"""Maps: flows and queues of a result, and the network of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.lines import Line2D

from corridor_sim.network import load_network
from corridor_sim.plots.basemap import FRAME_KM, draw_basemap, map_xy, place_labels
from corridor_sim.plots.map_layers import frame_around, m_per_pt, node_queues, section_flows
from corridor_sim.plots.result_view import ResultView
from corridor_sim.plots.style import INK, MODE_COLOURS, foot, head, new_figure, styled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.figure import Figure

    from corridor_sim.network import Network
    from corridor_sim.plots.basemap import BaseMap
    from corridor_sim.plots.map_layers import Flow, Queue
    from corridor_sim.results import RunResult

Name = tuple[str, float, float, float]
"""A name, x and y [m] of its point, half the width of the symbol there [points]."""
WIDTH_IN, HEIGHT_IN = 10.7, 12.0
MAP_AXES = (0.045, 0.082, 0.735, 0.845)
WIDEST_PT, LARGEST_PT = 13.0, 34.0
"""Width of the strongest flow and diameter of the largest queue [points], where they are strong and large."""
STRONG_MT, LARGE_T = 5.0, 5000.0
"""Below these the widest line and the largest circle shrink too: little cargo shall look little."""
OTHER_TRAFFIC = "#c9c2b8"
QUEUE: dict[str, Any] = {"markerfacecolor": "#d1420b80", "markeredgecolor": "#7a2505", "markeredgewidth": 0.8}
POST: dict[str, Any] = {"markerfacecolor": "#ffffff", "markeredgecolor": INK, "markeredgewidth": 0.9}
INSET_ROUTES = (
    ("RU_LED-IN_NSA-sea-suez", "#08519c", "by Suez"),
    ("RU_LED-IN_NSA-sea-cape", "#b10026", "round the Cape"),
    ("RU_NVS-IN_NSA-sea", "#238b45", "by the Black Sea"),
)
MAIN_NODES = (
    "IN_NOD", "RU_MOW", "IR_THR", "RU_LED", "AZ_BAK", "IN_NSA", "IR_SRJ", "RU_AST", "RU_MCX", "IR_RAS", "IR_ASR",
    "IR_INB", "IR_SKH", "RU_VLG", "IR_AMI", "IR_ANZ", "IR_QAZ", "IR_QOM", "IR_MSH", "IR_YAZ", "IR_BAF", "IR_SIR",
    "KZ_BEY", "KZ_ATY", "KZ_AAU", "TM_ASB", "TM_BER", "KZ_BOL", "RU_SAR", "RU_SMR", "RU_CEK", "RU_ORS", "RU_NVS",
    "AZ_BSV", "RU_DER", "RU_SAM", "AZ_YAL", "AZ_ALT", "RU_RYA", "RU_MIC", "RU_TVE", "KZ_GAN", "IN_MUN", "IR_ZBR",
    "IR_ZAH", "IR_BUS", "IR_BIK", "IR_GOR", "RU_OLY", "IR_NSH", "IR_CAS", "TM_TKM", "TM_SRH", "TM_AKY", "RU_ULU",
    "IR_GAR", "IR_SRI", "KZ_KAN", "RU_KYU",
)  # fmt: skip
"""Nodes worth a name, the most important first; a map names those it shows and has room for."""
KEY_GAP_PT = 16.0
N_QUEUES = 9
"""Queues that are named."""
N_FAR = 30
"""Names on the map of the network that may stand off their node."""
BOLD = ("Moscow", "Tehran", "Baku")


def corridor_map(result: RunResult, *, network: Network | None = None) -> Figure:
    """Draw what flows where, and where it waits.

    Parameters
    ----------
    result
        Fresh or loaded.
    network
        The network it was run on; the shipped one by default.

    Returns
    -------
    matplotlib.figure.Figure
        Flow widths in Mt/yr by mode, background traffic pale below them; circles for cargo waiting on average. Where
        nothing flows on a section of the network, the network itself.
    """
    view = ResultView(result, network)
    figure = draw_corridor_map(view)
    return network_map(network=view.network) if figure is None else figure


@styled
def draw_corridor_map(view: ResultView) -> Figure | None:
    """Draw flows and queues of a result; None when nothing flows on a section of the network."""
    flows = section_flows(view)
    if not flows:
        return None
    figure = new_figure(WIDTH_IN, HEIGHT_IN)
    base = draw_basemap(figure.add_axes(MAP_AXES), frame_km=_frame(view, flows))
    lines = _draw_flows(base, view.network, flows)
    inset = _draw_inset(base, view.network, {f.section for f in flows})
    queues = node_queues(view, base)
    pt_per_root_t = LARGEST_PT / np.sqrt(max([LARGE_T, *(q.waiting_t for q in queues)]))
    for queue in queues:
        size = pt_per_root_t * np.sqrt(queue.waiting_t)
        base.ax.plot(queue.x, queue.y, "o", markersize=size, zorder=5, **QUEUE)
    posts = _draw_posts(base, view)
    names = _queue_names(view, queues, pt_per_root_t)
    n_far = len(names) + 12
    names += _node_names(view, base, flows, queues, names)
    names = [n for n in names if base.inside(n[1], n[2]) and not _under(base, inset, n[1], n[2])]
    place_labels(
        base.ax, [(x, y) for _, x, y, _ in names], [n for n, *_ in names], radii_pt=[r for *_, r in names], lines=lines,
        avoid=[*base.texts, *([inset] if inset else [])], bold=[n for n, *_ in names if "\n" in n or n in BOLD],
        n_far=n_far,
    )  # fmt: skip
    _result_key(base, flows, queues, pt_per_root_t, with_posts=posts)
    title = view.scenario.get("title") or view.result.manifest.get("title") or "The corridor"
    head(
        figure, f"Flows and queues: {title}",
        f"Cargo carried per year in both directions and cargo waiting on average, {view.period_text}.",
    )  # fmt: skip
    foot(figure, view.footer, bottom_in=0.1)
    return figure


def _frame(view: ResultView, flows: Sequence[Flow]) -> tuple[float, float, float, float]:
    """Frame of the nodes between which something flows; the whole corridor when that is most of it."""
    sections = [view.network.section_by_id(f.section) for f in flows]
    nodes = [view.network.node(n) for n in sorted({n for s in sections for n in (s.a, s.b)})]
    return frame_around((x / 1000, y / 1000) for x, y in (map_xy(n.lon, n.lat) for n in nodes))


def _draw_flows(base: BaseMap, network: Network, flows: Sequence[Flow]) -> list[Any]:
    """Draw all traffic in pale ink and the corridor's share over it; returns the lines drawn, map coordinates."""
    if not flows:
        return []
    pt_per_mt = _pt_per_mt(flows)
    shapes = base.project(network.sections.geometry.loc[[f.section for f in flows]])
    lines = [np.asarray(shape.coords) for shape in shapes]
    drawn = sorted(zip(flows, lines, strict=True), key=lambda fl: -fl[0].corridor_mt)
    for k, (flow, line) in enumerate(drawn):
        if flow.total_mt > 1.01 * flow.corridor_mt:
            base.ax.plot(
                *line.T, color=OTHER_TRAFFIC, linewidth=max(0.8, pt_per_mt * flow.total_mt), zorder=3.5,
                solid_capstyle="round",
            )  # fmt: skip
        if flow.corridor_mt > 0.001 * flow.total_mt:
            base.ax.plot(
                *line.T, color=MODE_COLOURS[flow.mode], linewidth=max(0.6, pt_per_mt * flow.corridor_mt),
                zorder=4 + k / len(drawn) / 2, solid_capstyle="round",
            )  # fmt: skip
    return lines


def _pt_per_mt(flows: Sequence[Flow]) -> float:
    most = max(f.total_mt for f in flows)
    return float(WIDEST_PT * np.clip(np.sqrt(most / STRONG_MT), 0.35, 1.0) / most)


def _draw_inset(base: BaseMap, network: Network, drawn: Iterable[str]) -> Any:
    """Add the small map of the sea routes that leave the frame, when there are any."""
    wanted = [r for r in INSET_ROUTES if r[0] in drawn and r[0] in network.section_ids]
    if not wanted or base.frame_km != FRAME_KM:
        return None
    return base.draw_inset([(network.section_by_id(s).geometry, colour, label) for s, colour, label in wanted])


def _under(base: BaseMap, inset: Any, x: float, y: float) -> bool:
    if inset is None:
        return False
    return bool(inset.get_window_extent().contains(*base.ax.transData.transform((x, y))))


def _draw_posts(base: BaseMap, view: ResultView) -> bool:
    """Mark the border posts, each in the middle of its nodes; returns whether there are any."""
    used = {str(n) for n in view.result.stages["node"].unique()}
    any_drawn = False
    for nodes in view.post_nodes.values():
        known = [view.network.node(n) for n in nodes if n in view.network.node_ids]
        if not known or not used & set(nodes):
            continue
        x, y = base.to_xy(np.mean([n.lon for n in known]), np.mean([n.lat for n in known]))
        base.ax.plot(x, y, "s", markersize=4.6, zorder=6, **POST)
        any_drawn = True
    return any_drawn


def _queue_names(view: ResultView, queues: Sequence[Queue], pt_per_root_t: float) -> list[Name]:
    """Names of the worst queues with tonnes and hours."""
    names = []
    for queue in queues[:N_QUEUES]:
        hours = f", {queue.wait_h:.0f} h" if np.isfinite(queue.wait_h) else ""
        text = f"{_common_name([view.node_label(n) for n in queue.nodes])}\n{queue.waiting_t / 1000:.1f} kt{hours}"
        names.append((text, queue.x, queue.y, pt_per_root_t * np.sqrt(queue.waiting_t) / 2))
    return names


def _common_name(labels: Sequence[str]) -> str:
    """Words with which the first label and those that share its first word begin: Astara of its posts and terminals."""
    first = labels[0].split()
    alike = [words for words in (label.split() for label in labels) if words[0] == first[0]]
    n = next((k for k in range(1, len(first)) if any(words[k : k + 1] != [first[k]] for words in alike)), len(first))
    return " ".join(first[:n])


def _node_names(
    view: ResultView, base: BaseMap, flows: Sequence[Flow], queues: Sequence[Queue], named_queues: Sequence[Name]
) -> list[Name]:
    """Names of the main nodes that are passed, draws their dots; those of a small map follow after them.

    Nodes under a named queue's circle keep their dots only.
    """
    scale, queues = m_per_pt(base), queues[:N_QUEUES]
    radii = [radius for *_, radius in named_queues]
    sections = [view.network.section_by_id(f.section) for f in flows]
    ends = {n for s in sections for n in (s.a, s.b)}
    small = base.frame_km != FRAME_KM
    wanted = [n for n in MAIN_NODES if n in ends or (n == "AZ_BAK" and "AZ_BIL" in ends)]
    wanted += sorted(n for n in ends - set(wanted) if small and not n.startswith("SW_"))
    named = {n for q in queues for n in q.nodes}
    names = []
    for node_id in wanted:
        node = view.network.node(node_id)
        x, y = (float(v) for v in base.to_xy(node.lon, node.lat))
        base.ax.plot(x, y, "o", markersize=2.6, color=INK, markeredgecolor="white", markeredgewidth=0.4, zorder=6.2)
        covered = any(np.hypot(q.x - x, q.y - y) < scale * r + 2 for q, r in zip(queues, radii, strict=True))
        if node_id not in named and not covered:
            names.append((node.label, x, y, 2.5))
    return names


def _result_key(
    base: BaseMap, flows: Sequence[Flow], queues: Sequence[Queue], pt_per_root_t: float, *, with_posts: bool
) -> None:
    lines: list[tuple[Any, str]] = []
    if flows:
        pt_per_mt = _pt_per_mt(flows)
        samples = _round_samples(max(f.total_mt for f in flows))
        widths = [(Line2D([], [], color="#777777", linewidth=pt_per_mt * mt), f"{mt:g} Mt/yr") for mt in samples]
        modes = [
            (Line2D([], [], color=c, linewidth=4), m) for m, c in MODE_COLOURS.items() if m in {f.mode for f in flows}
        ]
        lines = [(_blank(), "$\\bf{Cargo\\ flow,\\ width}$"), *widths, (_blank(), ""), *modes]
        if any(f.total_mt > 1.01 * f.corridor_mt for f in flows):
            lines.append((Line2D([], [], color=OTHER_TRAFFIC, linewidth=4), "other traffic\non the same line"))
    circles: list[tuple[Any, str]] = []
    if queues:
        kilotonnes = _round_samples(queues[0].waiting_t / 1000)
        dots = [Line2D([], [], linestyle="none", marker="o", **QUEUE) for _ in kilotonnes]
        for dot, kt in zip(dots, kilotonnes, strict=True):
            dot.set_markersize(pt_per_root_t * np.sqrt(kt * 1000))
        circles = [
            (_blank(), "$\\bf{Cargo\\ waiting,\\ area}$"),
            *zip(dots, [f"{kt:g} kt" for kt in kilotonnes], strict=True),
        ]
    rest: list[tuple[Any, str]] = []
    if queues:
        rest.append((_blank(), "the largest are named,\nwith the mean wait [h]\nat their worst place"))
    if with_posts:
        rest += [(_blank(), ""), (Line2D([], [], linestyle="none", marker="s", markersize=5, **POST), "border post")]
    _write_key(base, (lines, 0.85), (circles, 1.9), (rest, 0.85))


def _blank() -> Line2D:
    return Line2D([], [], linestyle="none")


def _write_key(base: BaseMap, *parts: tuple[Sequence[tuple[Any, str]], float]) -> None:
    """Write parts of the key, each with its line spacing, one below the other right of the map: it covers nothing."""
    figure = cast("Any", base.ax.get_figure(root=True))
    top, legend = 1.0, None
    for entries, spacing in parts:
        if not entries:
            continue
        if legend is not None:
            base.ax.add_artist(legend)  # axes keep only their last legend by themselves
        legend = base.ax.legend(
            [h for h, _ in entries], [t for _, t in entries], loc="upper left", bbox_to_anchor=(1.055, top),
            fontsize=8.5, handlelength=2.6, handletextpad=0.9, labelspacing=spacing, borderaxespad=0, borderpad=0,
            frameon=False,
        )  # fmt: skip
        box = legend.get_window_extent(figure.canvas.get_renderer())
        top = float(base.ax.transAxes.inverted().transform((0, box.y0 - KEY_GAP_PT * figure.dpi / 72))[1])


def _round_samples(most: float) -> list[float]:
    """Three round numbers up to ``most``."""
    if most <= 0:
        return []
    power = 10.0 ** np.floor(np.log10(most))
    top = max(m * power for m in (1, 2, 5) if m * power <= most * 1.0001)
    lead = round(top / power)
    return [top * f for f in ((0.1, 0.5, 1.0) if lead == 1 else (0.25, 0.5, 1.0) if lead == 2 else (0.2, 0.4, 1.0))]


@styled
def network_map(*, title: str = "The network", network: Network | None = None) -> Figure:
    """Draw the network itself: sections by mode, whether they are open, and how well they are known.

    Parameters
    ----------
    title
        Above the map.
    network
        The shipped one by default.
    """
    network = load_network() if network is None else network
    figure = new_figure(WIDTH_IN, HEIGHT_IN)
    base = draw_basemap(figure.add_axes(MAP_AXES))
    shapes = base.project(network.sections.geometry)
    lines = {s: np.asarray(shape.coords) for s, shape in shapes.items()}
    for mode in ("sea", "road", "rail"):
        for section_id, line in lines.items():
            section = network.section_by_id(str(section_id))
            if section.mode == mode:
                base.ax.plot(
                    *line.T, color=MODE_COLOURS[mode], linewidth=GRADE_WIDTHS.get(section.grade, 1.0), zorder=4,
                    linestyle=(0, (2.2, 1.4)) if section.planned else "-",
                )  # fmt: skip
    inset = _draw_inset(base, network, network.section_ids)
    names = _all_names(base, network, inset)
    place_labels(
        base.ax, [(x, y) for _, x, y in names], [n for n, *_ in names], lines=lines.values(),
        avoid=[*base.texts, *([inset] if inset else [])], bold=BOLD, n_far=N_FAR,
    )  # fmt: skip
    _network_key(base, network)
    head(figure, title, f"The network: {len(network.section_ids)} sections between {len(network.node_ids)} nodes.")
    foot(figure, "Source: network layers shipped with corridor_sim; the source of every section is in SOURCES.md.")
    return figure


GRADE_WIDTHS = {"A": 2.6, "B": 1.8, "C": 1.0}


def _all_names(base: BaseMap, network: Network, inset: Any) -> list[tuple[str, float, float]]:
    """Names of the nodes where sections end, the main ones first; draws their dots."""
    ends = {n for s in map(network.section_by_id, network.section_ids) for n in (s.a, s.b)}
    order = [n for n in MAIN_NODES if n in network.node_ids]
    order += [n for n in network.node_ids if n in ends and n not in MAIN_NODES and not n.startswith("SW_")]
    near_m = 4 * m_per_pt(base)
    names: list[tuple[str, float, float]] = []
    for node_id in order:
        node = network.node(node_id)
        x, y = (float(v) for v in base.to_xy(node.lon, node.lat))
        if not base.inside(x, y) or _under(base, inset, x, y):
            continue
        base.ax.plot(x, y, "o", markersize=2.8, color=INK, markeredgecolor="white", markeredgewidth=0.4, zorder=6)
        # twin stations on two sides of a border, a port and its town: one name for both
        if not any(np.hypot(other_x - x, other_y - y) < near_m for _, other_x, other_y in names):
            names.append((node.label, x, y))
    return names


def _network_key(base: BaseMap, network: Network) -> None:
    sections = [network.section_by_id(s) for s in network.section_ids]
    modes = [m for m in MODE_COLOURS if any(s.mode == m for s in sections)]
    entries: list[tuple[Any, str]] = [(_blank(), "$\\bf{Mode}$")]
    entries += [(Line2D([], [], color=MODE_COLOURS[m], linewidth=2.6), m) for m in modes]
    if any(s.planned for s in sections):
        planned = Line2D([], [], color=MODE_COLOURS["rail"], linewidth=1.8, linestyle=(0, (2.2, 1.4)))
        entries.append((planned, "planned or\nunder construction"))
    entries += [(_blank(), ""), (_blank(), "$\\bf{How\\ well\\ known}$")]
    words = {"A": "official source (A)", "B": "press or study (B)", "C": "estimate (C)"}
    entries += [(Line2D([], [], color="#777777", linewidth=w), words[g]) for g, w in GRADE_WIDTHS.items()]
    _write_key(base, (entries, 0.85))
