"""Sea levels: what a ship loads, by draft; tonnes stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

import corridor_sim as cs
from corridor_sim.foundation.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor_sim.scenario import Scenario

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
BLOCK = f"""
parcel_profiles:
  DRAFT: {{{", ".join(f"{m}: 1" for m in MONTHS)}}}
flows:
  F: {{name: grain, origin: RU_ASP, destination: IR_ANZ, direction: south, commodity: grain, route: sea,
      annual: 365 kt/yr, consignment: {{kind: ship parcel, load: 1000 t}}, release: even, parcel_profile: DRAFT}}
sea_levels:
  SEA:
    name: the sea falls
    from: 2025-01-01
    fall_m_per_yr: 0.25
    load_per_cm: 12
    ship_load: 3000 t
    full_load: 4000 t
    dredging: [{{from: 2025-07-01, deeper_m: 0.1}}, {{from: 2025-10-01, deeper_m: 2}}]
    parcel_profiles: [DRAFT]
"""


def at(month: int, day: int = 1, year: int = 2025) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def test_a_quarter_of_a_metre_is_a_tenth_of_the_load(plain: Callable[..., Scenario]) -> None:
    level = plain(BLOCK, overrides={"sea_levels.SEA.dredging": []}).sea_levels["SEA"]
    assert level.load_factor(at(1)) == 1
    assert level.load_factor(at(1, year=2024)) == 1  # before the reference date nothing is known
    # 0.25 m x 100 cm/m x 12 t/cm = 300 t of 3,000 t
    assert level.load_factor(at(1, year=2026)) == pytest.approx(0.9)
    assert level.load_factor(at(1) + timedelta(days=5 * 365)) == pytest.approx(0.5)
    assert level.load_factor(at(1, year=2045)) == 0.3  # the floor


def test_dredging_gives_back_until_the_ship_is_full(plain: Callable[..., Scenario]) -> None:
    level = plain(BLOCK).sea_levels["SEA"]
    assert level.load_factor(at(6, 30)) == pytest.approx(1 - 12 * 100 * 0.25 * 180 / 365 / 3000)
    assert level.load_factor(at(7, 1)) == pytest.approx(1 - 12 * 100 * (0.25 * 181 / 365 - 0.1) / 3000)
    assert level.load_factor(at(10, 1)) == pytest.approx(4000 / 3000)


def test_the_plan_keeps_the_tonnes_and_has_more_parcels(plain: Callable[..., Scenario]) -> None:
    scenario = plain(BLOCK)
    flows = cs.compile_plan(scenario).flows
    level = scenario.sea_levels["SEA"]
    middle = [at(m) + (at(m + 1) - at(m)) / 2 for m in range(1, 12)]
    assert flows.load_factor[0][:11] == pytest.approx([level.load_factor(t) for t in middle])
    parcels = np.diff(flows.release_cum[0])
    days = np.diff(flows.release_t_h[0]) / 24
    assert parcels * flows.load_factor[0] == pytest.approx(days)  # 1000 t a day


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sea_levels.SEA.parcel_profiles": ["DRAF"]}, "no parcel profile 'DRAF'"),
        ({"sea_levels.SEA.full_load": "2000 t"}, "is less than ship_load"),
        ({"sea_levels.SEA.dredging.1.from": "2025-01-01"}, "the dates are not in order"),
    ],
)
def test_what_cannot_be(plain: Callable[..., Scenario], change: dict[str, object], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        plain(BLOCK, overrides=change)


def test_money_and_carbon_count_the_tonnes_that_are_loaded(plain: Callable[..., Scenario]) -> None:
    prices = """
costs: {VOYAGE: {item: freight, rate: 50 USD/t}}
charges: {freight: {cost: VOYAGE, kind: transport, "on": sea}}
emission_factors: {LIFT: {item: lift, wtw: 2 kg/t}}
emissions: {lift: {factor: LIFT, at: [H]}}
"""
    table = cs.simulate(plain(BLOCK + prices), replications=1).kpis
    of_grain = table[(table["subject"] == "flow:F") & (table["period"] == "all")].set_index("kpi")["value"]
    assert of_grain["throughput_t"] < 1000 * of_grain["throughput_consignments"] * 1.2
    assert of_grain["throughput_t"] != 1000 * of_grain["throughput_consignments"]
    assert of_grain["cost_total_usd"] == pytest.approx(50 * of_grain["throughput_t"])
    assert of_grain["co2e_wtw_total_t"] == pytest.approx(0.002 * of_grain["throughput_t"])
    assert of_grain["cost_usd_per_t"] == pytest.approx(50)
