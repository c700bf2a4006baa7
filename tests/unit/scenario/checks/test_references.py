from __future__ import annotations

import pytest

from .conftest import SMALL, Files


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("profile: FLAT", "profile: FLATT", "flows.F1.profile: no month profile 'FLATT'; did you mean 'FLAT'?"),
        (
            "profile: FLAT",
            "parcel_profile: X",
            "flows.F1.parcel_profile: no parcel profile 'X'; the scenario has no parcel_profiles",
        ),
        ("queue: Q1", "queue: Q11", "itineraries.I1.stages.2.queue: no queue 'Q11'; did you mean 'Q1'?"),
        ("calendar: DAY", "calendar: DAYS", "queues.Q1.calendar: no calendar 'DAYS'; did you mean 'DAY'?"),
        ("{queue: Q1, at: C}", "{sail: S, at: C}", "itineraries.I1.stages.2.sail: no service 'S'"),
        ("{queue: Q1, at: C}", "{form: T, at: C}", "itineraries.I1.stages.2.form: no formation 'T'"),
    ],
)
def test_references_must_exist(files: Files, old: str, new: str, message: str) -> None:
    (problem,) = files.problems(SMALL.replace(old, new))
    assert message in problem


@pytest.mark.parametrize(
    ("targets", "place"),
    [
        ("[Q1, Q11]", "s.yaml:43:70: disruptions.E.targets.1"),
        ("[Q1, {Q11: {base: 1}}]", "s.yaml:43:71: disruptions.E.targets.1.Q11"),
        ("{Q1: {}, Q11: {base: 1}}", "s.yaml:43:74: disruptions.E.targets.Q11"),
    ],
)
def test_targets_of_disruptions_must_exist(files: Files, targets: str, place: str) -> None:
    text = f"disruptions:\n  E: {{during: 2025-01-10..2025-01-12, factor: 0.30000, targets: {targets}}}\n"
    message = "no queue, train path, single track or service 'Q11'; did you mean 'Q1'?"
    assert files.problems(SMALL + text) == [f"{place}: {message}"]


def test_a_service_is_used_where_it_leaves(files: Files) -> None:
    text = SMALL.replace("{queue: Q1, at: C}", "{sail: S, at: C}")
    text += "services:\n  S: {at: B, capacity: 10, every: 1 d, first: 2025-01-01}\n"
    assert files.problems(text) == ["s.yaml:25:23: itineraries.I1.stages.2.at: 'S' is at B, not at C"]


def test_the_id_of_a_broken_entry_still_counts(files: Files) -> None:
    assert files.problems(SMALL.replace("servers: 2", "servers: x")) == [
        "s.yaml:37:14: queues.Q1.servers: found 'x', expected a whole number"
    ]


def test_an_id_that_does_not_exist_is_one_problem(files: Files) -> None:
    text = SMALL.replace(
        "{hold: H1, at: A}", "{hold: X, at: A}\n" + 5 * "      - {hold: X, at: A}\n" + "      - {hold: H1, at: A}"
    )
    assert files.problems(text) == [
        (
            "s.yaml:23:16: itineraries.I1.stages.0.hold: no hold 'X' (named also in s.yaml:24:16, s.yaml:25:16, "
            "s.yaml:26:16 and 2 more places); holds are H1"
        )
    ]
