"""Following servers by heaps, by the plain loop and by the compiled one: the same bits."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings

from corridor_sim.engines.registry import get_engine
from corridor_sim.engines.vectorised import jit
from corridor_sim.engines.vectorised.compiled import FOLLOWING, Worth, follow, follow_by_heap, follow_compiled
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from tests.support.parts import Flow, Place, Queue, gamma, poisson_flow
from tests.support.plans import make_plan
from tests.support.running import same_bits
from tests.unit.engines.vectorised.test_servers import rows


@pytest.fixture
def fresh(monkeypatch):
    """Compiling pays at once."""
    monkeypatch.setattr(FOLLOWING, "n", -1)
    follow_compiled.cache_clear()
    yield monkeypatch
    follow_compiled.cache_clear()


def followed(by, r, chosen):
    start, left = np.full(r.arrive.shape, -1.0), np.full(r.free.shape, -1.0)
    by(r.arrive, r.occupancy, r.free, np.array(chosen), start, left)
    return start, np.sort(left, axis=1)


def check_same_as_by_heap(by, r):
    """In all lanes, and in the last alone: the others are left as they were."""
    last = r.arrive.shape[0] - 1
    for chosen in (list(range(last + 1)), [last]):
        start, left = followed(follow_by_heap, r, chosen)
        there = np.isfinite(r.arrive)
        found, found_left = followed(by, r, chosen)
        assert np.array_equal(found[there], start[there])
        assert np.array_equal(found_left, left)


@settings(max_examples=200)
@given(r=rows())
def test_the_plain_loop_is_the_heap(r):
    check_same_as_by_heap(follow, r)


@settings(max_examples=100)
@given(r=rows())
def test_the_compiled_loop_is_the_heap(r):
    pytest.importorskip("numba")
    check_same_as_by_heap(follow_compiled(), r)


def test_one_occupancy_for_all_need_not_be_written_out():
    arrive, free = np.array([[0.0, 0.0, 1.0]]), np.zeros((1, 2))
    for by in (follow, follow_by_heap, follow_compiled()):
        start, left = np.empty((1, 3)), np.empty((1, 2))
        by(arrive, np.broadcast_to(2.0, (1, 3)), free, np.array([0]), start, left)
        assert start.tolist() == [[0, 0, 2]]
        assert sorted(left[0]) == [2, 4]


def test_compiled_code_pays_once_there_was_enough_to_do():
    pytest.importorskip("numba")
    worth = Worth(100)
    assert [worth.pays(60), worth.pays(40), worth.pays(1), worth.pays(0)] == [False, False, True, True]


def test_without_numba_it_never_pays(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    assert not Worth(1).pays(10)


def fleet_both_ways():
    fleet, gates = Place("fleet", 3), Place("gates", 2)
    stages = [Queue(fleet, gamma(1.0, 0.5), gamma(4.0, 0.5)), Queue(gates, gamma(2.0, 1.0))]
    flows = [poisson_flow("S", 0.4, 300.0, stages=stages), poisson_flow("N", 0.4, 300.0, stages=stages[::-1])]
    return make_plan(flows=[*flows, Flow("T", at=[5.0] * 9, stages=stages)], end_h=300.0)


def test_without_numba_the_numbers_are_the_same(fresh):
    plan = fleet_both_ways()
    lanes = draw_lanes(plan, RandomStreams(3), range(4))
    usual = get_engine("vector-rounds").run(plan, lanes)
    follow_compiled.cache_clear()
    fresh.setattr(jit, "IS_THERE", False)
    assert follow_compiled() is follow_by_heap
    bare = get_engine("vector-rounds").run(plan, lanes)
    assert all(same_bits(usual.lane(plan, lanes, row), bare.lane(plan, lanes, row)) for row in range(4))
