"""The table of bills, against the chains it is of."""

import pandas as pd
import pytest

import corridor_sim as cs
from corridor_sim.analysis.bills import BILL_COLUMNS, bill_table
from corridor_sim.analysis.chains import Hours, build_chains
from corridor_sim.network import load_network
from tests.unit.analysis.test_chains import PRICES, scenario_of

NETWORK = load_network()
RANGED = PRICES.replace("rate: 0.03 USD/tkm", "rate: {value: 0.03, unit: USD/tkm, range: [0.02, 0.05]}").replace(
    "value: -0.25, unit: fraction", "value: -0.25, unit: fraction, range: [-0.4, 0]"
)


@pytest.fixture
def bills(tmp_path):
    scenario = scenario_of(tmp_path, RANGED)
    plan = cs.compile_plan(scenario, network=NETWORK)
    chains = build_chains(scenario, plan, NETWORK)
    return chains, bill_table(chains, plan)


def test_bills_add_up_to_the_chains(bills):
    chains, table = bills
    assert tuple(table.columns) == BILL_COLUMNS
    for chain in chains:
        own = table[table["itinerary_id"] == chain.itinerary]
        usd = own["usd"] * own["by_hour"].map({True: 240.0, False: 1.0})
        assert usd.groupby(own["kind"]).sum().to_dict() == pytest.approx(chain.usd(Hours(trip=240.0)))
        assert set(own["load_t"]) == {chain.load.t}
    assert (table["stage_id"] == "").equals(table["by_hour"])


def test_ranges_are_of_the_price_and_its_factor(bills):
    """Rail in Azerbaijan 0.02 to 0.05; the discount of it 0 to 0.4 of 0.05."""
    _, table = bills
    own = table[table["itinerary_id"] == "TIMBER_RAIL"]
    az = own[own["charge"] == "az"]
    assert (az["usd_low"] / az["usd"]).to_numpy() == pytest.approx(0.02 / 0.03)
    assert (az["usd_high"] / az["usd"]).to_numpy() == pytest.approx(0.05 / 0.03)
    off = own[own["charge"] == "az-off"]
    assert (off["usd_low"] / off["usd"]).to_numpy() == pytest.approx(0.05 * 0.4 / (0.03 * 0.25))
    assert (off["usd_high"] == 0).all()
    ru = own[own["charge"] == "ru"]
    assert ru["usd_low"].equals(ru["usd"])


def test_bills_are_stored(tmp_path):
    result = cs.simulate(scenario_of(tmp_path), replications=1)
    loaded = cs.load_result(result.save(tmp_path / "out"))
    pd.testing.assert_frame_equal(loaded.bills, result.bills)
