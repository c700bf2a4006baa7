"""KPIs of places: what they serve, how long it queues, how busy they are, whether the queue grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_axis import H_PER_YEAR
from corridor_sim.plan.kinds import StageKind
from corridor_sim.results.reductions.blocks import Block, safe_ratio
from corridor_sim.results.reductions.calendars import LaneCalendars
from corridor_sim.results.reductions.percentiles import group_keys, period_percentiles
from corridor_sim.results.reductions.queues import QueueLength, Slots
from corridor_sim.results.reductions.work import BusyHours, available_h, is_one_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import Events
    from corridor_sim.results.reductions.bins import Cells
    from corridor_sim.results.reductions.passages import Passages
    from corridor_sim.results.reductions.periods import Periods

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

UNITS = {
    "throughput_consignments": "1",
    "throughput_units": "1",
    "throughput_t": "t",
    "throughput_teu": "TEU",
    "utilisation_frac": "1",
    "offered_load_frac": "1",
    "queue_mean_h": "h",
    "queue_p95_h": "h",
    "queue_mean_n": "1",
    "queue_longest_n": "1",
    "queue_end_n": "1",
    "queue_growth_per_year": "1/yr",
    "visit_mean_h": "h",
}
"""KPIs of places and their units."""


@dataclass(frozen=True, eq=False)
class Waits:
    """Those who wait at one place, in all lanes, flat."""

    cell: Ints
    """Lane and month of the start of service."""
    joined_h: Floats
    left_h: Floats
    """Start of service; the end of the horizon, if it has not come by then."""

    @classmethod
    def join(cls, parts: Sequence[Waits]) -> Waits:
        """Put those of several stages together."""
        columns = (tuple(getattr(part, name) for part in parts) for name in ("cell", "joined_h", "left_h"))
        return cls(*(np.concatenate(column) for column in columns))


class PlaceTotals:
    """Sums over the visits to each place, by month: (n_lanes, n_places, n_months) each, unless said otherwise."""

    def __init__(self, n_places: int, n_lanes: int, periods: Periods, n_days: int) -> None:
        monthly = n_lanes, n_places, periods.n_months
        self.units_left, self.units_started, self.longest_n = np.zeros((3, *monthly))
        self.wait_h, self.visit_h, self.queue_h = np.zeros((3, *monthly))
        self.available_h, self.offered_h, self.busy_h = np.zeros((3, *monthly))
        self.waiting_n = np.zeros((n_lanes, n_places, periods.n_months + 1))
        """Waiting just before each border of months."""
        self.wait_p95_h = np.full((n_lanes, n_places, len(periods.names)), np.nan)
        """By period."""
        self.daily_n = np.zeros((n_lanes, n_places, n_days), dtype=np.float32)
        """Mean number waiting, by day."""


class _Visits:
    """Goes through the visits to all places."""

    def __init__(
        self, plan: Plan, lanes: Lanes, events: Events, passages: Passages, cells: Cells, periods: Periods
    ) -> None:
        self.plan, self.lanes, self.events, self.passages = plan, lanes, events, passages
        self.cells, self.periods = cells, periods
        self.slots = Slots.of(periods, plan.end_h)
        self.days = self.slots.cells(len(lanes))
        self.totals = PlaceTotals(len(plan.places), len(lanes), periods, self.slots.day_h.size)

    def add_place(self, place: int, stages: list[int]) -> None:
        """Add the visits of all stages to one place."""
        totals, cells = self.totals, self.cells
        calendars = LaneCalendars.of([of_lane[place] for of_lane in self.lanes.calendars])
        totals.available_h[:, place] = available_h(self.plan, place, calendars, self.periods.edges_h)
        busy = BusyHours(cells, calendars, [self.lanes.occupancy_h[s] for s in stages])
        started = np.zeros(cells.shape, dtype=np.int64)
        waits = [self._add_stage(place, s, busy, started) for s in stages]
        totals.busy_h[:, place] = busy.total()[:, 1:-1]
        totals.units_started[:, place] = started[:, 1:-1]
        if sum(w.cell.size for w in waits):
            self._add_waits(place, Waits.join(waits), started)
        else:
            totals.wait_p95_h[:, place] = np.where(self.periods.of_months(started[:, 1:-1]) > 0, 0.0, np.nan)

    def _add_stage(self, place: int, stage: int, busy: BusyHours, started: Ints) -> Waits:
        """Add the visits of one stage, count those that started, and return those who waited."""
        totals, cells, events = self.totals, self.cells, self.events
        arrive, start, depart = events.arrive_h[stage], events.start_h[stage], events.depart_h[stage]
        hours, of_start = self.lanes.occupancy_h[stage], cells.of(start)
        started += of_start.count
        totals.visit_h[:, place] += cells.of(depart).hours(depart - arrive)[:, 1:-1]
        totals.units_left[:, place] += self.passages.departures[stage, :, 1:-1]
        is_one = is_one_number(hours)
        offered = self.passages.arrivals[stage] * hours[0, 0] if is_one else cells.of(arrive).hours(hours)
        totals.offered_h[:, place] += offered[:, 1:-1]
        busy.add(of_start, start, hours)
        left = np.minimum(start, self.plan.end_h)
        waits = (left > arrive).reshape(-1).nonzero()[0]
        return Waits(of_start.cell.take(waits), arrive.reshape(-1).take(waits), left.reshape(-1).take(waits))

    def _add_waits(self, place: int, waits: Waits, started: Ints) -> None:
        """Add how long those of a place wait, and how many."""
        totals, cells = self.totals, self.cells
        measured = cells.is_within(waits.cell).nonzero()[0]
        cell = waits.cell.take(measured)
        hours = waits.left_h.take(measured) - waits.joined_h.take(measured)
        keys = group_keys(cell, hours)
        totals.wait_h[:, place] = cells.total(cell, hours)[:, 1:-1]
        totals.wait_p95_h[:, place] = period_percentiles(cells, self.periods, keys, [95], started)[0]
        queue = QueueLength(self.slots, self.days, cells.lane_of.take(waits.cell), waits.joined_h, waits.left_h)
        totals.queue_h[:, place] = queue.monthly_h()
        totals.waiting_n[:, place] = queue.before_months()
        totals.longest_n[:, place] = queue.longest()
        totals.daily_n[:, place] = queue.daily_mean()


def total_places(
    plan: Plan, lanes: Lanes, events: Events, passages: Passages, cells: Cells, periods: Periods
) -> PlaceTotals:
    """Sum over the visits to every place, place by place."""
    stages_of: list[list[int]] = [[] for _ in range(len(plan.places))]
    for s in np.flatnonzero(plan.stages.kind == StageKind.QUEUE).tolist():
        stages_of[int(plan.stages.target_idx[s])].append(s)
    visits = _Visits(plan, lanes, events, passages, cells, periods)
    for place, stages in enumerate(stages_of):
        visits.add_place(place, stages)
    return visits.totals


def place_blocks(plan: Plan, totals: PlaceTotals, throughput: Floats, periods: Periods) -> list[Block]:
    """KPIs by place; ``throughput`` is (3, n_lanes, n_places, n_months) consignments, tonnes and TEU."""
    by_period = periods.of_months
    consignments, tonnes, teu = (by_period(part) for part in throughput)
    started, left, available = (by_period(x) for x in (totals.units_started, totals.units_left, totals.available_h))
    length_h = periods.end_h - periods.start_h
    before, after = (totals.waiting_n[:, :, [m[k] for m in _borders(periods)]] for k in (0, 1))
    reserved = plan.places.reserved_frac[:, None]
    values = {
        "throughput_consignments": consignments,
        "throughput_units": left,
        "throughput_t": tonnes,
        "throughput_teu": teu,
        # servers are taken by reserved traffic in any case, and by the corridor's in what is left of their time
        # (one that is gone may finish what it began: that is no more than all of the time)
        "utilisation_frac": reserved
        + (1 - reserved) * np.minimum(safe_ratio(by_period(totals.busy_h), available), 1.0),
        "offered_load_frac": safe_ratio(by_period(totals.offered_h), available),
        "queue_mean_h": safe_ratio(by_period(totals.wait_h), started),
        "queue_p95_h": totals.wait_p95_h,
        "queue_mean_n": by_period(totals.queue_h) / length_h,
        "queue_longest_n": periods.largest(totals.longest_n),
        "queue_end_n": after,
        "queue_growth_per_year": (after - before) / (length_h / H_PER_YEAR),
        "visit_mean_h": safe_ratio(by_period(totals.visit_h), left),
    }
    names = tuple(f"place:{p}" for p in plan.places.id)
    return [Block(kpi, UNITS[kpi], names, periods.names, v) for kpi, v in values.items()]


def _borders(periods: Periods) -> list[tuple[int, int]]:
    """First and last border of months of each period."""
    return [(months.start, months.stop) for months in periods.months]
