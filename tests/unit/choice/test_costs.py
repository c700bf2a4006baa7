"""Times and money of a route, from trips that are written down."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from corridor_sim.analysis.chains import TRIP, WAITING, Chain, Item, Load
from corridor_sim.choice.costs import Sample, _quantile, route_costs
from corridor_sim.choice.markets import MarketTonnes
from corridor_sim.choice.periods import ChoicePeriods
from corridor_sim.choice.trips import TripTimes
from corridor_sim.scenario.route_choice import Market

PERIODS = ChoicePeriods(
    ("2025-01", "2025-02", "2025-03"), (True,) * 3, ("2025-01", "2025-02", "2025-03"), np.array([0.0, 744.0, 1416.0]),
    np.arange(3),
)  # fmt: skip
BILL = [
    Item("transport", "rail", 0, 3000.0, 3000.0, 3000.0),
    Item("equipment", "hire", -1, 2.0, 2.0, 2.0, TRIP),
    Item("time", "inventory", -1, 50.0, 50.0, 50.0, TRIP),
    Item("equipment", "trucks-in-line", 1, 9.0, 9.0, 9.0, WAITING),  # falls on the owners of trucks
]
BOXES = Chain("I", "F", Load(100.0, 10.0, 0.0), BILL)
MARKET = Market.model_validate(
    {
        "name": "boxes",
        "value_of_time": "24 USD/TEU/d",
        "value_of_reliability": "12 USD/t/d",
        "scale": "0.1 t/USD",
        "alternatives": {
            "rail": {"flows": ["F"], "constant": "-4 USD/t"},
            "suez": {"reference": {"price": "1600 USD/TEU", "mean": "40 d", "p95": "50 d"}},
        },
    }
)


def market(tonnes: list[list[float]]) -> MarketTonnes:
    return MarketTonnes("M", MARKET, ("rail", "suez"), np.array(tonnes), 0.1, {"I": 0})


def test_money_is_without_what_time_itself_is_worth() -> None:
    times = TripTimes(np.array([0.0]), np.array([50.0]), np.array([100.0]))
    sample = Sample.of([(times, BOXES)])
    # (3000 USD + 2 USD/h x 50 h) / 100 t; the 50 USD/h of kind time are left to the value of time
    np.testing.assert_allclose(sample.usd_per_t, [31.0])


def test_costs_by_hand() -> None:
    release_h = np.array([10.0, 20.0, 800.0, 810.0])
    trips = {"I": TripTimes(release_h, np.array([100.0, 200.0, 400.0, 400.0]), np.full(4, 100.0))}
    found = route_costs(market([[200.0, 200.0, 100.0], [0.0, 0.0, 0.0]]), trips, {"I": BOXES}, PERIODS, 2)
    np.testing.assert_allclose(found.mean_h[0], [150, 400, 400])  # March has none of its own: February's
    np.testing.assert_allclose(found.p95_h[0], [200, 400, 400])
    np.testing.assert_allclose(found.n[0], [2, 2, 2])
    np.testing.assert_allclose(found.money[0], [33, 38, 38])
    np.testing.assert_allclose(found.time[0], [15, 40, 40])  # 24 USD/TEU/d = 0.1 USD/t/h at 10 t a TEU
    np.testing.assert_allclose(found.reliability[0], [25, 0, 0])
    np.testing.assert_allclose(found.usd_per_t[0], [33 + 15 + 25 - 4, 74, 74])
    np.testing.assert_allclose(found.usd_per_t[1], [160 + 96 + 120] * 3)


def test_a_route_without_tonnes_cannot_be_taken() -> None:
    trips = {"I": TripTimes(np.array([10.0]), np.array([100.0]), np.array([100.0]))}
    found = route_costs(market([[100.0, 0.0, 0.0], [10.0, 10.0, 10.0]]), trips, {"I": BOXES}, PERIODS, 1)
    assert np.isinf(found.usd_per_t[0]).tolist() == [False, True, True]


def test_goods_that_were_never_released_have_no_time() -> None:
    none = SimpleNamespace(release_h=np.empty(0), hours=np.empty(0), tonnes=np.empty(0))
    found = route_costs(market([[1.0] * 3, [0.0] * 3]), {"I": none}, {"I": BOXES}, PERIODS, 1)  # type: ignore[dict-item]
    assert np.isnan(found.mean_h[0]).all()


@pytest.mark.parametrize(("weight", "expected"), [([1, 1, 1, 1], 40.0), ([97, 1, 1, 1], 10.0), ([93, 1, 1, 5], 30.0)])
def test_the_quantile_counts_tonnes(weight: list[float], expected: float) -> None:
    assert _quantile(np.array([10.0, 20.0, 30.0, 40.0]), np.array(weight, dtype=float), 0.95) == expected
