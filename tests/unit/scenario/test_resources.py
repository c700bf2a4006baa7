from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from .conftest import SMALL, Files

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("2", [(2, None, None)]),
        ("{n: 2}", [(2, None, None)]),
        ("[{n: 4}, {n: 1, from: 2025-01-27}]", [(4, None, None), (1, datetime(2025, 1, 27, tzinfo=UTC), None)]),
        ("[{n: 4, until: 2025-01-27, range: [3, 5]}]", [(4, None, datetime(2025, 1, 27, tzinfo=UTC))]),
    ],
)
def test_servers_are_always_groups(files: Files, text: str, groups: list[object]) -> None:
    servers = files.load(SMALL.replace("servers: 2", f"servers: {text}")).queues["Q1"].servers
    assert [(group.n, group.from_, group.until) for group in servers] == groups


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "servers: 2",
            "servers: 2.5",
            "s.yaml:37:14: queues.Q1.servers: found the number 2.5, expected a whole number",
        ),
        ("servers: 2", "servers: []", "s.yaml:37:5: queues.Q1.servers: holds 0 entries, expected at least 1"),
        (
            "servers: 2",
            "servers: [{n: 4, range: [5, 6]}]",
            "s.yaml:37:22: queues.Q1.servers.0.range: the value 4 lies outside its own range [5, 6]",
        ),
        (
            "servers: 2",
            "servers: [{n: 4, form: 2025-01-01}]",
            "s.yaml:37:22: queues.Q1.servers.0.form: unknown key; did you mean 'from'?",
        ),
        ("cause: documents", "cause: paper", None),
    ],
)
def test_resources_that_cannot_be_read(
    changed: Callable[..., list[str]], old: str, new: str, message: str | None
) -> None:
    problems = changed(old, new)
    if message is None:
        message = (
            "s.yaml:31:30: holds.H1.cause: found 'paper', expected documents, handling, forming, equipment, "
            "departure or dwell"
        )
    assert problems == [message]


SERVICE = "services:\n  S1: {at: C, capacity: 1500 TEU, %s}\n"


def test_services(files: Files) -> None:
    service = files.load(SMALL + SERVICE % "every: 7 d, first: 2025-01-02").services["S1"]
    assert (service.capacity.unit, service.capacity.value, service.reserved.value) == ("TEU", 1500, 0)
    assert service.every is not None
    assert service.every.value == 168
    service = files.load(SMALL + SERVICE % "departures: [2025-01-02, 2025-01-09]").services["S1"]
    assert service.departures is not None
    assert len(service.departures) == 2


@pytest.mark.parametrize(
    ("timetable", "message"),
    [
        ("every: 7 d", "key 'first' is missing beside 'every', expected the first departure"),
        ("reserved: 0.1", "timetable of the service is missing, expected one of every, departures"),
        (
            "every: 7 d, departures: [2025-01-01]",
            "timetable of the service is given 2 times (every, departures), expected one of every, departures",
        ),
    ],
)
def test_services_without_a_clear_timetable(files: Files, timetable: str, message: str) -> None:
    assert files.problems(SMALL + SERVICE % timetable) == [f"s.yaml:43:3: services.S1: {message}"]


def test_train_paths_formations_and_posts(files: Files) -> None:
    text = SMALL + (
        "train_paths:\n  A>B: {trains_per_day: {value: 24, unit: 1/d}, train_net: 3 kt, train_teu: 100}\n"
        "formations:\n  T: {at: A, size: 3, max_wait: 2 d}\n"
        "border_posts:\n  P: {name: P, mode: rail, nodes: [A, B]}\n"
    )
    scenario = files.load(text)
    path = scenario.train_paths["A>B"]
    assert (path.trains_per_day.value, path.trains_per_day.unit, path.train_net.value) == (24, "1/d", 3000)
    assert path.train_teu is not None
    assert (path.train_teu.value, path.single_track, path.calendar) == (100, False, None)
    assert (scenario.formations["T"].size, scenario.formations["T"].max_wait.value) == (3, 48)
    assert scenario.border_posts["P"].nodes == ("A", "B")
