"""Compressors: head and ratio are inverse, limits, fuel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_sim.foundation.gas_volumes import LHV_J_PER_KG
from corridor_sim.gas.compressor import fuel_kg_per_j, head, ratio_of_head, site_rating
from corridor_sim.gas.properties import reference_gas


@given(st.floats(20e5, 110e5), st.floats(1.0, 2.0), st.floats(273.0, 310.0))
def test_ratio_of_the_head_of_a_ratio(suction, ratio, temperature):
    work = head(suction, ratio, temperature, reference_gas())
    assert float(ratio_of_head(suction, work, temperature, reference_gas())) == pytest.approx(ratio, rel=1e-12)


def test_no_compression_no_work():
    assert float(head(50e5, 1.0, 288.15, reference_gas())) == 0.0


def test_a_hot_turbine_gives_less_and_a_cold_one_its_rating():
    assert float(site_rating(288.15 + 20)) == pytest.approx(0.88)
    assert float(site_rating(268.15)) == 1.0


def test_fuel_is_heat_over_efficiency():
    assert float(fuel_kg_per_j(0.34)) * 0.34 * LHV_J_PER_KG == pytest.approx(1.0)
