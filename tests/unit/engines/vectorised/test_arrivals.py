"""Arrivals of all lanes in the order in which they are served: by time, then by rank."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.engines.vectorised.arrivals import Arrivals, StageColumns
from corridor_sim.engines.vectorised.graph import StageGraph
from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.lanes import draw_lanes
from tests.properties.strategies import plans
from tests.support.parts import Flow, Gather, Hold, Place, Queue, Route, Split, poisson_flow
from tests.support.plans import make_plan

INF = np.inf
GATE = Place("gate")
VISIT = Queue(GATE, 1.0)


class Seen:
    """Arrivals at one facility of a plan, and who they are."""

    def __init__(self, plan, n_lanes=3, facility=0):
        lanes = draw_lanes(plan, RandomStreams(2), range(n_lanes))
        self.arrivals = Arrivals(plan, lanes, StageGraph(plan).facilities[facility], Arena())
        self.rank = np.empty((n_lanes, self.arrivals.shape[1], 2), dtype=np.int64)
        self.is_there = np.zeros(self.arrivals.shape, dtype=bool)
        for c in self.arrivals.stages:
            members = lanes.itineraries[int(plan.stages.itinerary_idx[c.stage])]
            columns = c.of(c.members)
            self.rank[:, columns, 0] = np.repeat(members.consignment, c.n_units, axis=1)
            self.rank[:, columns, 1] = np.tile(np.arange(c.n_units), c.n_members)
            self.is_there[:, columns] = np.repeat(np.isfinite(members.release_h), c.n_units, axis=1)

    def check_order(self, times, rows, since, until, columns=None, due=None):
        """Compare with sorting lists of (time, consignment, unit, column)."""
        a = self.arrivals
        if columns is not None:
            a.look_at(columns)
        a.arrive_h = times[:, a.columns]
        looked_at = a.columns if due is None else a.columns[due]
        ordered = a.in_order(np.array(rows), since, until, due)
        for k, row in enumerate(rows):
            expected = sorted(
                (times[row, c], *self.rank[row, c], c) for c in looked_at.tolist() if since <= times[row, c] < until
            )
            n = len(expected)
            assert ordered.count[k] == n
            assert ordered.arrive_h[k, :n].tolist() == [x[0] for x in expected]
            assert (ordered.cell[k, :n] - row * a.shape[1]).tolist() == [x[3] for x in expected]
            assert np.all(ordered.arrive_h[k, n:] == INF)
            assert np.all(ordered.cell[k, n:] == a.start_h.size)
        assert ordered.arrive_h.shape[1] == ordered.count.max(initial=0)


@settings(max_examples=150)
@given(plan=plans(), data=st.data())
def test_order_is_by_time_then_rank_in_any_window_lanes_and_columns(plan, data):
    n = len(StageGraph(plan).facilities)
    if not n:
        return
    seen = Seen(plan, facility=data.draw(st.integers(0, n - 1)))
    shape = seen.arrivals.shape
    clock = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    times = np.where(seen.is_there, clock.choice([0.0, 1.0, 1.0, 1.0 + TICK_H, 2.0, 119.0, 120.0, INF], shape), INF)
    rows = data.draw(st.sampled_from([[0, 1, 2], [1], [0, 2]]))
    since, until = data.draw(st.sampled_from([(0.0, 120.0), (0.0, 1.0), (1.0, 1.0 + TICK_H), (1.0 + TICK_H, 120.0)]))
    columns = np.flatnonzero(clock.random(shape[1]) < 0.8) if data.draw(st.booleans()) else None
    looked_at = shape[1] if columns is None else columns.size
    due = clock.random(looked_at) < data.draw(st.sampled_from([0.1, 0.5, 0.9]))
    is_due = np.zeros(shape[1], dtype=bool)
    is_due[np.arange(shape[1])[due] if columns is None else columns[due]] = True
    # columns that are not due have no arrival in the window, in no lane
    times[:, ~is_due] = np.where((since <= times[:, ~is_due]) & (times[:, ~is_due] < until), INF, times[:, ~is_due])
    seen.check_order(times, rows, since, until, columns, np.flatnonzero(due) if data.draw(st.booleans()) else None)


CORNERS = {
    "one flow that comes twice": [Flow("A", at=[0, 0, 0], stages=[VISIT, Hold(1.0), VISIT])],
    "two routes": [Flow("A", at=[0] * 6, routes=[Route([VISIT], 0.5), Route([Hold(1.0), VISIT], 0.5)])],
    "units and whole": [
        Flow("A", at=[0, 0], stages=[Split(3), VISIT, Gather(), VISIT]),
        Flow("B", at=[0, 0], stages=[Split(2), VISIT, Gather()]),
    ],
    "lanes of different lengths": [poisson_flow("A", 0.1, 50.0, stages=[VISIT]), Flow("B", at=[0], stages=[VISIT])],
}


@pytest.mark.parametrize("flows", CORNERS.values(), ids=list(CORNERS))
def test_all_at_one_instant_are_in_the_order_of_rank(flows):
    seen = Seen(make_plan(flows=flows, end_h=50.0))
    times = np.where(seen.is_there, 7.0, INF)
    seen.check_order(times, [0, 1, 2], 0.0, 50.0)
    seen.check_order(times, [2], 7.0, 7.0 + TICK_H)
    seen.check_order(times, [0, 1], 0.0, 7.0)


def test_a_window_begins_with_its_first_instant_and_ends_before_its_last():
    seen = Seen(make_plan(flows=[Flow("A", at=range(5), stages=[VISIT])]), n_lanes=1)
    a = seen.arrivals
    a.arrive_h = np.array([[1.0, 2.0 - TICK_H, 2.0, 3.0 - TICK_H, 3.0]])
    assert a.in_order(np.array([0]), 2.0, 3.0).arrive_h.tolist() == [[2.0, 3.0 - TICK_H]]


def test_what_is_said_of_padding_is_never_seen():
    seen = Seen(make_plan(flows=[Flow("A", at=[0, 1], stages=[VISIT])]), n_lanes=2)
    a = seen.arrivals
    a.arrive_h = np.array([[1.0, 2.0], [5.0, INF]])
    ordered = a.in_order(np.array([0, 1]), 0.0, 9.0)
    a.put(ordered, np.array([[1.0, 3.0], [5.0, 66.0]]), np.array([[3.0, 5.0], [7.0, 77.0]]))
    assert a.start_h.tolist() == [[1, 3], [5, INF]]
    assert a.depart_h.tolist() == [[3, 5], [7, INF]]


def test_what_is_taken_back_never_happens():
    seen = Seen(make_plan(flows=[Flow("A", at=[0, 1], stages=[VISIT])]), n_lanes=2)
    a = seen.arrivals
    a.start_h[...], a.depart_h[...] = 1.0, 2.0
    a.take_back(np.array([1]), np.array([0]))
    assert a.start_h.tolist() == [[1, 1], [INF, 1]]
    assert a.depart_h.tolist() == [[2, 2], [INF, 2]]


def test_nobody_comes():
    for flows in ([Flow("A", at=[], stages=[VISIT])], [Flow("A", at=[0], stages=[VISIT])]):
        seen = Seen(make_plan(flows=flows))
        seen.check_order(np.full(seen.arrivals.shape, INF), [0, 1, 2], 0.0, 9.0)


def test_columns_of_members_are_unit_by_unit():
    c = StageColumns(stage=4, first=10, n_units=3, n_members=5)
    assert c.of(c.members) == slice(10, 25)
    assert c.of(slice(1, 3)) == slice(13, 19)
