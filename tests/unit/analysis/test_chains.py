"""What a chain costs and emits, against sums by hand; and the rules that pick prices and factors."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

import corridor_sim as cs
from corridor_sim.analysis.chains import LOT_T, NO_HOURS, SHIP_T, TEU_PER_BOX, Chain, Hours, build_chains
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.network import load_network

if TYPE_CHECKING:
    from pathlib import Path

    from corridor_sim.scenario import Scenario

NETWORK = load_network()
PRICES = """
costs:
  RU: {item: rail, rate: 0.02 USD/tkm}
  AZ: {item: rail, rate: 0.03 USD/tkm}
  BOX: {item: rail, rate: 0.4 USD/TEU-km}
  FEE: {item: fee, rate: {value: 100, unit: USD per truck or per 20 t rail lot}}
  LIFT: {item: lift, rate: 90 USD/box}
  OFF: {item: discount, rate: {value: -0.25, unit: fraction}}
  VOT: {item: inventory, rate: {value: 0.12, unit: per year of cargo value}}
emission_factors:
  TRAIN: {item: train, ttw: 14 g/tkm, wtt: 4 g/tkm, wtw: 18 g/tkm}
  WIRE: {item: electric train, ttw: 0 g/tkm, wtt: 8 g/tkm, wtw: 8 g/tkm}
  MOVE: {item: move, ttw: 1.6 kg/move, wtw: 2.2 kg/move}
charges:
  boxes: {cost: BOX, kind: transport, on: rail, cargo: boxes}
  ru: {cost: RU, kind: transport, on: rail, countries: [RU]}
  az: {cost: AZ, kind: transport, on: rail, countries: [AZ]}
  az-off: {cost: AZ, times: OFF, kind: transport, on: rail, countries: [AZ], cargo: bulk, also: true}
  fee: {cost: FEE, kind: border, at: [CUSTOMS]}
  lift: {cost: LIFT, kind: handling, at: [CUSTOMS], cargo: boxes}
  inventory: {cost: VOT, kind: time, during: trip}
emissions:
  wire: {factor: WIRE, on: rail, electrified: true, countries: [RU]}
  train: {factor: TRAIN, on: rail}
  move: {factor: MOVE, at: [CUSTOMS], cargo: boxes}
"""


def scenario_of(folder: Path, rules: str = PRICES) -> Scenario:
    path = folder / "s.yaml"
    path.write_text(cs.load_scenario("tiny").resolved_yaml() + textwrap.dedent(rules), encoding="utf-8")
    return cs.load_scenario(path)


@pytest.fixture
def chains(tmp_path: Path) -> dict[str, Chain]:
    scenario = scenario_of(tmp_path)
    return {c.flow: c for c in build_chains(scenario, cs.compile_plan(scenario, network=NETWORK), NETWORK)}


def km(a: str, b: str) -> float:
    section = NETWORK.section(a, b, "rail")
    assert section is not None
    return section.km


RU_KM, OVER_KM = km("RU_DER", "RU_SAM"), km("RU_SAM", "AZ_YAL")
AZ_KM = km("AZ_YAL", "AZ_SUM") + km("AZ_SUM", "AZ_BIL")
ALL_KM = RU_KM + OVER_KM + AZ_KM


def test_bulk_pays_by_country_and_half_each_over_the_border(chains: dict[str, Chain]) -> None:
    chain = chains["TIMBER"]
    t = chain.load.t
    transport = 0.02 * (RU_KM + OVER_KM / 2) + 0.03 * (1 - 0.25) * (AZ_KM + OVER_KM / 2)
    usd = chain.usd(Hours(trip=240.0))
    assert usd["transport"] == pytest.approx(transport * t)
    assert usd["border"] == pytest.approx(100 * t / LOT_T)
    assert usd["time"] == pytest.approx(0.12 * 240 / 8760 * chain.load.value_usd)
    assert "handling" not in usd
    assert chain.tkm == pytest.approx(ALL_KM * t)


def test_boxes_pay_by_teu_and_by_box(chains: dict[str, Chain]) -> None:
    chain = chains["BOXES"]
    usd = chain.usd(NO_HOURS)
    assert usd["transport"] == pytest.approx(0.4 * ALL_KM * 60)
    assert usd["handling"] == pytest.approx(90 * 60 / TEU_PER_BOX)


def test_emissions_of_legs_and_hubs(chains: dict[str, Chain]) -> None:
    by_wire = [s for s in ("RU_DER-RU_SAM", "RU_SAM-AZ_YAL") if _electrified(*s.split("-"))]
    wire_km = (RU_KM if "RU_DER-RU_SAM" in by_wire else 0) + (OVER_KM / 2 if "RU_SAM-AZ_YAL" in by_wire else 0)
    assert wire_km > 0
    bulk, boxes = chains["TIMBER"], chains["BOXES"]
    assert bulk.kg(NO_HOURS)[0] == pytest.approx((8 * wire_km + 18 * (ALL_KM - wire_km)) * bulk.load.t / 1000)
    assert bulk.kg(NO_HOURS)[1] == pytest.approx(14 * (ALL_KM - wire_km) * bulk.load.t / 1000)
    moves = 60 / TEU_PER_BOX
    assert boxes.by_mode_kg(NO_HOURS)["hub"] == pytest.approx(2.2 * moves)
    assert boxes.kg(NO_HOURS)[0] == pytest.approx(sum(boxes.by_mode_kg(NO_HOURS).values()))


def _electrified(a: str, b: str) -> bool:
    section = NETWORK.section(a, b, "rail")
    assert section is not None
    return str(section.properties["electrified"]).startswith(("3kV", "25kV"))


def test_kpis_are_the_chains_weighted_with_what_was_delivered(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path)
    result = cs.simulate(scenario, replications=3)
    wide = result.kpis.query("period == 'all'").pivot_table(
        index=["replication", "subject"], columns="kpi", values="value"
    )
    flows = wide[[s.startswith("flow:") and "@" not in s for s in wide.index.get_level_values("subject")]]
    parts = flows.filter(regex=r"^cost_[a-z]+_usd_per_t$").sum(axis=1)
    assert parts.to_numpy() == pytest.approx(flows["cost_usd_per_t"].to_numpy())
    whole = wide.xs("all", level="subject")
    added = flows["cost_total_usd"].groupby("replication").sum()
    assert added.to_numpy() == pytest.approx(whole["cost_total_usd"].to_numpy())
    assert flows["co2e_wtw_total_t"].groupby("replication").sum().to_numpy() == pytest.approx(
        whole["co2e_wtw_total_t"].to_numpy()
    )
    carried_t = flows["throughput_t"].groupby("replication").sum()
    assert (whole["cost_total_usd"] / whole["cost_usd_per_t"]).to_numpy() == pytest.approx(carried_t.to_numpy())


HOURLY = (
    PRICES.replace(
        "charges:",
        """  EMPTY: {item: empty wagons, wtw: {value: 0.2, unit: fraction}}
  IDLE: {item: idling, ttw: 2.5 kg/truck-h, wtw: 3 kg/truck-h}
  COOL: {item: cooling, ttw: 70 kg/ship-h, wtw: 100 kg/ship-h}
charges:
  line: {cost: TRUCK, kind: equipment, at: [CUSTOMS]}""",
    ).replace("emission_factors:", "  TRUCK: {item: truck, rate: 12 USD/truck-h}\nemission_factors:")
    + """  empty: {factor: EMPTY, on: rail, also: true}
  idle: {factor: IDLE, at: [CUSTOMS]}
  cool: {factor: COOL, during: standing, commodities: [timber]}
"""
)


def test_empty_running_idling_and_standing_by_hand(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, HOURLY)
    plan = cs.compile_plan(scenario, network=NETWORK)
    chains = {c.flow: c for c in build_chains(scenario, plan, NETWORK)}
    bulk, boxes = chains["TIMBER"], chains["BOXES"]
    (customs,) = [item.stage for item in bulk.bill if item.key == "line"]
    hours = Hours(trip=200.0, standing=80.0, waiting={customs: 6.0})
    assert bulk.usd(hours)["equipment"] == pytest.approx(12 * 6 * bulk.load.t / LOT_T)
    legs = bulk.by_mode_kg(NO_HOURS)
    assert legs["empty"] == pytest.approx(0.2 * legs["rail"])
    by_mode = bulk.by_mode_kg(hours)
    assert by_mode["idling"] == pytest.approx(3 * 6 * bulk.load.t / LOT_T)
    assert by_mode["reefer"] == pytest.approx(100 * 80 * bulk.load.t / SHIP_T)
    wtw, ttw = bulk.kg(hours)
    assert wtw == pytest.approx(sum(by_mode.values()))
    of_legs = bulk.kg(NO_HOURS)[1]
    assert ttw == pytest.approx(of_legs + 2.5 * 6 * bulk.load.t / LOT_T + 70 * 80 * bulk.load.t / SHIP_T)
    assert "reefer" not in boxes.by_mode_kg(hours)  # not timber
    assert boxes.by_mode_kg(NO_HOURS)["hub"] == pytest.approx(2.2 * 60 / TEU_PER_BOX)  # hubs do not come back empty


def test_hours_waited_are_those_of_the_run(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, HOURLY)
    result = cs.simulate(scenario, replications=2)
    wide = result.kpis.query("period == 'all'").pivot_table(
        index="replication", columns=["kpi", "subject"], values="value"
    )
    table = result.stages[(result.stages["place_id"] == "CUSTOMS") & (result.stages["flow_id"] == "TIMBER")]
    waited = (table["queue_h"] + table["closed_h"]).to_numpy()
    assert (waited > 0).all()
    assert wide["cost_equipment_usd_per_t", "flow:TIMBER"].to_numpy() == pytest.approx(12 * waited / LOT_T)
    moved = wide["transit_mean_h", "flow:TIMBER"] - wide["time_moving_h", "flow:TIMBER"]
    plan = cs.compile_plan(scenario, network=NETWORK)
    chain = next(c for c in build_chains(scenario, plan, NETWORK) if c.flow == "TIMBER")
    kg_per_t = (chain.kg(NO_HOURS)[0] / chain.load.t) + 3 * waited / LOT_T + 100 * moved.to_numpy() / SHIP_T
    assert wide["co2e_wtw_kg_per_t", "flow:TIMBER"].to_numpy() == pytest.approx(kg_per_t)


def test_facilitation_indicators_of_cost_by_hand(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path)
    result = cs.simulate(scenario, replications=2)
    mean = result.summary().query("period == 'all'").set_index(["kpi", "subject"])["mean"]
    assert mean["cost_border_crossing_usd", "post:samur_rail"] == pytest.approx(100)  # the fee, per 20 t
    assert mean["cost_border_crossing_usd", "post:samur_rail/south"] == pytest.approx(100)
    rail = 0.02 * (RU_KM + OVER_KM / 2) + 0.03 * (1 - 0.25) * (AZ_KM + OVER_KM / 2)
    by_hand = (rail + 100 / LOT_T) / ALL_KM * 20 * 500
    assert mean["cost_500km_20t_usd", "flow:TIMBER"] == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cost: FEE", "cost: FE", "no cost 'FE'; did you mean 'FEE'?"),
        ("factor: MOVE", "factor: MOV", "no emission factor 'MOV'; did you mean 'MOVE'?"),
        ("at: [CUSTOMS], cargo: boxes}\n  inv", "at: [CUSTOM], cargo: boxes}\n  inv", "did you mean 'CUSTOMS'?"),
        ("on: rail, cargo: boxes}", "on: rail, at: [CUSTOMS]}", "charges.boxes"),
        ("at: [CUSTOMS]}", "at: [CUSTOMS], countries: [RU]}", "have an effect with `on` only"),
    ],
)
def test_rules_that_cannot_be(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in PRICES
    with pytest.raises(ScenarioError) as caught:
        scenario_of(tmp_path, PRICES.replace(old, new, 1))
    assert message in str(caught.value)


def test_a_unit_that_says_nothing(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, PRICES.replace("90 USD/box", "90 USD/bx"))
    with pytest.raises(ScenarioError, match=r"'LIFT' is in USD/bx, which does not say.*did you mean 'USD/box'"):
        cs.simulate(scenario, replications=1)


def test_every_leg_of_the_baseline_has_a_price_and_a_factor() -> None:
    scenario = cs.load_scenario("baseline-2025")
    plan = cs.compile_plan(scenario, network=NETWORK)
    for chain in build_chains(scenario, plan, NETWORK):
        priced = {item.stage for item in chain.bill if item.kind == "transport"}
        moving = {s for s in range(len(plan.stages.id)) if plan.stages.id[s].startswith(f"{chain.itinerary}/")}
        moving = {s for s in moving if plan.stages.km[s] > 0}
        assert moving <= priced, chain.itinerary
        wtw_kg, ttw_kg = chain.kg(NO_HOURS)
        assert wtw_kg > ttw_kg > 0
