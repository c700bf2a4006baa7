from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from corridor_sim.scenario.periods import (
    HoursText,
    Period,
    PeriodText,
    UtcTime,
    read_hours,
    read_period,
    read_time,
)

from .test_quantities import found


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("raw", "time"),
    [
        ("2025-03-01", at(2025, 3, 1)),
        ("2025-03-01T08:00", at(2025, 3, 1, 8)),
        ("2025-03-01 08:30:15", at(2025, 3, 1, 8, 30, 15)),
        ("2025-03-01T08:00Z", at(2025, 3, 1, 8)),
        ("2025-03-01T08:00+03:30", at(2025, 3, 1, 4, 30)),
        (date(2025, 3, 1), at(2025, 3, 1)),
        (datetime(2025, 3, 1, 8, tzinfo=timezone(timedelta(hours=4))), at(2025, 3, 1, 4)),
        (datetime(2025, 3, 1, 8), at(2025, 3, 1, 8)),  # noqa: DTZ001 - naive times are UTC
    ],
)
def test_times_are_utc(raw: Any, time: datetime) -> None:
    assert read_time(raw) == time
    assert read_time(raw).tzinfo is UTC


@pytest.mark.parametrize(
    ("kind", "raw", "message"),
    [
        (UtcTime, "soon", "found 'soon', expected a date such as 2025-03-01 or 2025-03-01T08:00 (UTC)"),
        (UtcTime, 2025, "found the number 2025, expected a date such as 2025-03-01 or 2025-03-01T08:00 (UTC)"),
        (UtcTime, "2025-02-30", "'2025-02-30' is no date"),
        (UtcTime, "2025-02-28 noon", "'2025-02-28 noon' is no date, expected a date"),
        (PeriodText, "01-01", "'01-01' is no period, expected 2025-05-20..2025-06-03 (once) or 03-20..04-03"),
        (PeriodText, 3, "found the number 3, expected 2025-05-20..2025-06-03"),
        (PeriodText, "01-01..2025-01-03", "'01-01..2025-01-03' has a year at one end only"),
        (PeriodText, "13-01..01-03", "'13-01..01-03': 13-01 is no day of the year, expected MM-DD..MM-DD"),
        (PeriodText, "2025-05-02..2025-05-01", "'2025-05-02..2025-05-01' ends before it starts"),
        (PeriodText, "2025-05-02..soon", "'2025-05-02..soon' is no period"),
        (HoursText, "daily", "'daily' holds no days and hours, expected hours such as 'daily 00-24'"),
        (HoursText, "dayly 00-24", "'dayly' is no day of the week (did you mean 'daily'?), expected hours"),
        (HoursText, "mon 25-26", "'25-26' is no span of hours within 00-24"),
        (HoursText, "mon 08-08", "'08-08' is no span of hours within 00-24"),
        (HoursText, "mon all", "'all' are no hours"),
        (HoursText, "mon 08-12; mon-fri 09-17", "'mon 08-12; mon-fri 09-17' names mon twice"),
        (HoursText, "daily closed", "'daily closed' never opens"),
        (HoursText, "", "found '', expected hours"),
    ],
)
def test_what_cannot_be_read(kind: Any, raw: Any, message: str) -> None:
    ((path, text, _),) = found(kind, raw)
    assert path == ()
    assert str(text).startswith(message)


def test_a_dated_period_includes_its_last_day() -> None:
    period = read_period("2025-05-20..2025-06-03")
    assert not period.yearly
    assert period.intervals(at(2025, 1, 1), at(2026, 1, 1)) == [(at(2025, 5, 20), at(2025, 6, 4))]
    assert period.intervals(at(2025, 6, 4), at(2026, 1, 1)) == []


def test_a_period_with_times_ends_at_its_time() -> None:
    period = read_period("2026-03-05T18:00..2026-03-09T10:00")
    assert (period.start, period.end) == (at(2026, 3, 5, 18), at(2026, 3, 9, 10))


def test_a_yearly_period_comes_back() -> None:
    period = read_period("03-20..04-03")
    assert period == Period(first=(3, 20), last=(4, 3))
    assert period.yearly
    assert period.intervals(at(2024, 9, 1), at(2026, 3, 21)) == [
        (at(2025, 3, 20), at(2025, 4, 4)),
        (at(2026, 3, 20), at(2026, 4, 4)),
    ]


def test_a_yearly_period_may_run_over_new_year() -> None:
    period = read_period("12-10..03-10")
    assert period.intervals(at(2025, 1, 1), at(2025, 12, 11)) == [
        (at(2024, 12, 10), at(2025, 3, 11)),
        (at(2025, 12, 10), at(2026, 3, 11)),
    ]


def test_the_leap_day_exists_in_every_year() -> None:
    period = read_period("02-29..02-29")
    assert period.intervals(at(2024, 1, 1), at(2026, 1, 1)) == [
        (at(2024, 2, 29), at(2024, 3, 1)),
        (at(2025, 2, 28), at(2025, 3, 1)),
    ]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_yearly_intervals_are_ordered_and_touch_the_window(start: date, length: int, offset: int) -> None:
    window = (read_time(start), read_time(start) + timedelta(days=length + 1))
    day = read_time(start) + timedelta(days=offset)
    period = Period(first=(day.month, day.day), last=(day.month, day.day))
    spans = period.intervals(*window)
    assert spans == sorted(spans)
    assert all(a < window[1] and b > window[0] for a, b in spans)


@pytest.mark.parametrize(
    ("text", "day", "spans"),
    [
        ("sat-thu 07-21; fri 07-13", 4, ((7, 13),)),
        ("sat-thu 07-21; fri 07-13", 0, ((7, 21),)),
        ("mon-fri 08:30-12,13-17:45", 0, ((8.5, 12), (13, 17.75))),
        ("mon-fri 08-12", 6, ()),
        ("daily 20-06", 0, ((0, 6), (20, 24))),
        ("sun 20-06; mon closed", 0, ((0, 6),)),
        ("mon,wed 08-10,10-12", 2, ((8, 12),)),
        ("Daily 00-24", 3, ((0, 24),)),
    ],
)
def test_hours(text: str, day: int, spans: Any) -> None:
    assert read_hours(text).days[day] == spans


def test_values_are_written_for_the_digest() -> None:
    assert TypeAdapter(UtcTime).dump_python(at(2025, 1, 2), mode="json") == "2025-01-02T00:00:00+00:00"
    assert TypeAdapter(PeriodText).dump_python(read_period("03-20..04-03"), mode="json") == [[3, 20], [4, 3]]
    assert TypeAdapter(PeriodText).validate_python(read_period("03-20..04-03")).yearly
