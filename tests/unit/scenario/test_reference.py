from __future__ import annotations

import pytest

from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario.reference import explain, reference_keys


def test_keys_are_listed_without_ids() -> None:
    keys = reference_keys()
    assert len(keys) == len(set(keys)) > 250
    assert {"run.seed", "queues.service", "flows.annual", "itineraries.stages.rail", "import"} <= set(keys)
    assert "flows.release.pattern" not in keys


@pytest.mark.parametrize("key", reference_keys())
def test_every_key_is_explained(key: str) -> None:
    lines = explain(key).splitlines()
    assert lines[0] == key
    assert "  form: " in "\n".join(lines)
    assert all(len(line) <= 100 for line in lines)


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("run.seed", ["Seed of all random draws", "form: whole number, at least 0", "default: 0"]),
        ("queues.LANE_AST_N.service", ["queues.service", "(a bare number is in h)", "gamma {mean, cv}", "required"]),
        ("flows.annual", ["by year {2025: 330", "t/yr"]),
        ("run.warm_up", ["default: 0 h"]),
        ("run.engine", ["one of auto, des, vector", "default: auto"]),
        ("itineraries.I1.stages.3.rail", ["itineraries.stages.rail", "{from, to}"]),
        ("itineraries.stages.class", ["Key of `travel_classes`"]),
        ("queues.reserved", ["a number, a text such as 0.12 or 12 %", "default: 0"]),
        ("queues.servers", ["whole number, or a list of {n, from"]),
        ("calendars.hours", ["daily 00-24", "default: always"]),
        ("flows.release", ["even, poisson, timetable, or", "default: poisson"]),
        ("train_paths.single_track", ["true or false", "default: false"]),
        ("costs.rate", ["kept as written"]),
        ("queues", ["entries by key", "keys: name, at, kind"]),
        ("calibration.low", ["form: number"]),
    ],
)
def test_explanations(key: str, parts: list[str]) -> None:
    text = " ".join(explain(key).split())
    for part in parts:
        assert part in text


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("queues.servce", r"no key 'queues.servce' in a scenario file; did you mean 'queues.service'\?"),
        ("rum.seed", r"no key 'rum.seed' in a scenario file; did you mean 'run'\?"),
        ("run.zzzzzz", r"no key 'run.zzzzzz' in a scenario file; keys here are start, warm_up, end"),
        ("", "no key given; keys here are schema_version, name"),
    ],
)
def test_unknown_keys(key: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        explain(key)
