"""All reductions of several lanes, in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import OCCUPIED
from corridor_sim.results.reductions.bins import Cells
from corridor_sim.results.reductions.calendars import closed_calendars
from corridor_sim.results.reductions.conservation import Joins, check_conservation
from corridor_sim.results.reductions.flows import (
    add_flows,
    flow_blocks,
    flow_cause_blocks,
    flow_percentile_blocks,
    itinerary_block,
    subjects_of,
    total_flows,
)
from corridor_sim.results.reductions.network import (
    JOURNEY_STATISTICS,
    border_post_blocks,
    journey_statistics,
    section_blocks,
    terminal_blocks,
)
from corridor_sim.results.reductions.passages import Passages
from corridor_sim.results.reductions.periods import Periods
from corridor_sim.results.reductions.places import place_blocks, place_subjects, total_waiting
from corridor_sim.results.reductions.stages import STAGE_COLUMNS, StageHours, place_cause_blocks, stage_rows
from corridor_sim.results.reductions.trips import follow, last_deliveries
from corridor_sim.results.reductions.visits import Visits
from corridor_sim.results.reductions.wanted import (
    EVERYTHING,
    OF_CAUSES,
    OF_PERCENTILES,
    OF_POSTS,
    OF_QUEUES,
    OF_VISITS,
    Wanted,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import Events
    from corridor_sim.results.reductions.blocks import Block
    from corridor_sim.results.reductions.flows import FlowTotals
    from corridor_sim.results.reductions.places import Waiting
    from corridor_sim.results.reductions.trips import Trips

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
    """(n_lanes, n_stages, columns) see `stages.STAGE_COLUMNS`; no stages where only some KPIs are wanted."""
    queues: npt.NDArray[np.float32]
    """(n_lanes, n_places, n_days) mean number waiting on each day of the horizon; no places likewise."""
    transit_counts: Ints
    """(n_lanes, n_subjects, n_bins) consignments delivered in the measured time by transit time."""
    journeys: Floats
    """(n_lanes, n_journeys, 5) see `network.JOURNEY_STATISTICS`, h; no journeys likewise."""
    last_delivery_h: Floats
    """(n_lanes, n_flows) when the last of each was delivered; infinite while one is on its way, 0: none."""


def reduce_lanes(plan: Plan, lanes: Lanes, events: Events, wanted: Wanted = EVERYTHING) -> LanesSummary:
    """Check conservation and reduce the events of lanes to their KPIs.

    The numbers of a lane do not depend on the lanes it is reduced with, nor on what else is wanted.

    Parameters
    ----------
    plan, lanes, events
        What was run, and what came of it.
    wanted
        KPIs that will be read; only the work that they need is done.

    Raises
    ------
    ConservationError
        When consignments, units or tonnes do not add up.
    """
    with np.errstate(invalid="ignore"):  # what never comes less what never comes: in bins that nobody reads
        return _reduce(plan, lanes, events, wanted)


def _reduce(plan: Plan, lanes: Lanes, events: Events, wanted: Wanted) -> LanesSummary:
    periods = Periods.of(plan.time_axis)
    cells = Cells(len(lanes), periods.bins)
    trips = [follow(plan, lanes, events, i, cells) for i in range(len(plan.itineraries))]
    passages, joins = Passages(plan, events, cells), Joins(plan, len(lanes))
    hours = StageHours(plan, closed_calendars(plan, lanes), cells) if wanted.any_of(OF_CAUSES) else None
    visits = Visits(plan, lanes, events, cells, _visited(plan, wanted))
    for followed in trips:
        if hours is not None:
            hours.begin(followed)
        for stage in followed.stages if followed.members.width else ():  # nobody takes it: nothing to add
            times = followed.times(stage)
            arrived, left = passages.add(followed, stage)
            joins.add(followed, stage, times)
            if hours is not None:
                hours.add(followed, stage, times)
            if stage in visits.place_of:
                visits.add(stage, arrived, left)
        if hours is not None:
            hours.finish(followed)
    check_conservation(plan, lanes, passages, joins, trips)
    done = _Done(plan, lanes, events, cells, periods, trips, passages, hours, visits)
    return done.summary(wanted)


def _visited(plan: Plan, wanted: Wanted) -> list[int]:
    """Places whose visits are looked at; a terminal adds up those of its places."""
    needed = wanted.including("terminal:")
    return needed.rows(place_subjects(plan), (*OF_VISITS, *OF_QUEUES))


@dataclass(frozen=True, eq=False)
class _Done:
    """What has been gone through, stage by stage."""

    plan: Plan
    lanes: Lanes
    events: Events
    cells: Cells
    periods: Periods
    trips: list[Trips]
    passages: Passages
    hours: StageHours | None
    visits: Visits

    def summary(self, wanted: Wanted) -> LanesSummary:
        """Put the KPIs together."""
        plan, n_arrived = self.plan, self.passages.arrived()
        flows = total_flows(plan, self.trips, self.cells)
        asked = wanted.rows(place_subjects(plan), OF_QUEUES)
        waiting = total_waiting(plan, self.events, self.visits, self.cells, self.periods, asked)
        n_delivered = np.stack([followed.n_delivered for followed in self.trips], axis=1)
        n_lanes = len(self.lanes)
        return LanesSummary(
            replications=self.lanes.replications,
            n_events=n_arrived.sum(axis=0),
            n_queue_events=n_arrived[np.isin(plan.stages.kind, OCCUPIED)].sum(axis=0),
            blocks=wanted.cut(self._blocks(flows, waiting, n_delivered, wanted)),
            stages=stage_rows(plan, self.passages, self.hours, n_delivered)
            if wanted.is_all and self.hours is not None
            else np.empty((n_lanes, 0, len(STAGE_COLUMNS))),
            queues=waiting.daily_n if wanted.is_all else waiting.daily_n[:, :0],
            transit_counts=add_flows(subjects_of(plan)[1], flows.transit_counts),
            journeys=journey_statistics(plan, self.trips, self.cells)
            if wanted.is_all
            else np.empty((n_lanes, 0, len(JOURNEY_STATISTICS))),
            last_delivery_h=last_deliveries(plan, self.trips),
        )

    def _blocks(self, flows: FlowTotals, waiting: Waiting, n_delivered: Ints, wanted: Wanted) -> Iterator[Block]:
        plan, cells, periods, passages = self.plan, self.cells, self.periods, self.passages
        yield from flow_blocks(plan, flows, periods)
        yield itinerary_block(plan, flows, periods)
        if self.hours is not None:
            yield from flow_cause_blocks(plan, flows, self.hours.cause_h, periods)
            yield from place_cause_blocks(plan, self.hours, n_delivered)
        if wanted.any_of(OF_PERCENTILES):
            yield from flow_percentile_blocks(plan, flows, cells, periods)
        n_places = len(plan.places)
        at_places = place_blocks(plan, self.visits, waiting, passages.throughput[:, :, :n_places], periods)
        yield from at_places
        yield from terminal_blocks(plan, at_places)
        yield from section_blocks(passages.subjects.sections, passages.throughput[:, :, n_places:], periods)
        if wanted.any_of(OF_POSTS):
            yield from border_post_blocks(plan, self.trips, cells, periods)
