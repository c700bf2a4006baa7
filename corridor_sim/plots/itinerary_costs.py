"""Course of one itinerary in dollars, from the bills of a result: what has been paid where, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    from corridor_sim.plots.itinerary_times import Band, Course
    from corridor_sim.plots.result_view import ResultView

    Floats = npt.NDArray[np.float64]

N_DRAWS = 2000
PERCENT = (5, 95)


@dataclass(frozen=True)
class CostStop:
    """What is paid at a node, USD a tonne."""

    node: str
    km: float
    arrive_usd: float
    """Paid before."""
    arrive_band_usd: Band
    leave_band_usd: Band
    usd: dict[str, float]
    """Charges paid here, and the hours stood, by kind."""

    @property
    def total_usd(self) -> float:
        """Paid here in all."""
        return sum(self.usd.values())


@dataclass(frozen=True)
class CostCourse:
    """An itinerary's bill along the way, USD a tonne."""

    course: Course
    stops: list[CostStop]
    end_usd: float
    end_band_usd: Band
    by_kind: dict[str, float]
    """The whole bill."""
    load_t: float
    load_teu: float


def cost_course(view: ResultView, course: Course) -> CostCourse | None:
    """Follow an itinerary's bill along its mean course.

    The band is of prices and hours together: every charge is drawn between the ends of its price's range, most likely
    at its value (triangular), by itself; hours after release are drawn from their P5, mean and P95, early trips stay
    early.

    Returns
    -------
    CostCourse or None
        None when the result holds no bill of this itinerary.
    """
    bills = view.result.bills
    if bills is None:
        return None
    rows = bills[bills["itinerary_id"].astype(str) == course.itinerary]
    if rows.empty:
        return None
    ledger = _Ledger(rows, _waited_h(view))
    stops = []
    for k, stop in enumerate(course.stops):
        begin, begin_band = ledger.paid(stop.arrive_h, stop.arrive_band_h)
        kinds = dict(ledger.by_kind)
        leaves = k + 1 < len(course.stops)
        for stage in stop.stages[:-1] if leaves else stop.stages:
            ledger.pay(stage)
        _, after_band = ledger.paid(stop.arrive_h + stop.total_h, stop.leave_band_h)
        here = {kind: usd - kinds.get(kind, 0.0) for kind, usd in ledger.by_kind.items() if usd != kinds.get(kind)}
        for kind, rate in ledger.rate_by_kind.items():
            here[kind] = here.get(kind, 0.0) + rate * stop.total_h
        stops.append(CostStop(stop.node, stop.km, begin, begin_band, after_band, here))
        if leaves:
            ledger.pay(stop.stages[-1])
    end, end_band = ledger.paid(course.end_h, course.end_band_h)
    whole = dict(ledger.by_kind)
    for kind, rate in ledger.rate_by_kind.items():
        whole[kind] = whole.get(kind, 0.0) + rate * course.end_h
    return CostCourse(course, stops, end, end_band, whole, ledger.load_t, float(rows["load_teu"].iloc[0]))


def _waited_h(view: ResultView) -> dict[str, float]:
    """Mean hours in line and before closed doors at every stage."""
    table = view.result.stages
    hours = table["queue_h"].fillna(0.0) + table["closed_h"].fillna(0.0)
    return {str(stage): float(h) for stage, h in hours.groupby(table["stage_id"], observed=True).mean().items()}


class _Ledger:
    """What has been paid so far, in the mean and in draws of prices."""

    def __init__(self, rows: pd.DataFrame, waited_h: Mapping[str, float]) -> None:
        self.load_t = float(rows["load_t"].iloc[0])
        random = np.random.Generator(np.random.Philox(0))  # the same picture every time
        self._u = {key: random.random(N_DRAWS) for key in sorted(set(rows["charge"].astype(str)))}
        self._u_hours = random.random(N_DRAWS)
        self._at_stage: dict[str, list[tuple[str, float, Floats]]] = {}
        self._paid, self._rate = np.zeros(N_DRAWS), np.zeros(N_DRAWS)
        self.by_kind: dict[str, float] = {}
        self.rate_by_kind: dict[str, float] = {}
        for row in rows.to_dict("records"):
            low, usd, high = (float(row[name]) / self.load_t for name in ("usd_low", "usd", "usd_high"))
            kind, drawn = str(row["kind"]), _triangular(self._u[str(row["charge"])], low, usd, high)
            stage = str(row["stage_id"])
            if not stage:
                self._rate += drawn
                self.rate_by_kind[kind] = self.rate_by_kind.get(kind, 0.0) + usd
            else:
                times = waited_h.get(stage, 0.0) if row["by_hour"] else 1.0
                self._at_stage.setdefault(stage, []).append((kind, times * usd, times * drawn))

    def pay(self, stage: str) -> None:
        """Pay the charges at a stage."""
        for kind, usd, drawn in self._at_stage.get(stage, ()):
            self.by_kind[kind] = self.by_kind.get(kind, 0.0) + usd
            self._paid += drawn

    def paid(self, hours: float, band_h: Band) -> tuple[float, Band]:
        """Return what has been paid after so many hours, and its P5 and P95."""
        mean = sum(self.by_kind.values()) + hours * sum(self.rate_by_kind.values())
        drawn_h = np.interp(self._u_hours, (0.05, 0.5, 0.95), (band_h[0], hours, band_h[1]))
        low, high = np.percentile(self._paid + self._rate * drawn_h, PERCENT)
        return mean, (float(low), float(high))


def _triangular(u: Floats, low: float, mode: float, high: float) -> Floats:
    """Values of a triangular distribution at probabilities."""
    width = high - low
    if width <= 0:
        return np.full_like(u, mode)
    left = low + np.sqrt(u * width * (mode - low))
    right = high - np.sqrt((1 - u) * width * (high - mode))
    return np.where(u * width < mode - low, left, right)
