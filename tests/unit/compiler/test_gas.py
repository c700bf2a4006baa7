"""A gas block as arrays: SI units, one state of assets per phase."""

import numpy as np
import pytest

from corridor_sim.compiler.gas import compile_gas
from corridor_sim.foundation.gas_volumes import kg_per_s_of_bcm_per_year
from tests.unit.scenario.test_gas import GAS, load


@pytest.fixture
def plan(tmp_path):
    return compile_gas(load(tmp_path))


def test_si_units_and_bores(plan):
    line = plan.lines[0]
    assert line.diameter_m.tolist() == pytest.approx([1.388, 1.192])
    assert line.length_m.tolist() == [120e3, 120e3]
    assert line.rise_m.tolist() == [200.0, -200.0]
    assert line.unit_power_w.tolist() == [16e6]


def test_strings_stand_from_their_phase_where_they_lie(plan):
    stands = plan.lines[0].stands
    assert stands[:, :, 0].all()
    assert stands[:, :, 1].tolist() == [[False, False], [False, False], [True, False]]


def test_nominations_follow_the_plan(plan):
    assert plan.nominated_kg_per_s[9] == 0
    assert plan.nominated_kg_per_s[10] == pytest.approx(kg_per_s_of_bcm_per_year(5.0))
    assert plan.nominated_kg_per_s[-1] == pytest.approx(kg_per_s_of_bcm_per_year(20.0))
    assert plan.planned_state[[0, 100, 364]].tolist() == [0, 1, 2]


def test_a_meter_comes_with_its_phase(plan):
    assert np.isinf(plan.meter_kg_per_s[0, 0])
    assert plan.meter_kg_per_s[0, 1] == pytest.approx(kg_per_s_of_bcm_per_year(7.3))


def test_an_uprate_holds_from_its_phase_on(tmp_path):
    text = GAS.replace("max_pressure: 9.8 MPa", "max_pressure: 80 bar, uprates: [{phase: two, max_pressure: 98 bar}]")
    assert (compile_gas(load(tmp_path, text)).lines[0].limit_pa[:, 1] / 1e5).tolist() == [80, 80, 98]


def test_events_know_their_sections(plan):
    assert plan.events.first_section.tolist() == [0, 0]
    assert plan.events.n_sections.tolist() == [2, 1]
    assert plan.events.rate_per_h[1] == 0
    assert plan.events.window[1].tolist() == [214, 218]  # days of a leap year


def test_the_digest_knows_a_number(tmp_path, plan):
    assert compile_gas(load(tmp_path)).digest == plan.digest
    assert compile_gas(load(tmp_path, GAS.replace("wall: 16 mm", "wall: 17 mm"))).digest != plan.digest
