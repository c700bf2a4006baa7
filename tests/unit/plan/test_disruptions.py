"""When drawn disruptions strike; what engines make of it is in tests/conformance/test_disruptions.py."""

import math

import numpy as np
import pytest
from scipy import stats

from corridor_sim.foundation.distributions import Distribution, Family
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.disruptions import draw_interruptions
from tests.support.parts import Disruption, Flow, Place, Queue, Ship, exponential, open_daily
from tests.support.plans import make_plan

GATE, YARD, SHIP = Place("gate"), Place("yard"), Ship("ship", (10.0,), 1.0)


def calendars(*disruptions, replication=0, seed=1, places=(GATE, YARD), end_h=8760.0):
    plan = make_plan(
        flows=[Flow("A", at=[], stages=[Queue(places[0], 1.0)])],
        facilities=[*places, SHIP],
        disruptions=disruptions,
        end_h=end_h,
    )
    return draw_interruptions(plan, RandomStreams(seed), replication)


def strikes(calendar):
    """Starts, ends and factors of the stretches that are not at rate 1."""
    edges = [*calendar.times_h.tolist(), math.inf]
    return [(a, b, r) for a, b, r in zip(edges, edges[1:], calendar.rates, strict=False) if r != 1]


def test_exactly_one_event_in_each_window():
    winters = [(100.0, 200.0), (4000.0, 4100.0), (8000.0, 8100.0)]
    ice = Disruption("ice", winters, duration=50.0, factor=0.5, targets=["gate"])
    for replication in range(20):
        found = strikes(calendars(ice, replication=replication)[0])
        assert len(found) == 3
        for (low, high), (a, b, factor) in zip(winters, found, strict=True):
            assert low <= a < high
            assert b - a == pytest.approx(50.0, abs=1e-5)
            assert factor == 0.5


def test_poisson_events_come_at_the_rate_inside_the_windows():
    storms = Disruption("storms", [(0.0, 2000.0), (5000.0, 6000.0)], 0.25, 0.0, ["gate"], rate_per_h=0.004)
    found = [strikes(calendars(storms, replication=r)[0]) for r in range(150)]
    starts = np.array([a for lane in found for a, _, _ in lane])
    assert np.all((starts < 2000) | ((starts >= 5000) & (starts < 6000)))
    assert abs(starts.size / 150 - 12) < 4 * math.sqrt(12 / 150)
    counts = np.array([len(lane) for lane in found])
    assert 0.001 < stats.chi2(149).cdf(149 * counts.var(ddof=1) / counts.mean()) < 0.999


def test_factor_and_duration_are_drawn():
    storm = Disruption("storm", [(0.0, 10.0)], exponential(20.0), Distribution(Family.UNIFORM, 0.2, 0.6), ["gate"])
    found = [strikes(calendars(storm, replication=r)[0])[0] for r in range(300)]
    lengths = np.array([b - a for a, b, _ in found])
    factors = np.array([f for _, _, f in found])
    assert abs(lengths.mean() - 20) < 4 * 20 / math.sqrt(300)
    assert 0.2 <= factors.min() <= factors.max() <= 0.6
    assert abs(factors.mean() - 0.4) < 4 * 0.4 / math.sqrt(12 * 300)


def test_all_targets_are_hit_and_nobody_else():
    storm = Disruption("storm", [(0.0, 10.0)], 5.0, 0.5, ["gate", "ship"])
    gate, yard, ship = calendars(storm)
    assert strikes(gate) == strikes(ship) != []
    assert yard.is_always_open


def test_one_target_is_chosen_with_equal_chance():
    either = Disruption("either", [(0.0, 10.0)], 5.0, 0.5, ["gate", "yard", "ship"], choose_one=True)
    hit = np.array([[not c.is_always_open for c in calendars(either, replication=r)] for r in range(300)])
    assert np.all(hit.sum(axis=1) == 1)
    assert np.all(np.abs(hit.sum(axis=0) - 100) < 4 * math.sqrt(300 * 2 / 9))


def test_disruptions_come_on_top_of_opening_hours():
    gate = Place("gate", calendar=open_daily(8, 16, 4))
    strike = Disruption("strike", [(10.0, 10.0)], 4.0, 0.25, ["gate"])
    calendar = calendars(strike, places=(gate, YARD))[0]
    assert [calendar.rate_at(t) for t in (9, 11, 13.9, 14, 20)] == [1, 0.25, 0.25, 1, 0]


def test_another_disruption_leaves_draws_as_they_were():
    storm = Disruption("storm", [(0.0, 5000.0)], exponential(20.0), 0.5, ["gate"], rate_per_h=0.002)
    other = Disruption("other", [(0.0, 5000.0)], exponential(20.0), 0.5, ["yard"], rate_per_h=0.002)
    assert strikes(calendars(storm)[0]) == strikes(calendars(other, storm)[0])


def test_without_disruptions_calendars_are_those_of_the_plan():
    plan = make_plan(flows=[Flow("A", at=[], stages=[Queue(GATE, 1.0)])])
    drawn = draw_interruptions(plan, RandomStreams(1), 0)
    assert all(a is b for a, b in zip(drawn, plan.facility_calendars, strict=True))
