"""KPIs of a gas run add up."""

import numpy as np
import pytest

from corridor_sim.simulation import simulate
from tests.unit.scenario.test_gas import load


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return simulate(load(tmp_path_factory.mktemp("gas")), replications=4)


def value(result, kpi, subject="gas", period="all"):
    at = result.labels[(result.labels["kpi"] == kpi) & (result.labels["subject"] == subject)]
    (column,) = at[at["period"] == period].index
    return result.values[:, column]


def test_delivered_and_short_are_what_was_nominated(result):
    total = value(result, "gas_delivered_bcm") + value(result, "gas_shortfall_bcm")
    assert total == pytest.approx(value(result, "gas_nominated_bcm"))


def test_causes_add_up_to_the_shortfall(result):
    causes = result.labels[(result.labels["kpi"] == "gas_shortfall_bcm") & (result.labels["period"] == "all")]
    of = causes[causes["subject"].str.startswith("cause:")].index
    assert result.values[:, of].sum(axis=1) == pytest.approx(value(result, "gas_shortfall_bcm"), rel=1e-3)


def test_every_day_has_one_limit(result):
    limits = result.labels[(result.labels["kpi"] == "gas_limit_days") & (result.labels["period"] == "2025")].index
    assert result.values[:, limits].sum(axis=1) == pytest.approx(365.0)


def test_lines_add_up(result):
    assert value(result, "gas_delivered_bcm", "line:main") == pytest.approx(value(result, "gas_delivered_bcm"))


def test_emissions_follow_fuel_and_leaks(result):
    co2, methane = value(result, "gas_co2_t"), value(result, "gas_methane_t")
    assert value(result, "gas_co2e_t") == pytest.approx(co2 + 28 * methane)
    assert co2 == pytest.approx(value(result, "gas_fuel_bcm") * 1.866e6, rel=1e-3)


def test_a_phase_costs_its_price_and_its_keep(result):
    year = 1 - (value(result, "gas_phase_start_year", "phase:two") - 2025)
    fuel = value(result, "gas_fuel_bcm") * 1e9 / 1e3 * 100.0
    assert value(result, "gas_cost_usd") == pytest.approx(100e6 * (1 + 0.02 * year) + fuel, rel=1e-3)


def test_delays_are_slips(result):
    assert np.all(value(result, "gas_phase_delay_d", "phase:one") == 10.0)
    assert np.all(value(result, "gas_phase_delay_d", "phase:two") <= 60.0)
