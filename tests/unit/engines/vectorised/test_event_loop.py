"""The event loop gives the times of rounds, compiled and as it stands, and counts what it did."""

import subprocess
import sys
from pathlib import Path

import pytest

from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from tests.support.parts import Flow, Form, Formation, Gather, Hold, Place, Queue, Sail, Split
from tests.support.plans import make_plan
from tests.support.running import same_bits
from tests.unit.engines.vectorised.test_relaxation import END_H, FERRY, LANES, TIGHT, P, both_ways, reference

ROOT = Path(__file__).parents[4]


def by_events(plan, seed=1):
    lanes = draw_lanes(plan, RandomStreams(seed), range(LANES))
    events = get_engine("vector-events").run(plan, lanes)
    return [events.lane(plan, lanes, row) for row in range(LANES)], events.work


def agree(plan, seed=1):
    found, _ = by_events(plan, seed)
    return all(same_bits(a, b) for a, b in zip(reference(plan, seed), found, strict=True))


@pytest.mark.parametrize("stages", TIGHT.values(), ids=list(TIGHT))
@pytest.mark.parametrize("seed", range(5))
def test_tight_circles_have_the_times_of_the_reference(stages, seed):
    assert agree(both_ways(stages, rate_per_h=1.0), seed)


def test_work_is_the_visits_once():
    _, (circle,) = by_events(both_ways(TIGHT["hours and units"]))
    assert circle.way == "events"
    assert (circle.solved, circle.windows, circle.sweeps) == (circle.visits, 1, 1)
    assert circle.visits > 100


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param([Split(3), Hold(1.0), Gather()], id="units that meet nobody"),
        pytest.param([Split(2), Hold(1.0), Gather(), Split(3), Hold(2.0), Gather()], id="two splits on one way"),
        pytest.param([Split(2), Hold(1.0), Gather(), Split(3), Queue(P, 0.1), Gather()], id="more units later"),
    ],
)
def test_units_on_the_way(inside):
    assert agree(both_ways([Queue(P, 0.5), *inside, Queue(P, 0.25)]))


def test_a_train_that_left_full_leaves_its_clock_to_the_next():
    """The wait of the first train would end at 10; the second begins at 4 and leaves at 14, not at 10."""
    train = Formation("train", 2, 10.0)
    stages = [Form(train), Queue(P, 0.5), Hold(100.0), Form(train)]
    plan = make_plan(flows=[Flow("A", at=[0.0, 1.0, 4.0, 30.0, 31.0, 90.0], stages=stages)], end_h=END_H)
    (first, *_), _ = by_events(plan)
    assert first.start_h[:6].tolist() == [1.0, 1.0, 14.0, 31.0, 31.0, 100.0]
    assert agree(plan)


def test_a_train_still_waiting_at_the_end_and_a_ship_that_never_comes():
    train = Formation("train", 3, 1000.0)
    stages = [Form(train), Queue(P, 0.5), Form(train)]
    assert agree(make_plan(flows=[Flow("A", at=[0.0, 1.0, 2.0, 140.0], stages=stages)], end_h=END_H))
    full = [Sail(FERRY), Queue(P, 0.5), Sail(FERRY)]
    assert agree(make_plan(flows=[Flow("A", at=[145.0] * 9, stages=full, load_t=2.0)], end_h=END_H))


def test_a_place_without_servers():
    empty = Place("empty", 0)
    plan = make_plan(flows=[Flow("A", at=[1.0, 2.0], stages=[Queue(P, 0.5), Queue(empty, 1.0), Queue(P, 0.5)])])
    assert agree(plan)


def test_without_numba_the_loop_runs_as_it_stands():
    """In a process of its own, where numba cannot be imported: the same bits, and the default way is rounds."""
    script = """
import sys
sys.modules["numba"] = None
from tests.unit.engines.vectorised.test_event_loop import TIGHT, agree, both_ways, by_events
from corridor_sim.engines.vectorised import jit
from corridor_sim.engines.vectorised.engine import Block
assert not jit.IS_THERE
assert all(agree(both_ways(stages), seed) for stages in TIGHT.values() for seed in range(3))
assert not Block.worth_loading.pays(10**12)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
