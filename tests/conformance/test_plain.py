"""Holds and moves, and how stages follow each other."""

from corridor_sim.plan.kinds import Basis
from tests.support.parts import Flow, Hold, Place, Queue, Travel
from tests.support.plans import make_plan
from tests.support.running import run


def test_stages_follow_without_a_gap(engine):
    stages = [Hold(2.0), Travel(3.0, a="N", b="M"), Queue(Place("gate"), 1.0), Travel(4.0, a="M", b="O")]
    done = run(engine, make_plan(flows=[Flow("A", at=[1], stages=stages)]))
    assert [done.stage(s) for s in range(4)] == [[(1, 1, 3)], [(3, 3, 6)], [(6, 6, 7)], [(7, 7, 11)]]


def test_holds_and_moves_have_room_for_all(engine):
    done = run(engine, make_plan(flows=[Flow("A", at=[0, 0, 0], stages=[Hold(2.0), Travel(1.0)])]))
    assert done.stage(0) == [(0, 0, 2)] * 3
    assert done.stage(1) == [(2, 2, 3)] * 3


def test_a_hold_may_grow_with_the_load(engine):
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=[Hold(0.5, basis=Basis.TONNE)], load_t=6.0)]))
    assert done.stage(0) == [(0, 0, 3)]


def test_a_flow_of_one_stage_is_delivered_at_its_end(engine):
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=[Hold(2.0)])]))
    assert done.lane.n_consignments == 1
    assert done.departs(0) == [2]
