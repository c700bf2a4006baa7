"""Cubic metres of every reference state, and mass."""

import pytest

from corridor_sim.foundation.gas_volumes import (
    CO2_KG_PER_KG,
    DENSITY_0C_KG_PER_M3,
    DENSITY_15C_KG_PER_M3,
    DENSITY_20C_KG_PER_M3,
    LHV_J_PER_KG,
    bcm_per_year_of_kg_per_s,
    kg_per_s_of_bcm_per_year,
    mcm_per_day_of_kg_per_s,
)
from corridor_sim.foundation.units import parse_quantity


def test_a_bcm_a_year_is_21_871_kg_a_second():
    assert kg_per_s_of_bcm_per_year(1.0) == pytest.approx(21.871, rel=1e-4)
    assert bcm_per_year_of_kg_per_s(kg_per_s_of_bcm_per_year(55.0)) == pytest.approx(55.0, rel=1e-15)


def test_fifty_five_bcm_a_year_are_151_mcm_a_day():
    assert mcm_per_day_of_kg_per_s(kg_per_s_of_bcm_per_year(55.0)) == pytest.approx(150.68, rel=1e-4)


def test_ratios_of_the_reference_states():
    assert pytest.approx(1.0738, abs=5e-5) == DENSITY_0C_KG_PER_M3 / DENSITY_20C_KG_PER_M3
    assert pytest.approx(1.0175, abs=5e-5) == DENSITY_15C_KG_PER_M3 / DENSITY_20C_KG_PER_M3


def test_carbon_per_heat_is_that_of_natural_gas():
    assert pytest.approx(55.3, abs=0.1) == CO2_KG_PER_KG / LHV_J_PER_KG * 1e9  # kg per GJ


@pytest.mark.parametrize(
    ("text", "bcm"),
    [
        ("2 bcm/yr", 2.0),
        ("5 mcm/d", 1.825),
        ("150 mcm/d", 54.75),
        ("1 bcm_0C/yr", 1.0738),
        ("1 bcm_15C/yr", 1.0175),
        ("1000 MMscf/d", 10.4957),
        ("6250 m3/h", 0.05475),
    ],
)
def test_flows_as_planners_write_them(text, bcm):
    """A gas year has 365 days, unlike other years."""
    assert parse_quantity(text, "gas_per_year") == pytest.approx(bcm, rel=1e-4)


def test_tonnes_are_no_gas_volume():
    with pytest.raises(ValueError, match=r"expected a flow of gas .*, such as 2 bcm/yr"):
        parse_quantity("2 Mt/yr", "gas_per_year")
