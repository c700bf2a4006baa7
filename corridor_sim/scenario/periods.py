"""Dates, periods and opening hours as planners write them. All times are UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic_core import core_schema

from corridor_sim.foundation.errors import nearest
from corridor_sim.scenario.base import BadValueError, Found, bad_value, describe_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DATE_KEYS = ("milestone", "before")
"""What stands for a date: ``{milestone: NAME}`` is its day, ``{before: NAME}`` the day before it."""
DATE_EXPECTED = "expected a date such as 2025-03-01 or 2025-03-01T08:00 (UTC)"
PERIOD_EXPECTED = "expected 2025-05-20..2025-06-03 (once) or 03-20..04-03 (every year)"
HOURS_EXPECTED = "expected hours such as 'daily 00-24' or 'sat-thu 07-21; fri 07-13'"

_DAY = re.compile(r"(\d{2})-(\d{2})")
_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?")


def _refuse(message: str) -> BadValueError:
    return BadValueError(Found((), message))


def read_time(raw: Any) -> datetime:
    """Read a date or a time of day on a date as an instant in UTC."""
    if isinstance(raw, datetime):
        return raw.replace(tzinfo=UTC) if raw.tzinfo is None else raw.astimezone(UTC)
    if isinstance(raw, date):
        return datetime.combine(raw, time(), UTC)
    if not isinstance(raw, str) or not re.match(r"\d{4}-\d{2}-\d{2}", raw):
        raise _refuse(f"found {describe_type(raw)}, {DATE_EXPECTED}")
    try:
        return read_time(datetime.fromisoformat(raw))
    except ValueError as error:
        reason = f" ({error})" if "must be in" in str(error) or "out of range" in str(error) else ""
        raise _refuse(f"'{raw}' is no date{reason}, {DATE_EXPECTED}") from None


@dataclass(frozen=True, slots=True)
class Period:
    """Days that come once (`start` to `end`) or every year (`first` to `last` as (month, day), both included)."""

    start: datetime | None = None
    """First instant of a dated period; None for a yearly one."""
    end: datetime | None = None
    """Instant at which a dated period is over (a day given as its end is included)."""
    first: tuple[int, int] | None = None
    """First (month, day) of a yearly period; None for a dated one."""
    last: tuple[int, int] | None = None
    """Last (month, day) of a yearly period, included; before `first` when it runs over New Year."""

    @property
    def yearly(self) -> bool:
        """Whether the period comes back every year."""
        return self.first is not None

    def intervals(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """List the half-open intervals [from, until) of this period that overlap a window, in order, not cut to it."""
        if self.start is not None and self.end is not None:
            spans = [(self.start, self.end)]
        else:
            spans = [self._in_year(year) for year in range(start.year - 1, end.year + 1)]
        return [(a, b) for a, b in spans if a < end and b > start]

    def _in_year(self, year: int) -> tuple[datetime, datetime]:
        first, last = self.first or (1, 1), self.last or (12, 31)
        return _on(year, first), _on(year + (last < first), last) + timedelta(days=1)


def _on(year: int, day: tuple[int, int]) -> datetime:
    """Start of a (month, day) in a year; 29 February falls on the 28th in a common year."""
    if day == (2, 29) and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)):
        day = (2, 28)
    return datetime(year, day[0], day[1], tzinfo=UTC)


def read_period(raw: Any) -> Period:
    """Read ``2025-05-20..2025-06-03`` (once) or ``03-20..04-03`` (every year, may run over New Year)."""
    if not isinstance(raw, str):
        raise _refuse(f"found {describe_type(raw)}, {PERIOD_EXPECTED}")
    ends = [part.strip() for part in raw.split("..")]
    if len(ends) != 2 or not all(ends):
        raise _refuse(f"'{raw}' is no period, {PERIOD_EXPECTED}")
    days = [_DAY.fullmatch(part) for part in ends]
    if days[0] and days[1]:
        return Period(first=_month_day(days[0], raw), last=_month_day(days[1], raw))
    if days[0] or days[1]:
        raise _refuse(f"'{raw}' has a year at one end only, {PERIOD_EXPECTED}")
    try:
        start, end = read_time(ends[0]), read_time(ends[1])
    except BadValueError:
        raise _refuse(f"'{raw}' is no period, {PERIOD_EXPECTED}") from None
    if len(ends[1]) == len("2025-01-01"):
        end += timedelta(days=1)
    if start >= end:
        raise _refuse(f"'{raw}' ends before it starts, {PERIOD_EXPECTED}")
    return Period(start=start, end=end)


def _month_day(match: re.Match[str], raw: str) -> tuple[int, int]:
    month, day = int(match[1]), int(match[2])
    try:
        date(2024, month, day)  # a leap year, so that 29 February may be given
    except ValueError:
        raise _refuse(f"'{raw}': {match[0]} is no day of the year, expected MM-DD..MM-DD") from None
    return month, day


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Opening hours of a week: for each day from Monday on, the open spans (start, end) in hours of the day, UTC."""

    days: tuple[tuple[tuple[float, float], ...], ...] = (((0.0, 24.0),),) * 7

    @property
    def always(self) -> bool:
        """Whether every day is open round the clock."""
        return all(day == ((0.0, 24.0),) for day in self.days)


def read_hours(raw: Any) -> WeeklyHours:
    """Read ``sat-thu 07-21; fri 07-13,14-18``; days that are not named are closed, a span may run over midnight."""
    if isinstance(raw, str) and raw.strip() in {"always", "24/7"}:
        return WeeklyHours()
    if not isinstance(raw, str) or not raw.strip():
        raise _refuse(f"found {describe_type(raw)}, {HOURS_EXPECTED}")
    spans: list[list[tuple[float, float]]] = [[] for _ in WEEKDAYS]
    named: set[int] = set()
    for rule in filter(None, (part.strip() for part in raw.split(";"))):
        words = rule.split(maxsplit=1)
        if len(words) != 2:
            raise _refuse(f"'{rule}' holds no days and hours, {HOURS_EXPECTED}")
        days = _days(words[0].lower())
        if twice := named.intersection(days):
            raise _refuse(f"'{raw}' names {WEEKDAYS[min(twice)]} twice, {HOURS_EXPECTED}")
        named.update(days)
        hours = [] if words[1].strip() == "closed" else [_span(part.strip()) for part in words[1].split(",")]
        for day in days:
            _open(spans, day, hours)
    if not any(spans):
        raise _refuse(f"'{raw}' never opens, {HOURS_EXPECTED}")
    return WeeklyHours(tuple(_merge(day) for day in spans))


def _open(spans: list[list[tuple[float, float]]], day: int, hours: list[tuple[float, float]]) -> None:
    """Add the open hours of a day; what runs over midnight opens the next day."""
    for start, end in hours:
        if start < end:
            spans[day].append((start, end))
        else:
            spans[day].append((start, 24.0))
            spans[(day + 1) % 7].append((0.0, end))


def _merge(day: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    merged: list[tuple[float, float]] = []
    for start, end in sorted(day):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _days(text: str) -> list[int]:
    if text == "daily":
        return list(range(7))
    days: list[int] = []
    for part in text.split(","):
        names = part.split("-")
        for name in names:
            if name not in WEEKDAYS:
                hint = nearest(name, ("daily", *WEEKDAYS))
                raise _refuse(f"'{name}' is no day of the week{f' ({hint})' if hint else ''}, {HOURS_EXPECTED}")
        first, last = WEEKDAYS.index(names[0]), WEEKDAYS.index(names[-1])
        days += [(first + i) % 7 for i in range((last - first) % 7 + 1)]
    return days


def _span(text: str) -> tuple[float, float]:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise _refuse(f"'{text}' are no hours, {HOURS_EXPECTED}")
    start, end = int(match[1]) + int(match[2] or 0) / 60, int(match[3]) + int(match[4] or 0) / 60
    if start >= 24 or end > 24 or start == end or int(match[2] or 0) > 59 or int(match[4] or 0) > 59:
        raise _refuse(f"'{text}' is no span of hours within 00-24, {HOURS_EXPECTED}")
    return start, end


@dataclass(frozen=True)
class Reader:
    """Annotation of a field whose text is read by a function into a value of another kind."""

    read: Callable[[Any], Any]
    kind: type
    form: str
    """The forms a planner may write, for schema and reference."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        def validate(raw: Any) -> Any:
            if type(raw) is self.kind and self.kind is not datetime:
                return raw
            try:
                return self.read(raw)
            except BadValueError as error:
                raise bad_value(error.found) from None

        return core_schema.no_info_plain_validator_function(
            validate,
            serialization=core_schema.plain_serializer_function_ser_schema(_write, when_used="json"),
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        text = {"type": "string", "description": self.form}
        if self.kind is not datetime:
            return text
        named = [
            {
                "type": "object",
                "properties": {key: {"type": "string"}},
                "required": [key],
                "additionalProperties": False,
            }
            for key in DATE_KEYS
        ]
        return {"x-name": "date", "anyOf": [text, *named]}


def _write(value: datetime | Period | WeeklyHours) -> Any:
    """Write a date, period or hours as plain data (for the digest)."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Period):
        dates = [end.isoformat() for end in (value.start, value.end) if end]
        return dates or [value.first, value.last]
    return value.days


UtcTime = Annotated[
    datetime, Reader(read_time, datetime, "Date, or date and time, UTC: 2025-03-01, 2025-03-01T08:00; or a milestone.")
]
"""An instant, UTC."""
PeriodText = Annotated[
    Period, Reader(read_period, Period, "Days, both included: once 2025-05-20..2025-06-03, every year 03-20..04-03.")
]
"""Days that come once or every year."""
HoursText = Annotated[
    WeeklyHours, Reader(read_hours, WeeklyHours, "Opening hours, UTC: daily 00-24, or sat-thu 07-21; fri 07-13.")
]
"""Opening hours of a week."""
