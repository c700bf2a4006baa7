"""Tables of a gas run: bands in order, phases that do not reach their name-plate, profiles within their limits."""

import pytest

from corridor_sim.simulation import simulate
from tests.unit.scenario.test_gas import GAS, load


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    text = GAS.replace("volume: 20 bcm/yr", "volume: 29 bcm/yr")
    return simulate(load(tmp_path_factory.mktemp("gas"), text), replications=4)


def test_bands_are_in_order(result):
    assert set(result.gas["quantity"]) == {"nominated", "capacity", "delivered", "linepack", "fuel"}
    assert (result.gas["p05"] <= result.gas["p50"]).all()
    assert (result.gas["p50"] <= result.gas["p95"]).all()
    assert len(result.gas) == 5 * 365


def test_capacity_is_worked_out_and_compared_with_the_name_plate(result):
    two = result.gas_phases.set_index("phase").loc["two"]
    assert two["capacity_bcm_per_year"] > result.gas_phases["capacity_bcm_per_year"].iloc[0]
    assert two["installed_mw"] == 48
    assert two["new_pipe_km"] == 120
    assert two["limit"].startswith(("pipe", "power", "ratio", "meter"))


def test_profiles_stay_within_their_limits(result):
    assert result.gas_profile["discharge_bar"].max() <= 98
    ends = result.gas_profile.groupby("phase")["arrival_bar"].last()
    assert (ends >= 50 - 1e-3).all()
    assert result.gas_profile.groupby("phase")["linepack_mcm"].apply(lambda x: x.is_monotonic_increasing).all()


def test_feasibility_names_pressure_and_spacing(result):
    table = result.gas_feasibility
    at = table[(table["pressure_bar"] == 98) & (table["spacing_km"] == 120)]
    assert 43 < at["carried_bcm_per_year"].iloc[0] < 48
