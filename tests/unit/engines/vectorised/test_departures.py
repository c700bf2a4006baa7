"""Sailings and formations of all lanes at once against those of the discrete-event engine."""

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.engines.discrete_event.facilities import Formation as FormationDiary
from corridor_sim.engines.discrete_event.facilities import Sailings
from corridor_sim.engines.discrete_event.wake import Wake
from corridor_sim.engines.vectorised.departures import Forming, Sailing
from corridor_sim.engines.vectorised.graph import StageGraph
from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.calendars import Calendar
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.lanes import draw_lanes
from corridor_sim.plan.room import load_millionths, room_millionths
from tests.properties.strategies import ships
from tests.support.parts import Disruption, Flow, Form, Formation, Gather, Sail, Ship, Split
from tests.support.plans import make_plan

END_H, LANES = 120.0, 3
INF = np.inf


def solver_of(kind, plan):
    lanes = draw_lanes(plan, RandomStreams(5), range(LANES))
    return kind(plan, lanes, StageGraph(plan).facilities[0], Arena(), Arena()), lanes


def some_times(data, shape):
    clock = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    return clock.choice([0.0, 1.0, 1.0, 4.0, 10.0, 10.0 + TICK_H, *range(20, 60, 4), 100.0, INF], shape)


def solve(solver, times, until=END_H, rows=range(LANES)):
    solver.arrivals.arrive_h = times
    return solver.solve(np.array(rows), 0.0, until, None)


def in_order(times):
    """Columns of one lane in order of arrival, ties by rank; those that come."""
    order = np.argsort(times, kind="stable")
    return order[np.isfinite(times[order])]


def loaded(ship, n, units=1, hit=()):
    stages = [Sail(ship)] if units == 1 else [Split(units), Sail(ship), Gather()]
    factors = [(0.0, 1.0), (20.0, 0.5), (50.0, 2.0)]
    flows = [Flow(f, at=[float(k) for k in range(n)], stages=stages, load_t=2.0, load_teu=1.0, load_factors=factors)
             for f in "AB"]  # fmt: skip
    return make_plan(flows=flows, end_h=END_H, disruptions=hit)


@settings(max_examples=100)
@given(ship=ships("ship"), units=st.integers(1, 3), n=st.integers(1, 30), data=st.data())
def test_ships_take_who_they_take_in_the_discrete_event_engine(ship, units, n, data):
    """In lanes of different weather: a drawn storm takes away capacity."""
    storm = Disruption("storm", [(0.0, END_H)], 30.0, 0.5, ["ship"], rate_per_h=0.02)
    plan = loaded(ship, n, units, [storm])
    solver, lanes = solver_of(Sailing, plan)
    times = some_times(data, solver.arrivals.shape)
    assert solve(solver, times) == np.isfinite(times).sum()
    flows = [f.load_teu if ship.counts_teu else f.load_t for f in lanes.flows]
    load = load_millionths(np.repeat(np.concatenate(flows, axis=1) / units, units, axis=1))
    for row in range(LANES):
        calendar = lanes.calendars[row][0]
        room = room_millionths(ship.capacity * np.array([calendar.rate_at(t) for t in ship.departures]))
        sailings = Sailings(list(ship.departures), room.tolist())
        for c in in_order(times[row]):
            assert (solver.arrivals.start_h[row, c], solver.arrivals.depart_h[row, c]) == sailings.board(
                times[row, c], load[row, c]
            )


def leaves(size, wait, arrivals):
    """When each goes on, in the order of arrival."""
    env, left = simpy.Environment(), [INF] * len(arrivals)
    formation = FormationDiary(env, size, wait)

    def member(k, at):
        yield Wake(env, at, 2 + k)
        left[k] = yield formation.join()

    for k, at in enumerate(arrivals):
        env.process(member(k, at))
    env.run(until=1000.0)
    return left


@settings(max_examples=100)
@given(size=st.integers(1, 5), wait=st.sampled_from([0.0, TICK_H, 3.0, 9.0]), n=st.integers(1, 20), data=st.data())
def test_trains_leave_as_in_the_discrete_event_engine(size, wait, n, data):
    stages = [Form(Formation("train", size, wait))]
    solver, _ = solver_of(Forming, make_plan(flows=[Flow("A", at=[0.0] * n, stages=stages)], end_h=END_H))
    times = some_times(data, solver.arrivals.shape)
    assert solve(solver, times) == np.isfinite(times).sum()
    for row in range(LANES):
        order = in_order(times[row])
        found = solver.arrivals.depart_h[row, order]
        assert found.tolist() == leaves(size, wait, times[row, order].tolist())
        assert np.array_equal(solver.arrivals.start_h[row, order], found - TICK_H)


SHIP = Ship("ship", (10.0, 20.0), 4.0)
PLANS = {
    Sailing: loaded(SHIP, 6),
    Forming: make_plan(flows=[Flow("A", at=[0.0] * 12, stages=[Form(Formation("train", 3, 6.0))])], end_h=END_H),
}
each_kind = pytest.mark.parametrize("kind", PLANS, ids=lambda kind: kind.__name__)


@each_kind
def test_a_longer_stretch_begins_anew(kind):
    times = np.tile(np.array([0.0, 1, 2, 3, 9, 9, 12, 12, 19, 20, 21, INF]), (LANES, 1))
    (once, _), (twice, _) = solver_of(kind, PLANS[kind]), solver_of(kind, PLANS[kind])
    solve(once, times)
    solve(twice, times, until=9.0)
    assert np.isinf(twice.arrivals.start_h[:, 4:]).all()
    solve(twice, times)
    assert np.array_equal(once.arrivals.depart_h, twice.arrivals.depart_h)
    assert not once.keeps_state


@each_kind
def test_lanes_that_are_not_asked_for_stay_as_they_are(kind):
    solver, _ = solver_of(kind, PLANS[kind])
    solve(solver, np.zeros(solver.arrivals.shape), rows=[1])
    assert np.isinf(solver.arrivals.depart_h[[0, 2]]).all()
    assert np.isfinite(solver.arrivals.depart_h[1]).any()


def test_a_ship_that_is_never_there():
    solver, _ = solver_of(Sailing, loaded(Ship("ship", (), 4.0, calendar=Calendar([0.0], [0.5])), 3))
    solve(solver, np.zeros(solver.arrivals.shape))
    assert np.isinf(solver.arrivals.start_h).all()
