from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .conftest import SMALL, Files

if TYPE_CHECKING:
    from collections.abc import Callable


def test_defaults(files: Files) -> None:
    scenario = files.load(SMALL.replace("  warm_up: 5 d\n", ""))
    run = scenario.run
    assert (run.warm_up_h, run.replications, run.seed, run.engine) == (0, 10, 0, "auto")
    assert scenario.demand.growth.value == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("replications: 0", "run.replications: found 0, expected at least 1"),
        ("replications: 2.5", "run.replications: found the number 2.5, expected a whole number"),
        ("seed: -1", "run.seed: found -1, expected at least 0"),
        ("seed: 99999999999999999999", "run.seed: found 99999999999999999999, expected below 9223372036854775808"),
        ("engine: simpy", "run.engine: found 'simpy', expected auto, des or vector"),
        ("engine: de", "run.engine: found 'de', expected auto, des or vector; did you mean 'des'?"),
        ("seeds: 3", "run.seeds: unknown key; did you mean 'seed'?"),
    ],
)
def test_wrong_settings(changed: Callable[..., list[str]], line: str, message: str) -> None:
    (problem,) = changed("  warm_up: 5 d\n", f"  {line}\n")
    assert problem.split(": ", 1)[1] == message


def test_demand_by_route_is_a_factor_by_year(files: Files) -> None:
    demand = files.load(SMALL + "demand: {growth: 2, by_route: {west: {2025: 1, 2035: 2, grade: C}}}\n").demand
    assert [demand.factor("west", year) for year in (2020, 2025, 2030, 2040)] == [2, 2, 3, 4]
    assert demand.factor("east", 2030) == 2


def test_demand_of_a_route_that_no_flow_takes(files: Files) -> None:
    (problem,) = files.problems(SMALL + "demand: {by_route: {wst: 2}}\n")
    assert "demand.by_route.wst: no flow takes a route 'wst'; did you mean 'west'?" in problem
