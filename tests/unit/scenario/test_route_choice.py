"""Route choice as it is written, and what is wrong of it, each with its place."""

from __future__ import annotations

import pytest

from .conftest import SMALL, Files

MARKET = """\
route_choice:
  markets:
    M:
      name: boxes
      value_of_time: 20 USD/TEU/d
      value_of_reliability: 1 USD/t/d
      scale: 0.05 t/USD
      alternatives:
        western: {flows: [F1]}
        suez: {reference: {price: 1600 USD/TEU, mean: 35 d, p95: 50 d, share: 20 %}, constant: -5 USD/t}
"""


def test_what_is_written_and_what_is_not(files: Files) -> None:
    choice = files.load(SMALL + MARKET).route_choice
    assert choice is not None
    assert (choice.period, choice.gap.value, choice.iterations, choice.replications) == ("month", 0.01, 30, 4)
    market = choice.markets["M"]
    assert market.value_of_time.unit == "USD/TEU/d"
    assert market.alternatives["western"].simulated == ("F1",)
    suez = market.alternatives["suez"]
    assert suez.reference is not None
    assert (suez.reference.mean.value, suez.reference.share.value, suez.constant.value) == (840, 0.2, -5)


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("flows: [F1]", "flows: [F2]", "M.alternatives.western.flows.0", "no flow 'F2'; flows are F1"),
        ("scale: 0.05 t/USD", "scale: 0", "M.scale", "must be above 0"),
        ("scale: 0.05 t/USD", "scale: 5 d", "M.scale", "expected a number per money per tonne, such as 0.05 t/USD"),
        ("20 USD/TEU/d", "20 USD/TEU", "M.value_of_time", "expected money per tonne and day or money per container"),
        ("p95: 50 d", "p95: 30 d", "M.alternatives.suez.reference.p95", "is below the mean"),
        ("share: 20 %", "share: 100 %", "M.alternatives", "leave nothing to be simulated"),
        ("{flows: [F1]}", "{}", "M.alternatives.western", "missing, expected one of flows, itineraries, reference"),
        ("{flows: [F1]}", "{flows: [F1, F1]}", "M.alternatives", "'F1' stands in two alternatives"),
        ("      scale", "      elasticity: -0.5\n      scale", "markets.M", "needs a reference_cost above 0"),
        ("      scale", "      elasticity: 0.5\n      scale", "M.elasticity", "0.5 is too large, expected at most 0"),
        ("  markets:", "  period: week\n  markets:", "route_choice.period", "expected month or year"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_its_place(files: Files, old: str, new: str, path: str, message: str) -> None:
    assert old in MARKET
    problems = files.problems(SMALL + MARKET.replace(old, new))
    assert any(path in p and message in p for p in problems), problems


def test_prices_per_container_need_containers(files: Files) -> None:
    (problem, other) = files.problems(SMALL.replace(", teu: 60}", "}").replace("h/TEU", "h/t") + MARKET)
    assert "M.value_of_time: is in USD/TEU/d, but the consignments of flow F1 have no containers" in problem
    assert "suez.reference.price: is in USD/TEU" in other


def test_a_flow_chooses_once(files: Files) -> None:
    twice = MARKET + "    N:" + MARKET.split("    M:")[1]
    (problem,) = files.problems(SMALL + twice)
    assert "N.alternatives.western.flows.0: flow 'F1' is in market 'M' already" in problem


def test_factors_by_flow(files: Files) -> None:
    text = SMALL + "demand: {by_flow: {F1: {2025: 0.5, 2025-02: 0.25}}}\n"
    scenario = files.load(text)
    january, february = (scenario.run.start.replace(month=m) for m in (1, 2))
    assert scenario.demand.flow_factor("F1", january) == 0.5
    assert scenario.demand.flow_factor("F1", february) == 0.25
    assert scenario.demand.flow_factor("F9", february) == 1
    (problem,) = files.problems(text.replace("F1: {2025:", "F3: {2025:"))
    assert "demand.by_flow.F3: no flow 'F3'" in problem
    assert any("2025-13" in p for p in files.problems(text.replace("2025-02", "2025-13")))


TWO_WAYS = SMALL.replace("    share: 1\n", "    share: 0.4\n").replace(
    "month_profiles:", "  I2: {flow: F1, share: 0.6, stages: [{rail: [A, B, C], class: V1}]}\nmonth_profiles:"
)
BY_ITINERARY = MARKET.replace(
    "western: {flows: [F1]}", "western: {itineraries: [I1]}\n        eastern: {itineraries: [I2]}"
)


def test_one_flow_by_two_routes(files: Files) -> None:
    scenario = files.load(TWO_WAYS + BY_ITINERARY)
    assert scenario.route_choice is not None
    market = scenario.route_choice.markets["M"]
    assert market.routes_of(scenario.itineraries) == {"I1": "western", "I2": "eastern"}
    assert market.flows_in(scenario.itineraries) == ("F1",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("        eastern: {itineraries: [I2]}\n", "", "of flow 'F1' the itineraries I2 have no route"),
        ("eastern: {itineraries: [I2]}", "eastern: {flows: [F1]}", "flow 'F1' is named beside some of its itineraries"),
        ("[I2]", "[I3]", "eastern.itineraries.0: no itinerary 'I3'"),
    ],
)
def test_a_flow_by_itineraries_has_all_of_them(files: Files, old: str, new: str, message: str) -> None:
    assert old in BY_ITINERARY
    problems = files.problems(TWO_WAYS + BY_ITINERARY.replace(old, new))
    assert any(message in p for p in problems), problems
