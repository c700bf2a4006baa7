"""Price changes: what a chain pays before and after a date, against sums by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import corridor_sim as cs
from corridor_sim.analysis.chains import NO_HOURS, build_chains
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.network import load_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor_sim.scenario import Scenario

NETWORK = load_network()
BLOCK = """
costs:
  VOYAGE: {item: freight, rate: 50 USD/t}
  KM: {item: sea, rate: 0.01 USD/tkm}
  STAND: {item: fee, rate: 2 USD/t}
charges:
  freight: {cost: VOYAGE, kind: transport, "on": sea, cargo: bulk}
  boxes: {cost: KM, kind: transport, "on": sea, cargo: boxes}
  fee: {cost: STAND, kind: border, at: [H]}
price_changes:
  INSURANCE: {name: war risk, charges: [freight], from: 2025-03-01, until: 2025-06-30, factor: 1.5, routes: [sea]}
  FEE: {name: higher fee, charges: [fee], from: 2025-05-01, amount: 3 USD/t}
"""


def usd_per_t(scenario: Scenario) -> dict[str, float]:
    """What a tonne pays, by itinerary of the plan."""
    plan = cs.compile_plan(scenario, network=NETWORK)
    return {c.itinerary: sum(c.usd(NO_HOURS).values()) / c.load.t for c in build_chains(scenario, plan, NETWORK)}


def test_the_price_is_that_of_the_day_of_release(plain: Callable[..., Scenario]) -> None:
    paid = usd_per_t(plain(BLOCK))
    km = NETWORK.section("RU_ASP", "IR_ANZ", "sea", None).km  # type: ignore[union-attr]
    assert paid == pytest.approx({
        "FI": 50 + 2,
        "FI--2025-03-01": 75 + 2,
        "FI--2025-05-01": 75 + 5,
        "FI--2025-07-01": 50 + 5,
        "GI": 0.01 * km + 2,
        "GI--2025-05-01": 0.01 * km + 5,
    })  # fmt: skip


def test_cargo_does_not_notice(plain: Callable[..., Scenario]) -> None:
    prices = BLOCK[: BLOCK.index("price_changes")]
    results = [cs.simulate(plain(text), replications=1).summary() for text in (prices, BLOCK)]
    days = [r.query("kpi == 'transit_mean_h' and period == 'all'").set_index("subject")["mean"] for r in results]
    assert days[0]["flow:F"] == days[1]["flow:F"]
    usd = [r.query("kpi == 'cost_usd_per_t' and period == 'all'").set_index("subject")["mean"] for r in results]
    # 122 of 365 days pay half of the freight more, 245 pay 3 USD more; parcels of the last week are not there yet
    assert usd[1]["flow:F"] - usd[0]["flow:F"] == pytest.approx(25 * 122 / 365 + 3 * 245 / 365, rel=0.02)


def test_countries_hold_for_their_part_of_a_leg(plain: Callable[..., Scenario]) -> None:
    km = NETWORK.section("RU_ASP", "IR_ANZ", "sea", None).km  # type: ignore[union-attr]
    change = {"price_changes.FEE": {
        "name": "canal dues", "charges": ["boxes"], "countries": ["RU"], "amount": "0.004 USD/tkm"}}  # fmt: skip
    paid = usd_per_t(plain(BLOCK, overrides=change))
    assert paid["GI"] == pytest.approx(0.01 * km + 0.004 * km / 2 + 2)  # half a leg over a border is each country's


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"price_changes.FEE.charges": ["fees"]}, "no charge 'fees'"),
        ({"price_changes.FEE.amount": "3 USD/TEU"}, "is in USD/TEU, but 'fee' is paid in USD/t"),
        ({"price_changes.FEE.countries": ["RU"]}, "countries hold for legs only"),
        ({"price_changes.FEE.factor": 2}, "new price is given 2 times"),
        ({"price_changes.INSURANCE.until": "2025-01-01"}, "is before the first day"),
    ],
)
def test_what_cannot_be(plain: Callable[..., Scenario], change: dict[str, object], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        plain(BLOCK, overrides=change)
