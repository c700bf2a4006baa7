"""Which way a consignment takes: validity at its release, and shares among those valid."""

import math

import numpy as np
import pytest

from tests.support.parts import Flow, Hold, Place, Queue, Route, poisson_flow
from tests.support.plans import make_plan
from tests.support.running import run

UNUSED = Place("unused")


def test_validity_is_judged_at_the_release(engine):
    routes = [Route([Hold(20.0)], until=10.0), Route([Hold(1.0)], since=10.0)]
    plan = make_plan(flows=[Flow("A", at=[5, 9.5, 10, 15], routes=routes)], facilities=[UNUSED])
    done = run(engine, plan)
    assert done.lane.itinerary_idx.tolist() == [0, 0, 1, 1]
    assert done.stage(0) == [(5, 5, 25), (9.5, 9.5, 29.5)]
    assert done.stage(1) == [(10, 10, 11), (15, 15, 16)]
    assert done.summary.n_events == 4


def test_routes_that_overlap_in_validity_share(engine):
    """0.3 and 0.7 until hour 2000, then all by a third."""
    routes = [
        Route([Hold(1.0)], share=0.3, until=2000.0),
        Route([Hold(1.0)], share=0.7, until=2000.0),
        Route([Hold(1.0)], since=2000.0),
    ]
    done = run(engine, make_plan(flows=[poisson_flow("A", 2.0, 4000.0, routes=routes)], end_h=4000.0))
    early = done.lane.release_h < 2000.0
    counts = np.bincount(done.lane.itinerary_idx[early], minlength=3)
    n = early.sum()
    assert counts[2] == 0
    assert abs(counts[0] - 0.3 * n) < 4 * math.sqrt(0.21 * n)
    assert (done.lane.itinerary_idx[~early] == 2).all()


@pytest.mark.parametrize("shares", [(1.0, 0.0), (0.0, 1.0)])
def test_a_share_of_nothing_or_all(engine, shares):
    routes = [Route([Hold(1.0)], share=s) for s in shares]
    done = run(engine, make_plan(flows=[poisson_flow("A", 1.0, 900.0, routes=routes)]))
    assert set(done.lane.itinerary_idx.tolist()) == {shares.index(1.0)}


def test_routes_meet_at_shared_places(engine):
    gate = Place("gate")
    routes = [Route([Queue(gate, 2.0)], until=1.0), Route([Queue(gate, 1.0)], since=1.0)]
    done = run(engine, make_plan(flows=[Flow("A", at=[0, 1, 1.5], routes=routes)]))
    assert done.stage(0) == [(0, 0, 2)]
    assert done.stage(1) == [(1, 2, 3), (1.5, 3, 4)]


def test_rows_of_a_stage_are_its_consignments_in_order(engine):
    routes = [Route([Hold(1.0)], share=0.5), Route([Hold(1.0)], share=0.5)]
    done = run(engine, make_plan(flows=[Flow("A", at=range(40), routes=routes), Flow("B", at=[7], stages=[Hold(1.0)])]))
    for stage, members in enumerate(done.lane.members):
        arrivals = [row[0] for row in done.stage(stage)]
        assert arrivals == done.lane.release_h[members].tolist() == sorted(arrivals)
    assert sorted(np.concatenate(done.lane.members).tolist()) == list(range(41))
