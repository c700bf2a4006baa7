"""Compiling beside another plan gives the plan that compiling gives."""

from unittest import mock

import pytest

from corridor_sim.compiler import compile_plan
from corridor_sim.compiler.recompile import recompile as again
from corridor_sim.network import load_network
from corridor_sim.scenario import load_scenario
from corridor_sim.scenario.variants import Variants

NETWORK = load_network()
BASE = Variants(load_scenario("baseline-2025"))
PLAN = compile_plan(BASE.base, network=NETWORK)
IN_ONE_TABLE = [
    {"demand.growth": 1.3},
    {"queues.TRK_AST.servers": 5, "queues.LANE_AST_N.servers": [{"n": 4}, {"n": 2, "from": "2025-06-01"}]},
    {"queues.FLEET_GAP.servers": 20, "demand.growth": 0.7},
    {"parcel_profiles.CAL_DRAFT_ASTR.jan": 0.8},
    {"demand.by_route": {"east": 1.5}},
    {"demand.by_flow": {"WG01": {"2025-03": 0.5}}},
    {"demand.by_itinerary": {"WG01a": {"2025-03": 2}}, "demand.growth": 1.1},
]
ELSEWHERE = [
    {"queues.TRK_AST.service": "3 h"},
    {"queues.TRK_AST.servers": 5, "single_tracks.IR_SRI-IR_GAR.loop_tracks": 3},
    {"run.end": "2025-10-01"},
    {},
]


@pytest.mark.parametrize("changes", IN_ONE_TABLE + ELSEWHERE, ids=str)
def test_it_is_the_plan_that_compiling_gives(changes):
    scenario = BASE.make(changes).scenario
    assert again(PLAN, scenario, changes, network=NETWORK).digest == compile_plan(scenario, network=NETWORK).digest


@pytest.mark.parametrize("changes", IN_ONE_TABLE, ids=str)
def test_what_stands_in_one_table_is_not_compiled_as_a_whole(changes):
    scenario = BASE.make(changes).scenario
    with mock.patch("corridor_sim.compiler.recompile.compile_plan", side_effect=AssertionError):
        assert again(PLAN, scenario, changes, network=NETWORK).digest != PLAN.digest
