import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from corridor_sim.results.reductions.bins import Bins, Cells
from corridor_sim.results.reductions.trips import follow
from tests.support.parts import Flow, Gather, Hold, Place, Queue, Split
from tests.support.plans import make_plan
from tests.support.running import TICK, run


def trips_of(flow, **more):
    done = run(get_engine("des"), make_plan(flows=[flow], **more))
    return follow(done.plan, done.lanes, done.block, 0, Cells(1, Bins(np.array([0.0, done.plan.end_h]))))


def first_consignment(trips):
    """Arrival, start and departure at each stage."""
    return [tuple(float(t[0, 0]) for t in trips.times(s)) for s in trips.stages]


def test_a_split_consignment_is_followed_along_the_unit_that_arrives_last():
    stages = [Split(3), Queue(Place("crane"), 6.0), Gather(), Hold(1.0)]
    trips = trips_of(Flow("A", at=[0], stages=stages))
    assert first_consignment(trips) == [
        (0, 0, TICK),
        (TICK, 4 + TICK, 6 + TICK),
        (6 + TICK, 6 + TICK, 6 + 2 * TICK),
        (6 + 2 * TICK, 6 + 2 * TICK, 7 + 2 * TICK),
    ]
    assert trips.delivered_h.tolist() == [[7 + 2 * TICK]]


def test_on_a_tie_the_first_unit_is_followed():
    stages = [Split(3), Queue(Place("cranes", servers=3), 3.0), Gather()]
    trips = trips_of(Flow("A", at=[0], stages=stages))
    assert trips.followed[1].column.tolist() == [0]
    assert [arrive for arrive, _, _ in first_consignment(trips)] == [0, TICK, 1 + TICK]


def test_the_month_of_delivery_is_known():
    trips = trips_of(Flow("A", at=[0, 9], stages=[Hold(4.0)]), end_h=10.0)
    assert trips.delivered.cell().tolist() == [1, 2]  # the second is on the way at the end
    assert not trips.delivered_h[0, 1] < 10.0


def test_a_consignment_whose_units_are_under_way_is_in_no_one_place():
    """Two of three units are there at the end: where the consignment is between split and gather cannot be said."""
    stages = [Split(3), Queue(Place("crane"), 6.0), Gather()]
    trips = trips_of(Flow("A", at=[0], stages=stages), end_h=5.0)
    times = first_consignment(trips)
    assert times[0][2] == TICK
    assert times[1:] == [(np.inf,) * 3] * 2
    assert np.isinf(trips.delivered_h).all()


@pytest.mark.parametrize("n_units", [1, 2])
def test_arrays_that_are_one_stay_one(n_units):
    """What starts as it arrives did not wait, and need not be compared."""
    stages = [Split(n_units), Hold(1.0), Gather()] if n_units > 1 else [Hold(1.0)]
    trips = trips_of(Flow("A", at=[0], stages=stages))
    arrive = trips.events.arrive_h
    shared = type(trips.events)(arrive, arrive, trips.events.depart_h)
    times = type(trips)(**{**vars(trips), "events": shared}).times(0)
    assert times[0] is times[1]
