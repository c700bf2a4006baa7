"""Places with servers: first come first served, ties by rank, service and occupancy."""

import pytest

from corridor_sim.plan.kinds import Basis
from tests.support.parts import Flow, Gather, Hold, Place, Queue, Route, Split
from tests.support.plans import make_plan
from tests.support.running import TICK, run


def test_one_server_serves_in_order_of_arrival(engine):
    plan = make_plan(flows=[Flow("A", at=[0, 1, 5], stages=[Queue(Place("gate"), 2.0)])])
    assert run(engine, plan).stage(0) == [(0, 0, 2), (1, 2, 4), (5, 5, 7)]


def test_arrival_at_the_instant_a_server_frees_does_not_wait(engine):
    plan = make_plan(flows=[Flow("A", at=[0, 2], stages=[Queue(Place("gate"), 2.0)])])
    assert run(engine, plan).stage(0) == [(0, 0, 2), (2, 2, 4)]


def test_several_servers_take_one_each(engine):
    plan = make_plan(flows=[Flow("A", at=[0, 0, 0, 1], stages=[Queue(Place("gate", servers=2), 3.0)])])
    assert run(engine, plan).stage(0) == [(0, 0, 3), (0, 0, 3), (0, 3, 6), (1, 3, 6)]


def test_a_short_service_overtakes_on_the_way_out_only(engine):
    gate = Place("gate", servers=2)
    plan = make_plan(
        flows=[Flow("slow", at=[0], stages=[Queue(gate, 5.0)]), Flow("fast", at=[0, 0], stages=[Queue(gate, 1.0)])]
    )
    done = run(engine, plan)
    assert done.stage(0) == [(0, 0, 5)]
    assert done.stage(1) == [(0, 0, 1), (0, 1, 2)]


@pytest.mark.parametrize("first", ["A", "B"])
def test_tie_goes_to_the_flow_that_comes_first_in_the_plan(engine, first):
    gate, work = Place("gate"), {"A": 2.0, "B": 3.0}
    order = sorted(work, key=lambda name: name != first)
    plan = make_plan(flows=[Flow(name, at=[0], stages=[Queue(gate, work[name])]) for name in order])
    done = run(engine, plan)
    assert done.stage(0) == [(0, 0, work[first])]
    assert done.stage(1) == [(0, work[first], 5)]


def test_tie_does_not_depend_on_how_long_one_has_been_on_the_way(engine):
    """Who set out first says nothing: the rank decides, whether its holder was released early or at that instant."""
    gate = Place("gate")
    early, late = [Hold(4.0), Queue(gate, 2.0)], [Queue(gate, 2.0)]
    a = run(engine, make_plan(flows=[Flow("A", at=[0], stages=early), Flow("B", at=[4], stages=late)]))
    assert a.stage(1) == [(4, 4, 6)]
    assert a.stage(2) == [(4, 6, 8)]
    b = run(engine, make_plan(flows=[Flow("A", at=[4], stages=late), Flow("B", at=[0], stages=early)]))
    assert b.stage(0) == [(4, 4, 6)]
    assert b.stage(2) == [(4, 6, 8)]


def test_tie_within_a_flow_goes_to_the_consignment_released_first(engine):
    """Consignment 0 takes the long way round and meets consignment 1 at the gate in the same instant."""
    gate = Place("gate")
    routes = [Route([Hold(4.0), Queue(gate, 2.0)], until=1.0), Route([Hold(1.0), Queue(gate, 2.0)], since=1.0)]
    done = run(engine, make_plan(flows=[Flow("A", at=[0, 3], routes=routes)]))
    assert done.stage(1) == [(4, 4, 6)]
    assert done.stage(3) == [(4, 6, 8)]


def test_tie_of_many_flows_at_two_places_in_a_row(engine):
    first, second = Place("first", servers=3), Place("second")
    flows = [Flow(f"F{i}", at=[0], stages=[Queue(first, 1.0), Queue(second, 1.0)]) for i in range(6)]
    done = run(engine, make_plan(flows=flows))
    assert [done.starts(2 * i) for i in range(6)] == [[0], [0], [0], [1], [1], [1]]
    assert [done.starts(2 * i + 1) for i in range(6)] == [[1], [2], [3], [4], [5], [6]]


def test_occupancy_longer_than_service_keeps_the_server_not_the_consignment(engine):
    plan = make_plan(flows=[Flow("A", at=[0, 0, 0], stages=[Queue(Place("truck"), 1.0, occupancy=3.0)])])
    assert run(engine, plan).stage(0) == [(0, 0, 1), (0, 3, 4), (0, 6, 7)]


def test_occupancy_shorter_than_service_lets_consignments_follow_each_other(engine):
    plan = make_plan(flows=[Flow("A", at=[0, 0, 0], stages=[Queue(Place("track"), 3.0, occupancy=1.0)])])
    assert run(engine, plan).stage(0) == [(0, 0, 3), (0, 1, 4), (0, 2, 5)]


def test_train_path_serves_in_a_tick_and_is_taken_for_a_headway(engine):
    plan = make_plan(flows=[Flow("A", at=[0, 0, 5], stages=[Queue(Place("path"), 0.0, occupancy=2.0)])])
    assert run(engine, plan).stage(0) == [(0, 0, TICK), (0, 2, 2 + TICK), (5, 5, 5 + TICK)]


def test_no_occupancy_takes_a_tick(engine):
    plan = make_plan(flows=[Flow("A", at=[0, 0], stages=[Queue(Place("gate"), 1.0, occupancy=0.0)])])
    assert run(engine, plan).stage(0) == [(0, 0, 1), (0, TICK, 1 + TICK)]


def test_two_directions_share_a_place_in_order_of_arrival(engine):
    berth = Place("berth")
    south = Flow("S", at=[0, 4], stages=[Hold(1.0), Queue(berth, 2.0)])
    north = Flow("N", at=[2, 3], stages=[Queue(berth, 2.0), Hold(1.0)], direction="north")
    done = run(engine, make_plan(flows=[south, north]))
    assert done.stage(1) == [(1, 1, 3), (5, 7, 9)]
    assert done.stage(2) == [(2, 3, 5), (3, 5, 7)]
    assert done.stage(3) == [(5, 5, 6), (7, 7, 8)]


def test_the_same_place_twice_on_one_trip(engine):
    gate = Place("gate")
    plan = make_plan(flows=[Flow("A", at=[0, 0], stages=[Queue(gate, 1.0), Queue(gate, 1.0)])])
    done = run(engine, plan)
    assert done.stage(0) == [(0, 0, 1), (0, 1, 2)]
    assert done.stage(1) == [(1, 2, 3), (2, 3, 4)]


@pytest.mark.parametrize(
    ("basis", "hours"),
    [(Basis.CONSIGNMENT, 2.0), (Basis.UNIT, 2.0), (Basis.TONNE, 24.0), (Basis.TEU, 16.0), (Basis.PATH, 4.0)],
)
def test_basis_of_the_duration(engine, basis, hours):
    """12 t in 8 TEU; a path takes 4 TEU, so the consignment fills two."""
    stage = Queue(Place("gate"), 2.0, basis=basis, path_t=3.0, path_teu=4.0)
    plan = make_plan(flows=[Flow("A", at=[0], stages=[stage], load_t=12.0, load_teu=8.0)])
    assert run(engine, plan).stage(0) == [(0, 0, hours)]


def test_bulk_fills_paths_by_tonnes(engine):
    stage = Queue(Place("path"), 0.0, occupancy=2.0, occupancy_basis=Basis.PATH, path_t=4.0, path_teu=1.0)
    plan = make_plan(flows=[Flow("A", at=[0, 0], stages=[stage], load_t=12.0)])
    assert run(engine, plan).starts(0) == [0, 6]


@pytest.mark.parametrize(
    ("basis", "hours"),
    [(Basis.CONSIGNMENT, 0.5), (Basis.UNIT, 2.0), (Basis.TONNE, 6.0), (Basis.TEU, 4.0)],
)
def test_basis_of_the_duration_of_units(engine, basis, hours):
    """A quarter of the consignment each; a duration per unit is each unit's own."""
    stages = [Split(4), Queue(Place("gate", servers=4), 2.0, basis=basis), Gather()]
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=stages, load_t=12.0, load_teu=8.0)]))
    assert done.stage(1) == [(TICK, TICK, hours + TICK)] * 4


def test_load_factor_of_the_release_scales_work_per_tonne(engine):
    flow = Flow(
        "A", at=[0, 9, 10], load_t=2.0, load_factors=[(0.0, 1.0), (10.0, 0.5)],
        stages=[Queue(Place("berth", servers=3), 1.0, basis=Basis.TONNE)],
    )  # fmt: skip
    done = run(engine, make_plan(flows=[flow]))
    assert done.lane.load_t.tolist() == [2, 2, 1]
    assert done.stage(0) == [(0, 0, 2), (9, 9, 11), (10, 10, 11)]
