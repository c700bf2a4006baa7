"""Constants that make volumes an equilibrium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import corridor_sim as cs
from corridor_sim.choice import fit_constants
from corridor_sim.choice.constants import contract
from corridor_sim.choice.logit import logit_shares
from corridor_sim.choice.markets import MarketTonnes
from corridor_sim.scenario.route_choice import Market
from tests.support.choices import gate

if TYPE_CHECKING:
    from pathlib import Path

MARKET = Market.model_validate(
    {
        "name": "two",
        "value_of_time": 1,
        "value_of_reliability": 0,
        "scale": "0.1 t/USD",
        "alternatives": {"a": {"flows": ["A"]}, "b": {"flows": ["B"]}},
    }
)


def test_one_period_by_hand() -> None:
    """Shares 3 : 1 at equal costs need a constant of ln 3 / 0.1 on the second."""
    own = MarketTonnes("M", MARKET, ("a", "b"), np.array([[75.0], [25.0]]), 0.0)
    np.testing.assert_allclose(contract(np.array([[50.0], [50.0]]), own), [0, np.log(3) / 0.1], rtol=1e-6)


def test_the_sum_over_periods_is_met() -> None:
    own = MarketTonnes("M", MARKET, ("a", "b"), np.array([[75.0, 10.0], [25.0, 30.0]]), 0.0)
    cost = np.array([[50.0, 80.0], [60.0, 40.0]])
    constants = contract(cost, own)
    tonnes = (own.total_t * logit_shares(cost + constants[:, None], 0.1)).sum(axis=1)
    np.testing.assert_allclose(tonnes, [85, 55], rtol=1e-8)


def test_with_them_the_volumes_are_the_equilibrium(tmp_path: Path) -> None:
    found = fit_constants(gate(tmp_path))
    key = "route_choice.markets.M.alternatives.round.constant"
    assert found["route_choice.markets.M.alternatives.gate.constant"] == 0
    again = cs.find_equilibrium(gate(tmp_path, (": {flows: [ROUND]}", f": {{flows: [ROUND], constant: {found[key]}}}")))
    assert len(again.convergence) == 1
    assert again.gap_frac == pytest.approx(0, abs=1e-8)
    assert again.table["composite_usd_per_t"].iloc[0] == pytest.approx(found["route_choice.markets.M.reference_cost"])
