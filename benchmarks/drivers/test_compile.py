"""From a scenario and the network to a plan."""

from pathlib import Path

import pytest

from corridor_sim.bench.workloads import BASELINE, feed_forward_files, network
from corridor_sim.compiler import compile_plan
from corridor_sim.scenario import load_scenario


@pytest.mark.parametrize("n_itineraries", [6, 24, 96])
def test_feed_forward(benchmark, n_itineraries: int, tmp_path: Path) -> None:
    scenario = load_scenario(feed_forward_files(tmp_path, [n_itineraries])[n_itineraries])
    assert len(benchmark(compile_plan, scenario, network=network()).itineraries) == n_itineraries


def test_baseline(benchmark) -> None:
    assert benchmark(compile_plan, load_scenario(BASELINE), network=network()).name == BASELINE
