"""Classes of priority at a place: the smaller class is next, nobody is interrupted, ageing lets nobody starve."""

import pytest

from tests.support.parts import NEVER, Flow, Place, Queue, Servers, open_daily
from tests.support.plans import make_plan
from tests.support.running import run


def starts(engine, *flows, end_h=200.0):
    done = run(engine, make_plan(flows=flows, end_h=end_h))
    return [[start for _, start, _ in done.stage(s)] for s in range(len(flows))]


def flow(name, place, priority, at, hours=2.0):
    return Flow(name, at=at, stages=[Queue(place, hours, priority=priority)])


def test_the_smaller_class_is_next(engine):
    gate = Place("gate")
    found = starts(engine, flow("slow", gate, 1, [0, 0, 0]), flow("quick", gate, 0, [1]))
    assert found == [[0, 4, 6], [2]]


def test_who_is_being_served_is_not_interrupted(engine):
    gate = Place("gate")
    assert starts(engine, flow("slow", gate, 1, [0], 9.0), flow("quick", gate, 0, [1])) == [[0], [9]]


def test_of_one_instant_the_smaller_class_is_first_whatever_its_rank(engine):
    gate = Place("gate")
    assert starts(engine, flow("slow", gate, 2, [5]), flow("quick", gate, 0, [5])) == [[7], [5]]


def test_within_a_class_who_came_first(engine):
    gate = Place("gate")
    found = starts(engine, flow("A", gate, 1, [0, 3]), flow("B", gate, 1, [1]), flow("C", gate, 0, [1.5]))
    assert found == [[0, 6], [4], [2]]


def test_a_class_that_nobody_else_has_changes_nothing(engine):
    gate = Place("gate")
    assert starts(engine, flow("A", gate, 3, [0, 1]), flow("B", gate, 3, [0.5])) == [[0, 4], [2]]


def test_ageing_makes_up_for_class(engine):
    """One of class 1 that came 3 h before one of class 0 goes first where 2 h of waiting make up for a class."""
    strict, fair = Place("strict"), Place("fair", ageing=2.0)
    at = [0.0, 1.0], [4.0]
    assert starts(engine, flow("A", strict, 1, at[0], 5.0), flow("B", strict, 0, at[1], 5.0)) == [[0, 10], [5]]
    assert starts(engine, flow("A", fair, 1, at[0], 5.0), flow("B", fair, 0, at[1], 5.0)) == [[0, 5], [10]]


def test_with_ageing_nobody_starves(engine):
    """Class 0 fills the server; class 1 gets its turn all the same, a day later than if it had been class 0."""
    gate = Place("gate", ageing=24.0)
    quick, slow = starts(
        engine, flow("quick", gate, 0, [float(h) for h in range(150)], 1.25), flow("slow", gate, 1, [2])
    )
    assert 20 < slow[0] < 40
    assert len(quick) > 100


def test_several_servers(engine):
    gate = Place("gate", 2)
    found = starts(engine, flow("slow", gate, 1, [0, 0, 0, 0], 3.0), flow("quick", gate, 0, [1, 1, 1], 3.0))
    assert found == [[0, 0, 6, 9], [3, 3, 6]]


def test_at_opening_the_smaller_class_is_first_though_it_came_later(engine):
    gate = Place("gate", calendar=open_daily(8, 16, 3))
    assert starts(engine, flow("slow", gate, 1, [1]), flow("quick", gate, 0, [7])) == [[10], [8]]


def test_a_server_that_closes_for_good(engine):
    gate = Place("gate", (Servers(1, 0.0, 5.0), Servers(1, 20.0)))
    found = starts(engine, flow("slow", gate, 1, [0, 1, 2], 4.0), flow("quick", gate, 0, [3], 4.0))
    assert found == [[0, 20, 24], [4]]


def test_a_place_whose_servers_are_all_gone(engine):
    gate = Place("gate", (Servers(1, 0.0, 5.0),))
    done = run(engine, make_plan(flows=[flow("A", gate, 1, [0, 1], 6.0), flow("B", gate, 0, [1], 6.0)]))
    assert done.starts(0) == [0, None]
    assert done.starts(1) == [None]


@pytest.mark.parametrize("ageing", [NEVER, 1.0])
def test_one_class_by_itself_is_first_come_first_served(engine, ageing):
    """A second class that never comes makes the place choose; it chooses in the order of arrival."""
    plain, chosen = (
        Place("P", 2, calendar=open_daily(6, 20, 8)),
        Place("Q", 2, calendar=open_daily(6, 20, 8), ageing=ageing),
    )
    at = [0.0, 0.5, 0.5, 7.0, 7.25, 19.5, 19.75, 21.0, 50.0, 50.0, 50.0]
    usual = starts(engine, flow("A", plain, 0, at, 2.5))
    assert starts(engine, flow("A", chosen, 1, at, 2.5), flow("nobody", chosen, 0, [])) == [usual[0], []]
