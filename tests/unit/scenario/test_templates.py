from __future__ import annotations

import pytest

from corridor_sim.foundation.errors import ProblemList
from corridor_sim.scenario.templates import expand_templates, merged
from corridor_sim.scenario.yaml_tree import Node, Source, parse_yaml, plain

from .conftest import SMALL, Files


def tree(text: str) -> Node:
    return parse_yaml(text, Source("t.yaml"))[0]


def test_own_keys_win_and_mappings_are_joined() -> None:
    template = tree("{a: 1, b: {c: 2, d: 3}, e: [1]}")
    own = tree("{a: 9, b: {c: 8}, e: [2]}")
    assert plain(merged(template, own)) == {"a": 9, "b": {"c": 8, "d": 3}, "e": [2]}


@pytest.mark.parametrize(
    ("template", "own", "expected"),
    [
        ("{gamma: {mean: 1}, source: a}", "{lognormal: {mean: 2}}", {"lognormal": {"mean": 2}, "source": "a"}),
        ("{unit: 1/d, grade: C}", "{value: 30}", {"value": 30, "unit": "1/d", "grade": "C"}),
        ("{value: 3, grade: C}", "{2025: 1, 2030: 2}", {"2025": 1, "2030": 2, "grade": "C"}),
    ],
)
def test_a_number_takes_one_form_only(template: str, own: str, expected: object) -> None:
    assert plain(merged(tree(template), tree(own))) == expected


def test_templates_may_build_on_each_other() -> None:
    problems = ProblemList()
    text = "templates: {A: {x: 1, y: 1}, B: {template: A, y: 2}}\nqueues: {Q: {template: B, z: 3}}\n"
    result, failed = expand_templates(tree(text), problems)
    assert plain(result)["queues"]["Q"] == {"x": 1, "y": 2, "z": 3}
    assert not problems.problems
    assert not failed


def test_places_of_template_values_are_kept(files: Files) -> None:
    text = SMALL.replace("    servers: 2\n", "    template: T\n") + "templates:\n  T: {servers: 3}\n"
    scenario = files.load(text)
    assert str(scenario.locate("queues.Q1.servers")) == "s.yaml:43:16"


@pytest.mark.parametrize(
    ("name", "templates", "message"),
    [
        ("TT", "{T1: {servers: 3}}", "s.yaml:37:15: queues.Q1.template: no template 'TT'; templates are T1"),
        ("X", "{}", "s.yaml:37:15: queues.Q1.template: no template 'X'; there are none"),
        ("X", "{ABC: {servers: 3}}", "s.yaml:37:15: queues.Q1.template: no template 'X'; templates are ABC"),
        ("3", "{}", "s.yaml:37:15: queues.Q1.template: found the number 3, expected the name of a template"),
        ("T", "{T: 3}", "s.yaml:42:16: templates.T: expected a mapping of keys and values"),
        (
            "A",
            "{A: {template: B}, B: {template: A}}",
            "s.yaml:42:45: templates.B.template: the template leads back to itself: A -> B -> A",
        ),
    ],
)
def test_a_template_that_cannot_be_used_is_one_problem(files: Files, name: str, templates: str, message: str) -> None:
    text = SMALL.replace("    servers: 2\n", f"    template: {name}\n") + f"templates: {templates}\n"
    assert files.problems(text) == [message]


def test_a_mistake_in_a_template_is_one_problem(files: Files) -> None:
    text = SMALL.replace("    servers: 2\n", "    template: T\n").replace(
        "calendars:\n", "  Q2: {template: T, name: x, at: C, kind: crane, service: 1}\ncalendars:\n"
    )
    assert files.problems(text + "templates:\n  T: {servers: many}\n") == [
        "s.yaml:44:16: queues.Q1.servers: found 'many', expected a whole number"
    ]
