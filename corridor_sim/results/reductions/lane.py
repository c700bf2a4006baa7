"""All reductions of one lane, in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_axis import H_PER_DAY
from corridor_sim.results.reductions.conservation import check_conservation
from corridor_sim.results.reductions.flows import collect_deliveries, flow_blocks, subjects_of
from corridor_sim.results.reductions.network import (
    border_post_blocks,
    journey_statistics,
    section_blocks,
    terminal_blocks,
)
from corridor_sim.results.reductions.periods import Periods
from corridor_sim.results.reductions.places import QueueLength, collect_visits, place_blocks
from corridor_sim.results.reductions.stages import place_cause_blocks, stage_rows
from corridor_sim.results.reductions.trips import follow

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import LaneEvents
    from corridor_sim.results.reductions.blocks import Block
    from corridor_sim.results.reductions.flows import Deliveries

    Floats = npt.NDArray[np.float64]

TRANSIT_BIN_H = 12.0
"""Width of the bins in which transit times are kept for distributions, h."""
N_TRANSIT_BINS = 240
"""120 days; longer ones fall in the last bin."""


@dataclass(frozen=True, eq=False)
class LaneSummary:
    """What is kept of one lane."""

    replication: int
    n_events: int
    """Stage events."""
    n_queue_events: int
    """Visits to places."""
    blocks: tuple[Block, ...]
    stages: Floats
    """(n_stages, columns) see `stages.STAGE_COLUMNS`."""
    queues: npt.NDArray[np.float32]
    """(n_places, n_days) mean number waiting on each day of the horizon."""
    transit_counts: npt.NDArray[np.int64]
    """(n_subjects, n_bins) consignments delivered in the measured time by transit time."""
    journeys: Floats
    """(n_journeys, 5) see `network.JOURNEY_STATISTICS`, h."""


def reduce_lane(plan: Plan, lane: Lane, events: LaneEvents) -> LaneSummary:
    """Check conservation and reduce a lane's events to its KPIs.

    Raises
    ------
    ConservationError
        When consignments, units or tonnes do not add up.
    """
    periods = Periods.of(plan.time_axis)
    trips = [follow(plan, lane, events, i) for i in range(len(plan.itineraries))]
    check_conservation(plan, lane, events, trips)
    deliveries = collect_deliveries(plan, lane, trips, periods)
    visits = collect_visits(plan, lane, events)
    at_places = place_blocks(plan, lane, visits, periods)
    n_days = int(np.ceil(plan.end_h / H_PER_DAY))
    queues = [QueueLength.of(v, plan.end_h).daily_mean(plan.end_h) for v in visits]
    return LaneSummary(
        replication=lane.replication,
        n_events=events.n_events,
        n_queue_events=sum(v.arrive_h.size for v in visits),
        blocks=(
            *flow_blocks(plan, lane, deliveries, periods),
            *place_cause_blocks(plan, lane, trips, deliveries),
            *at_places,
            *terminal_blocks(plan, at_places),
            *section_blocks(plan, lane, events, periods),
            *border_post_blocks(plan, trips, periods),
        ),
        stages=stage_rows(plan, events, trips, deliveries, periods),
        queues=np.array(queues, dtype=np.float32).reshape(len(visits), n_days),
        transit_counts=_transit_counts(plan, lane, deliveries),
        journeys=journey_statistics(plan, trips, periods),
    )


def _transit_counts(plan: Plan, lane: Lane, deliveries: Deliveries) -> npt.NDArray[np.int64]:
    _, made_of = subjects_of(plan)
    measured = deliveries.month >= 0
    bins = np.minimum(deliveries.transit_h[measured] // TRANSIT_BIN_H, N_TRANSIT_BINS - 1).astype(np.int64)
    cell = lane.flow_idx[measured] * N_TRANSIT_BINS + bins
    by_flow = np.bincount(cell, minlength=len(plan.flows) * N_TRANSIT_BINS).reshape(-1, N_TRANSIT_BINS)
    return made_of.astype(np.int64) @ by_flow
