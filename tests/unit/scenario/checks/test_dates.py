from __future__ import annotations

import pytest

from .conftest import SMALL, Files


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "end: 2025-03-01",
            "end: 2025-01-01",
            "6:8: run.end: is 2025-01-01, expected a date after the start 2025-01-01",
        ),
        (
            "warm_up: 5 d",
            "warm_up: 59 d",
            "5:12: run.warm_up: the warm-up of 59 d is not shorter than the run of 59 d",
        ),
        (
            "share: 1\n",
            "valid_from: 2025-02-02\n    valid_until: 2025-02-01\n",
            "22:18: itineraries.I1.valid_until: is 2025-02-01, expected a date not before valid_from 2025-02-02",
        ),
        (
            "servers: 2",
            "servers: [{n: 1}, {n: 1, from: 2025-02-01T12:00, until: 2025-02-01}]",
            "37:61: queues.Q1.servers.1.until: is 2025-02-01, expected a date not before from 2025-02-01T12:00",
        ),
        ("servers: 2", "servers: 0", "37:14: queues.Q1.servers: there is no server, expected at least 1"),
        (
            "servers: 2",
            "servers: [{n: 2, from: 2026-01-01}]",
            "37:5: queues.Q1.servers: is used, but no server is there during the run, 2025-01-01 to 2025-03-01",
        ),
        (
            "    profile: FLAT\n",
            "    release: {timetable: {departures: [2025-01-02, 2025-01-02]}}\n",
            (
                "17:52: flows.F1.release.timetable.departures.1: the departures are not in order: 2025-01-02T00:00 "
                "follows 2025-01-02T00:00"
            ),
        ),
    ],
)
def test_dates_out_of_order(files: Files, old: str, new: str, message: str) -> None:
    problems = files.problems(SMALL.replace(old, new))
    assert f"s.yaml:{message}" in problems
    if "valid_until" not in new:
        assert len(problems) == 1


def test_an_unused_queue_may_have_servers_later(files: Files) -> None:
    text = SMALL.replace(
        "calendars:\n",
        "  Q2: {name: x, at: C, kind: crane, servers: [{n: 1, from: 2030-01-01}], service: 1}\ncalendars:\n",
    )
    assert "Q2" in files.load(text).queues
