"""What is drawn for a replication. Distributions of releases are in tests/validation/test_releases.py."""

import numpy as np

from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.foundation.time_grid import TICK_H, to_grid
from corridor_sim.plan.kinds import Basis
from corridor_sim.plan.lanes import draw_lane, draw_lanes
from tests.support.parts import (
    Flow,
    Gather,
    Hold,
    Place,
    Queue,
    Route,
    Sail,
    Ship,
    Split,
    Travel,
    exponential,
    gamma,
    poisson_flow,
)
from tests.support.plans import make_plan

GATE = Place("gate")


def draw(flows, replication=0, seed=1, **plan):
    return draw_lane(make_plan(flows=flows, **plan), RandomStreams(seed), replication)


def test_consignments_are_numbered_flow_by_flow_in_order_of_release():
    lane = draw([poisson_flow("A", 0.1, 900.0, stages=[Hold(1.0)]), Flow("B", at=[5, 3], stages=[Hold(1.0)])])
    assert lane.flow_idx.tolist() == sorted(lane.flow_idx.tolist())
    for flow in (0, 1):
        own = lane.release_h[lane.flow_idx == flow]
        assert np.all(np.diff(own) >= 0)
    assert lane.release_h[lane.flow_idx == 1].tolist() == [3, 5]
    assert lane.n_consignments == lane.release_h.size


def test_releases_are_on_the_grid_and_within_the_horizon():
    lane = draw([poisson_flow("A", 0.5, 1000.0, stages=[Hold(1.0)])], end_h=500.0)
    assert np.array_equal(lane.release_h, to_grid(lane.release_h))
    assert 0 <= lane.release_h.min() <= lane.release_h.max() < 500


def test_members_are_the_consignments_of_an_itinerary():
    lane = draw([Flow("A", at=range(50), routes=[Route([Hold(1.0)], share=0.4), Route([Hold(1.0)], share=0.6)])])
    assert np.array_equal(np.sort(np.concatenate(lane.members)), np.arange(50))
    for i, members in enumerate(lane.members):
        assert np.all(lane.itinerary_idx[members] == i)


def test_durations_by_stage_and_unit():
    stages = [
        Hold(2.0),
        Travel(3.0),
        Split(4),
        Queue(GATE, 8.0, occupancy=12.0),
        Gather(),
        Sail(Ship("s", (9.0,), 9.0)),
    ]
    lane = draw([Flow("A", at=[0, 1], stages=stages)])
    assert [s.tolist() for s in lane.service_h] == [[2, 2], [3, 3], [], [2] * 8, [], []]
    assert [o.tolist() for o in lane.occupancy_h] == [[], [], [], [3] * 8, [], []]


def test_occupancy_has_the_draw_of_the_service_unless_it_has_one_of_its_own():
    same = draw([Flow("A", at=range(9), stages=[Queue(GATE, gamma(2.0, 0.5))])])
    assert np.array_equal(same.service_h[0], same.occupancy_h[0])
    own = draw([Flow("A", at=range(9), stages=[Queue(GATE, gamma(2.0, 0.5), gamma(2.0, 0.5))])])
    assert np.array_equal(own.service_h[0], same.service_h[0])
    assert not np.any(own.occupancy_h[0] == own.service_h[0])


def test_durations_are_whole_ticks_and_at_least_one():
    lane = draw([poisson_flow("A", 1.0, 900.0, stages=[Hold(exponential(1e-6)), Queue(GATE, exponential(1.0))])])
    for hours in lane.service_h:
        assert np.array_equal(hours, to_grid(hours))
    assert lane.service_h[0].min() == TICK_H


def test_a_consignment_has_the_same_luck_on_every_itinerary():
    """A factor is drawn for all consignments of the flow: shares decide who goes where, not how it fares there."""
    hold = [Hold(exponential(5.0))]

    def lane(share):
        return draw([Flow("A", at=range(60), routes=[Route(hold, share=share), Route(hold, share=1 - share)])])

    few, many = lane(0.3), lane(0.7)
    assert set(few.members[0]) < set(many.members[0])
    kept = np.isin(many.members[0], few.members[0])
    assert np.array_equal(many.service_h[0][kept], few.service_h[0])


def test_units_of_a_consignment_are_drawn_apart():
    lane = draw([Flow("A", at=range(5), stages=[Split(3), Queue(GATE, gamma(2.0, 1.0)), Gather()])])
    assert len(set(lane.service_h[1].tolist())) == 15


def test_load_factors_follow_the_release():
    flow = Flow(
        "A",
        at=[0, 99, 100, 250],
        stages=[Hold(1.0)],
        load_t=10.0,
        load_teu=4.0,
        load_factors=[(0, 1.0), (100, 0.5), (200, 1.5)],
    )
    lane = draw([flow])
    assert lane.load_t.tolist() == [10, 10, 5, 15]
    assert lane.load_teu.tolist() == [4, 4, 2, 6]


def test_even_release_is_one_draw_of_a_phase():
    flow = Flow("A", expected=[(0, 0), (1000, 100)], poisson=False, stages=[Hold(1.0)])
    a, b = draw([flow]), draw([flow], replication=1)
    assert np.allclose(np.diff(a.release_h), 10.0, atol=1e-5)
    assert a.release_h[0] != b.release_h[0]


def test_containers_without_room_per_path_fill_paths_by_tonnes():
    from corridor_sim.plan.kinds import Basis

    stage = Queue(GATE, 0.0, 2.0, occupancy_basis=Basis.PATH, path_t=4.0, path_teu=float("inf"))
    lane = draw([Flow("A", at=[0], stages=[stage], load_t=12.0, load_teu=6.0)])
    assert lane.occupancy_h[0].tolist() == [6]


def test_nothing_to_draw():
    lane = draw([Flow("A", at=[], stages=[Queue(GATE, exponential(1.0))])])
    assert lane.n_consignments == 0
    assert lane.service_h[0].size == 0


def varied():
    """Flows whose numbers differ by lane, two routes, units, loads that vary."""
    routes = [
        Route([Hold(exponential(2.0)), Split(3), Queue(GATE, gamma(1.0, 0.7), 2.0), Gather()], share=0.4),
        Route([Travel(gamma(3.0, 0.2)), Queue(GATE, 1.0, basis=Basis.TONNE)], share=0.6),
    ]
    return make_plan(
        flows=[
            poisson_flow("A", 0.1, 900.0, routes=routes, load_factors=[(0.0, 1.0), (300.0, 0.5)]),
            poisson_flow("B", 0.05, 900.0, stages=[Queue(GATE, exponential(1.0))]),
            Flow("C", at=[], stages=[Hold(1.0)]),
        ]
    )


def test_lanes_drawn_together_are_those_drawn_alone():
    plan, arena = varied(), Arena()
    for _ in range(2):  # the second time in used memory
        arena.reset()
        together = draw_lanes(plan, RandomStreams(1), [4, 0, 2], arena)
        for row, replication in enumerate([4, 0, 2]):
            one, alone = together.lane(plan, row), draw_lane(plan, RandomStreams(1), replication)
            assert one.replication == replication
            for name in ("flow_idx", "release_h", "load_t", "load_teu", "itinerary_idx"):
                assert np.array_equal(getattr(one, name), getattr(alone, name)), name
            for name in ("members", "service_h", "occupancy_h"):
                assert all(map(np.array_equal, getattr(one, name), getattr(alone, name))), name


def test_padding_of_lanes():
    lanes = draw_lanes(varied(), RandomStreams(1), [0, 1, 2])
    for members in (*lanes.flows, *lanes.itineraries):
        there = np.arange(members.width) < members.count[:, None]
        assert np.array_equal(np.isfinite(members.release_h), there)
        assert np.array_equal(members.load_t > 0, there)
    assert lanes.n_consignments.tolist() == [sum(f.count[i] for f in lanes.flows) for i in range(3)]
