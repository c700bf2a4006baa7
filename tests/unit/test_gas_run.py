"""Gas runs from file to KPIs: workers and chunks change no number; blocks cover every lane once."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from corridor_sim.foundation.errors import ScenarioError, UnsupportedFeatureError
from corridor_sim.gas_run import KEPT_DAILY, MOST_LANES, cut_gas, gas_lanes_at_once, ready_times
from corridor_sim.simulation import simulate
from tests.unit.gas.parts import plan
from tests.unit.scenario.test_gas import GAS, load


@pytest.mark.parametrize(("n", "at_once"), [(1, 1), (7, 2), (1000, 250), (250, 84)])
def test_blocks_cover_every_lane_once(n, at_once):
    blocks = cut_gas(plan(), 1, n, at_once)
    assert [r for b in blocks for r in b.replications] == list(range(n))
    assert sum(len(b.replications) for b in blocks if b.keep_daily) == min(n, KEPT_DAILY)


def test_blocks_fit_the_memory_and_too_little_is_refused():
    many = gas_lanes_at_once(plan(), 1000, 1, 8e9)
    few = gas_lanes_at_once(plan(), 1000, 1, 310e6)
    assert many == MOST_LANES > few > 1
    assert gas_lanes_at_once(plan(), 10, 4, 8e9) == 3
    with pytest.raises(UnsupportedFeatureError, match="one lane of gas in 2"):
        gas_lanes_at_once(plan(), 10, 2, 500e6)


def test_workers_and_chunks_change_no_number(tmp_path):
    scenario = load(tmp_path)
    first = simulate(scenario, replications=6)
    for options in ({"chunk": 1}, {"chunk": 4}, {"workers": 2}):
        other = simulate(scenario, replications=6, **options)
        assert np.array_equal(first.values, other.values, equal_nan=True), options
        pd.testing.assert_frame_equal(first.gas, other.gas)


def test_fewer_replications_are_the_first_of_more(tmp_path):
    scenario = load(tmp_path)
    few, many = simulate(scenario, replications=2), simulate(scenario, replications=5)
    both = few.labels.merge(many.labels)
    assert len(both) == len(few.labels)
    keys = list(few.labels.columns)
    wide = [
        pd.DataFrame(r.values[:2].T, index=pd.MultiIndex.from_frame(r.labels[keys])).loc[
            lambda t: ~t.index.duplicated()
        ]
        for r in (few, many)
    ]
    pd.testing.assert_frame_equal(wide[0], wide[1].loc[wide[0].index])


def test_a_phase_is_ready_when_the_last_of_its_flows_is_there_and_laid():
    made = replace(
        plan(),
        delivery_phase=np.array([1, 1]),
        delivery_flow=np.array([0, 2]),
        phases=replace(plan().phases, construction_h=np.array([0.0, 240.0])),
    )
    ready = ready_times(made, np.array([[100.0, 9e9, 300.0], [np.inf, 0.0, 5.0]]))
    assert ready[0].tolist() == [-np.inf, 540.0]
    assert ready[1, 1] == 24.0 * 365  # not within the run


FREIGHT = """\
  deliveries:
    PIPES: {phase: two, strings: [S2], flows: [F1]}
flows:
  F1:
    name: pipes
    origin: RU_DER
    destination: AZ_BIL
    direction: south
    commodity: pipes
    route: west_rail
    annual: {2025: 50 kt/yr}
    consignment: {kind: pipe train, load: 2000 t}
    release: even
itineraries:
  I1:
    flow: F1
    share: 1
    stages:
      - {rail: [RU_DER, RU_SAM, AZ_YAL, AZ_SUM, AZ_BIL], class: V}
      - {queue: YARD, at: AZ_BIL}
travel_classes: {V: {speed: 300 km/d}}
queues:
  YARD: {name: yard, at: AZ_BIL, kind: unloading track, servers: 1, service: 48 h}
"""
COUPLED = GAS.replace("slip: {uniform", "construction: 10 d, slip: {uniform") + FREIGHT


def starts(tmp_path, text=COUPLED, **options):
    result = simulate(load(tmp_path, text), replications=3, **options)
    at = result.labels[(result.labels["kpi"] == "gas_phase_delay_d") & (result.labels["subject"] == "phase:two")].index
    return result, result.values[:, at[0]]


def test_a_phase_waits_for_its_pipes_unless_it_is_told_not_to(tmp_path):
    """Fifty trains, the last of them in late December, and ten days to lay what it brought."""
    result, coupled = starts(tmp_path)
    _, alone = starts(tmp_path, coupling=False)
    assert np.all(coupled > 150)
    assert np.all(alone <= 60)
    assert (result.labels["kpi"] == "throughput_t").any()
    assert len(result.stages) > 0


def test_coupling_gives_the_same_numbers_on_any_workers_and_engine(tmp_path):
    first, _ = starts(tmp_path)
    other, _ = starts(tmp_path, workers=2, chunk=1)
    third, _ = starts(tmp_path, engine="des")
    gas = first.labels["kpi"].str.startswith("gas_").to_numpy()
    assert np.array_equal(first.values[:, gas], other.values[:, gas], equal_nan=True)
    assert np.array_equal(first.values[:, gas], third.values[:, gas], equal_nan=True)


def test_flows_that_do_not_carry_the_pipes_are_told(tmp_path):
    with pytest.raises(ScenarioError, match=r"carry 10,000 t during the run, the pipes of S2 weigh 49,[0-9]{3} t"):
        simulate(load(tmp_path, COUPLED.replace("50 kt/yr", "10 kt/yr")))


def test_a_delivery_names_a_flow_that_exists(tmp_path):
    with pytest.raises(ScenarioError, match="no flow 'F9'"):
        load(tmp_path, COUPLED.replace("flows: [F1]", "flows: [F9]"))


@pytest.mark.parametrize(
    ("delivery", "message"),
    [
        ("stations: [CS], set_mass: 300 t", "carry 50,000 t during the run, the sets of CS weigh"),
        ("strings: [S2], stations: [CS], set_mass: 90 kt", "the pipes of S2 and the sets of CS weigh"),
        ("strings: [S2], stations: [C9], set_mass: 300 t", "no station 'C9'"),
        ("strings: [S2], stations: [CS]", "compressor sets need both stations and set_mass"),
        ("strings: [S2], set_mass: 300 t", "compressor sets need both stations and set_mass"),
        ("note: nothing", "names neither strings nor stations"),
    ],
)
def test_compressor_sets_weigh_what_is_said(tmp_path, delivery, message):
    with pytest.raises(ScenarioError, match=message):
        simulate(load(tmp_path, COUPLED.replace("strings: [S2]", delivery)))
