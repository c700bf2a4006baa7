"""What is kept of a case is what a run of its scenario has."""

import numpy as np
import pytest

from corridor_sim.blocks import run_lanes
from corridor_sim.compiler import compile_plan
from corridor_sim.network import load_network
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate
from corridor_sim.sweep.file import Answer
from corridor_sim.sweep.kept import is_kept, kept_kpis

SHORT = {"run.start": "2025-01-01", "run.warm_up": "0 d", "run.end": "2025-01-20", "run.engine": "vector"}
SCENARIO = load_scenario("baseline-2025", overrides=SHORT)
NETWORK = load_network()


@pytest.fixture(scope="module")
def whole():
    plan = compile_plan(SCENARIO, network=NETWORK)
    summary = run_lanes(plan, "vector", SCENARIO.run.seed, [0, 1])

    def kept(kpis):
        return kept_kpis(summary, kpis, plan, SCENARIO, NETWORK)

    return kept


def test_everything_is_what_a_run_has_cost_and_emissions_included(whole):
    labels, values = whole(None)
    result = simulate(SCENARIO, replications=2)
    rows = result.labels[result.labels["period"] == "all"]
    names = list(rows[["kpi", "subject", "unit"]].astype(str).itertuples(index=False, name=None))
    assert sorted(labels) == sorted(names)
    assert any(kpi.startswith("cost_") for kpi, _, _ in labels)
    order = [labels.index(name) for name in names]
    assert np.array_equal(values[:, order], result.values[:, rows.index], equal_nan=True)


def test_some(whole):
    asked = (Answer(kpi="cost_usd_per_t", subject="all"), Answer(kpi="queue_mean_h"))
    labels, values = whole(asked)
    assert {kpi for kpi, _, _ in labels} == {"cost_usd_per_t", "queue_mean_h"}
    assert [s for k, s, _ in labels if k == "cost_usd_per_t"] == ["all"]
    assert values.shape == (2, len(labels))
    assert whole(()) == ((), pytest.approx(np.empty((2, 0))))


def test_is_kept():
    assert is_kept("a", "b", None)
    assert is_kept("a", "b", [Answer(kpi="a")])
    assert not is_kept("a", "b", [Answer(kpi="a", subject="c")])
