"""The same lane gives the same bits; what is not touched stays as it was."""

import numpy as np

from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from tests.support.parts import (
    Disruption,
    Form,
    Formation,
    Gather,
    Hold,
    Place,
    Queue,
    Sail,
    Ship,
    Split,
    exponential,
    gamma,
    open_daily,
    poisson_flow,
)
from tests.support.plans import make_plan
from tests.support.running import Run, run, same_bits

GATE = Place("gate", servers=2, calendar=open_daily(6, 22, days=20))
SHIP, TRAIN = Ship("ferry", tuple(np.arange(12.0, 480.0, 24.0)), 8.0), Formation("train", 3, 6.0)


def everything():
    stages = [Hold(exponential(2.0)), Form(TRAIN), Split(3), Queue(GATE, gamma(1.0, 0.7)), Gather(), Sail(SHIP)]
    return poisson_flow("A", 0.3, 480.0, stages=stages)


def test_a_lane_run_twice_gives_the_same_bits(engine):
    plan = make_plan(flows=[everything()], end_h=480.0)
    lanes = draw_lanes(plan, RandomStreams(3), [0])
    again = [Run(plan, lanes, engine.run(plan, lanes)).events for _ in range(2)]
    assert same_bits(*again)


def test_a_lane_drawn_twice_gives_the_same_bits(engine):
    plan = make_plan(flows=[everything()], end_h=480.0)
    assert same_bits(run(engine, plan, seed=3).events, run(engine, plan, seed=3).events)


def test_seeds_and_replications_differ(engine):
    plan = make_plan(flows=[everything()], end_h=480.0)
    bits = {run(engine, plan, seed=s, replication=r).events.arrive_h.tobytes() for s in (1, 2) for r in (0, 1)}
    assert len(bits) == 4


def test_replications_do_not_depend_on_their_order(engine):
    plan = make_plan(flows=[everything()], end_h=480.0)
    forth = {r: run(engine, plan, seed=5, replication=r).events for r in (0, 1, 2)}
    back = {r: run(engine, plan, seed=5, replication=r).events for r in (2, 0, 1)}
    assert all(same_bits(forth[r], back[r]) for r in forth)


def test_another_flow_leaves_draws_as_they_were(engine):
    alone = run(engine, make_plan(flows=[everything()], end_h=480.0))
    other = poisson_flow("B", 0.2, 480.0, stages=[Hold(exponential(1.0)), Queue(Place("elsewhere"), gamma(1.0, 0.5))])
    for flows in ([everything(), other], [other, everything()]):
        done = run(engine, make_plan(flows=flows, end_h=480.0))
        first = 2 * (flows[0] is other)
        own = done.lane.flow_idx == flows.index(flows[-1] if flows[0] is other else flows[0])
        assert np.array_equal(done.lane.release_h[own], alone.lane.release_h)
        for s in range(6):
            assert np.array_equal(done.lane.service_h[first + s], alone.lane.service_h[s])
            assert np.array_equal(done.lane.occupancy_h[first + s], alone.lane.occupancy_h[s])
            # elsewhere nobody is in the way, so even the times are the same
            assert done.stage(first + s) == alone.stage(s)


def test_another_stage_leaves_draws_as_they_were(engine):
    short = [Hold(exponential(2.0)), Queue(GATE, gamma(1.0, 0.7))]
    a = run(engine, make_plan(flows=[poisson_flow("A", 0.3, 480.0, stages=short)], end_h=480.0))
    b = run(
        engine,
        make_plan(
            flows=[poisson_flow("A", 0.3, 480.0, stages=[*short, Queue(Place("new"), gamma(1, 1))])], end_h=480.0
        ),
    )
    assert a.stage(0) == b.stage(0)
    assert a.stage(1) == b.stage(1)


def test_more_demand_keeps_the_first_consignments(engine):
    """Common random numbers: twice the flow is another sequence in time, with the same luck for each consignment."""
    stages = [Queue(GATE, gamma(1.0, 0.7))]
    a = run(engine, make_plan(flows=[poisson_flow("A", 0.2, 480.0, stages=stages)], end_h=480.0))
    b = run(engine, make_plan(flows=[poisson_flow("A", 0.4, 480.0, stages=stages)], end_h=480.0))
    n = a.lane.n_consignments
    assert b.lane.n_consignments > n
    assert np.array_equal(a.lane.service_h[0], b.lane.service_h[0][:n])


def test_a_disruption_leaves_draws_as_they_were(engine):
    strike = Disruption("strike", [(100.0, 200.0)], duration=30.0, factor=0.0, targets=["ferry"])
    a = run(engine, make_plan(flows=[everything()], end_h=480.0))
    b = run(engine, make_plan(flows=[everything()], end_h=480.0, disruptions=[strike]))
    assert all(np.array_equal(x, y) for x, y in zip(a.lane.service_h, b.lane.service_h, strict=True))
    assert a.stage(3) == b.stage(3)
    assert a.stage(5) != b.stage(5)


def test_events_are_frozen(engine):
    events = run(engine, make_plan(flows=[everything()], end_h=480.0)).events
    assert not any(getattr(events, name).flags.writeable for name in ("arrive_h", "start_h", "depart_h"))
