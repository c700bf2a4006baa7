"""Calendars of the plan: named ones, and one per facility with its dated disruptions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.plan.tables import CalendarTable, Ragged
from corridor_sim.scenario.periods import Period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.compiler.context import Context
    from corridor_sim.scenario.calendars import Calendar as CalendarModel


class CalendarBook:
    """Collects the calendars that a plan uses, each kept once.

    Parameters
    ----------
    context
        The compilation.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._named = {name: build_calendar(context, model) for name, model in context.scenario.calendars.items()}
        self._rows: dict[bytes, int] = {}
        self._ids: list[str] = []
        self._calendars: list[Calendar] = []

    def row(self, name: str | None, disruptions: Sequence[tuple[str, Period, float]] = ()) -> int:
        """Return the row of a named calendar, multiplied by dated disruptions given as (id, period, factor)."""
        calendar = ALWAYS_OPEN if name is None else self._named[name]
        factors = [(period, factor) for _, period, factor in disruptions]
        calendar = calendar.with_intervals(_intervals(self._context, factors), self._context.axis.end_h)
        key = calendar.times_h.tobytes() + calendar.rates.tobytes()
        if key not in self._rows:
            self._rows[key] = len(self._ids)
            self._ids.append("*".join([name or "always", *(d for d, _, _ in disruptions)]))
            self._calendars.append(calendar)
        return self._rows[key]

    def of_facility(self, name: str | None, ids: Sequence[str]) -> int:
        """Return the row of a facility's calendar, with dated disruptions and upgrades that hit it by one of its ids.

        One that names several of them (both directions of a line) hits once.
        """
        dated = []
        for disruption, d in self._context.scenario.disruptions.items():
            factors = [t.base + t.slope * d.factor.mean_value for t in d.targets if t.target in ids]
            if d.enabled and d.during is not None and factors:
                dated.append((disruption, d.during, factors[0]))
        for upgrade, u in self._context.scenario.upgrades.items():
            end = self._context.axis.end
            if u.from_ < end and not set(ids).isdisjoint(u.targets):
                dated.append((upgrade, Period(start=u.from_, end=end), u.factor))
        return self.row(name, dated)

    def next_opening(self, name: str | None, times_h: Sequence[float]) -> list[float]:
        """Move times at which a named calendar is closed to its next opening."""
        calendar = ALWAYS_OPEN if name is None else self._named[name]
        return [t if calendar.rate_at(t) > 0 else calendar.start_time_at(calendar.open_time_at(t)) for t in times_h]

    def table(self) -> CalendarTable:
        """Return all calendars asked for so far."""
        return CalendarTable(
            tuple(self._ids),
            Ragged.of([c.times_h for c in self._calendars]),
            Ragged.of([c.rates for c in self._calendars]),
        )


def build_calendar(context: Context, model: CalendarModel) -> Calendar:
    """Lay weekly hours and factors over the horizon; open at the end of it, so that work begun always ends."""
    axis = context.axis
    calendar = ALWAYS_OPEN
    if not model.hours.always:
        times, rates = [0.0], [0.0]
        day = axis.start.replace(hour=0, minute=0, second=0, microsecond=0)
        while day < axis.end:
            for open_h, close_h in model.hours.days[day.weekday()]:
                start, stop = (axis.hours(day + timedelta(hours=h)) for h in (open_h, close_h))
                if stop <= 0:
                    continue
                if times[-1] >= max(start, 0.0):  # begins where the last one ended, or before the horizon
                    rates[-1] = 1.0
                else:
                    times.append(start)
                    rates.append(1.0)
                times.append(stop)
                rates.append(0.0)
            day += timedelta(days=1)
        kept = [(t, r) for t, r in zip(times, rates, strict=True) if t < axis.end_h]
        calendar = Calendar([*(t for t, _ in kept), axis.end_h], [*(r for _, r in kept), 1.0])
    factors = [(row.during, row.factor) for row in model.factors]
    return calendar.with_intervals(_intervals(context, factors), axis.end_h)


def _intervals(context: Context, factors: Sequence[tuple[Period, float]]) -> list[tuple[float, float, float]]:
    """Hours of the horizon at which factors apply: (start_h, stop_h, factor)."""
    axis = context.axis
    return [
        (axis.hours(start), axis.hours(end), factor)
        for period, factor in factors
        for start, end in period.intervals(axis.start, axis.end)
    ]
