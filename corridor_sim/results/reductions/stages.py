"""Hours at the stages of the plan, along the trips delivered: waiting, closed, served, and the cause of every hour."""

from __future__ import annotations

from dataclasses import dataclass
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

STAGE_COLUMNS = ("arrivals", "departures", "queue_h", "queue_p95_h", "closed_h", "service_h")
"""Columns of a stage's row, all of the measured time.

Numbers of consignments that arrived and left (units count by their part), then means (and the 95th percentile) over
the consignments delivered, hours; of a split one along the unit that arrives last at its gather.
"""

WAIT_CAUSE = {StageKind.QUEUE: Cause.QUEUEING, StageKind.SAIL: Cause.DEPARTURE, StageKind.FORM: Cause.FORMING}
"""Cause of the time between arrival and start, by kind of stage; the others do not wait."""


@dataclass(frozen=True, eq=False)
class StageHours:
    """Hours of the consignments delivered in the measured time."""

    waiting_h: Floats
    """(n_lanes, n_stages) between arrival and start, open hours only."""
    waiting_p95_h: Floats
    """(n_lanes, n_stages) nan where nobody was delivered."""
    closed_h: Floats
    """(n_lanes, n_stages) closed hours while waiting or being served."""
    serving_h: Floats
    """(n_lanes, n_stages) between start and departure, open hours only."""
    cause_h: Floats
    """(n_lanes, n_causes, n_flows, n_months) by month of delivery."""

    @classmethod
    def empty(cls, plan: Plan, n_lanes: int, n_months: int) -> StageHours:
        """Return no hours at all."""
        waiting, p95, closed, serving = np.zeros((4, n_lanes, len(plan.stages)))
        return cls(waiting, p95, closed, serving, np.zeros((n_lanes, len(Cause), len(plan.flows), n_months)))

    def add(self, into: Floats, stage: int, monthly: Floats, cause: Cause | None, flow: int) -> None:
        """Add hours by lane and month to a stage and to a cause."""
        into[:, stage] += monthly.sum(axis=1)
        if cause is not None:
            self.cause_h[:, cause, flow] += monthly


def sum_hours(
    plan: Plan, trips: Sequence[Trips], calendars: Sequence[LaneCalendars | None], cells: Cells
) -> StageHours:
    """Sum the hours of every stage, split into open and closed ones.

    Parameters
    ----------
    plan
        The plan.
    trips
        Per itinerary.
    calendars
        Per stage: calendars whose closed hours it feels, if any.
    cells
        Cells of lanes and months.
    """
    hours = StageHours.empty(plan, cells.n_lanes, cells.bins.n_bins - 2)
    for followed in trips:
        cell, flow = followed.delivered_cell, followed.flow
        n_delivered = cells.count(cell)[:, 1:-1].sum(axis=1)
        for s in followed.stages:
            waiting, serving, closed = _split(followed.times(s), calendars[s])
            wait_cause = WAIT_CAUSE.get(StageKind(int(plan.stages.kind[s])))
            cause = Cause(int(plan.stages.cause[s]))
            hours.add(hours.serving_h, s, cells.total(cell, serving)[:, 1:-1], cause, flow)
            if closed is not None:
                hours.add(hours.closed_h, s, cells.total(cell, closed)[:, 1:-1], Cause.CLOSED, flow)
            if waiting is not None:
                hours.add(hours.waiting_h, s, cells.total(cell, waiting)[:, 1:-1], wait_cause, flow)
            hours.waiting_p95_h[:, s] = _p95(cells, cell, waiting, n_delivered)
    return hours


def _split(times: Times, calendars: LaneCalendars | None) -> tuple[Floats | None, Floats, Floats | None]:
    """Open hours of waiting (none: nobody waits) and of being served, and closed hours (none: never closed)."""
    arrive, start, depart = times
    waiting, serving = None if start is arrive else start - arrive, depart - start
    if calendars is None:
        return waiting, serving, None
    shut = [calendars.closed_before(t) for t in (arrive, start, depart)]
    serving -= shut[2] - shut[1]
    if waiting is not None:
        waiting -= shut[1] - shut[0]
    return waiting, serving, shut[2] - shut[0]


def _p95(cells: Cells, cell: Ints, waiting: Floats | None, n_delivered: Ints) -> Floats:
    """95th percentile of the waits of those delivered: (n_lanes,); those who did not wait need no sorting."""
    if waiting is None:
        return np.asarray(np.where(n_delivered > 0, 0.0, np.nan))
    waits = np.flatnonzero(waiting > 0)
    waits = waits.take(np.flatnonzero(cells.is_within(cell.take(waits))))
    lane = cells.lane_of.take(cell.take(waits))
    n_zero = n_delivered - np.bincount(lane, minlength=cells.n_lanes)
    keys = group_keys(lane, waiting.reshape(-1).take(waits))
    return np.asarray(percentiles(keys, cells.n_lanes, [95], n_zero)[0])


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
    ]
    return np.stack(columns, axis=2)


def place_cause_blocks(plan: Plan, hours: StageHours, n_delivered: Ints) -> list[Block]:
    """Queueing and closed hours of each flow at each place, per consignment delivered.

    The queueing hours add up to the flow's; closed hours of holds and runs have no place.
    """
    rows: dict[tuple[int, int], list[int]] = {}
    for s in np.flatnonzero(plan.stages.kind == StageKind.QUEUE).tolist():
        flow = int(plan.itineraries.flow_idx[plan.stages.itinerary_idx[s]])
        rows.setdefault((flow, int(plan.stages.target_idx[s])), []).append(s)
    names = tuple(f"flow:{plan.flows.id[flow]}@{plan.places.id[place]}" for flow, place in rows)
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
