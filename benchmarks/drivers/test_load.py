"""Reading scenario files: YAML, imports, validation, cross-checks."""

from pathlib import Path

import pytest

from corridor_sim.bench.workloads import BASELINE, feed_forward_files
from corridor_sim.network import load_network
from corridor_sim.scenario import load_scenario


@pytest.mark.parametrize("n_itineraries", [6, 24, 96])
def test_feed_forward(benchmark, n_itineraries: int, tmp_path: Path) -> None:
    path = feed_forward_files(tmp_path, [n_itineraries])[n_itineraries]
    assert len(benchmark(load_scenario, path).itineraries) == n_itineraries


def test_baseline(benchmark) -> None:
    assert benchmark(load_scenario, BASELINE).name == BASELINE


def test_network(benchmark) -> None:
    assert benchmark(load_network).node_ids
