"""Variants are what loading with the same changes gives, for less."""

import pytest

from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario import load_scenario
from corridor_sim.scenario.variants import Variants

BASE = Variants(load_scenario("baseline-2025"))
CHANGES = [
    {"queues.LANE_AST_N.servers": 6},
    {"demand.growth": 1.1, "queues.TRK_AST.service": "3 h"},
    {"milestones.RASHT_ASTARA.date": "2025-03-01"},
    {"run.end": "2025-12-01", "train_paths.RU_SAM>AZ_YAL.trains_per_day": 30},
    {"flows.WG01.consignment.load": "900 t"},
    {"queues.LANE_AST_N.servers": [{"n": 4}, {"n": 2, "from": {"milestone": "RASHT_ASTARA"}}]},
    {"disruptions.E11.enabled": False},
    {"trucks_per_unit": 4},
    {"chains.GAP_S.name": "by truck, another way"},
    {"border_processes.ASTARA_ROAD_N.name": "Astara bridge"},
]


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_a_variant_is_the_scenario_that_loading_gives(changes):
    variant = BASE.make(changes).scenario
    loaded = load_scenario("baseline-2025", overrides=changes)
    assert variant == loaded
    assert variant.digest == loaded.digest
    assert variant.resolved_yaml() == loaded.resolved_yaml()
    assert variant.applied == loaded.applied


def test_the_digest_follows_the_content():
    digests = [BASE.make(changes).digest for changes in CHANGES]
    assert len(set(digests)) == len(digests)
    assert BASE.make({}).digest == BASE.make({"demand.growth": 1}).digest == BASE.make({"demand.growth": "1.0"}).digest
    dated = {"milestones.RASHT_ASTARA.date": str(BASE.base.milestones["RASHT_ASTARA"].date.date())}
    assert BASE.make(dated).digest == BASE.make({}).digest  # by the way that reads all of it again
    assert BASE.make({"demand.growth": 2}, check=False).digest == BASE.make({"demand.growth": 2}).digest


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"queues.LANE_AST_N.server": 6}, "did you mean 'servers'?"),
        ({"queues.LANE_AST_N.servers": "many"}, "expected a whole number"),
        ({"queues.LANE_AST_N.calendar": "NIGHT"}, "no calendar 'NIGHT'"),
        ({"templates.x.y": 1}, "is worked in already"),
        ({"run.start": "never"}, "run.start"),
    ],
)
def test_what_cannot_be(changes, words):
    with pytest.raises(ScenarioError) as caught:
        BASE.make(changes)
    assert words in str(caught.value)
