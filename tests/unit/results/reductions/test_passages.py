import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from corridor_sim.results.events import Events
from corridor_sim.results.reductions.bins import Bins, Cells
from corridor_sim.results.reductions.passages import Passages, Subjects
from corridor_sim.results.reductions.trips import follow
from tests.support.parts import Flow, Gather, Hold, Place, Queue, Split, Travel
from tests.support.plans import make_plan
from tests.support.running import run

STAGES = [Hold(1.0), Split(2), Queue(Place("gate"), 1.0), Travel(3.0, a="N", b="M"), Gather(), Hold(2.0)]


@pytest.fixture(scope="module")
def done():
    """Released at 0, 5 and 10 h; the last is on its section at the end."""
    return run(get_engine("des"), make_plan(flows=[Flow("A", at=[0, 5, 10], stages=STAGES, load_t=6.0)], end_h=13.0))


def count(done, events):
    cells = Cells(1, Bins(np.array([4.0, 13.0])))
    trips, found = follow(done.plan, done.lanes, events, 0, cells), Passages(done.plan, events, cells)
    for stage in trips.stages:
        found.add(trips, stage)
    return found


def test_subjects_are_places_then_sections(done):
    subjects = Subjects.of(done.plan)
    assert subjects.places == ("place:gate",)
    assert subjects.sections == ("section:N-M-rail", "section:N-M-rail/N>M")
    assert subjects.of_stage == {2: [0], 3: [1, 2]}


def test_arrivals_and_departures_of_units(done):
    found = count(done, done.block)
    assert found.arrived()[:, 0].tolist() == [3, 3, 6, 6, 4, 2]
    assert found.left()[:, 0].tolist() == [3, 3, 6, 4, 4, 2]
    assert found.arrivals[2, 0].tolist() == [2, 4, 0]


def test_throughput_of_the_measured_time(done):
    """Units leave the gate at 1.5 and 2 h, 6.5 and 7 h, 11.5 and 12 h, the section 1.5 h (half of 3) later."""
    at_gate, section, direction = count(done, done.block).throughput[:, 0, :, 0].T.tolist()
    assert at_gate == [2, 12, 0]
    assert section == direction


def test_arrivals_that_are_the_departures_before_are_counted_once(done):
    block = done.block
    shared = [block.arrive_h[0], *(block.depart_h[s] if block.depart_h[s].shape == a.shape else a
                                   for s, a in enumerate(block.arrive_h[1:]))]  # fmt: skip
    once, twice = count(done, Events(tuple(shared), block.start_h, block.depart_h)), count(done, block)
    assert np.array_equal(once.arrivals, twice.arrivals)
