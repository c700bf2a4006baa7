"""All reductions of several lanes, in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import OCCUPIED
from corridor_sim.results.reductions.bins import Cells
from corridor_sim.results.reductions.calendars import closed_calendars
from corridor_sim.results.reductions.conservation import Joins, check_conservation
from corridor_sim.results.reductions.flows import add_flows, flow_blocks, subjects_of, total_flows
from corridor_sim.results.reductions.network import (
    border_post_blocks,
    journey_statistics,
    section_blocks,
    terminal_blocks,
)
from corridor_sim.results.reductions.passages import Passages
from corridor_sim.results.reductions.periods import Periods
from corridor_sim.results.reductions.places import place_blocks, total_waiting
from corridor_sim.results.reductions.stages import StageHours, place_cause_blocks, stage_rows
from corridor_sim.results.reductions.trips import follow, last_deliveries
from corridor_sim.results.reductions.visits import Visits

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import Events
    from corridor_sim.results.reductions.blocks import Block

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LanesSummary:
    """What is kept of several lanes; the first axis of every array is lanes, in the order of ``replications``."""

    replications: tuple[int, ...]
    n_events: Ints
    """(n_lanes,) stage events."""
    n_queue_events: Ints
    """(n_lanes,) visits to places."""
    blocks: tuple[Block, ...]
    stages: Floats
    """(n_lanes, n_stages, columns) see `stages.STAGE_COLUMNS`."""
    queues: npt.NDArray[np.float32]
    """(n_lanes, n_places, n_days) mean number waiting on each day of the horizon."""
    transit_counts: Ints
    """(n_lanes, n_subjects, n_bins) consignments delivered in the measured time by transit time."""
    journeys: Floats
    """(n_lanes, n_journeys, 5) see `network.JOURNEY_STATISTICS`, h."""
    last_delivery_h: Floats
    """(n_lanes, n_flows) when the last of each was delivered; infinite while one is on its way, 0: none."""


def reduce_lanes(plan: Plan, lanes: Lanes, events: Events) -> LanesSummary:
    """Check conservation and reduce the events of lanes to their KPIs.

    The numbers of a lane do not depend on the lanes it is reduced with.

    Raises
    ------
    ConservationError
        When consignments, units or tonnes do not add up.
    """
    with np.errstate(invalid="ignore"):  # what never comes less what never comes: in bins that nobody reads
        return _reduce(plan, lanes, events)


def _reduce(plan: Plan, lanes: Lanes, events: Events) -> LanesSummary:
    periods = Periods.of(plan.time_axis)
    cells = Cells(len(lanes), periods.bins)
    trips = [follow(plan, lanes, events, i, cells) for i in range(len(plan.itineraries))]
    passages, hours = Passages(plan, events, cells), StageHours(plan, closed_calendars(plan, lanes), cells)
    joins, visits = Joins(plan, len(lanes)), Visits(plan, lanes, events, cells)
    for followed in trips:
        hours.begin(followed)
        for stage in followed.stages:
            times = followed.times(stage)
            arrived, left = passages.add(followed, stage)
            joins.add(followed, stage, times)
            hours.add(followed, stage, times)
            if stage in visits.place_of:
                visits.add(stage, arrived, left)
        hours.finish(followed)
    check_conservation(plan, lanes, passages, joins, trips)
    flows = total_flows(plan, trips, cells)
    waiting = total_waiting(plan, events, visits, cells, periods)
    n_delivered = np.stack([followed.n_delivered for followed in trips], axis=1)
    n_arrived = passages.arrived()
    n_places = len(plan.places)
    at_places = place_blocks(plan, visits, waiting, passages.throughput[:, :, :n_places], periods)
    return LanesSummary(
        replications=lanes.replications,
        n_events=n_arrived.sum(axis=0),
        n_queue_events=n_arrived[np.isin(plan.stages.kind, OCCUPIED)].sum(axis=0),
        blocks=(
            *flow_blocks(plan, flows, hours.cause_h, cells, periods),
            *place_cause_blocks(plan, hours, n_delivered),
            *at_places,
            *terminal_blocks(plan, at_places),
            *section_blocks(passages.subjects.sections, passages.throughput[:, :, n_places:], periods),
            *border_post_blocks(plan, trips, cells, periods),
        ),
        stages=stage_rows(plan, passages, hours, n_delivered),
        queues=waiting.daily_n,
        transit_counts=add_flows(subjects_of(plan)[1], flows.transit_counts),
        journeys=journey_statistics(plan, trips, cells),
        last_delivery_h=last_deliveries(plan, trips),
    )
