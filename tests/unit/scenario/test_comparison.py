"""What a scenario compares: its cases are named overrides."""

from __future__ import annotations

import pytest

from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario import load_cases

from .conftest import SMALL, Files

OVERRIDES = "overrides:\n  more: {demand.growth: 2}\n  much: {demand.growth: 3}\n"


def cases(files: Files, comparison: str, names: list[str] | None = None) -> dict[str, float]:
    files.write("s.yaml", SMALL + OVERRIDES + comparison)
    return {name: s.demand.growth.value for name, s in load_cases("s.yaml", names).items()}


def test_the_cases_of_the_file_are_beside_its_reference(files: Files) -> None:
    assert cases(files, "comparison: {reference: more, cases: [much]}\n") == {"more": 2, "much": 3}
    assert cases(files, "comparison: {cases: [much, more]}\n") == {"as it stands": 1, "much": 3, "more": 2}


def test_cases_that_are_asked_for_come_before_those_of_the_file(files: Files) -> None:
    assert cases(files, "comparison: {reference: much, cases: [more]}\n", ["more"]) == {"as it stands": 1, "more": 2}


def test_a_change_for_all_cases(files: Files) -> None:
    files.write("s.yaml", SMALL + OVERRIDES)
    found = load_cases("s.yaml", ["more"], overrides={"run.seed": 7})
    assert [s.run.seed for s in found.values()] == [7, 7]


def test_nothing_to_compare(files: Files) -> None:
    files.write("s.yaml", SMALL + OVERRIDES)
    with pytest.raises(ScenarioError, match="small has no comparison of its own; choose overrides to compare"):
        load_cases("s.yaml")


@pytest.mark.parametrize(
    ("comparison", "message"),
    [
        ("{cases: [mre]}", "comparison.cases.0: no override named 'mre'; did you mean 'more'?"),
        ("{reference: mch, cases: [more]}", "comparison.reference: no override named 'mch'; did you mean 'much'?"),
        ("{cases: []}", "comparison.cases"),
        ("{reference: more}", "comparison.cases"),
    ],
)
def test_cases_that_are_no_overrides(files: Files, comparison: str, message: str) -> None:
    problems = files.problems(SMALL + OVERRIDES + f"comparison: {comparison}\n")
    assert any(message in problem for problem in problems), problems
