"""Payments: how long consignments stand before they leave, by share and by date."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

import corridor_sim as cs
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario.policies import with_policies
from corridor_sim.scenario.variants import Variants

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor_sim.scenario import Scenario

    Plain = Callable[..., Scenario]

BLOCK = """
payments:
  PAY:
    name: payments
    routes: [sea]
    linked: 84 h
    unlinked: 324 h
    share: 0.25
"""
MIXED_H = 0.25 * 84 + 0.75 * 324


def mean_h(scenario: Scenario, flow: str) -> float:
    """Simulated days from release to delivery."""
    table = cs.simulate(scenario, replications=2).summary()
    chosen = table[
        (table["kpi"] == "transit_mean_h") & (table["subject"] == f"flow:{flow}") & (table["period"] == "all")
    ]
    return float(chosen["mean"].iloc[0])


def test_the_mean_trip_is_longer_by_the_mean_settlement(plain: Plain) -> None:
    before, after = mean_h(plain(), "F"), mean_h(plain(BLOCK), "F")
    # which consignment is linked is drawn: 4 standard errors of 700 draws
    assert after - before == pytest.approx(MIXED_H, abs=4 * 240 * (0.25 * 0.75 / 700) ** 0.5)
    assert mean_h(plain(BLOCK), "G") == mean_h(plain(), "G")


@pytest.mark.parametrize(("share", "wait_h"), [(0, 324), (1, 84)])
def test_all_by_one_way_is_exact(plain: Plain, share: float, wait_h: float) -> None:
    scenario = plain(BLOCK, overrides={"payments.PAY.share": share})
    # those of the last days are still on their way, so the mean is over the same trips: each takes as long
    assert mean_h(scenario, "F") - mean_h(plain(), "F") == pytest.approx(wait_h, abs=1e-6)


def test_shares_by_date_cut_itineraries(plain: Plain) -> None:
    steps = [{"share": 0}, {"share": 0.6, "from": "2025-07-01"}, {"share": 1, "from": "2025-10-01"}]
    scenario = plain(BLOCK, overrides={"payments.PAY.share": steps})
    made = with_policies(scenario).itineraries
    assert {k: v.share.value for k, v in made.items()} == {
        "FI--PAY-unlinked": 1.0,
        "FI--2025-07-01--PAY-linked": 0.6,
        "FI--2025-07-01--PAY-unlinked": 0.4,
        "FI--2025-10-01--PAY-linked": 1.0,
        "GI": 1.0,
    }
    assert made["FI--PAY-unlinked"].valid_until == datetime(2025, 6, 30, tzinfo=UTC)
    assert made["FI--2025-10-01--PAY-linked"].valid_from == datetime(2025, 10, 1, tzinfo=UTC)
    plan = cs.compile_plan(scenario)
    assert plan.stages.id[0].endswith("hold/PAY-unlinked")


def test_a_block_that_is_off_changes_nothing(plain: Plain) -> None:
    scenario = plain(BLOCK, overrides={"payments.PAY.enabled": False})
    assert cs.compile_plan(scenario).digest == cs.compile_plan(plain()).digest


def test_a_variant_of_a_sweep_is_as_one_that_is_loaded(plain: Plain) -> None:
    change = {"payments.PAY.linked": "10 h"}
    variant, loaded = Variants(plain(BLOCK)).make(change).scenario, plain(BLOCK, overrides=change)
    assert variant == loaded
    assert cs.compile_plan(variant).digest == cs.compile_plan(loaded).digest != cs.compile_plan(plain(BLOCK)).digest


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"payments.PAY.routes": ["see"]}, "no flow takes a route 'see'; did you mean 'sea'?"),
        ({"payments.PAY.flows": ["H"]}, "no flow 'H'"),
        ({"payments.PAY.commodities": ["grains"]}, "no flow carries 'grains'; did you mean 'grain'?"),
        ({"payments.PAY.flows": ["G"]}, "no flow feels it"),
        ({"payments.PAY.share": 1.2}, "payments.PAY.share"),
        ({"payments.PAY.share": [{"share": 0, "from": "2025-02-01"}]}, "the first step holds from the beginning"),
        ({"payments.PAY.share": [{"share": 0}, {"share": 1}]}, "steps after the first need dates in order"),
    ],
)
def test_what_cannot_be(plain: Plain, change: dict[str, object], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        plain(BLOCK, overrides=change)
    assert any(message in str(p) for p in caught.value.problems), [str(p) for p in caught.value.problems]
