"""Equilibria: against one solved by hand, by their own conditions, and whatever they must not depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

import corridor_sim as cs
from corridor_sim.choice.logit import composite_cost, logit_shares
from corridor_sim.foundation.errors import ScenarioError
from tests.support.choices import BYPASS_H, GATE, SERVICE_H, gate

if TYPE_CHECKING:
    from pathlib import Path

    from corridor_sim.scenario import Scenario

PER_H, SCALE = 0.1, 0.5
"""Value of time, USD/t/h, and scale of the logit of the two ways."""
TOLL, TOTAL_PER_H = 1.0, 2000 / 8760


def shares(found: cs.Equilibrium, period: str = "2025") -> pd.Series[float]:
    own = found.table[(found.table["period"] == period) & (found.table["kind"] != "none")]
    return own.set_index("route")["share"]


def wait_h(per_h: float) -> float:
    """Mean wait of M/D/1 (Pollaczek and Khinchin)."""
    load = per_h * SERVICE_H
    return load * SERVICE_H / (2 * (1 - load))


def by_hand(toll: float = TOLL) -> float:
    """Share of the gate at which logit gives back the share."""

    def excess(share: float) -> float:
        difference = toll + PER_H * (SERVICE_H + wait_h(share * TOTAL_PER_H) - BYPASS_H)
        return share - 1 / (1 + np.exp(SCALE * difference))

    return float(brentq(excess, 1e-6, 0.999))


def test_a_gate_with_a_queue_takes_what_theory_says(tmp_path: Path) -> None:
    found = cs.find_equilibrium(gate(tmp_path), replications=12)
    assert found.converged
    # 12 years of some 1,700 trains at a load of 0.8: the mean wait is known to some per cent
    assert shares(found)["gate"] == pytest.approx(by_hand(), abs=0.02)
    hours = found.table.set_index("route")["mean_h"]
    rail_h = hours["round"] - BYPASS_H
    assert hours["gate"] - rail_h - SERVICE_H == pytest.approx(wait_h(shares(found)["gate"] * TOTAL_PER_H), rel=0.1)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> cs.Equilibrium:
    return cs.find_equilibrium(gate(tmp_path_factory.mktemp("gate"), ("period: year", "period: month")))


def test_it_satisfies_its_own_conditions(found: cs.Equilibrium) -> None:
    """Another run with the tonnes that were found: what its times make of the shares is the shares, within the gap."""
    again = cs.find_equilibrium(found.scenario, iterations=1, gap=1.0)
    assert again.convergence["gap_frac"].iloc[0] == pytest.approx(found.gap_frac, abs=1e-9)
    table = again.table[again.table["kind"] != "none"]
    cost = table.pivot_table(index="route", columns="period", values="usd_per_t", sort=False)
    tonnes = table.pivot_table(index="route", columns="period", values="tonnes", sort=False)
    wanted = logit_shares(cost.to_numpy(), SCALE) * tonnes.to_numpy().sum(axis=0)
    moved = np.abs(wanted - tonnes.to_numpy()).sum() / 2 / tonnes.to_numpy().sum()
    assert moved == pytest.approx(found.gap_frac, abs=1e-9)
    assert found.gap_frac <= 0.002


SLOW_JULY = (
    ("service: 4 h/consignment}", "service: 4 h/consignment, calendar: JULY}"),
    ("costs:\n", "calendars:\n  JULY: {factors: [{name: works, during: 07-01..07-31, factor: 0.5}]}\ncosts:\n"),
)


def test_a_month_in_which_the_gate_is_slow_sends_goods_round_it(tmp_path: Path) -> None:
    found = cs.find_equilibrium(gate(tmp_path, *SLOW_JULY, ("period: year", "period: month")))
    table = found.table[found.table["route"] == "gate"].set_index("period")
    assert len(table) == 12
    others = table.drop(["2025-07"])
    assert table["share"]["2025-07"] < others["share"].min() - 0.1
    assert table["mean_h"]["2025-07"] > others["mean_h"].max()


def test_neither_the_engine_nor_the_workers_matter(tmp_path: Path) -> None:
    scenario = gate(tmp_path, ("end: 2026-01-01", "end: 2025-03-01"), ("period: year", "period: month"))
    first = cs.find_equilibrium(scenario, engine="vector")
    other = cs.find_equilibrium(scenario, engine="des")
    pd.testing.assert_frame_equal(other.table, first.table, check_exact=True)
    pd.testing.assert_frame_equal(other.convergence, first.convergence, check_exact=True)
    one, two = (cs.find_equilibrium(scenario, engine="des", workers=n, iterations=2) for n in (1, 2))
    pd.testing.assert_frame_equal(two.table, one.table, check_exact=True)


@pytest.mark.parametrize("at_first", [0.05, 0.95])
def test_wherever_it_starts_it_ends_in_the_same(found: cs.Equilibrium, at_first: float, tmp_path: Path) -> None:
    scenario = gate(tmp_path, ("period: year", "period: month"))
    other = cs.find_equilibrium(scenario, start={"M": {"gate": at_first, "round": 1 - at_first}})
    assert other.converged
    ends = [f.table[f.table["route"] == "gate"]["share"].to_numpy() for f in (found, other)]
    np.testing.assert_allclose(ends[1], ends[0], atol=0.02)


def test_a_dearer_route_loses(tmp_path: Path) -> None:
    taken = [
        shares(cs.find_equilibrium(gate(tmp_path, costs__TOLL__rate=f"{toll} USD/t")))["gate"] for toll in (1, 3, 6)
    ]
    assert taken[0] > taken[1] > taken[2]
    for toll, share in zip((3, 6), taken[1:], strict=True):
        assert share == pytest.approx(by_hand(toll), abs=0.02)


SUEZ = "        suez: {reference: {price: 9 USD/t, mean: 10 d, p95: 12 d, share: 0.2}}\n"
ROUND = "        round: {flows: [ROUND]}\n"
ALTERNATIVES = "      alternatives:\n"
ELASTIC = ((ALTERNATIVES, f"      elasticity: -0.8\n      reference_cost: 4\n{ALTERNATIVES}"), (ROUND, ROUND + SUEZ))


def test_tonnes_are_conserved(tmp_path: Path) -> None:
    scenario = gate(tmp_path, *ELASTIC, ("period: year", "period: month"))
    found = cs.find_equilibrium(scenario)
    table = found.table
    whole = table.groupby("period")[["volumes_t", "tonnes"]].sum()
    np.testing.assert_allclose(whole["tonnes"], whole["volumes_t"], rtol=1e-12)
    np.testing.assert_allclose(whole["volumes_t"].sum(), 2e6 / 0.8, rtol=1e-12)
    # what is compiled is what was found, and what is released is that, but for the luck of the draw
    plan = cs.compile_plan(found.scenario)
    expected = {f: plan.flows.release_cum[k][-1] * 1000 for k, f in enumerate(plan.flows.id)}
    by_route = table.groupby("route")["tonnes"].sum()
    assert expected == pytest.approx({"GATE": by_route["gate"], "ROUND": by_route["round"]}, rel=1e-9)
    released = cs.simulate(found.scenario, replications=20).kpis.query("kpi == 'released_t' and period == 'all'")
    sums = released.groupby("subject")["value"].mean()
    for flow, t in expected.items():
        assert sums[f"flow:{flow}"] == pytest.approx(t, abs=4 * 1000 * (t / 1000 / 20) ** 0.5)


def test_elastic_demand_is_what_the_composite_cost_makes_of_it(tmp_path: Path) -> None:
    found = cs.find_equilibrium(gate(tmp_path, *ELASTIC))
    assert found.converged
    routes = found.table[found.table["kind"] != "none"]
    composite = float(composite_cost(routes["usd_per_t"].to_numpy(), SCALE))
    whole = found.table["volumes_t"].sum()
    wanted = whole * np.exp(-0.8 * (composite / 4 - 1))
    assert routes["tonnes"].sum() == pytest.approx(wanted, rel=0.01)
    assert (routes["tonnes"].sum() > whole) == (composite < 4)


def test_the_parts_add_up_and_time_is_not_paid_twice(found: cs.Equilibrium) -> None:
    routes = found.table[found.table["kind"] != "none"]
    parts = routes[[f"{part}_usd_per_t" for part in ("money", "time", "reliability", "constant")]]
    np.testing.assert_allclose(parts.sum(axis=1), routes["usd_per_t"], rtol=1e-12)
    np.testing.assert_allclose(routes["time_usd_per_t"], PER_H * routes["mean_h"], rtol=1e-12)
    money = routes.groupby("route")["money_usd_per_t"]
    assert (money.max() - money.min()).max() < 1e-9  # the charge of kind time would vary with the hours
    difference = money.mean()["gate"] - money.mean()["round"]
    assert difference == pytest.approx(TOLL)


def test_it_says_when_it_did_not_converge(tmp_path: Path) -> None:
    found = cs.find_equilibrium(gate(tmp_path), iterations=1)
    assert not found.converged
    assert found.gap_frac > 0.002


def test_a_scenario_without_route_choice_is_refused() -> None:
    with pytest.raises(ScenarioError, match="no route choice"):
        cs.find_equilibrium(cs.load_scenario("tiny"))


def test_a_route_on_which_nothing_is_released_is_named(tmp_path: Path) -> None:
    scenario = gate(tmp_path, ("route: gate\n    annual: 1000 kt/yr", "route: gate\n    annual: 1 t/yr"))
    with pytest.raises(ScenarioError, match=r"route_choice.markets.M.alternatives.gate: nothing is released"):
        cs.find_equilibrium(scenario)


FIRST = "    annual: 1000 kt/yr\n    consignment: {kind: train, load: 1000 t}\n  ROUND:"
ONE_FLOW = (
    (FIRST, FIRST.replace("1000 kt", "2000 kt")),
    ("    flow: GATE\n", "    flow: GATE\n    share: 0.5\n"),
    ("    flow: ROUND\n", "    flow: GATE\n    share: 0.5\n"),
    ("flows: [GATE]", "itineraries: [GATE_R]"),
    ("flows: [ROUND]", "itineraries: [ROUND_R]"),
)


def one_flow(folder: Path, *changes: tuple[str, str]) -> Scenario:
    """The same two ways as itineraries of one flow."""
    text = GATE
    for old, new in (*ONE_FLOW, *changes):
        assert old in text, old
        text = text.replace(old, new)
    start, stop = text.index("  ROUND:\n    name"), text.index("itineraries:\n")
    (folder / "one.yaml").write_text(text[:start] + text[stop:], encoding="utf-8")
    return cs.load_scenario(folder / "one.yaml")


def test_itineraries_of_one_flow_choose_as_flows_do(tmp_path: Path) -> None:
    found = cs.find_equilibrium(one_flow(tmp_path), replications=12)
    assert found.converged
    assert shares(found)["gate"] == pytest.approx(by_hand(), abs=0.02)
    demand = found.scenario.demand
    assert {k: f.value for k, f in demand.by_flow["GATE"].items()} == pytest.approx({"2025": 1})  # nothing is lost
    # what is drawn with these shares is what was found
    released = cs.simulate(found.scenario, replications=20).stages
    gate_n = released[released["stage_id"].str.startswith("GATE_R/")].groupby("replication")["arrivals"].max().mean()
    assert gate_n == pytest.approx(2000 * shares(found)["gate"], rel=0.02)


def test_shares_of_itineraries_by_month_are_the_same_on_every_engine(tmp_path: Path) -> None:
    scenario = one_flow(tmp_path, ("end: 2026-01-01", "end: 2025-03-01"), ("period: year", "period: month"))
    first, other = (cs.find_equilibrium(scenario, engine=engine) for engine in ("vector", "des"))
    pd.testing.assert_frame_equal(other.table, first.table, check_exact=True)
    again = cs.find_equilibrium(first.scenario, gap=1.0)
    np.testing.assert_allclose(again.table["tonnes"], first.table["tonnes"], rtol=1e-9, atol=1e-6)
