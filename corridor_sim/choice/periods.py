"""Periods of choice: months or years of the horizon, each with shares of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.scenario import Scenario


@dataclass(frozen=True)
class ChoicePeriods:
    """Months of a horizon and of the time simulated beyond it, and the period that each belongs to."""

    names: tuple[str, ...]
    """Periods in order, such as 2025-03 or 2025."""
    is_measured: tuple[bool, ...]
    """Whether some of the period lies after the warm-up."""
    months: tuple[str, ...]
    """Months, those beyond the end of the horizon included."""
    starts_h: npt.NDArray[np.float64]
    """(n_months,) first instant of each month, h."""
    of_month: npt.NDArray[np.int64]
    """(n_months,) period of each month; months beyond the end go with the last."""

    @classmethod
    def of(cls, scenario: Scenario, length: str, settle_h: float, warm_up_h: float) -> ChoicePeriods:
        """Cut the horizon of a scenario into months or years."""
        own = replace(scenario.run.time_axis, warm_up_h=warm_up_h)
        measured = {p.name for p in own.periods()}
        longer = replace(own, end_h=own.end_h + settle_h)
        n_letters = len("2025-03") if length == "month" else len("2025")
        names = tuple(dict.fromkeys(f"{m:%Y-%m}"[:n_letters] for m in own.month_starts()[:-1]))
        starts = longer.month_starts()[:-1]
        months = tuple(f"{m:%Y-%m}" for m in starts)
        last = len(names) - 1
        of_month = [names.index(m[:n_letters]) if m[:n_letters] in names else last for m in months]
        hours = np.array([longer.hours(m) for m in starts])
        return cls(names, tuple(name in measured for name in names), months, hours, np.array(of_month, dtype=np.int64))

    def of_hours(self, release_h: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return the period in which each instant, h, lies."""
        return self.of_month[np.searchsorted(self.starts_h, release_h, side="right") - 1]

    def total(self, by_month: dict[str, float]) -> npt.NDArray[np.float64]:
        """Add up what is given by month: (n_periods,)."""
        values = [by_month.get(month, 0.0) for month in self.months]
        return np.bincount(self.of_month, weights=values, minlength=len(self.names)).astype(np.float64)
