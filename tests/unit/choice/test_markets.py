"""Volumes of markets: months, timetables, shares of itineraries, validity, reference routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import corridor_sim as cs
from corridor_sim.choice.markets import MarketTonnes, read_markets
from corridor_sim.choice.periods import ChoicePeriods
from corridor_sim.compiler.compile import new_context
from corridor_sim.network import load_network
from tests.support.choices import gate

if TYPE_CHECKING:
    from pathlib import Path

    from corridor_sim.scenario import Scenario

NETWORK = load_network()
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def markets(scenario: Scenario) -> dict[str, MarketTonnes]:
    assert scenario.route_choice is not None
    periods = ChoicePeriods.of(scenario, scenario.route_choice.period, 0.0, 0.0)
    return {m.key: m for m in read_markets(new_context(scenario, NETWORK), periods)}


def test_months_of_flows_and_the_share_of_a_reference_route(tmp_path: Path) -> None:
    suez = "round: {flows: [ROUND]}\n        suez: {reference: {price: 9, mean: 10 d, p95: 12 d, share: 20 %}}"
    scenario = gate(tmp_path, ("period: year", "period: month"), ("round: {flows: [ROUND]}", suez))
    found = markets(scenario)["M"]
    np.testing.assert_allclose(found.volumes_t[0], 1e6 * DAYS / 365)
    np.testing.assert_allclose(found.volumes_t[2], 0.2 * found.total_t)
    np.testing.assert_allclose(found.total_t.sum(), 2e6 / 0.8)


@pytest.mark.parametrize(
    "release", ["{timetable: {every: 7 d, first: 2025-01-01}}", "{timetable: {departures: [2025-02-03, 2025-07-01]}}"]
)
def test_trains_of_a_timetable_are_made_heavier(tmp_path: Path, release: str) -> None:
    """What a flow with departures of its own gets by factors, its trains carry: as the plan has it, month by month."""
    timed = ("  ROUND:\n    name: round the gate\n", f"  ROUND:\n    name: round the gate\n    release: {release}\n")
    scenario = gate(tmp_path, timed, ("period: year", "period: month"), demand__by_flow={"ROUND": {"2025-02": 3}})
    found = markets(scenario)["M"].volumes_t[1]
    plan = cs.compile_plan(scenario)
    flow = plan.flows.id.index("ROUND")
    at_h = plan.flows.release_t_h[flow]
    piece = np.searchsorted(plan.flows.load_from_h[flow], at_h, side="right") - 1
    carried = 1000 * plan.flows.load_factor[flow][piece]
    month = np.searchsorted(np.cumsum(DAYS * 24), at_h, side="right")
    np.testing.assert_allclose(found, np.bincount(month, weights=carried, minlength=12))
    assert found[1] == 3 * 1000 * np.count_nonzero(month == 1)


def test_itineraries_have_their_shares_on_the_days_on_which_they_are_valid() -> None:
    """The truck gap of the baseline with the railway from 11 June 2025: a, b and c before, r from then on."""
    opening = {"milestones.RASHT_ASTARA.date": "2025-06-11"}
    scenario = cs.load_scenario("route-choice-2025", overrides=opening)
    found = markets(scenario)["GENERAL_S"]
    by = found.itineraries_t
    assert set(found.rows) >= {"WG01a", "WG01b", "WG01c", "WG01r"}
    may, june, july = 8, 9, 10  # the run begins in September 2024
    whole = by["WG01a"] + by["WG01b"] + by["WG01c"] + by["WG01r"]
    np.testing.assert_allclose(found.volumes_t[found.routes.index("western")], whole)
    assert by["WG01r"][may] == 0 == by["WG01a"][july]
    assert by["WG01r"][june] / whole[june] == pytest.approx(20 / 30)
    assert by["WG01b"][june] / by["WG01a"][june] == pytest.approx(0.5 / 0.4)
