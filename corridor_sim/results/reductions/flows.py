"""KPIs of flows, routes and the whole: throughput, transit time, time by cause, speed, what is still on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from corridor_sim.foundation.time_axis import is_month
from corridor_sim.plan.kinds import Cause
from corridor_sim.results.reductions.blocks import Block, safe_ratio
from corridor_sim.results.reductions.percentiles import group_keys, period_percentiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.reductions.bins import Cells
    from corridor_sim.results.reductions.periods import Periods
    from corridor_sim.results.reductions.trips import Trips

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]
    Numbers = TypeVar("Numbers", Floats, Ints)

NOT_OF_THE_CORRIDOR = ("background", "sea_reference")
"""Route families that ``all`` leaves out: other traffic at the same places, and ways round the corridor."""
TRANSIT_PERCENTILES = {"transit_p50_h": 50, "transit_p80_h": 80, "transit_p95_h": 95}
TRANSIT_BIN_H = 12.0
"""Width of the bins in which transit times are kept for distributions, h."""
N_TRANSIT_BINS = 240
"""120 days; longer ones fall in the last bin."""


def subjects_of(plan: Plan) -> tuple[tuple[str, ...], Bools]:
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


@dataclass(frozen=True, eq=False)
class FlowTotals:
    """Sums over the consignments of each flow."""

    delivered: dict[str, Floats]
    """n, t, teu, transit_h and km by month of delivery: (n_lanes, n_flows, n_months) each."""
    released_t: Floats
    """(n_lanes, n_flows, n_months) by month of release."""
    stock: dict[str, Floats]
    """n and t on the way just before each border of months: (n_lanes, n_flows, n_months + 1) each."""
    transit_counts: Ints
    """(n_lanes, n_flows, N_TRANSIT_BINS) delivered in the measured time, by transit time."""
    transit_keys: list[list[Ints]]
    """Per flow: keys of the transit times delivered in the measured time, by lane and month."""
    by_itinerary: Floats
    """(n_lanes, n_itineraries, n_months) consignments delivered."""

    @classmethod
    def empty(cls, n_lanes: int, n_flows: int, n_months: int, n_itineraries: int) -> FlowTotals:
        """Return the totals of nothing."""
        shape = n_lanes, n_flows, n_months
        return cls(
            {name: np.zeros(shape) for name in ("n", "t", "teu", "transit_h", "km")},
            np.zeros(shape),
            {name: np.zeros((n_lanes, n_flows, n_months + 1)) for name in ("n", "t")},
            np.zeros((n_lanes, n_flows, N_TRANSIT_BINS), dtype=np.int64),
            [[] for _ in range(n_flows)],
            np.zeros((n_lanes, n_itineraries, n_months)),
        )

    def add(self, plan: Plan, trips: Trips, cells: Cells) -> None:
        """Add the consignments of one itinerary."""
        flow, loads, delivered, released = trips.flow, trips.loads, trips.delivered, cells.of(trips.members.release_h)
        t, teu = loads.total(cells, delivered)
        transit_h = (trips.delivered_h - trips.members.release_h).reshape(-1)
        km = float(plan.stages.km[trips.stages.start : trips.stages.stop].sum())
        parts: dict[str, Floats | Ints] = {
            "n": delivered.count,
            "t": t,
            "teu": teu,
            "transit_h": delivered.hours(transit_h),
            "km": np.asarray(km * delivered.count),
        }
        for name, part in parts.items():
            self.delivered[name][:, flow] += part[:, 1:-1]
        self.by_itinerary[:, trips.itinerary] += delivered.count[:, 1:-1]
        measured, cell = delivered.is_within().nonzero()[0], delivered.cell()
        self._keep_transit_times(flow, cells, cell.take(measured), transit_h.take(measured))
        self.released_t[:, flow] += loads.total(cells, released)[0][:, 1:-1]
        waiting, waiting_t = _stock(cells, released.cell(), cell, trips)
        self.stock["n"][:, flow] += waiting[:, :-1]
        self.stock["t"][:, flow] += waiting_t[:, :-1]

    def _keep_transit_times(self, flow: int, cells: Cells, cell: Ints, transit_h: Floats) -> None:
        bins = np.minimum(transit_h / TRANSIT_BIN_H, N_TRANSIT_BINS - 1).astype(np.int64)
        bins += cells.lane_of.take(cell) * N_TRANSIT_BINS
        counts = np.bincount(bins, minlength=cells.n_lanes * N_TRANSIT_BINS)
        self.transit_counts[:, flow] += counts.reshape(cells.n_lanes, N_TRANSIT_BINS)
        self.transit_keys[flow].append(group_keys(cell, transit_h))


def _stock(cells: Cells, released: Ints, delivered: Ints, trips: Trips) -> tuple[Ints, Floats]:
    """Consignments and tonnes on the way at the end of each bin: (n_lanes, n_bins) each."""
    chosen = (released < delivered).nonzero()[0]
    cell, until = released.take(chosen), delivered.take(chosen)
    count, tonnes = np.zeros(cells.shape, dtype=np.int64), np.zeros(cells.shape)
    load_t = trips.loads.of_units(1)[0].reshape(-1).take(chosen)
    while cell.size:
        count += cells.count(cell)
        if not trips.loads.is_one_number:
            tonnes += cells.total(cell, load_t)
        cell = cell + 1
        still = (cell < until).nonzero()[0]
        cell, until, load_t = cell.take(still), until.take(still), load_t.take(still)
    return count, count * trips.loads.of_one[0] if trips.loads.is_one_number else tonnes


def total_flows(plan: Plan, trips: Sequence[Trips], cells: Cells) -> FlowTotals:
    """Sum over the consignments of each flow."""
    totals = FlowTotals.empty(cells.n_lanes, len(plan.flows), cells.bins.n_bins - 2, len(plan.itineraries))
    for followed in trips:
        totals.add(plan, followed, cells)
    return totals


def flow_blocks(plan: Plan, totals: FlowTotals, periods: Periods) -> list[Block]:
    """KPIs by flow, route, direction and in all: throughput, mean transit time, speed, what is still on the way.

    Parameters
    ----------
    plan
        The plan.
    totals
        Sums by flow.
    periods
        Periods of the months of these sums.
    """
    names, made_of = subjects_of(plan)
    count, t, teu, transit_h, km = (_by_subject(made_of, periods, total) for total in totals.delivered.values())
    ends = [months.stop for months in periods.months]
    values = {
        ("throughput_consignments", "1"): count,
        ("throughput_t", "t"): t,
        ("throughput_teu", "TEU"): teu,
        ("released_t", "t"): _by_subject(made_of, periods, totals.released_t),
        ("transit_mean_h", "h"): safe_ratio(transit_h, count),
        # trade and transport facilitation indicator 4: speed with delay, km over hours of all trips
        ("speed_with_delay_km_per_h", "km/h"): safe_ratio(km, transit_h),
        ("stock_end_consignments", "1"): add_flows(made_of, totals.stock["n"])[:, :, ends],
        ("stock_end_t", "t"): add_flows(made_of, totals.stock["t"])[:, :, ends],
    }
    return [Block(kpi, unit, names, periods.names, v) for (kpi, unit), v in values.items()]


def flow_cause_blocks(plan: Plan, totals: FlowTotals, cause_h: Floats, periods: Periods) -> list[Block]:
    """KPIs that rest on the cause of every hour.

    ``cause_h`` is (n_lanes, n_causes, n_flows, n_months) hours of those delivered.
    """
    names, made_of = subjects_of(plan)
    count, km = (_by_subject(made_of, periods, totals.delivered[name]) for name in ("n", "km"))
    by_cause = {cause: _by_subject(made_of, periods, cause_h[:, cause]) for cause in Cause}
    values = {(f"time_{cause.name.lower()}_h", "h"): safe_ratio(hours, count) for cause, hours in by_cause.items()}
    # trade and transport facilitation indicator 4, without delay
    values["speed_without_delay_km_per_h", "km/h"] = safe_ratio(km, by_cause[Cause.MOVING])
    return [Block(kpi, unit, names, periods.names, v) for (kpi, unit), v in values.items()]


def itinerary_block(plan: Plan, totals: FlowTotals, periods: Periods) -> Block:
    """Consignments delivered on each itinerary, by year and in all: what cost and emissions are weighted with."""
    chosen = [k for k, name in enumerate(periods.names) if not is_month(name)]
    values = periods.of_months(totals.by_itinerary)[:, :, chosen]
    names = tuple(f"itinerary:{name}" for name in plan.itineraries.id)
    return Block("throughput_consignments", "1", names, tuple(periods.names[k] for k in chosen), values)


def _by_subject(made_of: Bools, periods: Periods, by_flow: Floats) -> Floats:
    return periods.of_months(add_flows(made_of, by_flow))


def add_flows(made_of: Bools, by_flow: Numbers) -> Numbers:
    """Add values of flows, second axis, to those of subjects; flow after flow, whatever the other axes."""
    result = np.zeros((by_flow.shape[0], len(made_of), *by_flow.shape[2:]), dtype=by_flow.dtype)
    for flow, subjects in enumerate(made_of.T):
        result[:, subjects] += by_flow[:, flow, None]
    return result


def flow_percentile_blocks(plan: Plan, totals: FlowTotals, cells: Cells, periods: Periods) -> list[Block]:
    """Percentiles of transit times; subjects made of the same flows are worked out once."""
    names, made_of = subjects_of(plan)
    q = list(TRANSIT_PERCENTILES.values())
    result = np.empty((len(q), cells.n_lanes, len(names), len(periods.names)))
    found: dict[bytes, Floats] = {}
    for subject, flows in enumerate(made_of):
        same = flows.tobytes()
        if same not in found:
            parts = [keys for f in np.flatnonzero(flows) for keys in totals.transit_keys[f]]
            found[same] = period_percentiles(cells, periods, np.concatenate([*parts, np.empty(0, dtype=np.int64)]), q)
        result[:, :, subject] = found[same]
    return [Block(kpi, "h", names, periods.names, result[i]) for i, kpi in enumerate(TRANSIT_PERCENTILES)]
