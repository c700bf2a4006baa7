"""A run of the baseline as a user starts it: compile, draw, run, reduce, collect; figures are not drawn."""

import pytest

from corridor_sim.bench.scale import Scale
from corridor_sim.bench.workloads import BASELINE, baseline_changes, network
from corridor_sim.engines.registry import ENGINES
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate


@pytest.mark.parametrize("engine", ENGINES)
def test_baseline(benchmark, engine: str, scale: Scale) -> None:
    scenario = load_scenario(BASELINE, overrides=baseline_changes(short=scale.is_quick))
    options = {"engine": engine, "replications": 1, "network": network()}
    result = benchmark.pedantic(simulate, args=(scenario,), kwargs=options, rounds=2)
    assert result.manifest["stage_events"] > 0
