from __future__ import annotations

import pytest

from .conftest import SMALL, Files

NEVER = (
    "s.yaml:41:3: calendars.DAY: the calendar never opens between 2025-01-01 and 2025-03-01; "
    "a factor of 0 is a full stop"
)


def with_calendar(text: str) -> str:
    return SMALL.replace("{hours: daily 06-22}", text)


@pytest.mark.parametrize(
    "calendar",
    [
        "{factors: [{during: 01-01..12-31, factor: 0}]}",
        "{factors: [{during: 2024-12-01..2025-02-03, factor: 0}, {during: 02-04..04-30, factor: 0}]}",
        "{hours: mon 00-24, factors: [{during: 01-01..02-01, factor: 0}, {during: 02-03..03-31, factor: 0}]}",
    ],
)
def test_calendars_that_never_open(files: Files, calendar: str) -> None:
    assert files.problems(with_calendar(calendar)) == [NEVER]


@pytest.mark.parametrize(
    "calendar",
    [
        "{factors: [{during: 01-01..12-31, factor: 0.1}]}",
        "{factors: [{during: 02-01..12-31, factor: 0}]}",
        "{factors: [{during: 01-01..01-31, factor: 0}, {during: 02-02..03-31, factor: 0}]}",
        "{hours: sun 00-24, factors: [{during: 01-01..02-01, factor: 0}, {during: 02-03..03-31, factor: 0}]}",
    ],
)
def test_calendars_that_open_once(files: Files, calendar: str) -> None:
    assert files.load(with_calendar(calendar)).calendars["DAY"].factors
