"""KPIs of sections, terminals and border posts, and of measured parts of trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import MOVES
from corridor_sim.results.reductions.blocks import Block, safe_ratio
from corridor_sim.results.reductions.percentiles import group_keys, percentiles, period_percentiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.reductions.bins import Cells
    from corridor_sim.results.reductions.periods import Periods
    from corridor_sim.results.reductions.trips import Trips

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

JOURNEY_STATISTICS = ("n", "mean", "p05", "p50", "p95")
HANDLES_CARGO = frozenset({"unloading track", "crane", "reloading front", "gauge change", "berth"})
"""Kinds of places that make their node a terminal."""


def is_border_stage(plan: Plan, stage: int) -> bool:
    """Whether time at a stage counts as border time where it stands: not movement, not waiting for a train path."""
    return int(plan.stages.kind[stage]) not in MOVES and not plan.waits_for_path(stage)


def section_blocks(names: tuple[str, ...], throughput: Floats, periods: Periods) -> list[Block]:
    """Throughput of every section, both directions and each, when a consignment or unit leaves it.

    ``throughput`` is (3, n_lanes, n_sections, n_months) consignments, tonnes and TEU.
    """
    kinds = (("throughput_consignments", "1"), ("throughput_t", "t"), ("throughput_teu", "TEU"))
    return [
        Block(kpi, unit, names, periods.names, periods.of_months(part))
        for (kpi, unit), part in zip(kinds, throughput, strict=True)
    ]


class _Stays:
    """Hours at one border post."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.count: Ints = np.zeros(cells.shape, dtype=np.int64)
        self.hours: Floats = np.zeros(cells.shape)
        self.keys: list[Ints] = [np.empty(0, dtype=np.int64)]

    def add(self, cell: Ints, hours: Floats) -> None:
        """Add stays that end in the measured time."""
        self.count += self.cells.count(cell)
        self.hours += self.cells.total(cell, hours)
        self.keys.append(group_keys(cell, hours))

    def statistics(self, periods: Periods) -> list[Floats]:
        """Return number, mean and percentiles: (n_lanes, n_periods) each."""
        count, hours = (periods.of_months(x[:, 1:-1]) for x in (self.count, self.hours))
        keys = np.concatenate(self.keys)
        return [count, safe_ratio(hours, count), *period_percentiles(self.cells, periods, keys, [50, 80, 95])]


def border_post_blocks(plan: Plan, trips: Sequence[Trips], cells: Cells, periods: Periods) -> list[Block]:
    """Hours at each border post (facilitation indicator 1), both directions and each, by month of leaving it."""
    posts = plan.border_posts
    stages_at: dict[str, list[int]] = {}
    for s, node in enumerate(plan.stages.node):
        if is_border_stage(plan, s):
            stages_at.setdefault(node, []).append(s)
    names: list[str] = []
    statistics: list[list[Floats]] = []
    for post, nodes in zip(posts.id, posts.nodes, strict=True):
        stays = {suffix: _Stays(cells) for suffix in ("", "/south", "/north")}
        inside: dict[int, list[int]] = {}
        for s in sorted(s for node in set(nodes.split()) for s in stages_at.get(node, [])):
            inside.setdefault(int(plan.stages.itinerary_idx[s]), []).append(s)
        for itinerary, stages in inside.items():
            measured = hours_inside(trips[itinerary], stages, cells)
            for suffix in ("", f"/{plan.flows.direction[trips[itinerary].flow]}"):
                stays[suffix].add(*measured)
        names += [f"post:{post}{suffix}" for suffix in stays]
        both = stays[""].statistics(periods)
        is_all = [len(of_one.keys) == len(stays[""].keys) for of_one in stays.values()]
        statistics += [
            both if same else of_one.statistics(periods) for same, of_one in zip(is_all, stays.values(), strict=True)
        ]
    kinds = (
        ("throughput_consignments", "1"),
        ("border_time_mean_h", "h"),
        ("border_time_p50_h", "h"),
        ("border_time_p80_h", "h"),
        ("border_time_p95_h", "h"),
    )
    values = np.array(statistics).reshape(len(names), len(kinds), cells.n_lanes, len(periods.names))
    return [
        Block(kpi, unit, tuple(names), periods.names, values[:, i].swapaxes(0, 1))
        for i, (kpi, unit) in enumerate(kinds)
    ]


def hours_inside(trips: Trips, stages: Sequence[int], cells: Cells, *, is_window: bool = False) -> tuple[Ints, Floats]:
    """Hours inside some stages of those that leave the last of them in the measured time.

    Parameters
    ----------
    trips
        Trips of the itinerary of the stages.
    stages
        In order.
    cells
        Cells of lanes and months.
    is_window
        Whether time runs from the first arrival to the last departure, else inside the stages only.

    Returns
    -------
    Lane and month of leaving, and hours, flat.
    """
    times = [trips.times(s) for s in stages]
    cell = cells.flat(times[-1][2])
    chosen = cells.is_within(cell).nonzero()[0]
    hours = np.zeros(chosen.size)
    spans = [(times[0][0], times[-1][2])] if is_window else [(arrive, depart) for arrive, _, depart in times]
    for arrive, depart in spans:
        hours += depart.reshape(-1).take(chosen) - arrive.reshape(-1).take(chosen)
    return cell.take(chosen), hours


def terminal_blocks(plan: Plan, place_blocks: Sequence[Block]) -> list[Block]:
    """Throughput of every terminal: the places of one node that are not train paths, fleets or lanes at a border."""
    rows: dict[str, list[int]] = {}
    for i, (kind, node) in enumerate(zip(plan.places.kind, plan.places.node, strict=True)):
        if kind in HANDLES_CARGO:
            rows.setdefault(f"terminal:{node}", []).append(i)
    blocks = []
    for block in place_blocks:
        if block.kpi.startswith("throughput_"):
            values = np.zeros((len(block.values), len(rows), len(block.periods)))
            for row, places in enumerate(rows.values()):
                for place in places:
                    values[:, row] += block.values[:, place]
            blocks.append(Block(block.kpi, block.unit, tuple(rows), block.periods, values))
    return blocks


def journey_statistics(plan: Plan, trips: Sequence[Trips], cells: Cells) -> Floats:
    """Hours of the measured parts of trips that end in the measured time: (n_lanes, n_journeys, 5).

    See JOURNEY_STATISTICS.
    """
    result = np.full((cells.n_lanes, len(plan.journeys), len(JOURNEY_STATISTICS)), np.nan)
    for row, stages in enumerate(plan.journeys.stages):
        followed = trips[int(plan.stages.itinerary_idx[stages[0]])]
        cell, hours = hours_inside(followed, stages.tolist(), cells, is_window=bool(plan.journeys.is_window[row]))
        lane = cells.lane_of.take(cell)
        n = np.bincount(lane, minlength=cells.n_lanes)
        total = np.bincount(lane, weights=hours, minlength=cells.n_lanes)
        keys = group_keys(lane, hours)
        keys.sort()
        found = percentiles(keys, cells.n_lanes, [5, 50, 95])
        result[:, row] = np.stack([n, safe_ratio(total, n), *found], axis=1)
    return result
