"""Calendars: opening hours, and days on which work goes slower."""

from typing import Annotated

from pydantic import Field

from corridor_sim.scenario.base import Sourced, Text
from corridor_sim.scenario.periods import HoursText, PeriodText, WeeklyHours


class CalendarFactor(Sourced):
    """Days on which work goes at another pace."""

    name: Text | None = None
    """What happens then: a holiday, a season, works."""

    during: PeriodText
    """Days, both included: every year 03-20..04-03 (may run over New Year), or once 2025-05-20..2025-06-03."""

    factor: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
    """Share of the normal pace, 0 closed, 1 normal."""


class Calendar(Sourced):
    """When work goes on, and at what pace; the factors of overlapping days multiply."""

    hours: HoursText = WeeklyHours()
    """Opening hours of the week, UTC: `daily 00-24` (always, the default), `sat-thu 07-21; fri 07-13`."""

    factors: tuple[CalendarFactor, ...] = ()
    """Days at another pace."""
