"""Dates and hours: a run's time is float64 hours since the start of its horizon, UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
H_PER_DAY = 24.0
H_PER_YEAR = 8760.0
ALL: Literal["all"] = "all"
"""Name of the period that is all of the measured time."""


def is_month(period: str) -> bool:
    """Whether the name of a period is that of a month, such as 2025-03."""
    return len(period) == len("2025-03")


@dataclass(frozen=True)
class Period:
    """A stretch of the measured time: a month, a year, or all of it."""

    name: str
    start_h: float
    end_h: float

    @property
    def length_h(self) -> float:
        """Length in hours."""
        return self.end_h - self.start_h


@dataclass(frozen=True)
class TimeAxis:
    """The horizon of a run.

    Parameters
    ----------
    start
        Instant of hour 0, UTC.
    end_h
        Length of the horizon, h.
    warm_up_h
        Hours from the start that are left out of every KPI.
    """

    start: datetime
    end_h: float
    warm_up_h: float

    def hours(self, moment: datetime) -> float:
        """Hours from the start of the horizon to an instant (negative before it)."""
        return (moment - self.start) / timedelta(hours=1)

    def moment(self, hours: float) -> datetime:
        """Return the instant at an hour of the horizon."""
        return self.start + timedelta(hours=hours)

    @property
    def end(self) -> datetime:
        """Instant at which the horizon ends."""
        return self.moment(self.end_h)

    def month_starts(self) -> list[datetime]:
        """First instants of every calendar month that the horizon touches, and of the one after it."""
        year, month = self.start.year, self.start.month
        starts = [datetime(year, month, 1, tzinfo=UTC)]
        while starts[-1] < self.end:
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            starts.append(datetime(year, month, 1, tzinfo=UTC))
        return starts

    def periods(self) -> list[Period]:
        """Periods of the measured time: ``all``, each year, each month, cut to it."""
        found = [Period(ALL, self.warm_up_h, self.end_h)]
        starts = self.month_starts()
        years = sorted({s.year for s in starts[:-1]})
        found += [self._cut(str(y), datetime(y, 1, 1, tzinfo=UTC), datetime(y + 1, 1, 1, tzinfo=UTC)) for y in years]
        found += [self._cut(f"{a:%Y-%m}", a, b) for a, b in pairwise(starts)]
        return [p for p in found if p.length_h > 0]

    def _cut(self, name: str, start: datetime, end: datetime) -> Period:
        return Period(name, max(self.warm_up_h, self.hours(start)), min(self.end_h, self.hours(end)))
