import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from corridor_sim.plan.kinds import StageKind
from tests.support.parts import Flow, Hold, Place, Queue, Travel, exponential
from tests.support.plans import make_plan
from tests.support.running import run


def test_events_and_queue_events(corridor):
    summary = corridor.summary
    arrivals = ~np.isnan(corridor.events.arrive_h)
    assert summary.n_events == arrivals.sum()
    queues = np.flatnonzero(corridor.plan.stages.kind == StageKind.QUEUE)
    assert summary.n_queue_events == sum(arrivals[corridor.events.rows(s)].sum() for s in queues)


def test_queues_by_place_and_day(corridor):
    assert corridor.summary.queues.shape == (1, 2, 59)
    assert corridor.summary.queues.dtype == np.float32


def test_every_kpi_has_one_unit_and_no_subject_twice(corridor):
    units, seen = {}, set()
    for block in corridor.kpis:
        assert units.setdefault(block.kpi, block.unit) == block.unit
        for subject in block.subjects:
            assert (block.kpi, subject) not in seen
            seen.add((block.kpi, subject))


def test_very_long_trips_fall_in_the_last_bin():
    flow = Flow("A", at=[0], stages=[Hold(4000.0)])
    done = run(get_engine("des"), make_plan(flows=[flow], end_h=5000.0, facilities=[Place("unused")]))
    assert done.summary.transit_counts[0, 0, -1] == 1


def test_a_plan_without_places(engine):
    """A corridor of holds and moves only is a corridor."""
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=[Hold(1.0), Travel(2.0)])]))
    assert done.summary.n_events == 2
    assert done.summary.queues.shape == (1, 0, 42)


@pytest.mark.parametrize("end_h", [100.0, 743.0])
def test_any_length_of_horizon(end_h):
    flow = Flow("A", at=range(90), stages=[Queue(Place("gate"), exponential(1.5))])
    done = run(get_engine("des"), make_plan(flows=[flow], end_h=end_h))
    assert done.summary.queues.shape == (1, 1, int(np.ceil(end_h / 24)))
