"""Milestones: dates written once and named by the entries that hang on them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corridor_sim.scenario.milestones import NEVER

from .conftest import SMALL, Files

OPENING = "milestones:\n  OPEN: {name: opening, date: 2025-02-01}\n"
SPLIT = SMALL.replace(
    "    share: 1\n", "    share: 1\n    valid_until: {before: OPEN}\n"
).replace(
    "month_profiles:",
    "  I2:\n    flow: F1\n    valid_from: {milestone: OPEN}\n    stages:\n      - {hold: H1, at: A}\n"
    "      - {rail: [A, B, C], class: V1}\nmonth_profiles:",
)  # fmt: skip


def test_a_name_stands_for_the_day_or_the_day_before_it(files: Files) -> None:
    scenario = files.load(SPLIT + OPENING)
    assert scenario.itineraries["I1"].valid_until == datetime(2025, 1, 31, tzinfo=UTC)
    assert scenario.itineraries["I2"].valid_from == datetime(2025, 2, 1, tzinfo=UTC)
    assert "valid_until: 2025-01-31" in scenario.resolved_yaml()


def test_moving_the_milestone_moves_what_hangs_on_it(files: Files) -> None:
    scenario = files.load(SPLIT + OPENING, overrides={"milestones.OPEN.date": "2025-02-15"})
    assert scenario.itineraries["I2"].valid_from == datetime(2025, 2, 15, tzinfo=UTC)


def test_what_never_comes(files: Files) -> None:
    scenario = files.load(SPLIT + OPENING, overrides={"milestones.OPEN.date": "never"})
    assert scenario.itineraries["I2"].valid_from == NEVER
    assert not scenario.itineraries["I2"].is_valid_between(scenario.run.start, scenario.run.end)


def test_servers_may_open_with_a_milestone(files: Files) -> None:
    scenario = files.load(SMALL.replace("servers: 2", "servers: [{n: 2}, {n: 1, from: {milestone: OPEN}}]") + OPENING)
    assert scenario.queues["Q1"].servers[1].from_ == datetime(2025, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("milestones", "message"),
    [
        ("milestones:\n  OPENS: {name: x, date: 2025-02-01}\n", "no milestone 'OPEN'; did you mean 'OPENS'?"),
        ("", "no milestone 'OPEN'; the scenario has none"),
        ("milestones:\n  OPEN: {name: x, date: soon}\n", "found 'soon', expected a date such as 2025-03-01"),
        ("milestones:\n  OPEN: {name: x, date: {milestone: OPEN}}\n", "milestones.OPEN.date"),
        (
            "milestones:\n  OPEN: {name: x, date: never, range: [2026-01-01, 2025-01-01]}\n",
            "milestones.OPEN.range: ends before it begins",
        ),
    ],
)
def test_dates_that_cannot_be_found(files: Files, milestones: str, message: str) -> None:
    problems = files.problems(SPLIT + milestones)
    assert any(message in problem for problem in problems), problems
