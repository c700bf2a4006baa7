"""What the engine does beside its numbers, which are compared in tests/properties/test_engines_agree.py."""

import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from tests.conformance.test_blocks import both_ways
from tests.support.parts import Flow, Gather, Hold, Place, Queue, Split, Travel, exponential
from tests.support.plans import make_plan
from tests.support.running import same_bits

END_H = 300.0
ONE_WAY = [Hold(exponential(1.0)), Queue(Place("P"), exponential(2.0)), Travel(exponential(1.0)),
           Split(2), Queue(Place("Q"), 1.0), Hold(exponential(1.0)), Gather(), Hold(2.0)]  # fmt: skip
PLANS = {
    "both ways": make_plan(flows=both_ways(), end_h=END_H),
    "one way": make_plan(flows=[Flow("A", at=range(20), stages=ONE_WAY)], end_h=END_H),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=list(PLANS))
def test_in_memory_that_is_used_again_the_events_are_the_same(plan):
    engine, arena, streams = get_engine("vector"), Arena(), RandomStreams(4)
    for replications in ([0, 1, 2], [3, 4, 5], [0, 1, 2]):
        arena.reset()
        lanes = draw_lanes(plan, streams, replications, arena)
        events = engine.run(plan, lanes, arena)
        fresh = draw_lanes(plan, streams, replications)
        expected = engine.run(plan, fresh)
        for row in range(3):
            assert same_bits(events.lane(plan, lanes, row), expected.lane(plan, fresh, row))


def test_hours_at_places_are_kept_for_the_reductions():
    plan, arena = PLANS["both ways"], Arena()
    lanes = draw_lanes(plan, RandomStreams(4), range(3), arena)
    before = [h.copy() for h in lanes.occupancy_h]
    get_engine("vector").run(plan, lanes, arena)
    assert all(np.array_equal(a, b) for a, b in zip(before, lanes.occupancy_h, strict=True))


def test_work_names_the_facilities_of_each_part():
    plan = PLANS["one way"]
    events = get_engine("vector").run(plan, draw_lanes(plan, RandomStreams(4), [0]))
    assert [w.facilities for w in events.work] == [("P",), ("Q",)]


@pytest.mark.parametrize("stages", [[], [Hold(1.0)], [Split(2), Gather()]])
def test_plans_in_which_nobody_meets(stages):
    plan = make_plan(flows=[Flow("A", at=[0, 1], stages=stages)], end_h=END_H)
    lanes = draw_lanes(plan, RandomStreams(4), [0, 1])
    events = get_engine("vector").run(plan, lanes)
    assert events.work == ()
    assert len(events.arrive_h) == len(stages)
