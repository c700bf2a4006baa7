"""One row per stage of the plan: arrivals and mean times of one lane, and time by cause and place of each flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import Cause, StageKind
from corridor_sim.results.reductions.blocks import Block, safe_ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import LaneEvents
    from corridor_sim.results.reductions.flows import Deliveries
    from corridor_sim.results.reductions.periods import Periods
    from corridor_sim.results.reductions.trips import Trips

    Floats = npt.NDArray[np.float64]

STAGE_COLUMNS = ("arrivals", "departures", "queue_h", "queue_p95_h", "closed_h", "service_h")
"""Columns of a stage's row, all of the measured time.

Numbers of consignments that arrived and left (units count by their part), then means (and the 95th percentile) over
the consignments delivered, hours; of a split one along the unit that arrives last at its gather.
"""


def stage_rows(
    plan: Plan, events: LaneEvents, trips: Sequence[Trips], deliveries: Deliveries, periods: Periods
) -> Floats:
    """Average times along the trips delivered in the measured time: (n_stages, len(STAGE_COLUMNS))."""
    result = np.full((len(plan.stages), len(STAGE_COLUMNS)), np.nan)
    for itinerary, followed in enumerate(trips):
        stages = plan.stage_range(itinerary)
        measured = deliveries.month[followed.members] >= 0
        rows = slice(stages.start, stages.stop)
        for column, times in enumerate((events.arrive_h, events.depart_h)):
            for s in stages:
                n_units = int(plan.stages.n_units[s])
                result[s, column] = np.count_nonzero(periods.month_of(times[events.rows(s)]) >= 0) / n_units
        if measured.any():
            result[rows, 2] = followed.waiting_h[:, measured].mean(axis=1)
            result[rows, 3] = np.percentile(followed.waiting_h[:, measured], 95, axis=1)
            result[rows, 4] = followed.closed_h[:, measured].mean(axis=1)
            result[rows, 5] = followed.serving_h[:, measured].mean(axis=1)
    return result


def place_cause_blocks(plan: Plan, lane: Lane, trips: Sequence[Trips], deliveries: Deliveries) -> list[Block]:
    """Queueing and closed hours of each flow at each place, per consignment delivered.

    The queueing hours add up to the flow's; closed hours of holds and runs have no place.
    """
    count = np.bincount(lane.flow_idx[deliveries.month >= 0], minlength=len(plan.flows))
    hours: dict[str, Floats] = {}
    flow_of: dict[str, int] = {}
    for itinerary, followed in enumerate(trips):
        flow = int(plan.itineraries.flow_idx[itinerary])
        measured = deliveries.month[followed.members] >= 0
        for row, s in enumerate(plan.stage_range(itinerary)):
            if StageKind(int(plan.stages.kind[s])) is not StageKind.QUEUE:
                continue
            subject = f"flow:{plan.flows.id[flow]}@{plan.places.id[int(plan.stages.target_idx[s])]}"
            flow_of[subject] = flow
            total = hours.setdefault(subject, np.zeros(2))
            total += [followed.waiting_h[row, measured].sum(), followed.closed_h[row, measured].sum()]
    names = tuple(hours)
    totals = np.array(list(hours.values())).reshape(len(names), 2)
    means = safe_ratio(totals, count[[flow_of[n] for n in names]][:, None] if names else np.zeros((0, 1)))
    return [
        Block(f"time_{cause.name.lower()}_h", "h", names, ("all",), means[:, [i]])
        for i, cause in enumerate((Cause.QUEUEING, Cause.CLOSED))
    ]
