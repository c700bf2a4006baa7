from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from corridor_sim.scenario.quantities import Quantity

from .conftest import SMALL, Files

if TYPE_CHECKING:
    from collections.abc import Callable

ANNUAL = "{value: 100, unit: kt/yr, range: [80, 120], source: guess, grade: C}"


@pytest.mark.parametrize(
    ("year", "tonnes"), [(2020, 330e3), (2025, 330e3), (2026, 344e3), (2030, 400e3), (2031, 300e3), (2040, 200e3)]
)
def test_annual_tonnes_are_linear_between_years(files: Files, year: int, tonnes: float) -> None:
    text = SMALL.replace(ANNUAL, "{2030: {value: 400, unit: kt/yr}, 2025: 330 kt/yr, 2032: 200000, grade: C}")
    flow = files.load(text).flows["F1"]
    assert flow.annual_t(year) == pytest.approx(tonnes)
    assert isinstance(flow.annual, dict)
    assert list(flow.annual) == [2025, 2030, 2032]
    assert flow.annual[2025] == Quantity(330e3, "t/yr", grade="C")


@pytest.mark.parametrize(
    ("annual", "message"),
    [
        ("{2025: 330 km}", "s.yaml:15:20: flows.F1.annual.2025: 'km' is a length, expected tonnes per year"),
        ("{2025: {value: -1}}", "s.yaml:15:27: flows.F1.annual.2025.value: -1 is negative"),
        ("{2025: 1, 1492: 2}", "s.yaml:15:29: flows.F1.annual.1492: unknown key, expected years such as 2025"),
        ("{2025: 1, unit: t}", "s.yaml:15:29: flows.F1.annual.unit: unknown key, expected years such as 2025"),
    ],
)
def test_tonnes_by_year_that_cannot_be_read(changed: Callable[..., list[str]], annual: str, message: str) -> None:
    (problem,) = changed(ANNUAL, annual)
    assert problem.startswith(message.rsplit(": ", 2)[0].split(":", 3)[0])
    assert message.split(": ", 1)[1] in problem


@pytest.mark.parametrize("pattern", ["even", "poisson", "timetable"])
def test_patterns_of_release(files: Files, pattern: str) -> None:
    release = files.load(SMALL.replace("    profile: FLAT\n", f"    release: {pattern}\n")).flows["F1"].release
    assert (release.pattern, release.timetable) == (pattern, None)


def test_timetables(files: Files) -> None:
    text = SMALL.replace("    profile: FLAT\n", "    release: {timetable: {every: 7 d, first: 2025-01-02}}\n")
    timetable = files.load(text).flows["F1"].release.timetable
    assert timetable is not None
    assert timetable.every is not None
    assert (timetable.every.value, timetable.first) == (168, datetime(2025, 1, 2, tzinfo=UTC))
    text = SMALL.replace("    profile: FLAT\n", "    release: {timetable: {departures: [2025-01-03T08:00]}}\n")
    timetable = files.load(text).flows["F1"].release.timetable
    assert timetable is not None
    assert timetable.departures == (datetime(2025, 1, 3, 8, tzinfo=UTC),)


@pytest.mark.parametrize(
    ("release", "message"),
    [
        (
            "often",
            "s.yaml:17:14: flows.F1.release: found 'often', expected even, poisson, timetable or {timetable: ...}",
        ),
        (
            "{timetable: {every: 7 d}}",
            (
                "s.yaml:17:15: flows.F1.release.timetable: key 'first' is missing beside 'every', expected the first "
                "departure"
            ),
        ),
        (
            "{timetable: {first: 2025-01-01}}",
            "s.yaml:17:15: flows.F1.release.timetable: timetable is missing, expected one of departures, every",
        ),
        (
            "{timetable: {every: 7 km, first: 2025-01-01}}",
            (
                "s.yaml:17:34: flows.F1.release.timetable.every: 'km' is a length, expected a time, such as 36 h, "
                "3.5 d or 20 min"
            ),
        ),
    ],
)
def test_releases_that_cannot_be_read(changed: Callable[..., list[str]], release: str, message: str) -> None:
    assert changed("    profile: FLAT\n", f"    release: {release}\n") == [message]


def test_defaults_and_profiles(files: Files) -> None:
    scenario = files.load(SMALL.replace("    profile: FLAT\n", ""))
    flow = scenario.flows["F1"]
    assert (flow.profile, flow.parcel_profile, flow.counts_in, flow.release.pattern) == (None, None, (), "poisson")
    assert scenario.month_profiles["FLAT"].months == (0.5, 0.5, *[0.0] * 10)
