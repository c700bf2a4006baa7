"""Closed pools: equipment that is taken, given back and sent home empty; yards whose room holds the server before."""

import numpy as np
import pytest

from corridor_sim.plan.kinds import Basis, Cause
from tests.support.parts import (
    NEVER,
    Base,
    Flow,
    Gather,
    Give,
    Hold,
    Place,
    Pool,
    Queue,
    Servers,
    Split,
    Take,
    open_daily,
)
from tests.support.plans import make_plan
from tests.support.running import TICK, run


def fleet(*bases):
    return Pool("fleet", bases)


def trip(name, pool, at, hours=5.0, amount=1.0, base=0, back=0):
    """Take, be away, give back."""
    return Flow(name, at=at, stages=[Take(pool, amount, base), Hold(hours), Give(pool, amount, back)])


def taken(engine, *flows, end_h=200.0):
    """When each of a flow took what it needs; stages are three to a flow."""
    done = run(engine, make_plan(flows=flows, end_h=end_h))
    return [done.starts(3 * f) for f in range(len(flows))]


def test_who_finds_equipment_takes_it_at_once_and_leaves_a_tick_later(engine):
    done = run(engine, make_plan(flows=[trip("A", fleet(Base(2.0)), [3.0, 3.0])]))
    assert done.stage(0) == [(3, 3, 3 + TICK)] * 2
    assert done.stage(1) == [(3 + TICK, 3 + TICK, 8 + TICK)] * 2
    assert done.stage(2) == [(8 + TICK, 8 + TICK, 8 + 2 * TICK)] * 2


def test_others_wait_in_order_until_some_comes_back(engine):
    """What is given back is there for the next at that instant."""
    assert taken(engine, trip("A", fleet(Base(1.0)), [0, 1, 2])) == [[0, 5 + TICK, 10 + 2 * TICK]]


def test_of_one_instant_the_rank_decides(engine):
    pool = fleet(Base(1.0))
    assert taken(engine, trip("A", pool, [4]), trip("B", pool, [4])) == [[4], [9 + TICK]]


def test_without_any_stock_everyone_waits_for_ever(engine):
    assert taken(engine, trip("A", fleet(Base(0.0)), [0, 1])) == [[None, None]]


def test_who_needs_much_keeps_those_behind_waiting(engine):
    """Two of three are out: one that needs two waits, and one that needs one waits behind it."""
    pool = fleet(Base(3.0))
    found = taken(
        engine,
        trip("first", pool, [0], 4.0, amount=2.0),
        trip("much", pool, [1], 4.0, amount=2.0),
        trip("little", pool, [2], 4.0, amount=1.0),
    )
    assert found == [[0], [4 + TICK], [4 + TICK]]


def test_who_needs_more_than_there_is_waits_for_ever(engine):
    pool = fleet(Base(3.0))
    assert taken(engine, trip("A", pool, [0], amount=4.0), trip("B", pool, [1])) == [[None], [None]]


def test_parts_of_amounts(engine):
    pool = fleet(Base(1.0))
    assert taken(engine, trip("A", pool, [0, 0, 0, 0, 0], amount=0.25)) == [[0, 0, 0, 0, 5 + TICK]]


def test_bases_have_stocks_of_their_own(engine):
    pool = fleet(Base(1.0), Base(2.0))
    found = taken(engine, trip("near", pool, [0, 0, 0]), trip("far", pool, [0, 0, 0], base=1, back=1))
    assert found == [[0, 5 + TICK, 10 + 2 * TICK], [0, 0, 5 + TICK]]


def test_what_is_given_back_at_the_other_base_is_there(engine):
    """Southbound ones bring the only wagon to the far base; it is there for northbound ones alone."""
    pool = fleet(Base(1.0), Base(0.0))
    found = taken(engine, trip("south", pool, [0, 1], base=0, back=1), trip("north", pool, [2, 7], base=1, back=0))
    assert found == [[0, 10 + 2 * TICK], [5 + TICK, 15 + 3 * TICK]]


def test_empties_go_home_after_their_hours(engine):
    pool = fleet(Base(1.0), Base(0.0, keep=0.0, home=0, empty=3.0))
    assert taken(engine, trip("south", pool, [0, 1, 2], back=1)) == [[0, 8 + TICK, 16 + 2 * TICK]]


def test_empties_without_a_home_stay(engine):
    pool = fleet(Base(1.0), Base(0.0, keep=0.0))
    found = taken(engine, trip("south", pool, [0, 1], back=1), trip("north", pool, [50], base=1, back=1))
    assert found == [[0, None], [50]]


def test_an_empty_that_takes_no_time_is_home_a_tick_later(engine):
    pool = fleet(Base(1.0), Base(0.0, keep=0.0, home=0))
    assert taken(engine, trip("south", pool, [0, 1], back=1)) == [[0, 5 + 2 * TICK]]


def test_nothing_goes_home_while_somebody_waits_for_it(engine):
    """One northbound waits for two: the first that comes is kept for it, and it goes with the second."""
    pool = fleet(Base(2.0), Base(0.0, keep=0.0, home=0, empty=3.0))
    found = taken(
        engine,
        trip("south", pool, [0, 2], back=1),
        trip("north", pool, [1], amount=2.0, base=1, back=0),
    )
    assert found == [[0, 2], [7 + TICK]]


def test_what_is_left_over_goes_home(engine):
    """Two come back at once, one northbound waits: it takes one, the other goes home."""
    pool = fleet(Base(2.0), Base(0.0, keep=0.0, home=0, empty=3.0))
    found = taken(
        engine,
        trip("south", pool, [0], amount=2.0, back=1),
        trip("north", pool, [1], 90.0, base=1, back=1),
        trip("later", pool, [6]),
    )
    assert found == [[0], [5 + TICK], [8 + TICK]]


def test_up_to_what_a_base_keeps_stays(engine):
    """The base keeps one: of three that come one by one the second and the third go home."""
    pool = fleet(Base(3.0), Base(0.0, keep=1.0, home=0, empty=3.0))
    found = taken(
        engine,
        trip("south", pool, [0, 1, 2], back=1),
        trip("again", pool, [3, 3, 3], 500.0),
        trip("north", pool, [50, 50], 500.0, base=1),
    )
    assert found == [[0, 1, 2], [9 + TICK, 10 + TICK, None], [50, None]]


def test_what_stood_there_at_first_does_not_go_home_by_itself(engine):
    """Only what is given back can: a base may begin with more than it keeps."""
    pool = fleet(Base(0.0), Base(3.0, keep=1.0, home=0, empty=2.0))
    found = taken(
        engine,
        trip("home", pool, [0, 0, 0], 500.0),
        trip("there", pool, [10], 5.0, base=1, back=1),
    )
    assert found == [[17 + TICK, None, None], [10]]


def test_empties_that_arrive_and_gifts_of_one_instant_serve_several(engine):
    """At 10 and a tick two come: one home from the far base, one given back here."""
    pool = fleet(Base(2.0), Base(0.0, keep=0.0, home=0, empty=4.0))
    found = taken(
        engine,
        trip("far", pool, [0], 6.0, back=1),
        trip("near", pool, [0], 10.0),
        trip("next", pool, [1, 2], 500.0),
    )
    assert found == [[0], [0], [10 + TICK, 10 + TICK]]


def test_units_take_for_themselves(engine):
    pool = fleet(Base(2.0))
    stages = [Split(3), Take(pool), Hold(5.0, basis=Basis.UNIT), Give(pool), Gather()]
    done = run(engine, make_plan(flows=[Flow("A", at=[0.0], stages=stages)]))
    assert done.starts(1) == [TICK, TICK, 5 + 2 * TICK]
    assert done.starts(4) == [10 + 4 * TICK] * 3


def test_a_pool_that_is_never_given_back_to_runs_dry(engine):
    flow = Flow("A", at=[0, 1, 2], stages=[Take(fleet(Base(2.0))), Hold(1.0)])
    assert run(engine, make_plan(flows=[flow])).starts(0) == [0, 1, None]


def test_waiting_for_equipment_is_a_cause_of_its_own(engine):
    done = run(engine, make_plan(flows=[trip("A", fleet(Base(1.0)), [0, 1])]))
    blocks = {b.kpi: b for b in done.kpis if "all" in b.subjects}

    def mean(cause):
        block = blocks[f"time_{cause.name.lower()}_h"]
        return block.values[block.subjects.index("all"), 0]

    assert mean(Cause.EQUIPMENT) == pytest.approx(2.0, abs=1e-5)
    assert mean(Cause.DOCUMENTS) == 5.0
    assert mean(Cause.QUEUEING) == 0.0


def yard(room):
    return Pool("yard", (Base(room),))


def through(place, room, then, at, service=1.0, end_h=200.0):
    """Served at a place, into a yard as soon as there is room, out of it when it has been served beyond."""
    stages = [Queue(place, service), Take(room, blocks=True), then, Give(room)]
    return make_plan(flows=[Flow("A", at=at, stages=stages)], end_h=end_h)


def test_a_server_is_held_until_there_is_room(engine):
    """One place in the yard, 10 h there: the second is served but holds its server, so the third does not begin."""
    done = run(engine, through(Place("gate"), yard(1.0), Hold(10.0), [0, 0, 0]))
    assert done.stage(0)[:2] == [(0, 0, 1), (0, 1 + TICK, 2 + TICK)]
    assert done.starts(1)[:2] == [1, 11 + TICK]
    assert done.starts(0)[2] == 11 + 2 * TICK


def test_a_server_is_free_a_tick_after_its_last_went_on_even_with_room(engine):
    done = run(engine, through(Place("gate"), yard(9.0), Hold(10.0), [0, 0, 0]))
    assert done.starts(0) == [0, 1 + TICK, 2 + 2 * TICK]
    assert done.starts(1) == [1, 2 + TICK, 3 + 2 * TICK]


def test_one_held_server_leaves_the_others_to_work(engine):
    done = run(engine, through(Place("gate", 2), yard(1.0), Hold(10.0), [0, 0, 0, 0]))
    assert done.starts(0)[:3] == [0, 0, 1 + TICK]
    assert done.starts(1)[:2] == [1, 11 + TICK]
    assert done.starts(0)[3] == pytest.approx(11, abs=3 * TICK)


def test_an_occupancy_longer_than_the_wait_keeps_the_server(engine):
    stages = [Queue(Place("gate"), 1.0, occupancy=4.0), Take(yard(9.0), blocks=True), Hold(1.0)]
    done = run(engine, make_plan(flows=[Flow("A", at=[0, 0], stages=stages)]))
    assert done.starts(0) == [0, 4]
    assert done.starts(1) == [1, 5]


def test_without_holding_the_queue_behind_is_never_stopped(engine):
    room, gate = yard(1.0), Place("gate")
    flow = Flow("A", at=[0, 0, 0], stages=[Queue(gate, 1.0), Take(room), Hold(10.0), Give(room)])
    done = run(engine, make_plan(flows=[flow]))
    assert done.starts(0) == [0, 1, 2]
    assert done.starts(1) == [1, 11 + TICK, 21 + 2 * TICK]


def test_those_who_go_elsewhere_wait_behind_a_held_server_too(engine):
    room, gate = yard(1.0), Place("gate")
    into = Flow("in", at=[0, 0], stages=[Queue(gate, 1.0), Take(room, blocks=True), Hold(10.0), Give(room)])
    past = Flow("past", at=[1.5], stages=[Queue(gate, 1.0)])
    done = run(engine, make_plan(flows=[into, past]))
    assert done.starts(4) == [11 + 2 * TICK]


def test_a_smaller_class_is_next_when_a_held_server_is_let_go(engine):
    room, gate = yard(1.0), Place("gate")
    stages = [Queue(gate, 1.0, priority=1), Take(room, blocks=True), Hold(10.0), Give(room)]
    flows = [Flow("in", at=[0, 0, 0], stages=stages), Flow("past", at=[5], stages=[Queue(gate, 1.0)])]
    done = run(engine, make_plan(flows=flows))
    assert done.starts(4) == [11 + 2 * TICK]
    assert done.starts(0)[2] == pytest.approx(12, abs=3 * TICK)


def test_a_server_let_go_in_closed_hours_waits_for_the_opening(engine):
    gate = Place("gate", calendar=open_daily(8, 16, 9))
    done = run(engine, through(gate, yard(1.0), Hold(10.0), [0, 0, 0]))
    assert done.starts(0) == [8, 9 + TICK, 32]
    assert done.starts(1)[1] == 19 + TICK


def test_a_server_that_closes_for_good_while_it_is_held(engine):
    gate = Place("gate", (Servers(1, 0.0, 5.0), Servers(1, 30.0, NEVER)))
    done = run(engine, through(gate, yard(1.0), Hold(10.0), [0, 0, 0]))
    assert done.starts(0) == [0, 1 + TICK, 30]


def test_two_stations_in_line_block_each_other_one_by_one(engine):
    """Service 1 h, then 3 h at a station without a buffer: the first works one in four hours' time ahead, no more."""
    first, second, room = Place("first"), Place("second"), yard(1.0)
    stages = [Queue(first, 1.0), Take(room, blocks=True), Queue(second, 3.0), Give(room)]
    done = run(engine, make_plan(flows=[Flow("A", at=[0.0] * 4, stages=stages)]))
    assert np.allclose(done.starts(0), [0, 1, 4, 7], atol=1e-4)
    assert np.allclose(done.starts(2), [1, 4, 7, 10], atol=1e-4)
