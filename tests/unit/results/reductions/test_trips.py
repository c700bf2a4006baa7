import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from corridor_sim.plan.kinds import Cause
from corridor_sim.results.reductions.trips import follow, time_by_cause
from tests.support.parts import Flow, Form, Formation, Gather, Hold, Place, Queue, Sail, Ship, Split, open_daily
from tests.support.plans import make_plan
from tests.support.running import TICK, run


@pytest.fixture(scope="module")
def des():
    return get_engine("des")


def causes(des, flow, itinerary=0, **more):
    done = run(des, make_plan(flows=[flow], **more))
    trips = follow(done.plan, done.lane, done.events, itinerary)
    hours = time_by_cause(done.plan, trips, itinerary)
    return trips, [{c: h for c, h in zip(Cause, column.tolist(), strict=True) if h} for column in hours.T]


def test_waiting_closed_and_serving_hours_at_a_post(des):
    """Arrive 4 h, open 8 to 16: 4 closed hours; the second waits 6 open hours more, and works over the night."""
    gate = Place("gate", calendar=open_daily(8, 16, 5))
    trips, hours = causes(des, Flow("A", at=[4, 4], stages=[Queue(gate, 6.0, cause=Cause.INSPECTION)]))
    assert trips.waiting_h.tolist() == [[0, 6]]
    assert trips.closed_h.tolist() == [[4, 20]]
    assert trips.serving_h.tolist() == [[6, 6]]
    assert hours[0] == {Cause.CLOSED: 4, Cause.INSPECTION: 6}
    assert hours[1] == {Cause.CLOSED: 20, Cause.QUEUEING: 6, Cause.INSPECTION: 6}


def test_slow_hours_are_open_hours(des):
    _, hours = causes(des, Flow("A", at=[0], stages=[Queue(Place("gate", calendar=[(0, 0.5)]), 3.0)]))
    assert hours == [{Cause.HANDLING: 6}]


def test_closed_hours_of_a_hold(des):
    _, hours = causes(des, Flow("A", at=[4], stages=[Hold(6.0, open_daily(8, 16, 5))]))
    assert hours == [{Cause.CLOSED: 4, Cause.DOCUMENTS: 6}]


def test_waiting_for_ships_and_trains_has_causes_of_its_own(des):
    """A ship's calendar scales its room: waiting for a departure is never closed hours."""
    ship = Ship("ship", (10.0, 20.0), 9.0, calendar=[(0, 0.0), (15, 1.0)])
    _, hours = causes(des, Flow("A", at=[1, 3], stages=[Form(Formation("f", 2, 9.0)), Sail(ship)]))
    assert hours[0] == {Cause.FORMING: 2 + TICK, Cause.DEPARTURE: 17}
    assert hours[1] == {Cause.FORMING: TICK, Cause.DEPARTURE: 17}


def test_a_split_consignment_is_followed_along_the_unit_that_arrives_last(des):
    stages = [Split(3), Queue(Place("crane"), 6.0), Gather(), Hold(1.0)]
    trips, hours = causes(des, Flow("A", at=[0], stages=stages))
    assert trips.arrive_h[:, 0].tolist() == [0, TICK, 6 + TICK, 6 + 2 * TICK]
    assert trips.start_h[1, 0] == 4 + TICK
    assert trips.delivered_h.tolist() == [7 + 2 * TICK]
    assert hours[0] == {Cause.HANDLING: 2 + 2 * TICK, Cause.QUEUEING: 4, Cause.DOCUMENTS: 1}


def test_on_a_tie_the_first_unit_is_followed(des):
    stages = [Split(3), Queue(Place("cranes", servers=3), 3.0), Gather()]
    done = run(des, make_plan(flows=[Flow("A", at=[0], stages=stages)]))
    trips = follow(done.plan, done.lane, done.events, 0)
    assert trips.arrive_h[:, 0].tolist() == [0, TICK, 1 + TICK]


def test_those_on_the_way_have_no_causes(des):
    flow = Flow("A", at=[0, 9], stages=[Hold(4.0)])
    done = run(des, make_plan(flows=[flow], end_h=10.0))
    trips = follow(done.plan, done.lane, done.events, 0)
    hours = time_by_cause(done.plan, trips, 0)
    assert np.isnan(trips.delivered_h).tolist() == [False, True]
    assert np.isnan(hours).all(axis=0).tolist() == [False, True]


def test_a_consignment_whose_units_are_under_way_is_in_no_one_place(des):
    """Two of three units are there at the end: where the consignment is between split and gather cannot be said."""
    stages = [Split(3), Queue(Place("crane"), 6.0), Gather()]
    done = run(des, make_plan(flows=[Flow("A", at=[0], stages=stages)], end_h=5.0))
    trips = follow(done.plan, done.lane, done.events, 0)
    assert trips.depart_h[0, 0] == TICK
    assert np.isnan(trips.arrive_h[1:]).all()
    assert np.isnan(trips.delivered_h).all()
