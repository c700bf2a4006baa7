import numpy as np
import pytest

from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lane
from corridor_sim.results.events import finish_events, stage_rows
from tests.support.parts import Flow, Gather, Hold, Place, Queue, Route, Split
from tests.support.plans import make_plan


@pytest.fixture
def plan():
    routes = [
        Route([Hold(1.0), Split(3), Queue(Place("gate"), 1.0), Gather()], until=5.0),
        Route([Hold(1.0)], since=5.0),
    ]
    return make_plan(flows=[Flow("A", at=[0, 1, 9], routes=routes)], end_h=10.0)


def test_rows_are_consignments_times_units(plan):
    lane = draw_lane(plan, RandomStreams(1), 0)
    assert stage_rows(plan, lane).tolist() == [0, 2, 4, 10, 16, 17]


def test_times_at_the_end_or_later_have_not_happened(plan):
    times = np.array([0.0, 9.999, 10.0, 11.0, np.inf, np.nan])
    events = finish_events(plan, np.array([0, 6]), times.copy(), times.copy(), times.copy())
    assert np.array_equal(events.arrive_h, [0, 9.999, np.nan, np.nan, np.nan, np.nan], equal_nan=True)
    assert events.n_events == 2
    assert events.rows(0) == slice(0, 6)
    with pytest.raises(ValueError, match="read-only"):
        events.start_h[0] = 1.0
