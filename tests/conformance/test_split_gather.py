"""One consignment becomes units, and one again when the last has arrived."""

from corridor_sim.plan.kinds import Basis
from tests.support.parts import Flow, Gather, Hold, Place, Queue, Servers, Split, Travel
from tests.support.plans import make_plan
from tests.support.running import TICK, run


def test_units_share_a_server_and_meet_again(engine):
    stages = [Split(3), Queue(Place("crane"), 6.0), Gather(), Hold(1.0)]
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=stages)]))
    t = TICK
    assert done.stage(0) == [(0, 0, t)]
    assert done.stage(1) == [(t, t, 2 + t), (t, 2 + t, 4 + t), (t, 4 + t, 6 + t)]
    assert done.stage(2) == [(2 + t, 6 + t, 6 + 2 * t), (4 + t, 6 + t, 6 + 2 * t), (6 + t, 6 + t, 6 + 2 * t)]
    assert done.stage(3) == [(6 + 2 * t, 6 + 2 * t, 7 + 2 * t)]


def test_a_split_met_by_a_gather_at_once(engine):
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=[Split(2), Gather(), Hold(1.0)])]))
    assert done.stage(1) == [(TICK, TICK, 2 * TICK)] * 2
    assert done.stage(2) == [(2 * TICK, 2 * TICK, 1 + 2 * TICK)]


def test_units_of_one_consignment_go_before_those_of_the_next(engine):
    stages = [Split(2), Queue(Place("crane"), 2.0), Gather()]
    done = run(engine, make_plan(flows=[Flow("A", at=[0, 0], stages=stages)]))
    assert [s - TICK for s in done.starts(1)] == [0, 1, 2, 3]
    assert [d - 2 * TICK for d in done.departs(2)] == [2, 2, 4, 4]


def test_units_keep_their_place_between_ranks_of_other_flows(engine):
    """Units of flow B arrive with A and C at one instant: A first, then B's units in order, then C."""
    crane = Place("crane")
    flows = [
        Flow("A", at=[0], stages=[Hold(0.0), Queue(crane, 1.0)]),
        Flow("B", at=[0], stages=[Split(2), Queue(crane, 1.0, basis=Basis.UNIT), Gather()]),
        Flow("C", at=[0], stages=[Hold(0.0), Queue(crane, 1.0)]),
    ]
    done = run(engine, make_plan(flows=flows))
    assert done.starts(1) == [TICK]
    assert done.starts(3) == [1 + TICK, 2 + TICK]
    assert done.starts(6) == [3 + TICK]


def test_units_pass_through_several_shared_places(engine):
    """Three units over two cranes of an hour, then one track of half an hour."""
    cranes, track = Place("cranes", servers=2), Place("track")
    stages = [Split(3), Queue(cranes, 1.0, basis=Basis.UNIT), Queue(track, 0.5, basis=Basis.UNIT), Gather()]
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=stages)]))
    t = TICK
    assert done.stage(1) == [(t, t, 1 + t), (t, t, 1 + t), (t, 1 + t, 2 + t)]
    assert done.stage(2) == [(1 + t, 1 + t, 1.5 + t), (1 + t, 1.5 + t, 2 + t), (2 + t, 2 + t, 2.5 + t)]
    assert done.departs(3) == [2.5 + 2 * t] * 3


def test_thousands_of_units_keep_their_order(engine):
    """All 10,000 arrive at one instant; each consignment's 5,000 pass before those of the next."""
    stages = [Split(5000), Queue(Place("crane"), 0.25, basis=Basis.UNIT), Gather()]
    plan = make_plan(flows=[Flow("A", at=[0, 0], stages=stages)], end_h=3000.0)
    done = run(engine, plan)
    assert [s - TICK for s in done.starts(1)] == [k / 4 for k in range(10_000)]
    assert set(done.departs(2)) == {1250 + 2 * TICK, 2500 + 2 * TICK}


def test_trucks_return_before_they_load_again(engine):
    """Two trucks, three loads: service 2, occupied 5 with the way back."""
    fleet = Place("fleet", servers=2)
    stages = [Split(3), Queue(fleet, 2.0, 5.0, basis=Basis.UNIT), Gather()]
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=stages)]))
    assert done.stage(1) == [(TICK, TICK, 2 + TICK), (TICK, TICK, 2 + TICK), (TICK, 5 + TICK, 7 + TICK)]


def test_consignments_overtake_each_other_as_wholes(engine):
    """The second consignment's units are done sooner where there is room for all."""
    wide = Place("wide", servers=9)
    flows = [
        Flow("slow", at=[0], stages=[Split(2), Queue(wide, 10.0, basis=Basis.UNIT), Gather(), Travel(1.0)]),
        Flow("fast", at=[1], stages=[Split(2), Queue(wide, 1.0, basis=Basis.UNIT), Gather(), Travel(1.0)]),
    ]
    done = run(engine, make_plan(flows=flows))
    assert done.departs(7) == [3 + 2 * TICK]
    assert done.departs(3) == [11 + 2 * TICK]


def test_split_twice_on_one_trip(engine):
    crane, track = Place("crane"), Place("track")
    stages = [Split(2), Queue(crane, 2.0), Gather(), Split(4), Queue(track, 2.0), Gather()]
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=stages)]))
    assert done.departs(2) == [2 + 2 * TICK] * 2
    assert done.stage(3) == [(2 + 2 * TICK, 2 + 2 * TICK, 2 + 3 * TICK)]
    assert done.departs(5) == [4 + 4 * TICK] * 4


def test_a_gather_waits_for_ever_for_a_unit_that_never_comes(engine):
    gate = Place("gate", (Servers(1, until=2.0),))
    stages = [Split(3), Queue(gate, 1.0, basis=Basis.UNIT), Gather(), Hold(1.0)]
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=stages)], end_h=50.0))
    t = TICK
    assert done.stage(1) == [(t, t, 1 + t), (t, 1 + t, 2 + t), (t, None, None)]
    assert done.stage(2) == [(1 + t, None, None), (2 + t, None, None), (None, None, None)]
    assert done.stage(3) == [(None, None, None)]
    assert done.summary.n_events == 6


def test_the_horizon_cuts_between_units(engine):
    stages = [Split(3), Queue(Place("gate"), 1.0, basis=Basis.UNIT), Gather()]
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=stages)], end_h=2.5))
    assert done.stage(2) == [(1 + TICK, None, None), (2 + TICK, None, None), (None, None, None)]
    assert done.summary.n_events == 6


def test_a_split_of_one(engine):
    stages = [Split(1), Queue(Place("gate"), 1.0), Gather()]
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=stages)]))
    assert done.stage(2) == [(1 + TICK, 1 + TICK, 1 + 2 * TICK)]
