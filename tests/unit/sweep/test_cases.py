"""Cases and their ids."""

from corridor_sim.scenario import load_scenario
from corridor_sim.scenario.variants import Variants
from corridor_sim.sweep import cases
from corridor_sim.sweep.cases import case_id, make_case, own_seed
from corridor_sim.sweep.designs import Row
from corridor_sim.sweep.file import Parameter
from corridor_sim.sweep.parameters import varied

GROWTH = [varied("growth", Parameter.model_validate({"path": "demand.growth", "values": [1, 1.0, 2]}), None)]


def made(value, seed=1, number=0):
    return make_case(number, Row((value,)), GROWTH, Variants(load_scenario("tiny")), seed)


def test_the_id_follows_the_content_the_seed_and_the_model(monkeypatch):
    assert made(1).id == made("1.0", number=5).id  # the same scenario, however written
    assert len({made(1).id, made(2).id, made(1, seed=2).id}) == 3
    before = made(1).id
    monkeypatch.setattr(cases, "model_version", lambda: "another")
    assert made(1).id != before


def test_a_case_of_its_own_luck():
    first, second = made(1, seed=None), made(1, seed=None, number=1)
    assert first.seed != second.seed
    assert first.id != second.id
    assert made(1, seed=None).seed == own_seed(1, 0) == first.seed
    assert 0 <= first.seed < 2**63


def test_ids_are_short_hex():
    assert int(case_id("x", 1), 16) >= 0
    assert len(case_id("x", 1)) == 16
