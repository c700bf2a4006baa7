"""Lanes that run together: each is as if it ran alone, whatever the others are like."""

import copy

import numpy as np
import pytest

from corridor_sim.foundation.distributions import Distribution, Family
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from corridor_sim.results.events import LaneEvents
from tests.support.parts import (
    Disruption,
    Flow,
    Form,
    Formation,
    Gather,
    Hold,
    Place,
    Queue,
    Route,
    Sail,
    Servers,
    Ship,
    Split,
    Travel,
    exponential,
    gamma,
    open_daily,
    poisson_flow,
)
from tests.support.plans import make_plan
from tests.support.running import same_bits

END_H = 300.0
GATE = Place("gate", servers=2, calendar=open_daily(6, 22, days=12))
FLEET = Place("fleet", (Servers(2), Servers(1, until=150.0)))
TRACK = Place("track")
SHIP, TRAIN = Ship("ferry", tuple(np.arange(12.0, END_H, 24.0)), 6.0), Formation("train", 3, 6.0)
COLUMNS = ("arrive_h", "start_h", "depart_h")


def both_ways(rate_per_h=0.2):
    trucks = [Split(3), Queue(FLEET, gamma(1.0, 0.7), 4.0), Gather()]
    south = [Hold(exponential(2.0)), Form(TRAIN), *trucks, Queue(GATE, 1.0), Queue(TRACK, 0.0, 2.0)]
    south += [Travel(gamma(3.0, 0.4)), Sail(SHIP)]
    north = [Sail(SHIP), Queue(TRACK, 0.0, 2.0), Queue(GATE, gamma(2.0, 0.5)), Queue(FLEET, 1.0, 4.0)]
    return [poisson_flow("S", rate_per_h, END_H, stages=south), poisson_flow("N", rate_per_h, END_H, stages=north)]


def together(engine, plan, replications, seed=4) -> list[LaneEvents]:
    lanes = draw_lanes(plan, RandomStreams(seed), replications)
    events = engine.run(plan, lanes)
    return [events.lane(plan, lanes, row) for row in range(len(replications))]


def check_each_is_as_if_alone(engine, plan, replications=(0, 1, 2, 3, 4), seed=4):
    block = together(engine, plan, replications, seed)
    for r, events in zip(replications, block, strict=True):
        assert same_bits(events, together(engine, plan, [r], seed)[0]), f"replication {r}"
    return block


def test_lanes_of_a_block_are_as_if_alone(engine):
    block = check_each_is_as_if_alone(engine, make_plan(flows=both_ways(), end_h=END_H))
    assert len({events.arrive_h.tobytes() for events in block}) == 5


def test_the_order_of_lanes_does_not_matter(engine):
    plan = make_plan(flows=both_ways(), end_h=END_H)
    forth, back = together(engine, plan, [0, 1, 2]), together(engine, plan, [2, 0, 1])
    assert all(same_bits(forth[r], back[k]) for k, r in enumerate((2, 0, 1)))


def test_flows_that_are_empty_in_some_lanes(engine):
    plan = make_plan(flows=[*both_ways(rate_per_h=0.003), both_ways()[0]], end_h=END_H)
    replications = range(8)
    count = np.array([f.count for f in draw_lanes(plan, RandomStreams(4), replications).flows])
    assert all((n == 0).any() and (n > 0).any() for n in count[:2])
    check_each_is_as_if_alone(engine, plan, replications)


def test_lanes_in_which_nobody_sets_out(engine):
    plan = make_plan(flows=both_ways(rate_per_h=0.002), end_h=END_H)
    block = check_each_is_as_if_alone(engine, plan, range(8))
    assert {events.arrive_h.size > 0 for events in block} == {True, False}


def test_routes_that_nobody_takes_in_some_lanes(engine):
    south, north = both_ways()
    routes = [Route(south.stages, share=0.95), Route([*north.stages, Hold(1.0)], share=0.05)]
    flow = poisson_flow("S", 0.1, END_H, routes=routes)
    plan = make_plan(flows=[flow, north], end_h=END_H)
    count = draw_lanes(plan, RandomStreams(4), range(8)).itineraries[1].count
    assert (count == 0).any()
    assert (count > 0).any()
    check_each_is_as_if_alone(engine, plan, range(8))


def test_disruptions_that_differ_by_lane(engine):
    storm = Disruption("storm", [(0.0, END_H)], exponential(12.0), Distribution(Family.UNIFORM, 0.0, 1.0),
                       ["gate", "fleet", "ferry"], rate_per_h=0.02)  # fmt: skip
    strike = Disruption("strike", [(50.0, 250.0)], 24.0, 0.0, ["gate", "track"], choose_one=True)
    check_each_is_as_if_alone(engine, make_plan(flows=both_ways(), end_h=END_H, disruptions=[storm, strike]))


def test_a_closure_hits_the_lane_that_drew_it(engine):
    """A strike of a day begins at hour 100 at one of two gates; the other gate is open."""
    gates = [Place("north"), Place("south")]
    strike = Disruption("strike", [(100.0, 100.0)], 24.0, 0.0, ["north", "south"], choose_one=True)
    flows = [Flow(f"F{i}", at=[110], stages=[Queue(gate, 1.0)]) for i, gate in enumerate(gates)]
    plan = make_plan(flows=flows, end_h=END_H, disruptions=[strike])
    starts = [tuple(events.start_h) for events in together(engine, plan, range(12))]
    assert set(starts) == {(124.0, 110.0), (110.0, 124.0)}


@pytest.mark.parametrize("hours", [0.0, 1.0, 2.5])
def test_overload_and_ties_in_a_block(engine, hours):
    """Everybody sets out at hours 0, 5, 10, both ways; who passes is decided by rank in every lane alike."""
    rush = [0.0] * 6 + [5.0] * 6 + [10.0] * 6
    stages = [Queue(TRACK, hours, 2.0), Queue(FLEET, hours, 4.0), Queue(GATE, 1.0)]
    flows = [Flow("S", at=rush, stages=stages), Flow("N", at=rush, stages=stages[::-1])]
    block = check_each_is_as_if_alone(engine, make_plan(flows=flows, end_h=60.0), range(3))
    assert same_bits(block[0], block[1])
    assert np.isnan(block[0].depart_h).any()


def test_events_are_shaped_like_the_lanes_and_padding_never_happens(engine):
    plan = make_plan(flows=both_ways(), end_h=END_H)
    lanes = draw_lanes(plan, RandomStreams(4), range(5))
    events = engine.run(plan, lanes)
    for s, (i, units) in enumerate(zip(plan.stages.itinerary_idx, plan.stages.n_units, strict=True)):
        members = lanes.itineraries[int(i)]
        is_padding = np.arange(members.width * units) >= (members.count * units)[:, None]
        assert is_padding.any()
        for column in COLUMNS:
            times = getattr(events, column)[s]
            assert times.shape == is_padding.shape
            assert not np.any(times[is_padding] < plan.end_h)


def test_an_engine_leaves_the_draws_as_they_were(engine):
    plan = make_plan(flows=both_ways(), end_h=END_H)
    lanes = draw_lanes(plan, RandomStreams(4), range(3))
    before = copy.deepcopy(lanes)
    engine.run(plan, lanes)
    for a, b in zip(before.itineraries, lanes.itineraries, strict=True):
        assert np.array_equal(a.release_h, b.release_h)
        assert np.array_equal(a.consignment, b.consignment)
    for name in ("service_h", "occupancy_h"):
        assert all(np.array_equal(a, b) for a, b in zip(getattr(before, name), getattr(lanes, name), strict=True))
