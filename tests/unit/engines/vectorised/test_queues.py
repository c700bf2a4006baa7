"""A place of all lanes at once against the diary of the discrete-event engine, in the hours of each lane."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.engines.discrete_event.facilities import Servers as Diary
from corridor_sim.engines.vectorised import queues
from corridor_sim.engines.vectorised.graph import StageGraph
from corridor_sim.engines.vectorised.queues import Place as Solver
from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.calendar_rows import CalendarRows
from corridor_sim.foundation.calendars import Calendar
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.lanes import draw_lanes
from tests.properties.strategies import any_calendar, hours, places
from tests.support.parts import Disruption, Flow, Place, Queue, Servers, exponential
from tests.support.plans import make_plan

END_H, LANES = 120.0, 3
INF = np.inf
STORM = Disruption("storm", [(0.0, END_H)], exponential(8.0), 0.5, ["gate"], rate_per_h=0.05)


def plan_of(place, n, service=1.0, occupancy=None, hit=()):
    flows = [Flow(f, at=[0.0] * n, stages=[Queue(place, service, occupancy)]) for f in "AB"]
    return make_plan(flows=flows, end_h=END_H, disruptions=hit)


class Gate:
    """One place in one block."""

    def __init__(self, plan, times=None):
        self.lanes = draw_lanes(plan, RandomStreams(7), range(LANES))
        self.solver = Solver(plan, self.lanes, StageGraph(plan).facilities[0], Arena(), Arena())
        self.found = self.solver.arrivals
        self.found.arrive_h = np.zeros(self.found.shape) if times is None else times

    def serve(self, since=0.0, until=END_H, rows=range(LANES), due=None):
        return self.solver.solve(np.array(rows), since, until, due)

    @property
    def times(self):
        return np.stack([self.found.start_h, self.found.depart_h])

    def diary(self, plan, row):
        """Starts and departures of one lane."""
        place, arrive = plan.places, self.found.arrive_h[row]
        diary = Diary(self.lanes.calendars[row][0], place.server_from_h[0].tolist(), place.server_until_h[0].tolist())
        service, taken = (np.concatenate(h, axis=1)[row] for h in (self.lanes.service_h, self.lanes.occupancy_h))
        served = np.full((2, arrive.size), INF)
        for c in np.argsort(arrive, kind="stable"):
            if arrive[c] < END_H:
                served[:, c] = diary.serve(float(arrive[c]), float(service[c]), float(taken[c]))
        return served


def some_times(data, n):
    clock = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    return clock.choice([0.0, 1.0, 1.0, 4.0, 8.0 - TICK_H, 8.0, *range(20, 60, 4), 100.0, INF], (LANES, 2 * n))


@settings(max_examples=300)
@given(
    place=places("gate"), n=st.integers(1, 12), service=hours, occupancy=st.one_of(st.none(), hours),
    hit=st.sampled_from([(), [STORM]]), in_the_cache=st.sampled_from([1, 10, 16384]), data=st.data(),
)  # fmt: skip
def test_a_place_serves_as_in_the_discrete_event_engine(place, n, service, occupancy, hit, in_the_cache, data):
    """Whatever its servers and hours; in one go, lane by lane, and in two stretches of time."""
    plan, times = plan_of(place, n, service, occupancy, hit), some_times(data, n)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queues, "CELLS", in_the_cache)
        whole, cut = Gate(plan, times), Gate(plan, times)
        assert whole.serve() == np.count_nonzero(times < END_H)
        for row in range(LANES):
            assert np.array_equal(whole.times[:, row], whole.diary(plan, row))
        at = data.draw(st.sampled_from([1.0, 8.0, 30.0]))
        cut.serve(0.0, at)
        cut.solver.settle()
        cut.serve(at, END_H)
        assert np.array_equal(cut.times, whole.times)


NIGHT = Calendar([0, 8, 16, 32], [0, 1, 0, 1])


@pytest.mark.parametrize(
    ("calendar", "service", "at"),
    [(NIGHT, 4.0, 8.0), (NIGHT, 3.5, 8.0), (NIGHT, 4.0, 9.0), (NIGHT, 0.0, 16.0 - TICK_H), (NIGHT, 1.0, 40.0),
     (Calendar([0], [8.0]), 0.0, 2.0), (Calendar([0], [8.0]), 0.0, 2.0 + TICK_H)],
)  # fmt: skip
def test_at_the_edges_of_open_hours_and_of_a_tick(calendar, service, at):
    """Four at once who are done as it closes, later, or on the next day; or all within a tick of the clock."""
    plan = plan_of(Place("gate", calendar=calendar), 2, service)
    gate = Gate(plan, np.full((LANES, 4), at))
    gate.serve()
    assert np.array_equal(gate.times[:, 0], gate.diary(plan, 0))


def test_a_stretch_that_is_not_settled_is_computed_from_the_same_servers_again():
    gate = Gate(plan_of(Place("gate"), 2))
    gate.serve()
    before = gate.times
    gate.serve()
    assert np.array_equal(gate.times, before)
    gate.solver.settle()
    gate.serve()
    assert gate.found.start_h.tolist() == [[4, 5, 6, 7]] * LANES


def test_lanes_that_are_not_asked_for_keep_their_servers():
    gate = Gate(plan_of(Place("gate"), 1))
    gate.serve(rows=[1])
    gate.solver.settle()
    assert gate.solver.free.tolist() == [[0], [2], [0]]
    assert np.isinf(gate.found.start_h[[0, 2]]).all()


def test_a_stretch_without_arrivals_leaves_the_servers_as_they_were():
    """Also when those that were there before have gone elsewhere."""
    gate = Gate(plan_of(Place("gate"), 1))
    gate.serve()
    gate.found.arrive_h = np.full((LANES, 2), INF)
    assert gate.serve() == 0
    gate.solver.settle()
    assert gate.solver.free.tolist() == [[0]] * LANES


@pytest.mark.parametrize(
    ("servers", "occupancy", "takes_turns", "closes"),
    [
        (2, None, True, False),
        (2, exponential(1.0), False, False),
        ((Servers(1), Servers(1, since=5.0)), None, False, False),
        ((Servers(1), Servers(1, until=5.0)), None, True, True),
    ],
)
def test_what_a_place_knows_of_its_servers(servers, occupancy, takes_turns, closes):
    solver = Gate(plan_of(Place("gate", servers), 1, 1.0, occupancy)).solver
    assert (solver.takes_turns, solver.closes) == (takes_turns, closes)


def test_lanes_share_a_calendar_unless_disruptions_are_drawn():
    shared, drawn = (Gate(plan_of(Place("gate"), 1, hit=hit)).solver.calendar for hit in ((), [STORM]))
    assert shared.is_always_open
    assert isinstance(drawn, CalendarRows)


@given(calendar=any_calendar)
def test_without_servers_nobody_is_served(calendar):
    gate = Gate(plan_of(Place("gate", (), calendar), 1))
    assert gate.serve() == 0
    assert np.isinf(gate.times).all()
