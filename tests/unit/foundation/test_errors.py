import pytest

from corridor_sim.foundation.errors import (
    CheckFailedError,
    ConservationError,
    CorridorSimError,
    EngineError,
    GeodataError,
    InputError,
    Location,
    Problem,
    ProblemList,
    ResultError,
    ScenarioError,
    UnsupportedFeatureError,
    nearest,
)


def test_a_problem_says_where_what_and_what_would_be_right():
    location = Location("a.yaml", 3, 7, chain=("root.yaml:2", "base.yaml:5"))
    problem = Problem("queues.X.servers", "is -1, expected 0 or more", location, "leave it out for none")
    assert str(problem) == (
        "a.yaml:3:7: queues.X.servers: is -1, expected 0 or more; leave it out for none "
        "(imported by root.yaml:2 -> base.yaml:5)"
    )


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("a.b", "is wrong"), "a.b: is wrong"),
        (Problem("", "is no YAML", Location("x.yaml", 1, 1)), "x.yaml:1:1: is no YAML"),
        (Problem("", "is wrong"), "is wrong"),
    ],
)
def test_a_problem_says_no_more_than_is_known(problem, text):
    assert str(problem) == text


def test_problems_are_gathered_and_raised_once():
    problems = ProblemList()
    problems.raise_if_any(ScenarioError)
    problems.add("a", "first")
    problems.add("b", "second", hint="third")
    with pytest.raises(ScenarioError, match="a: first\nb: second; third") as error:
        problems.raise_if_any(ScenarioError)
    assert [p.path for p in error.value.problems] == ["a", "b"]


@pytest.mark.parametrize("kind", [ScenarioError, GeodataError, UnsupportedFeatureError])
def test_input_errors_are_value_errors(kind):
    assert issubclass(kind, InputError)
    assert issubclass(kind, ValueError)
    assert issubclass(kind, CorridorSimError)


def test_run_errors_are_runtime_errors():
    assert issubclass(ConservationError, EngineError)
    assert issubclass(EngineError, RuntimeError)
    assert issubclass(ResultError, CorridorSimError)


def test_a_check_that_fails_is_no_fault_of_the_input_or_the_run():
    assert issubclass(CheckFailedError, CorridorSimError)
    assert not issubclass(CheckFailedError, InputError | EngineError)


def test_the_nearest_valid_name():
    assert nearest("demnd", ["demand", "flows"]) == "did you mean 'demand'?"
    assert nearest("xyz", ["demand", "flows"]) == ""
    assert nearest("x", []) == ""
