"""A violation is an error: spoil sound events in one way at a time."""

import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.errors import ConservationError
from corridor_sim.results.events import Events
from corridor_sim.results.reductions import reduce_lanes
from tests.support.parts import Flow, Gather, Hold, Place, Queue, Split
from tests.support.plans import make_plan
from tests.support.running import run

STAGES = [Hold(1.0), Split(2), Queue(Place("gate"), 1.0), Gather(), Hold(2.0)]


@pytest.fixture(scope="module")
def done():
    return run(get_engine("des"), make_plan(flows=[Flow("A", at=[0, 5, 10], stages=STAGES)]))


def spoilt(done, stage, row, **values):
    times = {name: [t.copy() for t in getattr(done.block, name)] for name in ("arrive_h", "start_h", "depart_h")}
    for name, value in values.items():
        times[name][stage][0, row] = value
    return reduce_lanes(done.plan, done.lanes, Events(**{name: tuple(t) for name, t in times.items()}))


def test_sound_events_pass(done):
    assert spoilt(done, 0, 0).n_events == done.events.n_events


@pytest.mark.parametrize(
    ("stage", "row", "values", "message"),
    [
        (2, 1, {"arrive_h": np.inf}, r"stage Aa/02/queue: 6 units should have arrived, 5 did"),
        (2, 1, {"depart_h": np.inf}, r"stage Aa/03/gather: 5 units should have arrived, 6 did"),
        (4, 0, {"depart_h": 0.5}, r"stage Aa/04/hold: a unit leaves before it arrived"),
        (2, 0, {"start_h": 0.5}, r"stage Aa/02/queue: a unit leaves before it arrived"),
        (0, 0, {"arrive_h": 0.5, "start_h": 0.5}, r"itinerary Aa: a trip does not begin at its release"),
        (4, 0, {"arrive_h": 3.75, "start_h": 3.75}, r"itinerary Aa: stage times do not join"),
    ],
)
def test_what_does_not_add_up_is_named(done, stage, row, values, message):
    with pytest.raises(ConservationError, match=message):
        spoilt(done, stage, row, **values)


def test_the_replication_and_every_fault_are_named(done):
    with pytest.raises(ConservationError, match=r"^replication 0: stage Aa/00.*; itinerary Aa: .*join"):
        spoilt(done, 0, 2, depart_h=9.0)
