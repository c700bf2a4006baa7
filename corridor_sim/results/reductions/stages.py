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
    from corridor_sim.results.reductions.flows import Deliveries
    from corridor_sim.results.reductions.trips import Trips

    Floats = npt.NDArray[np.float64]

STAGE_COLUMNS = ("arrivals", "departures", "queue_h", "queue_p95_h", "closed_h", "service_h")
"""Columns of a stage's row: numbers of consignments, then means (and the 95th percentile) of those delivered, h."""


def stage_rows(plan: Plan, trips: Sequence[Trips], deliveries: Deliveries) -> Floats:
    """Average times along the trips delivered in the measured time: (n_stages, len(STAGE_COLUMNS))."""
    result = np.full((len(plan.stages), len(STAGE_COLUMNS)), np.nan)
    for itinerary, followed in enumerate(trips):
        stages = plan.stage_range(itinerary)
        measured = deliveries.month[followed.members] >= 0
        rows = slice(stages.start, stages.stop)
        result[rows, 0] = np.count_nonzero(~np.isnan(followed.arrive_h), axis=1)
        result[rows, 1] = np.count_nonzero(~np.isnan(followed.depart_h), axis=1)
        if measured.any():
            result[rows, 2] = followed.waiting_h[:, measured].mean(axis=1)
            result[rows, 3] = np.percentile(followed.waiting_h[:, measured], 95, axis=1)
            result[rows, 4] = followed.closed_h[:, measured].mean(axis=1)
            result[rows, 5] = followed.serving_h[:, measured].mean(axis=1)
    return result


def place_cause_blocks(plan: Plan, lane: Lane, trips: Sequence[Trips], deliveries: Deliveries) -> list[Block]:
    """Queueing and closed hours of each flow at each place, per consignment delivered; they add up to the flow's."""
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
