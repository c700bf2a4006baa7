"""KPIs of flows, routes and the whole: throughput, transit time, time by cause, speed, what is still on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import Cause
from corridor_sim.results.reductions.blocks import Block, safe_ratio
from corridor_sim.results.reductions.trips import time_by_cause

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.reductions.periods import Periods
    from corridor_sim.results.reductions.trips import Trips

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

NOT_OF_THE_CORRIDOR = ("background", "sea_reference")
"""Route families that ``all`` leaves out: other traffic at the same places, and ways round the corridor."""
TRANSIT_PERCENTILES = {"transit_p50_h": 50, "transit_p80_h": 80, "transit_p95_h": 95}


@dataclass(frozen=True, eq=False)
class Deliveries:
    """One value per consignment of the lane, in the lane's order."""

    delivered_h: Floats
    transit_h: Floats
    month: Ints
    """Month of delivery; -1: outside the measured time or still on the way."""
    cause_h: Floats
    """(n_causes, n_consignments)."""
    km: Floats


def collect_deliveries(plan: Plan, lane: Lane, trips: Sequence[Trips], periods: Periods) -> Deliveries:
    """Bring the trips of all itineraries into the lane's order."""
    n = lane.n_consignments
    delivered, km, cause = np.full(n, np.nan), np.zeros(n), np.full((len(Cause), n), np.nan)
    for itinerary, followed in enumerate(trips):
        stages = plan.stage_range(itinerary)
        delivered[followed.members] = followed.delivered_h
        km[followed.members] = plan.stages.km[stages.start : stages.stop].sum()
        cause[:, followed.members] = time_by_cause(plan, followed, itinerary)
    return Deliveries(delivered, delivered - lane.release_h, periods.month_of(delivered), cause, km)


def subjects_of(plan: Plan) -> tuple[tuple[str, ...], npt.NDArray[np.bool_]]:
    """Return subjects and the flows each is made of: (n_subjects, n_flows)."""
    routes = sorted(set(plan.flows.route))
    route, direction = np.array(plan.flows.route), np.array(plan.flows.direction)
    names = [f"flow:{f}" for f in plan.flows.id]
    rows = list(np.eye(len(names), dtype=bool))
    for r in routes:
        names.append(f"route:{r}")
        rows.append(route == r)
        for d in sorted(set(direction[route == r])):
            names.append(f"route:{r}/{d}")
            rows.append((route == r) & (direction == d))
    names.append("all")
    rows.append(~np.isin(route, NOT_OF_THE_CORRIDOR))
    return tuple(names), np.array(rows)


def flow_blocks(plan: Plan, lane: Lane, deliveries: Deliveries, periods: Periods) -> list[Block]:
    """KPIs by flow, route, direction and in all."""
    names, made_of = subjects_of(plan)
    sums = _Sums(plan, lane, periods, made_of)
    month = deliveries.month
    count = sums.by_subject(month)
    values: dict[tuple[str, str], Floats] = {
        ("throughput_consignments", "1"): count,
        ("throughput_t", "t"): sums.by_subject(month, lane.load_t),
        ("throughput_teu", "TEU"): sums.by_subject(month, lane.load_teu),
        ("released_t", "t"): sums.by_subject(periods.month_of(lane.release_h), lane.load_t),
        ("transit_mean_h", "h"): safe_ratio(sums.by_subject(month, deliveries.transit_h), count),
    }
    for cause in Cause:
        total = sums.by_subject(month, deliveries.cause_h[cause])
        values[f"time_{cause.name.lower()}_h", "h"] = safe_ratio(total, count)
    # trade and transport facilitation indicator 4: speed with and without delay, km over hours of all trips
    km = sums.by_subject(month, deliveries.km)
    values["speed_with_delay_km_per_h", "km/h"] = safe_ratio(km, sums.by_subject(month, deliveries.transit_h))
    moving = sums.by_subject(month, deliveries.cause_h[Cause.MOVING])
    values["speed_without_delay_km_per_h", "km/h"] = safe_ratio(km, moving)
    values["stock_end_consignments", "1"] = _stock(lane, deliveries, periods, made_of, np.ones(lane.n_consignments))
    values["stock_end_t", "t"] = _stock(lane, deliveries, periods, made_of, lane.load_t)
    blocks = [Block(kpi, unit, names, periods.names, v) for (kpi, unit), v in values.items()]
    return [*blocks, *_percentile_blocks(lane, deliveries, periods, names, made_of)]


class _Sums:
    """Sums over consignments by subject and period."""

    def __init__(self, plan: Plan, lane: Lane, periods: Periods, made_of: npt.NDArray[np.bool_]) -> None:
        self.n_flows, self.flow_idx = len(plan.flows), lane.flow_idx
        self.periods, self.made_of = periods, made_of.astype(np.float64)

    def by_subject(self, month: Ints, weights: Floats | None = None) -> Floats:
        """Sum weights (or count): (n_subjects, n_periods)."""
        inside = month >= 0
        cell = self.flow_idx[inside] * self.periods.n_months + month[inside]
        w = None if weights is None else weights[inside]
        cells = np.bincount(cell, weights=w, minlength=self.n_flows * self.periods.n_months)
        monthly = cells.reshape(self.n_flows, self.periods.n_months)
        return self.periods.of_months(self.made_of @ monthly)


def _stock(
    lane: Lane, deliveries: Deliveries, periods: Periods, made_of: npt.NDArray[np.bool_], weights: Floats
) -> Floats:
    """Released before the end of a period and not delivered by then: (n_subjects, n_periods)."""
    columns = []
    for end_h in periods.end_h:
        inside = (lane.release_h < end_h) & ~(deliveries.delivered_h < end_h)
        by_flow = np.bincount(lane.flow_idx[inside], weights=weights[inside], minlength=made_of.shape[1])
        columns.append(made_of @ by_flow)
    return np.array(columns, dtype=np.float64).T


def _percentile_blocks(
    lane: Lane, deliveries: Deliveries, periods: Periods, names: tuple[str, ...], made_of: npt.NDArray[np.bool_]
) -> list[Block]:
    q = list(TRANSIT_PERCENTILES.values())
    result = np.full((len(q), len(names), len(periods.names)), np.nan)
    for subject, flows in enumerate(made_of):
        chosen = flows[lane.flow_idx] & (deliveries.month >= 0)
        sample, month = deliveries.transit_h[chosen], deliveries.month[chosen]
        result[:, subject] = periods.statistic(month, sample, lambda x: np.percentile(x, q), len(q))
    return [Block(kpi, "h", names, periods.names, result[i]) for i, kpi in enumerate(TRANSIT_PERCENTILES)]
