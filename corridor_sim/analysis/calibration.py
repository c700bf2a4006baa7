"""Calibration: what a run says beside what was observed, target by target, misses kept in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor_sim.compiler.observations import journey_id
from corridor_sim.foundation.time_axis import H_PER_DAY, H_PER_YEAR, MONTHS
from corridor_sim.results.kpi_values import read_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from corridor_sim.foundation.time_axis import TimeAxis
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results import RunResult
    from corridor_sim.scenario import Scenario
    from corridor_sim.scenario.observations import CalibrationTarget, FlowSelection, WinterDwell

    Floats = npt.NDArray[np.float64]
    MonthWeights = Mapping[Any, float]

COLUMNS = (
    "target", "quantity", "where", "period", "unit", "observed_low", "observed_mid", "observed_high",
    "mean", "p05", "p50", "p95", "inside", "statistic", "set", "measure", "grade", "source",
)  # fmt: skip
DAYS_PER_YEAR = H_PER_YEAR / H_PER_DAY
OVER_TRIPS = frozenset(
    {"time_d", "speed_km_per_d", "speed_km_per_h", "moving_km_per_h", "dwell_h", "mean_dwell_h", "winter_dwell_h"}
)
"""Measures of times and speeds; the others are volumes, counts and tariffs."""


STATISTIC = {"median": "p50", "mean": "mean"}
"""Column that is compared with the observed range, by the statistic of the target."""


@dataclass(frozen=True)
class Simulated:
    """What a run says about one target: mean and percentiles, in the target's unit."""

    mean: float
    p05: float
    p50: float
    p95: float

    @classmethod
    def of_replications(cls, values: Floats) -> Simulated:
        """Take a value per replication."""
        present = values[~np.isnan(values)]
        if not present.size:
            return NOTHING
        return cls(float(present.mean()), *(float(x) for x in np.percentile(present, [5, 50, 95])))

    def turned(self, f: Callable[[float], float]) -> Simulated:
        """Apply a decreasing function: the fast trips are the short ones."""
        return Simulated(f(self.mean), f(self.p95), f(self.p50), f(self.p05))

    def scaled(self, factor: float) -> Simulated:
        """Change the unit."""
        return Simulated(self.mean * factor, self.p05 * factor, self.p50 * factor, self.p95 * factor)


NOTHING = Simulated(np.nan, np.nan, np.nan, np.nan)


def with_calibration(result: RunResult, scenario: Scenario, plan: Plan) -> RunResult:
    """Return the result with its calibration table, when the scenario has targets.

    Times and speeds are distributions over trips: percentiles of each replication, averaged over replications.
    Volumes and counts are distributions over replications. A target is inside when the simulated median (the mean,
    where the target says that a mean was observed) is within the observed range. What a run cannot tell, because an
    itinerary is not travelled or a month not measured or not kept, stays empty.
    """
    if not scenario.calibration:
        return result
    measures = _Measures(scenario, plan, result)
    rows = []
    for name, target in scenario.calibration.items():
        x = measures.of(name, target)
        rows.append(
            (
                name, target.quantity, target.where or "", target.period or "", target.unit,
                target.low, np.nan if target.mid is None else target.mid, target.high,
                x.mean, x.p05, x.p50, x.p95, bool(target.low <= getattr(x, STATISTIC[target.statistic]) <= target.high),
                target.statistic,
                target.set, target.measure.kind, target.grade or "", target.source or "",
            )
        )  # fmt: skip
    return replace(result, calibration=pd.DataFrame(rows, columns=list(COLUMNS)))


class _Measures:
    """Evaluates the measures of calibration targets on one result."""

    def __init__(self, scenario: Scenario, plan: Plan, result: RunResult) -> None:
        self.scenario, self.plan, self.result = scenario, plan, result
        keys = result.labels[["kpi", "subject", "period"]].itertuples(index=False, name=None)
        self.column = {key: i for i, key in enumerate(keys)}
        self.n = result.values.shape[0]
        measured, kept = _full_months(plan.time_axis), set(result.labels["period"])
        self.full_months = [period for period in measured if period in kept]
        self.whole_years = 0.0 if kept.intersection(measured) else _whole_years(plan.time_axis, len(measured))
        """Years of the measured time, where it is whole years of which no months were kept; else 0."""

    def of(self, name: str, target: CalibrationTarget) -> Simulated:
        """Evaluate one target."""
        m = target.measure
        match m.kind:
            case "time_d":
                return self._journey(name).scaled(1 / H_PER_DAY)
            case "speed_km_per_d" | "speed_km_per_h":
                km = self._km(name) * (H_PER_DAY if m.kind == "speed_km_per_d" else 1.0)
                return self._journey(name).turned(lambda h: km / h)
            case "moving_km_per_h":
                km = self._km(name)
                return self._journey(journey_id(name, "moving")).turned(lambda h: km / h)
            case "dwell_h":
                return self._journey(name)
            case "mean_dwell_h":
                assert m.mean_dwell_h is not None  # noqa: S101  # its kind says so
                parts = [self._journey(journey_id(name, str(i))) for i in range(len(m.mean_dwell_h.of))]
                columns = np.array([[p.mean, p.p05, p.p50, p.p95] for p in parts])
                return Simulated(*(float(x) for x in columns.mean(axis=0)))
            case _:
                return Simulated.of_replications(np.atleast_1d(self._by_replication(target)))

    def _by_replication(self, target: CalibrationTarget) -> Floats | float:
        m = target.measure
        if m.winter_dwell_h is not None:
            return self._worst_month(m.winter_dwell_h)
        if m.flow_mt is not None:
            return self._flows(m.flow_mt.where, m.flow_mt.months, "throughput_t") / 1e6
        if m.flow_kteu is not None:
            return self._flows(m.flow_kteu.where, m.flow_kteu.months, "throughput_teu") / 1e3
        if m.through_mt is not None:
            return self._queues(m.through_mt.queues, m.through_mt.months, "throughput_t") / 1e6
        if m.trucks_per_d is not None:
            return sum(self._trucks_per_day(q) for q in m.trucks_per_d.queues)
        if m.load_per_truck_t is not None:
            queues = m.load_per_truck_t.queues
            trucks = sum(self._trucks_per_day(q) for q in queues) * DAYS_PER_YEAR
            return self._queues(queues, None, "throughput_t") / trucks
        if m.truck_capacity_per_d is not None:
            return sum(self._capacity_per_day(q, target) for q in m.truck_capacity_per_d.queues)
        assert m.tariff_usd is not None  # noqa: S101  # the measure has exactly one kind
        return self.scenario.costs[m.tariff_usd.cost].rate.value * m.tariff_usd.quantity

    def _worst_month(self, dwell: WinterDwell) -> Floats:
        """Hours at a queue, those who left it in the worst of some months, and at a hold beside it."""
        hold_h = 0.0 if dwell.hold is None else self.scenario.holds[dwell.hold].duration.mean_value
        worst = np.full(self.n, np.nan)
        for period in self.full_months:
            if _name(period) in dwell.months:
                worst = np.fmax(worst, self._kpi("visit_mean_h", f"place:{dwell.queue}", period))
        return worst + hold_h

    def _journey(self, journey: str) -> Simulated:
        """Hours of a measured part of a trip: replications averaged, those with more trips weigh more."""
        rows = self.result.journeys
        rows = rows[(rows["journey_id"] == journey) & (rows["n"] > 0)]
        if rows.empty:
            return NOTHING
        weights = rows["n"].to_numpy()
        return Simulated(
            *(float(np.average(rows[c].to_numpy(), weights=weights)) for c in ("mean", "p05", "p50", "p95"))
        )

    def _km(self, journey: str) -> float:
        if journey not in self.plan.journeys.id:
            return np.nan  # its itinerary is not travelled in this run
        row = self.plan.journeys.id.index(journey)
        return float(self.plan.stages.km[self.plan.journeys.stages[row]].sum())

    def _kpi(self, kpi: str, subject: str, period: str) -> Floats:
        column = self.column.get((kpi, subject, period))
        if column is None:
            return np.full(self.n, np.nan)
        return read_columns(self.result.values, slice(column, column + 1))[:, 0]

    def _volume(self, kpi: str, subject: str, months: MonthWeights | None) -> Floats:
        """Volume of a year, or of some of its months: the mean of the years that were measured, month by month."""
        if months is None and self.whole_years:
            return np.nan_to_num(self._kpi(kpi, subject, "all")) / self.whole_years
        total = np.zeros(self.n)
        for name in MONTHS if months is None else months:
            periods = [p for p in self.full_months if _name(p) == name]
            if not periods:
                return np.full(self.n, np.nan)
            values = np.array([np.nan_to_num(self._kpi(kpi, subject, p)) for p in periods])
            total += (1.0 if months is None else months[name]) * values.mean(axis=0)
        return total

    def _flows(self, where: FlowSelection, months: MonthWeights | None, kpi: str) -> Floats:
        volumes = [self._volume(kpi, f"flow:{name}", months) for name in select_flows(self.scenario, where)]
        return np.asarray(sum(volumes, np.zeros(self.n)))

    def _queues(self, queues: Sequence[str], months: MonthWeights | None, kpi: str) -> Floats:
        return np.asarray(sum((self._volume(kpi, f"place:{q}", months) for q in queues), np.zeros(self.n)))

    def _trucks_per_day(self, queue: str) -> Floats:
        """Count loaded trucks a day, and the reserved ones that take their share of the servers' time."""
        groups = self._volume("throughput_units", f"place:{queue}", None) / DAYS_PER_YEAR
        reserved = self.scenario.queues[queue].reserved.value
        taken = self._kpi("utilisation_frac", f"place:{queue}", "all")
        return np.asarray(self.plan.trucks_per_unit * groups * taken / (taken - reserved))

    def _capacity_per_day(self, queue: str, target: CalibrationTarget) -> float:
        place = self.plan.places.id.index(queue)
        m = target.measure.truck_capacity_per_d
        assert m is not None  # noqa: S101  # asked for by its kind
        on = m.on or self.plan.time_axis.moment(self.plan.warm_up_h)
        n = sum(g.n for g in self.scenario.queues[queue].servers if g.is_there(on))
        calendar = self.plan.facility_calendars[place]
        measured = np.array([self.plan.warm_up_h, self.plan.end_h])
        open_frac = float(np.diff(calendar.open_time(measured))[0] / np.diff(measured)[0])
        mean_h = self.scenario.queues[queue].service.mean_value
        return self.plan.trucks_per_unit * n * H_PER_DAY / mean_h * open_frac


def _name(period: str) -> str:
    """Name of the month of a period such as 2025-03."""
    return MONTHS[int(period[5:]) - 1]


def _full_months(axis: TimeAxis) -> list[str]:
    """Months that were measured from their first to their last hour."""
    return [
        f"{a:%Y-%m}"
        for a, b in pairwise(axis.month_starts())
        if axis.hours(a) >= axis.warm_up_h and axis.hours(b) <= axis.end_h
    ]


def _whole_years(axis: TimeAxis, n_full_months: int) -> float:
    """Years of the measured time when it is made of full months, and of every month as often; else 0."""
    starts = {axis.hours(start) for start in axis.month_starts()}
    return n_full_months / 12 if {axis.warm_up_h, axis.end_h} <= starts and n_full_months % 12 == 0 else 0.0


def select_flows(scenario: Scenario, where: FlowSelection) -> list[str]:
    """Flows that fit all conditions of a selection."""
    chosen = []
    for name, flow in scenario.flows.items():
        fits = (
            where.route is None or flow.route in where.route,
            where.counts_in is None or not set(where.counts_in).isdisjoint(flow.counts_in),
            where.direction in {None, flow.direction},
            where.flow is None or name in where.flow,
        )
        if all(fits):
            chosen.append(name)
    return chosen
