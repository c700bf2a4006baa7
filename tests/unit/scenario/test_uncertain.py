"""Uncertain numbers: which ones, their ranges stated or by grade, and the scenario with others in their place."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridor_sim as cs
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario import Scenario
from corridor_sim.scenario.uncertain import (
    DEFAULT_HALF_FRAC,
    Uncertain,
    chosen_numbers,
    uncertain_numbers,
    value_at,
    with_values,
)

BASE = cs.load_scenario("baseline-2025")
NUMBERS = {n.path: n for n in uncertain_numbers(BASE)}


def changed(**values: object) -> Scenario:
    return cs.load_scenario("tiny", overrides={"queues.CUSTOMS." + k: v for k, v in values.items()})


def of(scenario: Scenario, path: str) -> Uncertain:
    return next(n for n in uncertain_numbers(scenario) if n.path == path)


def test_a_range_that_is_stated_is_taken_in_canonical_units() -> None:
    number = NUMBERS["queues.CUS_DER_S.service"]
    assert (number.low, number.value, number.high) == pytest.approx((0.0006, 0.00085, 0.0012))
    assert (number.unit, number.grade, number.is_stated) == ("h/t", "C", True)


def test_the_same_statement_of_one_source_is_one_number() -> None:
    number = NUMBERS["queues.CUS_DER_S.service"]
    assert set(number.paths) >= {f"queues.{q}.service" for q in ("CUS_DER_S", "CUS_DER_N", "CUS_YAL_S", "CUS_YAL_N")}
    tonnes = [n for n in NUMBERS.values() if n.path.startswith("flows.") and n.path.endswith(".annual")]
    assert len(tonnes) == len(BASE.flows)  # flows of the same size are not the same flow


@pytest.mark.parametrize("grade", ["A", "B", "C"])
def test_a_number_without_range_gets_that_of_its_grade(grade: str) -> None:
    number = of(changed(service={"gamma": {"mean": "5 h", "cv": 0.5}, "grade": grade}), "queues.CUSTOMS.service")
    assert not number.is_stated
    half = DEFAULT_HALF_FRAC[grade]
    assert (number.low, number.high) == pytest.approx((5 * (1 - half), 5 * (1 + half)))


def test_a_share_of_others_stays_below_one() -> None:
    number = of(changed(reserved=0.9), "queues.CUSTOMS.reserved")
    assert (number.low, number.high) == pytest.approx((0.87, 0.93))


def test_numbers_of_servers_are_whole() -> None:
    number = NUMBERS["queues.FLEET_GAP.servers.0"]
    drawn = [number.at(k / 1000) for k in range(1001)]
    assert set(drawn) == set(range(9, 19))


def test_disruptions_that_are_off_are_no_input() -> None:
    off = [name for name, d in BASE.disruptions.items() if not d.enabled]
    assert off
    assert not [p for p in NUMBERS if p.startswith("disruptions.") and p.split(".")[1] in off]


@given(st.data())
def test_values_are_put_in_place_and_nothing_else_changes(data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(list(NUMBERS.values())))
    value = number.at(data.draw(st.floats(0, 1)))
    changed = with_values(BASE, dict.fromkeys(number.paths, value))
    for path in number.paths:
        found = value_at(changed, path)
        now = getattr(found, "n", None) or getattr(found, "value", None) or found.mean_value  # type: ignore[union-attr]
        assert math.isclose(float(now), value, rel_tol=1e-9)
    assert number.low - 1e-12 <= value <= number.high + 1e-12
    sections = {p.split(".")[0] for p in number.paths}
    for section in ("flows", "queues", "holds", "costs", "train_paths"):
        if section not in sections:
            assert getattr(changed, section) is getattr(BASE, section)


def test_a_wrong_path_is_refused_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match=r"did you mean 'queues.CUS_DER_S.service'"):
        chosen_numbers(BASE, ["queues.CUS_DER_S.servic"])
    assert [n.path for n in chosen_numbers(BASE, ["queues.CUS_YAL_S.service"])] == ["queues.CUS_DER_S.service"]
