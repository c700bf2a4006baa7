"""KPIs of sections, terminals and border posts, and of measured parts of trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import StageKind
from corridor_sim.results.reductions.blocks import Block, safe_ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import LaneEvents
    from corridor_sim.results.reductions.periods import Periods
    from corridor_sim.results.reductions.trips import Trips

    Floats = npt.NDArray[np.float64]

JOURNEY_STATISTICS = ("n", "mean", "p05", "p50", "p95")


def is_border_stage(plan: Plan, stage: int) -> bool:
    """Whether time at a stage counts as border time where it stands: not movement, not waiting for a train path."""
    return StageKind(int(plan.stages.kind[stage])) is not StageKind.TRAVEL and not plan.waits_for_path(stage)


def section_blocks(plan: Plan, lane: Lane, events: LaneEvents, periods: Periods) -> list[Block]:
    """Throughput of every section, both directions and each, when a consignment or unit leaves it."""
    travels = np.flatnonzero(plan.stages.kind == StageKind.TRAVEL).tolist()
    subjects: dict[str, list[int]] = {}
    for s in travels:
        section = f"section:{plan.stages.section_id[s]}"
        subjects.setdefault(section, []).append(s)
        subjects.setdefault(f"{section}/{plan.stages.node[s]}>{plan.stages.to_node[s]}", []).append(s)
    names = tuple(sorted(subjects))
    totals = np.zeros((3, len(names), len(periods.names)))
    per_stage = {s: _stage_throughput(plan, lane, events, periods, s) for s in travels}
    for row, name in enumerate(names):
        for s in subjects[name]:
            totals[:, row] += per_stage[s]
    kinds = (("throughput_consignments", "1"), ("throughput_t", "t"), ("throughput_teu", "TEU"))
    return [Block(kpi, unit, names, periods.names, totals[i]) for i, (kpi, unit) in enumerate(kinds)]


def _stage_throughput(plan: Plan, lane: Lane, events: LaneEvents, periods: Periods, stage: int) -> Floats:
    n_units = int(plan.stages.n_units[stage])
    members = np.repeat(lane.members[int(plan.stages.itinerary_idx[stage])], n_units)
    month = periods.month_of(events.depart_h[events.rows(stage)])
    return np.array(
        [
            periods.total(month) / n_units,
            periods.total(month, lane.load_t[members]) / n_units,
            periods.total(month, lane.load_teu[members]) / n_units,
        ]
    )


def border_post_blocks(plan: Plan, trips: Sequence[Trips], periods: Periods) -> list[Block]:
    """Hours at each border post (facilitation indicator 1), both directions and each, by month of leaving it."""
    posts = plan.border_posts
    subjects: dict[str, tuple[list[Floats], list[Floats]]] = {}
    for post, nodes in enumerate(posts.nodes):
        for suffix in ("", "/south", "/north"):
            subjects[f"post:{posts.id[post]}{suffix}"] = ([], [])
        for itinerary, followed in enumerate(trips):
            inside = [
                row
                for row, s in enumerate(plan.stage_range(itinerary))
                if plan.stages.node[s] in nodes.split() and is_border_stage(plan, s)
            ]
            if not inside:
                continue
            hours = (followed.depart_h[inside] - followed.arrive_h[inside]).sum(axis=0)
            left = followed.depart_h[inside[-1]]
            direction = plan.flows.direction[int(plan.itineraries.flow_idx[itinerary])]
            for suffix in ("", f"/{direction}"):
                collected = subjects[f"post:{posts.id[post]}{suffix}"]
                collected[0].append(hours)
                collected[1].append(left)
    names = tuple(subjects)
    values = np.full((5, len(names), len(periods.names)), np.nan)
    for row, (hours_of, left_of) in enumerate(subjects.values()):
        hours, left = np.concatenate([*hours_of, np.empty(0)]), np.concatenate([*left_of, np.empty(0)])
        month = periods.month_of(left)
        count = periods.total(month)
        values[0, row] = count
        values[1, row] = safe_ratio(periods.total(month, hours), count)
        values[2:, row] = periods.statistic(month, hours, lambda x: np.percentile(x, [50, 80, 95]), 3)
    kinds = (
        ("throughput_consignments", "1"),
        ("border_time_mean_h", "h"),
        ("border_time_p50_h", "h"),
        ("border_time_p80_h", "h"),
        ("border_time_p95_h", "h"),
    )
    return [Block(kpi, unit, names, periods.names, values[i]) for i, (kpi, unit) in enumerate(kinds)]


def terminal_blocks(plan: Plan, place_blocks: Sequence[Block]) -> list[Block]:
    """Throughput of every terminal: the places of one node that are not train paths, fleets or lanes at a border."""
    kinds = {"unloading track", "crane", "reloading front", "gauge change", "berth"}
    rows: dict[str, list[int]] = {}
    for i, (kind, node) in enumerate(zip(plan.places.kind, plan.places.node, strict=True)):
        if kind in kinds:
            rows.setdefault(f"terminal:{node}", []).append(i)
    names = tuple(rows)
    blocks = []
    for block in place_blocks:
        if block.kpi.startswith("throughput_"):
            values = np.array([block.values[r].sum(axis=0) for r in rows.values()])
            blocks.append(
                Block(block.kpi, block.unit, names, block.periods, values.reshape(len(names), len(block.periods)))
            )
    return blocks


def journey_statistics(plan: Plan, trips: Sequence[Trips], periods: Periods) -> Floats:
    """Hours of the measured parts of trips that end in the measured time: (n_journeys, 5), see JOURNEY_STATISTICS."""
    result = np.full((len(plan.journeys), len(JOURNEY_STATISTICS)), np.nan)
    for row, stages in enumerate(plan.journeys.stages):
        itinerary = int(plan.stages.itinerary_idx[stages[0]])
        local = stages - plan.stage_range(itinerary).start
        followed = trips[itinerary]
        if plan.journeys.is_window[row]:
            hours = followed.depart_h[local[-1]] - followed.arrive_h[local[0]]
        else:
            hours = (followed.depart_h[local] - followed.arrive_h[local]).sum(axis=0)
        sample = hours[periods.month_of(followed.depart_h[local[-1]]) >= 0]
        sample = sample[~np.isnan(sample)]
        result[row, 0] = sample.size
        if sample.size:
            result[row, 1:] = [sample.mean(), *np.percentile(sample, [5, 50, 95])]
    return result
