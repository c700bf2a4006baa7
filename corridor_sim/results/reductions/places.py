"""KPIs of places: what they serve, how long it queues, how busy they are, whether the queue grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_axis import H_PER_YEAR
from corridor_sim.results.reductions.blocks import Block, safe_ratio
from corridor_sim.results.reductions.percentiles import group_keys, period_percentiles
from corridor_sim.results.reductions.queues import QueueLength, Slots

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import Events
    from corridor_sim.results.reductions.bins import Cells
    from corridor_sim.results.reductions.periods import Periods
    from corridor_sim.results.reductions.visits import Visits

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
        if not parts:
            return cls(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
        columns = (tuple(getattr(part, name) for part in parts) for name in ("cell", "joined_h", "left_h"))
        return cls(*(np.concatenate(column) for column in columns))


class Waiting:
    """How long and how many wait at each place, by month: (n_lanes, n_places, n_months), unless said otherwise."""

    def __init__(self, n_places: int, n_lanes: int, periods: Periods, n_days: int) -> None:
        monthly = n_lanes, n_places, periods.n_months
        self.wait_h, self.queue_h, self.longest_n = np.zeros((3, *monthly))
        self.waiting_n = np.zeros((n_lanes, n_places, periods.n_months + 1))
        """Waiting just before each border of months."""
        self.wait_p95_h = np.full((n_lanes, n_places, len(periods.names)), np.nan)
        """By period."""
        self.daily_n = np.zeros((n_lanes, n_places, n_days), dtype=np.float32)
        """Mean number waiting, by day."""


def place_subjects(plan: Plan) -> tuple[str, ...]:
    """Names of the places among the subjects of KPIs."""
    return tuple(f"place:{p}" for p in plan.places.id)


def total_waiting(
    plan: Plan, events: Events, visits: Visits, cells: Cells, periods: Periods, places: Sequence[int]
) -> Waiting:
    """Go through those who wait, at each of some places."""
    slots = Slots.of(periods, plan.end_h)
    days = slots.cells(cells.n_lanes)
    found = Waiting(len(plan.places), cells.n_lanes, periods, slots.day_h.size)
    for place in places:
        waits = Waits.join([_waits(events, s, plan.end_h, cells) for s in visits.stages_of[place]])
        started = visits.started[:, place]
        measured = cells.is_within(waits.cell).nonzero()[0]
        cell = waits.cell.take(measured)
        hours = waits.left_h.take(measured) - waits.joined_h.take(measured)
        found.wait_h[:, place] = cells.total(cell, hours)[:, 1:-1]
        found.wait_p95_h[:, place] = period_percentiles(cells, periods, group_keys(cell, hours), [95], started)[0]
        if waits.cell.size:
            queue = QueueLength(slots, days, cells.lane_of.take(waits.cell), waits.joined_h, waits.left_h)
            found.queue_h[:, place] = queue.monthly_h()
            found.waiting_n[:, place] = queue.before_months()
            found.longest_n[:, place] = queue.longest()
            found.daily_n[:, place] = queue.daily_mean()
    return found


def _waits(events: Events, stage: int, end_h: float, cells: Cells) -> Waits:
    """Find those who wait at one stage."""
    arrive, left = events.arrive_h[stage], np.minimum(events.start_h[stage], end_h)
    waits = (left > arrive).reshape(-1).nonzero()[0]
    left_h = left.reshape(-1).take(waits)
    lane = np.arange(cells.n_lanes).repeat(arrive.shape[1]).take(waits)
    return Waits(cells.of_lanes(lane, left_h), arrive.reshape(-1).take(waits), left_h)


def place_blocks(plan: Plan, visits: Visits, waiting: Waiting, throughput: Floats, periods: Periods) -> list[Block]:
    """KPIs by place; ``throughput`` is (3, n_lanes, n_places, n_months) consignments, tonnes and TEU."""
    by_period = periods.of_months
    consignments, tonnes, teu = (by_period(part) for part in throughput)
    started, left = (by_period(x[:, :, 1:-1]) for x in (visits.started, visits.left))
    available = by_period(visits.available_h(periods.edges_h))
    length_h = periods.end_h - periods.start_h
    before, after = (waiting.waiting_n[:, :, [m[k] for m in _borders(periods)]] for k in (0, 1))
    reserved = plan.places.reserved_frac[:, None]
    values = {
        "throughput_consignments": consignments,
        "throughput_units": left,
        "throughput_t": tonnes,
        "throughput_teu": teu,
        # servers are taken by reserved traffic in any case, and by the corridor's in what is left of their time
        # (one that is gone may finish what it began: that is no more than all of the time)
        "utilisation_frac": reserved
        + (1 - reserved) * np.minimum(safe_ratio(by_period(visits.busy_h()), available), 1.0),
        "offered_load_frac": safe_ratio(by_period(visits.offered_h[:, :, 1:-1]), available),
        "queue_mean_h": safe_ratio(by_period(waiting.wait_h), started),
        "queue_p95_h": waiting.wait_p95_h,
        "queue_mean_n": by_period(waiting.queue_h) / length_h,
        "queue_longest_n": periods.largest(waiting.longest_n),
        "queue_end_n": after,
        "queue_growth_per_year": (after - before) / (length_h / H_PER_YEAR),
        "visit_mean_h": safe_ratio(by_period(visits.visit_h[:, :, 1:-1]), left),
    }
    names = place_subjects(plan)
    return [Block(kpi, UNITS[kpi], names, periods.names, v) for kpi, v in values.items()]


def _borders(periods: Periods) -> list[tuple[int, int]]:
    """First and last border of months of each period."""
    return [(months.start, months.stop) for months in periods.months]
