"""The shipped tiny corridor, run once with a trace, and its view."""

import pytest

from corridor_sim.plots.result_view import ResultView
from corridor_sim.results import RunResult
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate


@pytest.fixture(scope="session")
def result() -> RunResult:
    return simulate(load_scenario("tiny"), replications=3, trace=True)


@pytest.fixture(scope="session")
def view(result: RunResult) -> ResultView:
    return ResultView(result)
