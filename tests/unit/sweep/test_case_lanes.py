"""Cases with gas: what a sweep keeps is what a run has, by itself and beside freight that its phases wait for."""

import numpy as np
import pytest

from corridor_sim.compiler import compile_plan
from corridor_sim.network import load_network
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate
from corridor_sim.sweep import run_sweep
from corridor_sim.sweep.case_lanes import CaseLanes
from corridor_sim.sweep.file import Answer
from corridor_sim.sweep.kept import Kept
from tests.support.sweeps import write_sweep

NETWORK = load_network()


def lanes_of(scenario, kept):
    plan = compile_plan(scenario, network=NETWORK)
    return CaseLanes(scenario, plan, NETWORK, "vector", scenario.run.seed, kept)


def assert_same(columns, result, kept):
    labels, values = columns
    rows = result.labels[
        [kept.has(*row) for row in result.labels[["kpi", "subject", "period"]].itertuples(index=False)]
    ]
    names = list(rows[["kpi", "subject", "period", "unit"]].astype(str).itertuples(index=False, name=None))
    assert names
    assert set(names) <= set(labels)
    assert np.array_equal(values[:, [labels.index(n) for n in names]], result.values[:, rows.index], equal_nan=True)


def test_a_pipeline_by_itself():
    scenario = load_scenario("gas-ramp", overrides={"run.end": "2030-01-01"})
    kept = Kept(periods="years")
    case = lanes_of(scenario, kept)
    assert case.at_once(1000, 1) > 1
    assert_same(case.run([0, 1, 2]), simulate(scenario, replications=3), kept)
    assert case.core_s > 0


def test_phases_wait_for_freight():
    scenario = load_scenario("gas-ramp-coupled")
    kept = Kept((Answer(kpi="gas_phase_start_year"), Answer(kpi="gas_delivered_bcm"), Answer(kpi="transit_mean_h")))
    assert_same(lanes_of(scenario, kept).run([0, 1]), simulate(scenario, replications=2, engine="vector"), kept)


def test_gas_that_nobody_asks_for_is_not_run():
    scenario = load_scenario("gas-ramp", overrides={"run.end": "2026-01-01"})
    labels, values = lanes_of(scenario, Kept((Answer(kpi="transit_mean_h"),))).run([0, 1])
    assert labels == ()
    assert values.shape == (2, 0)


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gas")
    file = write_sweep(
        folder,
        base="gas-ramp",
        changes={"run.end": "2030-01-01"},
        parameters={"slip": {"path": "gas.phases.two.slip", "scale": True, "values": [0, 1, 2]}},
        kpis=[
            {"kpi": "gas_delivered_bcm", "subject": "gas"},
            {"kpi": "gas_delivered_bcm", "subject": "gas", "period": 2027},
            {"kpi": "gas_phase_delay_d", "subject": "phase:two"},
        ],
        replications=4,
    )
    return run_sweep(file, out=folder / "out")


def test_a_sweep_of_slips(swept):
    late = swept.values("gas_phase_delay_d", "phase:two")
    assert (late[0] == 0).all()
    assert np.allclose(late[2], 2 * late[1], atol=1e-6)  # the same luck, twice as bad
    delivered = swept.values("gas_delivered_bcm", "gas")
    assert (delivered[0] >= delivered[2]).all()
    assert (swept.values("gas_delivered_bcm", "gas", "2027") < delivered).all()


def test_periods_are_a_dimension_when_asked_for(swept):
    assert swept.to_xarray("gas_delivered_bcm", "gas").dims == ("slip", "replication", "kpi", "subject")
    both = swept.to_xarray("gas_delivered_bcm", "gas", period=None)
    assert both.dims[-1] == "period"
    assert set(both["period"].values) == {"all", "2027"}
    one = both.sel(period="2027").squeeze(["kpi", "subject"], drop=True)
    assert np.array_equal(one.values, swept.values("gas_delivered_bcm", "gas", "2027"))
    assert set(swept.table("gas_delivered_bcm")["period"]) == {"all", "2027"}
