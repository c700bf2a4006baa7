"""Drawn disruptions change the calendars of what they hit; engines take the calendars from the lane."""

import pytest

from corridor_sim.foundation.distributions import Distribution, Family
from tests.support.parts import Disruption, Flow, Place, Queue, Sail, Ship
from tests.support.plans import make_plan
from tests.support.running import run

GATE, YARD = Place("gate"), Place("yard")
SHIP = Ship("ferry", (100.0, 200.0), 10.0)
AT_100 = [(100.0, 100.0)]


def visits(engine, disruption, at, service):
    plan = make_plan(flows=[Flow("A", at=at, stages=[Queue(GATE, service)])], disruptions=[disruption])
    return run(engine, plan).stage(0)


def test_a_closure_stops_work_and_it_goes_on_after(engine):
    strike = Disruption("strike", AT_100, duration=10.0, factor=0.0, targets=["gate"])
    assert visits(engine, strike, [98, 98, 105], 4.0) == [(98, 98, 112), (98, 112, 116), (105, 116, 120)]


def test_half_the_capacity_is_half_the_pace(engine):
    storm = Disruption("storm", AT_100, duration=10.0, factor=0.5, targets=["gate"])
    assert visits(engine, storm, [98, 98], 4.0) == [(98, 98, 104), (98, 104, 111)]


def test_factor_of_a_target_is_base_plus_slope_times_the_drawn_one(engine):
    storm = Disruption("storm", AT_100, duration=10.0, factor=0.5, targets=["gate"], base=0.15, slope=0.2)
    assert visits(engine, storm, [100], 2.0) == [(100, 100, 108)]


def test_an_event_that_began_before_the_horizon_lasts_into_it(engine):
    ice = Disruption("ice", [(-20.0, -20.0)], duration=30.0, factor=0.0, targets=["gate"])
    assert visits(engine, ice, [0], 2.0) == [(0, 10, 12)]


def test_an_event_that_outlasts_the_horizon_leaves_no_calendar_closed_for_ever(engine):
    ice = Disruption("ice", [(990.0, 990.0)], duration=500.0, factor=0.0, targets=["gate"])
    assert visits(engine, ice, [989, 989], 1.0) == [(989, 989, 990), (989, None, None)]


def test_two_events_at_once_multiply(engine):
    twice = Disruption("twice", AT_100 * 2, duration=10.0, factor=0.5, targets=["gate"])
    assert visits(engine, twice, [100], 2.0) == [(100, 100, 108)]


def test_sailings_lose_room(engine):
    storm = Disruption("storm", [(90.0, 90.0)], duration=20.0, factor=0.5, targets=["ferry"])
    flow = Flow("A", at=[0, 0], stages=[Sail(SHIP)], load_t=5.0)
    plan = make_plan(flows=[flow], disruptions=[storm], facilities=[GATE])
    assert run(engine, plan).starts(0) == [100, 200]


def test_one_of_several_targets_is_hit(engine):
    either = Disruption("either", AT_100, duration=10.0, factor=0.0, targets=["gate", "yard"], choose_one=True)
    flows = [Flow("A", at=[100], stages=[Queue(GATE, 1.0)]), Flow("B", at=[100], stages=[Queue(YARD, 1.0)])]
    plan = make_plan(flows=flows, disruptions=[either])
    seen = set()
    for replication in range(12):
        done = run(engine, plan, replication=replication)
        seen.add((done.starts(0)[0], done.starts(1)[0]))
    assert seen == {(100, 110), (110, 100)}


def test_all_targets_are_hit_together_with_the_same_draw(engine):
    storm = Disruption(
        "storm",
        AT_100,
        Distribution(Family.UNIFORM, 5.0, 50.0),
        Distribution(Family.UNIFORM, 0.2, 0.8),
        ["gate", "yard"],
    )
    flows = [Flow("A", at=[100], stages=[Queue(GATE, 3.0)]), Flow("B", at=[100], stages=[Queue(YARD, 3.0)])]
    plan = make_plan(flows=flows, disruptions=[storm])
    ends = {
        tuple(run(engine, plan, replication=r).departs(0) + run(engine, plan, replication=r).departs(1))
        for r in range(5)
    }
    assert len(ends) == 5
    assert all(a == b > 103 for a, b in ends)


@pytest.mark.parametrize("rate", [0.0, 1e9])
def test_a_rate_of_nothing_and_a_window_of_no_length_bring_no_event(engine, rate):
    quiet = Disruption("quiet", AT_100, duration=10.0, factor=0.0, targets=["gate"], rate_per_h=rate)
    assert visits(engine, quiet, [98], 4.0) == [(98, 98, 102)]
