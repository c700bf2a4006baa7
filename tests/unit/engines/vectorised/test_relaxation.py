"""Windows and rounds change the work, never the numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.engines.registry import get_engine
from corridor_sim.engines.vectorised import relaxation
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from tests.properties.strategies import plans
from tests.support.parts import (
    Flow,
    Form,
    Formation,
    Gather,
    Hold,
    Place,
    Queue,
    Sail,
    Servers,
    Ship,
    Split,
    exponential,
    gamma,
    open_daily,
    poisson_flow,
)
from tests.support.plans import make_plan
from tests.support.running import same_bits

END_H, LANES = 150.0, 3
WINDOWS = ((1, 1000), (1, 2), (2, 3), (12, 20), (500, 5))
"""Windows to begin with, and rounds after which one is cut."""
P, Q, FLEET = Place("P"), Place("Q", 2, calendar=open_daily(6, 22, 7)), Place("fleet", (Servers(2), Servers(1, 50.0)))
FERRY, TRAIN = Ship("ferry", tuple(np.arange(6.0, END_H, 6.0)), 3.0), Formation("train", 2, 5.0)

TIGHT = {
    "single queues": [Queue(P, 0.5, 1.0), Hold(exponential(1.0)), Queue(FLEET, gamma(1.0, 0.5), 2.0), Queue(P, 0.3)],
    "hours and units": [Queue(Q, 1.0), Split(3), Queue(FLEET, exponential(0.5), 1.0), Gather(), Queue(P, 0.5)],
    "ships and trains": [Form(TRAIN), Queue(P, 0.5), Sail(FERRY), Hold(1.0), Queue(Q, gamma(1.0, 0.5)), Form(TRAIN)],
}


def legs_of(stages):
    """Stages, what lies between a split and its gather as one."""
    legs, inside = [], False
    for stage in stages:
        if inside:
            legs[-1].append(stage)
        else:
            legs.append([stage])
        inside = isinstance(stage, Split) or (inside and not isinstance(stage, Gather))
    return legs


def both_ways(stages, rate_per_h=0.4):
    back = [stage for leg in reversed(legs_of(stages)) for stage in leg]
    flows = [poisson_flow("S", rate_per_h, END_H, stages=stages), poisson_flow("N", rate_per_h, END_H, stages=back)]
    return make_plan(flows=[*flows, Flow("T", at=[3.0] * 5, stages=stages)], end_h=END_H)


def events_in(plan, windows, seed=1):
    """Events of every lane, and the work, with windows of one size."""
    lanes = draw_lanes(plan, RandomStreams(seed), range(LANES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relaxation, "FIRST_WINDOWS", windows[0])
        patch.setattr(relaxation, "MOST_SWEEPS", windows[1])
        events = get_engine("vector-rounds").run(plan, lanes)
    return [events.lane(plan, lanes, row) for row in range(LANES)], events.work


def reference(plan, seed=1):
    lanes = draw_lanes(plan, RandomStreams(seed), range(LANES))
    events = get_engine("des").run(plan, lanes)
    return [events.lane(plan, lanes, row) for row in range(LANES)]


@pytest.mark.parametrize("stages", TIGHT.values(), ids=list(TIGHT))
@pytest.mark.parametrize("seed", range(3))
def test_few_windows_many_and_those_that_are_cut_give_the_times_of_the_reference(stages, seed):
    plan = both_ways(stages)
    expected = reference(plan, seed)
    for windows in WINDOWS:
        found, _ = events_in(plan, windows, seed)
        assert all(same_bits(a, b) for a, b in zip(expected, found, strict=True)), windows


@settings(max_examples=40)
@given(plan=plans(), windows=st.sampled_from(WINDOWS))
def test_random_plans_in_any_windows(plan, windows):
    found, _ = events_in(plan, windows)
    assert all(same_bits(a, b) for a, b in zip(reference(plan), found, strict=True))


def test_a_window_that_is_cut_forgets_what_it_said_of_later():
    """At a first glance train and ferry go at once; nobody may still meet them there when they turn out to wait."""
    plan = both_ways(TIGHT["ships and trains"], rate_per_h=1.0)
    for seed in range(4):
        found, work = events_in(plan, (1, 2), seed)
        assert max(w.windows for w in work) > 10
        assert all(same_bits(a, b) for a, b in zip(reference(plan, seed), found, strict=True))


def work_on(plan, windows=(12, 20)):
    _, work = events_in(plan, windows)
    return work


@pytest.mark.parametrize("windows", WINDOWS)
def test_work_on_a_circle_is_at_least_its_visits(windows):
    (circle,) = work_on(both_ways(TIGHT["hours and units"]), windows)
    assert set(circle.facilities) == {"P", "Q", "fleet"}
    assert 0 < circle.visits <= circle.solved
    assert circle.windows >= windows[0]
    assert circle.sweeps >= circle.windows or windows[0] == 500


def test_without_a_circle_every_visit_is_computed_once():
    ways = [poisson_flow(f, 0.4, END_H, stages=[Queue(P, 1.0), Form(TRAIN), Queue(Q, 1.0), Sail(FERRY)]) for f in "AB"]
    work = work_on(make_plan(flows=ways, end_h=END_H))
    assert [w.facilities for w in work] == [("P",), ("train",), ("Q",), ("ferry",)]
    assert all((w.solved, w.windows, w.sweeps) == (w.visits, 1, 1) for w in work)
    assert work[0].visits > 100


def test_windows_save_work():
    """A queue that grows all the time: in one window every round computes all of it anew."""
    plan = both_ways(TIGHT["single queues"], rate_per_h=1.0)
    (one,), (several,) = work_on(plan, (1, 1000)), work_on(plan, (12, 20))
    assert several.visits == one.visits
    assert several.solved < one.solved / 2


def test_a_circle_that_nobody_enters():
    plan = make_plan(flows=[Flow(f, at=[], stages=[Queue(P, 1.0), Queue(P, 1.0)]) for f in "AB"])
    (circle,) = work_on(plan)
    assert (circle.visits, circle.solved, circle.sweeps) == (0, 0, 0)
