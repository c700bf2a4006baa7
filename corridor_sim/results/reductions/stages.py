"""Hours at the stages of the plan, along the trips delivered: waiting, closed, served, and the cause of every hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import Cause, StageKind
from corridor_sim.results.reductions.blocks import Block, safe_ratio
from corridor_sim.results.reductions.percentiles import group_keys, percentiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.reductions.bins import Cells
    from corridor_sim.results.reductions.calendars import LaneCalendars
    from corridor_sim.results.reductions.passages import Passages
    from corridor_sim.results.reductions.trips import Times, Trips

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

STAGE_COLUMNS = (
    "arrivals", "departures", "queue_h", "queue_p95_h", "closed_h", "service_h", "elapsed_p05_h", "elapsed_p95_h",
)  # fmt: skip
"""Columns of a stage's row, all of the measured time.

Numbers of consignments that arrived and left (units count by their part), then means (and the 95th percentile) over
the consignments delivered, hours; of a split one along the unit that arrives last at its gather. Elapsed: hours from
release to departure from the stage, percentiles over the same consignments.
"""
ELAPSED_PERCENT = (5, 95)
MOST_KEYS = 1 << 20
"""Trips times stages whose elapsed hours are kept at once: 8 MiB."""

WAIT_CAUSE = {
    StageKind.QUEUE: Cause.QUEUEING,
    StageKind.SINGLE_TRACK: Cause.QUEUEING,
    StageKind.SAIL: Cause.DEPARTURE,
    StageKind.FORM: Cause.FORMING,
}
"""Cause of the time between arrival and start, by kind of stage; the others do not wait."""


class StageHours:
    """Hours of the consignments delivered in the measured time, added up stage by stage.

    Parameters
    ----------
    plan
        The plan.
    calendars
        Per stage: calendars whose closed hours it feels, if any.
    cells
        Cells of lanes and months.
    """

    def __init__(self, plan: Plan, calendars: Sequence[LaneCalendars | None], cells: Cells) -> None:
        self._calendars, self._cells = calendars, cells
        self._causes = [Cause(cause) for cause in plan.stages.cause.tolist()]
        self._wait_causes = [
            cause if kind == StageKind.TAKE else WAIT_CAUSE.get(StageKind(kind))
            for kind, cause in zip(plan.stages.kind.tolist(), self._causes, strict=True)
        ]
        self._wait_keys: list[Ints]
        self._lane: Ints
        """(n_lanes * n,) lane of each consignment of the itinerary."""
        self._is_measured: npt.NDArray[np.bool_]
        """(n_lanes, n) whether it is delivered in the measured time."""
        self._measured: Ints
        """Positions of those, flat."""
        self._measured_lane: Ints
        self._release_h: Floats
        """Their lanes and releases."""
        self._elapsed_keys: list[Ints]
        self._first_kept: int
        by_stage = cells.n_lanes, len(plan.stages)
        self.waiting_h = np.zeros(by_stage)
        """(n_lanes, n_stages) between arrival and start, open hours only."""
        self.waiting_p95_h = np.zeros(by_stage)
        """(n_lanes, n_stages) nan where nobody was delivered."""
        self.elapsed_h = np.full((len(ELAPSED_PERCENT), *by_stage), np.nan)
        """(n_percentiles, n_lanes, n_stages) from release to departure; nan where nobody was delivered."""
        self.closed_h = np.zeros(by_stage)
        """(n_lanes, n_stages) closed hours while waiting or being served."""
        self.serving_h = np.zeros(by_stage)
        """(n_lanes, n_stages) between start and departure, open hours only."""
        self.cause_h = np.zeros((cells.n_lanes, len(Cause), len(plan.flows), cells.bins.n_bins - 2))
        """(n_lanes, n_causes, n_flows, n_months) by month of delivery."""

    def wait_cause(self, stage: int) -> Cause | None:
        """Return the cause of waiting at a stage; None where nobody waits."""
        return self._wait_causes[stage]

    def begin(self, trips: Trips) -> None:
        """Begin an itinerary."""
        shape = trips.members.release_h.shape
        self._wait_keys = [np.empty(0, dtype=np.int64)]
        self._lane = np.repeat(np.arange(shape[0]), shape[1])
        self._is_measured = trips.delivered.is_within().reshape(shape)
        self._measured = self._is_measured.reshape(-1).nonzero()[0]
        self._measured_lane = self._lane.take(self._measured)
        self._release_h = trips.members.release_h.reshape(-1).take(self._measured)
        self._elapsed_keys, self._first_kept = [], trips.stages.start

    def add(self, trips: Trips, stage: int, times: Times) -> None:
        """Add one stage of the itinerary, split into open and closed hours."""
        self._keep_elapsed(stage, times[2])
        waiting, serving, closed = _split(times, self._calendars[stage])
        self._add(self.serving_h, trips, stage, serving, self._causes[stage])
        if closed is not None:
            self._add(self.closed_h, trips, stage, closed, Cause.CLOSED)
        if waiting is not None:
            self._add(self.waiting_h, trips, stage, waiting, self._wait_causes[stage])
            self._keep_waits(trips, stage, waiting)

    def _add(self, into: Floats, trips: Trips, stage: int, hours: Floats, cause: Cause | None) -> None:
        monthly = trips.delivered.hours(hours)[:, 1:-1]
        into[:, stage] = monthly.sum(axis=1)
        if cause is not None:
            self.cause_h[:, cause, trips.flow] += monthly

    def _keep_waits(self, trips: Trips, stage: int, waiting: Floats) -> None:
        """Keep the waits of those delivered, for percentiles; who does not wait needs no sorting."""
        waits = ((waiting > 0) & self._is_measured).reshape(-1).nonzero()[0]
        group = self._lane.take(waits) + (stage - trips.stages.start) * self._cells.n_lanes
        keys = group_keys(group, waiting.reshape(-1).take(waits))
        keys.sort()
        self._wait_keys.append(keys)

    def _keep_elapsed(self, stage: int, depart: Floats) -> None:
        elapsed = depart.reshape(-1).take(self._measured) - self._release_h
        keys = group_keys(self._measured_lane + (stage - self._first_kept) * self._cells.n_lanes, elapsed)
        keys.sort()
        self._elapsed_keys.append(keys)
        if keys.size * len(self._elapsed_keys) > MOST_KEYS:
            self._finish_elapsed(stage + 1)

    def _finish_elapsed(self, stop: int) -> None:
        """Work out the percentiles of the stages kept so far, up to but not including one."""
        n_lanes, n_stages = self._cells.n_lanes, stop - self._first_kept
        if self._elapsed_keys:  # of an itinerary that nobody takes no stage is added
            found = percentiles(np.concatenate(self._elapsed_keys), n_stages * n_lanes, ELAPSED_PERCENT)
            by_stage = found.reshape(-1, n_stages, n_lanes).transpose(0, 2, 1)
            self.elapsed_h[:, :, self._first_kept : stop] = by_stage
        self._elapsed_keys, self._first_kept = [], stop

    def finish(self, trips: Trips) -> None:
        """Work out percentiles, when all stages of the itinerary have been added."""
        self._finish_elapsed(trips.stages.stop)
        n_lanes, n_stages = self._cells.n_lanes, len(trips.stages)
        keys = np.concatenate(self._wait_keys)
        size = np.tile(trips.n_delivered, n_stages)
        found = percentiles(keys, n_stages * n_lanes, [95], size)
        self.waiting_p95_h[:, trips.stages.start : trips.stages.stop] = found.reshape(n_stages, n_lanes).T


def _split(times: Times, calendars: LaneCalendars | None) -> tuple[Floats | None, Floats, Floats | None]:
    """Open hours of waiting (none: nobody waits) and of being served, and closed hours (none: never closed)."""
    arrive, start, depart = times
    waiting, serving = None if start is arrive else start - arrive, depart - start
    if calendars is None:
        return waiting, serving, None
    before_arrive, before_depart = calendars.closed_before(arrive), calendars.closed_before(depart)
    before_start = before_arrive if waiting is None else calendars.closed_before(start)
    serving -= before_depart - before_start
    if waiting is not None:
        waiting -= before_start - before_arrive
    return waiting, serving, before_depart - before_arrive


def stage_rows(plan: Plan, passages: Passages, hours: StageHours, n_delivered: Ints) -> Floats:
    """Rows of the stages: (n_lanes, n_stages, len(STAGE_COLUMNS)).

    Parameters
    ----------
    plan
        The plan.
    passages, hours
        What passes the stages, and for how long.
    n_delivered
        (n_lanes, n_itineraries) consignments delivered in the measured time.
    """
    n = n_delivered[:, plan.stages.itinerary_idx]
    columns = [
        units[:, :, 1:-1].sum(axis=2).T / plan.stages.n_units for units in (passages.arrivals, passages.departures)
    ]
    columns += [
        safe_ratio(hours.waiting_h, n),
        hours.waiting_p95_h,
        safe_ratio(hours.closed_h, n),
        safe_ratio(hours.serving_h, n),
        *hours.elapsed_h,
    ]
    return np.stack(columns, axis=2)


def place_cause_blocks(plan: Plan, hours: StageHours, n_delivered: Ints) -> list[Block]:
    """Queueing and closed hours of each flow at each place and single-track line, per consignment delivered.

    The queueing hours add up to the flow's; closed hours of holds and runs have no place.
    """
    ids: dict[int, Sequence[str]] = {
        StageKind.QUEUE: plan.places.id,
        StageKind.SINGLE_TRACK: [track.rpartition("/")[0] for track in plan.tracks.id],
        StageKind.TAKE: plan.pools.id,
    }
    rows: dict[tuple[int, str], list[int]] = {}
    for s, kind in enumerate(plan.stages.kind.tolist()):
        if kind in ids and hours.wait_cause(s) is Cause.QUEUEING:
            flow = int(plan.itineraries.flow_idx[plan.stages.itinerary_idx[s]])
            rows.setdefault((flow, ids[kind][int(plan.stages.target_idx[s])]), []).append(s)
    names = tuple(f"flow:{plan.flows.id[flow]}@{place}" for flow, place in rows)
    of_flow = np.zeros((len(n_delivered), len(plan.flows)), dtype=np.int64)
    for itinerary, flow in enumerate(plan.itineraries.flow_idx.tolist()):
        of_flow[:, flow] += n_delivered[:, itinerary]
    blocks = []
    for cause, total in ((Cause.QUEUEING, hours.waiting_h), (Cause.CLOSED, hours.closed_h)):
        at_place = np.zeros((len(total), len(rows)))
        for row, stages in enumerate(rows.values()):
            at_place[:, row] = total[:, stages].sum(axis=1)
        means = safe_ratio(at_place, of_flow[:, [flow for flow, _ in rows]])
        blocks.append(Block(f"time_{cause.name.lower()}_h", "h", names, ("all",), means[:, :, None]))
    return blocks
