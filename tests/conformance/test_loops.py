"""Both directions through the same places: who waits for whom goes round in a circle, and time sorts it out."""

import numpy as np
import pytest

from tests.support.audit import audit
from tests.support.parts import (
    Flow,
    Form,
    Formation,
    Gather,
    Hold,
    Place,
    Queue,
    Sail,
    Servers,
    Ship,
    Split,
    poisson_flow,
)
from tests.support.plans import make_plan
from tests.support.running import TICK, run

P, Q = Place("P"), Place("Q")
FLEET = Place("fleet", servers=2)
T = TICK


def test_two_places_in_both_directions(engine):
    flows = [Flow("S", at=[0, 0], stages=[Queue(P, 1.0), Queue(Q, 1.0)]),
             Flow("N", at=[0, 0], stages=[Queue(Q, 1.0), Queue(P, 1.0)])]  # fmt: skip
    done = run(engine, make_plan(flows=flows))
    assert done.stage(0) == done.stage(2) == [(0, 0, 1), (0, 1, 2)]
    assert done.stage(1) == done.stage(3) == [(1, 2, 3), (2, 3, 4)]


def test_ties_in_a_circle_are_broken_by_rank(engine):
    """They meet at Q at hour 1 and, because of who went first there, at P at hour 3."""
    south = Flow("S", at=[0, 3], stages=[Queue(P, 1.0), Queue(Q, 1.0)])
    north = Flow("N", at=[0], stages=[Hold(1.0), Queue(Q, 1.0), Queue(P, 1.0)])
    done = run(engine, make_plan(flows=[south, north]))
    assert done.stage(0) == [(0, 0, 1), (3, 3, 4)]
    assert done.stage(1) == [(1, 1, 2), (4, 4, 5)]
    assert done.stage(3) == [(1, 2, 3)]
    assert done.stage(4) == [(3, 4, 5)]
    done = run(engine, make_plan(flows=[north, south]))
    assert done.stage(1) == [(1, 1, 2)]
    assert done.stage(2) == [(2, 2, 3)]
    assert done.stage(3) == [(0, 0, 1), (3, 3, 4)]
    assert done.stage(4) == [(1, 2, 3), (4, 4, 5)]


def test_train_paths_in_a_circle_pass_in_a_tick(engine):
    """Headways of 2 h; a tick after P everybody wants Q, where the others have just been."""
    path = [Queue(P, 0.0, 2.0), Queue(Q, 0.0, 2.0)]
    done = run(engine, make_plan(flows=[Flow("S", at=[0, 0], stages=path), Flow("N", at=[0, 0], stages=path[::-1])]))
    assert done.stage(0) == done.stage(2) == [(0, 0, T), (0, 2, 2 + T)]
    assert done.stage(1) == done.stage(3) == [(T, 4, 4 + T), (2 + T, 6, 6 + T)]


def test_a_fleet_is_taken_for_the_way_back_too_in_both_directions(engine):
    """Two trucks; a trip south takes 2 h and keeps the truck for 5, one north 1 h and 3."""
    south = Flow("S", at=[0, 0, 2, 6], stages=[Queue(FLEET, 2.0, 5.0), Hold(1.0)])
    north = Flow("N", at=[1, 6], stages=[Hold(0.5), Queue(FLEET, 1.0, 3.0)])
    done = run(engine, make_plan(flows=[south, north]))
    assert done.stage(0) == [(0, 0, 2), (0, 0, 2), (2, 5, 7), (6, 8, 10)]
    assert done.stage(3) == [(1.5, 5, 6), (6.5, 10, 11)]


def test_a_fleet_that_is_used_there_and_back_by_the_same_train(engine):
    """Its two trucks are on their way back until hour 4, and the gate between lets one through at a time."""
    stages = [Split(2), Queue(FLEET, 2.0, 8.0), Gather(), Queue(P, 1.0), Split(2), Queue(FLEET, 2.0, 8.0), Gather()]
    done = run(engine, make_plan(flows=[Flow("A", at=[0, 0], stages=stages)]))
    assert done.stage(1) == [(T, T, 1 + T), (T, T, 1 + T), (T, 4 + T, 5 + T), (T, 4 + T, 5 + T)]
    assert done.stage(3) == [(1 + 2 * T, 1 + 2 * T, 2 + 2 * T), (5 + 2 * T, 5 + 2 * T, 6 + 2 * T)]
    t = 3 * T
    assert done.stage(5)[:2] == [(2 + t, 8 + T, 9 + T)] * 2
    assert done.stage(5)[2:] == [(6 + t, 12 + T, 13 + T)] * 2


def test_a_ship_and_its_berth_in_both_directions(engine):
    ship = Ship("ferry", (5.0, 10.0, 15.0), capacity=2.0)
    south = Flow("S", at=[0, 1, 2], stages=[Queue(P, 1.0), Sail(ship)])
    north = Flow("N", at=[0, 7], stages=[Sail(ship), Queue(P, 6.0)])
    done = run(engine, make_plan(flows=[south, north]))
    assert done.stage(0) == [(0, 0, 1), (1, 1, 2), (2, 2, 3)]
    assert done.starts(1) == [5, 10, 10]
    assert done.stage(2) == [(0, 5, 5 + T), (7, 15, 15 + T)]
    assert done.stage(3) == [(5 + T, 5 + T, 11 + T), (15 + T, 15 + T, 21 + T)]


def test_a_train_that_forms_twice_on_the_way(engine):
    train = Formation("train", 2, 5.0)
    done = run(engine, make_plan(flows=[Flow("A", at=[0, 3], stages=[Form(train), Hold(1.0), Form(train)])],
                                 facilities=[P]))  # fmt: skip
    assert done.stage(0) == [(0, 3, 3 + T), (3, 3, 3 + T)]
    assert done.stage(2) == [(4 + T, 4 + T, 4 + 2 * T)] * 2


def test_nobody_fills_the_train_that_takes_him_there(engine):
    """One alone waits for the whole time, twice: his own next arrival is no reason to have left."""
    train = Formation("train", 2, 5.0)
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=[Form(train), Form(train)])], facilities=[P]))
    assert done.stage(0) == [(0, 5, 5 + T)]
    assert done.stage(1) == [(5 + T, 10 + T, 10 + 2 * T)]


def test_a_unit_does_not_fill_the_train_of_its_sister_by_going_on(engine):
    """Three units: two leave at once, the third waits for the whole time, and only then they go on together."""
    train = Formation("train", 2, 5.0)
    stages = [Split(3), Form(train), Gather(), Form(train)]
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=stages)], facilities=[P]))
    assert done.starts(1) == [T, T, 5 + T]
    assert done.stage(3) == [(5 + 3 * T, 10 + 3 * T, 10 + 4 * T)]


def test_servers_that_close_in_a_circle(engine):
    """The second server of Q ends at hour 2: the last of the north go through the one that stays."""
    two = Place("Q", (Servers(1), Servers(1, until=2.0)))
    flows = [Flow("S", at=[0, 0], stages=[Queue(P, 1.0), Queue(two, 2.0)]),
             Flow("N", at=[0, 0, 0], stages=[Queue(two, 2.0), Queue(P, 1.0)])]  # fmt: skip
    done = run(engine, make_plan(flows=flows))
    assert done.stage(2) == [(0, 0, 2), (0, 0, 2), (0, 2, 4)]
    assert done.stage(0) == [(0, 0, 1), (0, 1, 2)]
    assert done.stage(1) == [(1, 4, 6), (2, 6, 8)]
    assert done.stage(3) == [(2, 2, 3), (2, 3, 4), (4, 4, 5)]


@pytest.mark.parametrize("rate_per_h", [0.4, 2.0])
def test_heavy_load_in_a_circle_keeps_every_rule(engine, rate_per_h):
    """Up to four times as much as can pass; what passes is audited, what does not stays in the queues."""
    stages = [Queue(P, 0.5, 1.0), Queue(FLEET, 1.0, 3.0), Queue(Q, 0.0, 0.7)]
    flows = [poisson_flow("S", rate_per_h, 200.0, stages=stages),
             poisson_flow("N", rate_per_h, 200.0, stages=stages[::-1])]  # fmt: skip
    plan = make_plan(flows=flows, end_h=200.0)
    done = run(engine, plan)
    assert audit(plan, done.lane, done.trace) == []
    assert done.summary.n_events == len(done.trace)
    waiting = np.isnan(done.events.start_h) & ~np.isnan(done.events.arrive_h)
    assert waiting.sum() > (20 if rate_per_h > 1 else 0)
