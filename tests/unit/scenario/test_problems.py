from __future__ import annotations

import pytest
from pydantic import ValidationError

from corridor_sim.scenario import Scenario
from corridor_sim.scenario.problems import translate
from corridor_sim.scenario.yaml_tree import Source, parse_yaml, plain

from .conftest import SMALL


def problems(text: str, suspect: set[tuple[str, str]] | None = None) -> list[str]:
    tree, _ = parse_yaml(text, Source("s.yaml"))
    with pytest.raises(ValidationError) as caught:
        Scenario.model_validate(plain(tree))
    return [str(problem) for problem in translate(caught.value, tree, suspect or set())]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("flows:\n  F1:\n", "flows:\n  F1: 3\n  F2:\n", "s.yaml:8:7: flows.F1: found the number 3, expected a mapping"),
        ("    stages:\n", "    stages: 3\n    x-s:\n", "itineraries.I1.stages: found the number 3, expected a list"),
        ("jan: 0.5", "jan: half", "month_profiles.FLAT.jan: found 'half', expected a number"),
        ("jan: 0.5", "jan: .inf", "month_profiles.FLAT.jan: found the number inf, expected a finite number"),
        ("name: crane", "name: ''", "queues.Q1.name: found '', expected text that is not empty"),
        ("name: crane", "name: true", "queues.Q1.name: found true, expected text"),
        ("calendar: DAY", "calendar: {a: 1}", "queues.Q1.calendar: found a mapping, expected text"),
        ("grade: C}", "grade: D}", "flows.F1.annual.grade: found 'D', expected A, B or C"),
        ("queues:\n", "trucks_per_unit: 0\nqueues:\n", "trucks_per_unit: found 0, expected at least 1"),
        ("queues:\n", "holds: []\nqueues:\n", None),
    ],
)
def test_in_a_planners_words(old: str, new: str, message: str | None) -> None:
    text = SMALL.replace(old, new, 1)
    if message is None:
        text, message = SMALL.replace("holds:\n", "holds: []\nx-h:\n"), "s.yaml:30:1: holds: found a list, expected a"
    (problem,) = problems(text)
    assert message in problem


def test_no_pydantic_word_is_left() -> None:
    text = SMALL.replace("servers: 2", "servers: x").replace("share: 1", "share: x").replace("at: C}", "att: C}")
    for problem in problems(text):
        assert "Input should" not in problem
        assert "Extra inputs" not in problem
        assert "Field required" not in problem


def test_missing_keys_of_suspect_entries_are_not_reported() -> None:
    text = SMALL.replace("    servers: 2\n", "").replace("share: 1", "share: x")
    assert len(problems(text)) == 2
    assert len(problems(text, {("queues", "Q1")})) == 1


def test_a_misspelt_key_is_not_missing_as_well() -> None:
    (problem,) = problems(SMALL.replace("servers: 2", "server: 2"))
    assert problem == "s.yaml:37:5: queues.Q1.server: unknown key; did you mean 'servers'?"


def test_many_unknown_keys_are_one_problem() -> None:
    text = SMALL.replace("calendar: DAY", "foo: 1\n    bar: 2")
    (problem,) = problems(text)
    assert problem == (
        "s.yaml:39:5: queues.Q1.foo: unknown keys foo, bar; is a line missing above?; valid keys are name, at, kind, "
        "servers, service, occupancy, reserved, calendar, by_priority, ageing, source, "
        "grade, note, template"
    )


def test_a_misspelt_template_is_one_problem() -> None:
    (problem,) = problems(SMALL.replace("    servers: 2\n", "    templatee: T\n"))
    assert problem == "s.yaml:37:5: queues.Q1.templatee: unknown key; did you mean 'template'?"
