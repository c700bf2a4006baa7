"""KPIs of places: what they serve, how long it queues, how busy they are, whether the queue grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_axis import H_PER_DAY, H_PER_YEAR
from corridor_sim.plan.kinds import StageKind
from corridor_sim.results.reductions.blocks import Block, safe_ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import LaneEvents
    from corridor_sim.results.reductions.periods import Periods

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Visits:
    """All visits to one place, in no particular order."""

    arrive_h: Floats
    start_h: Floats
    depart_h: Floats
    occupancy_h: Floats
    """Open hours for which a server is taken."""
    part: Floats
    """Part of a consignment that the visitor is: 1, or 1/n for one of n units."""
    load_t: Floats
    load_teu: Floats


def collect_visits(plan: Plan, lane: Lane, events: LaneEvents) -> list[Visits]:
    """Bring the queue stages of all itineraries together, place by place."""
    stages_of: list[list[int]] = [[] for _ in range(len(plan.places))]
    for s in np.flatnonzero(plan.stages.kind == StageKind.QUEUE).tolist():
        stages_of[int(plan.stages.target_idx[s])].append(s)
    return [_visits(plan, lane, events, stages) for stages in stages_of]


def _visits(plan: Plan, lane: Lane, events: LaneEvents, stages: Sequence[int]) -> Visits:
    columns: list[list[Floats]] = [[np.empty(0)] for _ in range(7)]
    for s in stages:
        rows, n_units = events.rows(s), int(plan.stages.n_units[s])
        members = lane.members[int(plan.stages.itinerary_idx[s])]
        parts = (
            events.arrive_h[rows],
            events.start_h[rows],
            events.depart_h[rows],
            lane.occupancy_h[s],
            np.full(members.size * n_units, 1.0 / n_units),
            np.repeat(lane.load_t[members] / n_units, n_units),
            np.repeat(lane.load_teu[members] / n_units, n_units),
        )
        arrived = ~np.isnan(parts[0])
        for column, part in zip(columns, parts, strict=True):
            column.append(part[arrived])
    return Visits(*(np.concatenate(c) for c in columns))


def place_blocks(plan: Plan, lane: Lane, visits: Sequence[Visits], periods: Periods) -> list[Block]:
    """KPIs by place."""
    names = tuple(f"place:{p}" for p in plan.places.id)
    rows = [_PlaceKpis(plan, lane, i, v, periods).values() for i, v in enumerate(visits)]
    units = _PlaceKpis.units
    return [
        Block(kpi, unit, names, periods.names, np.array([r[kpi] for r in rows]).reshape(len(names), len(periods.names)))
        for kpi, unit in units.items()
    ]


class _PlaceKpis:
    """KPIs of one place in one lane, each (n_periods,)."""

    units = {  # noqa: RUF012  # a constant of the class, never written
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

    def __init__(self, plan: Plan, lane: Lane, place: int, visits: Visits, periods: Periods) -> None:
        self.plan, self.place, self.visits, self.periods = plan, place, visits, periods
        self.calendar = lane.calendars[place]
        self.queue = QueueLength.of(visits, plan.end_h)

    def values(self) -> dict[str, Floats]:
        """Every KPI of the place."""
        v, periods = self.visits, self.periods
        left, started = periods.month_of(v.depart_h), periods.month_of(v.start_h)
        count = periods.total(started)
        wait = v.start_h - v.arrive_h
        available = self._available()
        load = safe_ratio(periods.total(periods.month_of(v.arrive_h), v.occupancy_h), available)
        mean = safe_ratio(periods.total(started, wait), count)
        p95 = periods.statistic(started, wait, lambda x: np.percentile(x, [95]), 1)[0]
        waiting = self.queue.at(np.stack([periods.start_h, periods.end_h]))
        reserved = float(self.plan.places.reserved_frac[self.place])
        return {
            "throughput_consignments": periods.total(left, v.part),
            "throughput_units": periods.total(left),
            "throughput_t": periods.total(left, v.load_t),
            "throughput_teu": periods.total(left, v.load_teu),
            # servers are taken by reserved traffic in any case, and by the corridor's in what is left of their time
            # (one that is gone may finish what it began: that is no more than all of the time)
            "utilisation_frac": reserved + (1 - reserved) * np.minimum(safe_ratio(self._busy(), available), 1.0),
            "offered_load_frac": load,
            "queue_mean_h": mean,
            "queue_p95_h": p95,
            "queue_mean_n": safe_ratio(self.queue.integral(periods), periods.end_h - periods.start_h),
            "queue_longest_n": self.queue.longest(periods),
            "queue_end_n": waiting[1],
            "queue_growth_per_year": (waiting[1] - waiting[0]) / ((periods.end_h - periods.start_h) / H_PER_YEAR),
            "visit_mean_h": safe_ratio(periods.total(left, v.depart_h - v.arrive_h), periods.total(left)),
        }

    def _available(self) -> Floats:
        """Open server-hours by period."""
        open_h = self.calendar.open_time
        start, end = open_h(self.periods.edges_h[:-1]), open_h(self.periods.edges_h[1:])
        total = np.zeros(self.periods.n_months)
        servers = zip(
            self.plan.places.server_from_h[self.place], self.plan.places.server_until_h[self.place], strict=True
        )
        for from_h, until_h in servers:
            since, to = open_h(np.array([from_h])), open_h(np.array([min(until_h, self.plan.end_h)]))
            total += np.maximum(np.minimum(end, to) - np.maximum(start, since), 0.0)
        return self.periods.of_months(total)

    def _busy(self) -> Floats:
        """Open server-hours taken by period."""
        began = ~np.isnan(self.visits.start_h)
        start = self.calendar.open_time(self.visits.start_h[began])
        edges = self.calendar.open_time(self.periods.edges_h)
        return self.periods.of_months(np.diff(_sum_of_minimum(start + self.visits.occupancy_h[began], edges)
                                              - _sum_of_minimum(start, edges)))  # fmt: skip


def _sum_of_minimum(x: Floats, edges: Floats) -> Floats:
    """Sum over x of min(x, edge), for each edge."""
    x = np.sort(x)
    total = np.concatenate(([0.0], np.cumsum(x)))
    n = np.searchsorted(x, edges)
    return np.asarray(total[n] + edges * (x.size - n))


@dataclass(frozen=True, eq=False)
class QueueLength:
    """Number waiting at a place over time: a step function."""

    times_h: Floats
    """Increasing (not strictly) instants at which the number changes."""
    number: Ints
    """Number waiting from each instant on; one more than times_h, the first before all."""
    joined_h: Floats
    left_h: Floats

    @classmethod
    def of(cls, visits: Visits, end_h: float) -> QueueLength:
        """Build it from visits; those still waiting leave at the end of the horizon."""
        left = np.where(np.isnan(visits.start_h), end_h, visits.start_h)
        waits = left > visits.arrive_h
        joined, left = visits.arrive_h[waits], left[waits]
        times = np.concatenate([joined, left])
        step = np.repeat([1, -1], joined.size)
        order = np.lexsort((step, times))  # at one instant those who start leave before those who come join
        return cls(times[order], np.concatenate(([0], np.cumsum(step[order]))), joined, left)

    def at(self, times_h: Floats) -> Floats:
        """Return the number waiting just before each time."""
        return self.number[np.searchsorted(self.times_h, times_h, side="left")].astype(np.float64)

    def integral(self, periods: Periods) -> Floats:
        """Consignment-hours of waiting by period."""
        return periods.of_months(self._integral_between(periods.edges_h))

    def _integral_between(self, edges_h: Floats) -> Floats:
        return np.diff(_sum_of_minimum(self.left_h, edges_h) - _sum_of_minimum(self.joined_h, edges_h))

    def daily_mean(self, end_h: float) -> Floats:
        """Mean number waiting on each day of the horizon, the last one as far as it goes: (n_days,)."""
        edges = np.minimum(np.arange(np.ceil(end_h / H_PER_DAY) + 1) * H_PER_DAY, end_h)
        return self._integral_between(edges) / np.diff(edges)

    def longest(self, periods: Periods) -> Floats:
        """Largest number waiting in each period; what happens at a border of months belongs to the later one."""
        first = np.searchsorted(self.times_h, periods.edges_h[:-1], side="right")
        last = np.searchsorted(self.times_h, periods.edges_h[1:], side="left")
        monthly = np.array([self.number[a : b + 1].max() for a, b in zip(first, last, strict=True)], dtype=np.float64)
        return np.array([monthly[m].max() for m in periods.member])
