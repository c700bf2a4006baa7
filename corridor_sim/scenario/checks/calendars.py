"""Calendars that would never open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_sim.scenario.calendars import Calendar
    from corridor_sim.scenario.checks.context import Context


def check_calendars(context: Context) -> None:
    """Check that every calendar is open at some time of the run."""
    run = context.run
    if run is None or run.start >= run.end:
        return
    for key, calendar in context.valid.calendars.items():
        if all(row.factor > 0 for row in calendar.factors):
            continue
        if not _opens(calendar, run.start, run.end):
            message = f"the calendar never opens between {run.start:%Y-%m-%d} and {run.end:%Y-%m-%d}"
            context.report_entry(("calendars", key), message, "a factor of 0 is a full stop")


def _opens(calendar: Calendar, start: datetime, end: datetime) -> bool:
    """Whether some hour of the run lies in the opening hours and in no row of factor 0."""
    closed = sorted(
        interval for row in calendar.factors if row.factor == 0 for interval in row.during.intervals(start, end)
    )
    free_from = start
    for shut, reopened in [*closed, (end, end)]:
        if shut > free_from and _has_hours(calendar, free_from, min(shut, end)):
            return True
        free_from = max(free_from, reopened)
    return False


def _has_hours(calendar: Calendar, start: datetime, end: datetime) -> bool:
    """Whether the opening hours of the week touch a stretch of time."""
    if end - start >= timedelta(days=8):
        return True
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight < end:
        for first, last in calendar.hours.days[midnight.weekday()]:
            if midnight + timedelta(hours=first) < end and midnight + timedelta(hours=last) > start:
                return True
        midnight += timedelta(days=1)
    return False
