from __future__ import annotations

from corridor_sim.foundation.errors import ProblemList
from corridor_sim.scenario.checks.context import Context
from corridor_sim.scenario.yaml_tree import Source, parse_yaml


def context(text: str) -> Context:
    return Context(parse_yaml(text, Source("s.yaml"))[0], ProblemList(), None)


def messages(made: Context) -> list[str]:
    return [str(problem) for problem in made.problems.problems]


def test_references() -> None:
    made = context("queues: {A: 1, B: 2, x-C: 3}\nq: C\n")
    assert made.ids("queues") == ["A", "B"]
    assert made.refer(("q",), "queues", "A")
    assert made.refer(("q",), "queues", None)
    assert not made.refer(("q",), "queues", "C")
    made.report_missing()
    assert messages(made) == ["s.yaml:2:4: q: no queue 'C'; queues are A, B"]


def test_nothing_is_said_of_uncertain_sections() -> None:
    made = context("q: C\n")
    made.uncertain.add("queues")
    assert not made.refer(("q",), "queues", "C")
    assert messages(made) == []


def test_places() -> None:
    made = context("a:\n  b: 1\n")
    made.report(("a", "b"), "wrong")
    made.report_entry(("a", "b"), "wrong")
    made.report(("a", "c"), "missing")
    assert messages(made) == ["s.yaml:2:6: a.b: wrong", "s.yaml:2:3: a.b: wrong", "s.yaml:1:1: a.c: missing"]
