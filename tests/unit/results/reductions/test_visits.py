import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from corridor_sim.results.events import Events
from corridor_sim.results.reductions.bins import Bins, Cells
from corridor_sim.results.reductions.visits import Visits
from tests.support.parts import Flow, Place, Queue, Travel
from tests.support.plans import make_plan
from tests.support.running import run

EDGES_H = np.array([4.0, 10.0, 20.0])
"""Hours 4 to 10 and 10 to 20 are measured."""


@pytest.fixture(scope="module")
def done():
    """Three arrive at the gate at once, served for 5 h each: from 0, 5 and 10 h; it takes 6 h to come back to it."""
    gate = Place("gate")
    stages = [Queue(gate, 5.0), Travel(6.0), Queue(gate, 5.0)]
    return run(get_engine("des"), make_plan(flows=[Flow("A", at=[0, 0, 0], stages=stages)], end_h=20.0))


def visits_of(done, events):
    cells = Cells(1, Bins(EDGES_H))
    found = Visits(done.plan, done.lanes, events, cells, [0])
    for stage in found.place_of:
        with np.errstate(invalid="ignore"):
            found.add(stage, cells.of(events.arrive_h[stage]), cells.of(events.depart_h[stage]))
    return found


def test_stages_and_places(done):
    found = visits_of(done, done.block)
    assert found.place_of == {0: 0, 2: 0}
    assert found.stages_of == [[0, 2]]


def test_visits_by_month(done):
    """Starts at 0, 5, 10 and (back at 11 and 16 h) 15 h; the last is not done at 20 h."""
    found = visits_of(done, done.block)
    assert found.started[0, 0, :-1].tolist() == [1, 1, 2]
    assert found.left[0, 0, :-1].tolist() == [0, 1, 2]
    assert found.visit_h[0, 0, 1:-1].tolist() == [5, 10 + 15]
    assert found.offered_h[0, 0, :-1].tolist() == [15, 0, 10]


def test_servers_time(done):
    found = visits_of(done, done.block)
    assert found.busy_h().tolist() == [[[6, 10]]]
    assert found.available_h(EDGES_H).tolist() == [[[6, 10]]]


def test_those_who_start_as_they_arrive_are_counted_once(done):
    arrive, depart = done.block.arrive_h, done.block.depart_h
    shared, apart = (
        visits_of(done, Events(arrive, arrive, depart)),
        visits_of(done, Events(arrive, tuple(a.copy() for a in arrive), depart)),
    )
    assert shared.started.tolist() == apart.started.tolist()
    assert shared.busy_h().tolist() == apart.busy_h().tolist()
