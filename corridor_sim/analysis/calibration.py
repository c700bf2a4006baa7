"""Calibration: what a run says beside what was observed, target by target, misses kept in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor_sim.compiler.observations import journey_id
from corridor_sim.foundation.time_axis import H_PER_DAY, H_PER_YEAR, MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from corridor_sim.plan.plan import Plan
    from corridor_sim.results import RunResult
    from corridor_sim.scenario import Scenario
    from corridor_sim.scenario.observations import CalibrationTarget

    Floats = npt.NDArray[np.float64]
    MonthWeights = Mapping[Any, float]

COLUMNS = (
    "target", "quantity", "where", "period", "unit", "observed_low", "observed_mid", "observed_high",
    "mean", "p05", "p50", "p95", "inside", "set", "measure", "grade", "source",
)  # fmt: skip
OVER_TRIPS = frozenset(
    {"time_d", "speed_km_per_d", "speed_km_per_h", "moving_km_per_h", "dwell_h", "mean_dwell_h", "winter_dwell_h"}
)
"""Measures of times and speeds; the others are volumes, counts and tariffs."""


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


def calibration_table(scenario: Scenario, plan: Plan, result: RunResult) -> RunResult:
    """Add the calibration table to a result, when the scenario has targets.

    Times and speeds are distributions over trips: percentiles of each replication, averaged over replications.
    Volumes and counts are distributions over replications. A target is inside when the simulated median is within
    the observed range.
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
                x.mean, x.p05, x.p50, x.p95, bool(target.low <= x.p50 <= target.high),
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
        self.months = sorted({p for p in result.labels["period"] if len(p) == len("2025-01")})
        self.years = (plan.end_h - plan.warm_up_h) / H_PER_YEAR

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
            w = m.winter_dwell_h
            months = [p for p in self.months if MONTHS[int(p[5:]) - 1] in w.months]
            visits = np.array([self._kpi("visit_mean_h", f"place:{w.queue}", p) for p in months])
            hold = 0.0 if w.hold is None else self.scenario.holds[w.hold].duration.mean_value
            return np.asarray(visits.max(axis=0) + hold)
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
            days = self.years * H_PER_YEAR / H_PER_DAY
            trucks = sum(self._trucks_per_day(q) for q in queues) * days
            return self._queues(queues, None, "throughput_t") * self.years / trucks
        if m.truck_capacity_per_d is not None:
            return sum(self._capacity_per_day(q, target) for q in m.truck_capacity_per_d.queues)
        assert m.tariff_usd is not None  # noqa: S101  # the measure has exactly one kind
        return self.scenario.costs[m.tariff_usd.cost].rate.value * m.tariff_usd.quantity

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
        n = self.result.values.shape[0]
        return np.full(n, np.nan) if column is None else self.result.values[:, column]

    def _volume(self, kpi: str, subject: str, months: MonthWeights | None) -> Floats:
        """Volume of a year, or of some of its months."""
        total = np.zeros(self.result.values.shape[0])
        for period in self.months:
            weight = 1.0 if months is None else months.get(MONTHS[int(period[5:]) - 1], 0.0)
            total += weight * np.nan_to_num(self._kpi(kpi, subject, period))
        return total / self.years

    def _flows(self, where: object, months: MonthWeights | None, kpi: str) -> Floats:
        total = np.zeros(self.result.values.shape[0])
        for name in select_flows(self.scenario, where):
            total += self._volume(kpi, f"flow:{name}", months)
        return total

    def _queues(self, queues: Sequence[str], months: MonthWeights | None, kpi: str) -> Floats:
        return np.asarray(sum(self._volume(kpi, f"place:{q}", months) for q in queues))

    def _trucks_per_day(self, queue: str) -> Floats:
        """Count loaded trucks a day, and the reserved ones that take their share of the servers' time."""
        groups = self._volume("throughput_consignments", f"place:{queue}", None) * self.years
        days = self.years * H_PER_YEAR / H_PER_DAY
        reserved = self.scenario.queues[queue].reserved.value
        own = self._kpi("utilisation_frac", f"place:{queue}", "all") * (1 - reserved)
        return np.asarray(self.plan.trucks_per_unit * groups / days * (reserved + own) / own)

    def _capacity_per_day(self, queue: str, target: CalibrationTarget) -> float:
        place = self.plan.places.id.index(queue)
        m = target.measure.truck_capacity_per_d
        assert m is not None  # noqa: S101  # asked for by its kind
        at = self.plan.warm_up_h if m.on is None else self.plan.time_axis.hours(m.on)
        from_h, until_h = self.plan.places.server_from_h[place], self.plan.places.server_until_h[place]
        n = int(np.count_nonzero((from_h <= at) & (at < until_h)))
        calendar = self.plan.facility_calendars[place]
        measured = np.array([self.plan.warm_up_h, self.plan.end_h])
        open_frac = float(np.diff(calendar.open_time(measured))[0] / np.diff(measured)[0])
        mean_h = self.scenario.queues[queue].service.mean_value
        return self.plan.trucks_per_unit * n * H_PER_DAY / mean_h * open_frac


def select_flows(scenario: Scenario, where: object) -> list[str]:
    """Flows that fit all conditions of a selection."""
    chosen = []
    for name, flow in scenario.flows.items():
        route, counts, direction, only = (getattr(where, k, None) for k in ("route", "counts_in", "direction", "flow"))
        if route is not None and flow.route not in route:
            continue
        if counts is not None and not set(counts) & set(flow.counts_in):
            continue
        if direction is not None and flow.direction != direction:
            continue
        if only is not None and name not in only:
            continue
        chosen.append(name)
    return chosen
