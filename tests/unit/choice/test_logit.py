"""Logit by hand, its composite cost, and demand that answers to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_sim.choice.logit import composite_cost, demand_factor, logit_shares

COSTS = st.lists(st.floats(-500, 5000), min_size=2, max_size=6)
SCALES = st.floats(1e-3, 1.0)


def test_two_routes_by_hand() -> None:
    # exp(-0.1 * 10) = 0.36788: the dearer route gets 0.36788 / 1.36788
    np.testing.assert_allclose(logit_shares(np.array([100.0, 110.0]), 0.1), [0.731059, 0.268941], atol=1e-6)


def test_three_routes_by_hand_one_of_them_closed() -> None:
    shares = logit_shares(np.array([[100.0], [np.inf], [100.0]]), 0.05)
    np.testing.assert_array_equal(shares, [[0.5], [0.0], [0.5]])


def test_composite_cost_by_hand() -> None:
    # two equal routes: 100 - ln 2 / 0.1
    assert composite_cost(np.array([100.0, 100.0]), 0.1) == pytest.approx(100 - np.log(2) / 0.1)


@given(COSTS, SCALES)
def test_shares_sum_to_one_and_a_dearer_route_never_has_more(costs: list[float], scale: float) -> None:
    shares = logit_shares(np.array(costs), scale)
    assert shares.sum() == pytest.approx(1)
    order = np.argsort(costs, kind="stable")
    assert (np.diff(shares[order]) <= 1e-12).all()


@given(COSTS, SCALES, st.floats(0.1, 500))
def test_raising_a_price_takes_share_and_lowers_no_other(costs: list[float], scale: float, more: float) -> None:
    dearer = [costs[0] + more, *costs[1:]]
    before, after = (logit_shares(np.array(c), scale) for c in (costs, dearer))
    assert after[0] <= before[0]
    assert (after[1:] >= before[1:] - 1e-12).all()


@given(st.lists(st.floats(0, 100), min_size=2, max_size=5), st.floats(0.01, 0.5))
def test_the_composite_cost_grows_with_a_cost_as_its_share(costs: list[float], scale: float) -> None:
    step = 1e-4
    more = np.array([costs[0] + step, *costs[1:]])
    slope = (composite_cost(more, scale) - composite_cost(np.array(costs), scale)) / step
    assert slope == pytest.approx(logit_shares(np.array(costs), scale)[0], abs=1e-3)


@pytest.mark.parametrize("elasticity", [-0.3, -1.0, -2.5])
def test_the_elasticity_is_what_it_says_at_the_reference(elasticity: float) -> None:
    one_percent = demand_factor(np.array([202.0]), 200.0, elasticity)[0]
    assert demand_factor(np.array([200.0]), 200.0, elasticity)[0] == 1
    assert np.log(one_percent) / 0.01 == pytest.approx(elasticity)
    assert demand_factor(np.array([180.0]), 200.0, elasticity)[0] > 1 > one_percent
