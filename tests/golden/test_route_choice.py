"""The headline of route-choice-2025 on a short horizon: where the grain of the autumn goes."""

import pytest

import corridor_sim as cs
from corridor_sim.analysis.route_choice import by_route
from tests.support.shipped import WINTER

SHARES = {
    ("GRAIN_S", "anzali"): 0.325,
    ("GRAIN_S", "suez"): 0.403,
    ("GENERAL_S", "western"): 0.330,
    ("BOXES_N", "suez"): 0.646,
}


def test_shares_of_the_autumn() -> None:
    found = cs.find_equilibrium(cs.load_scenario("route-choice-2025", overrides=WINTER["route-choice-2025"]))
    assert found.converged
    shares = by_route(found.table)["share"]
    assert {key: float(shares[key]) for key in SHARES} == pytest.approx(SHARES, abs=0.003)
