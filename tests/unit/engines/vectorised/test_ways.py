"""Ways are few steps; each gives what passing stage by stage gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.engines.vectorised.arrivals import StageColumns
from corridor_sim.engines.vectorised.ways import Add, Latest, Repeat, Way, Work, leave, steps_through
from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.kinds import Basis, StageKind
from corridor_sim.plan.lanes import draw_lanes
from tests.properties.strategies import any_calendar, hours
from tests.support.parts import Flow, Gather, Hold, Split, Travel, exponential, poisson_flow
from tests.support.plans import make_plan

NIGHT = Calendar([0, 8, 16, 32], [0, 1, 0, 1])
INF = np.inf
holds = st.builds(Hold, hours, any_calendar, basis=st.sampled_from([Basis.UNIT, Basis.CONSIGNMENT]))
moves = st.builds(Travel, hours, calendar=any_calendar)
plain = st.lists(st.one_of(holds, moves), max_size=3)


@st.composite
def legs(draw):
    if draw(st.booleans()):
        return draw(plain)
    return [Split(draw(st.integers(1, 3))), *draw(plain), Gather()]


def drawn(stages, n_lanes=3):
    flow = poisson_flow("A", 0.1, 100.0, stages=[Hold(1.0), *stages], load_factors=[(0.0, 1.0), (50.0, 2.0)])
    plan = make_plan(flows=[flow], end_h=100.0)
    return plan, draw_lanes(plan, RandomStreams(1), range(n_lanes))


def steps_of(*stages):
    plan, lanes = drawn(stages)
    return steps_through(plan, lanes, range(1, len(plan.stages)))


def stage_by_stage(plan, lanes, times, stages):
    for s in stages:
        kind, units = StageKind(int(plan.stages.kind[s])), int(plan.stages.n_units[s])
        calendar = None if plan.stages.calendar_idx[s] < 0 else plan.stage_calendars[plan.stages.calendar_idx[s]]
        times = leave(kind, times, lanes.service_h[s], units, calendar)
        if kind is StageKind.SPLIT:
            times = np.repeat(times, int(plan.stages.n_units[s + 1]), axis=1)
        if kind is StageKind.GATHER:
            times = times[:, ::units]
    return times


@settings(max_examples=150)
@given(data=st.data())
def test_a_way_is_its_stages_one_after_the_other_for_all_members_or_some(data):
    stages = [stage for leg in data.draw(st.lists(legs(), max_size=4)) for stage in leg]
    plan, lanes = drawn(stages)
    on_the_way = range(1, len(plan.stages))
    depart_h = lanes.itineraries[0].release_h + np.arange(3)[:, None] / 2
    width = depart_h.shape[1]
    expected = stage_by_stage(plan, lanes, depart_h, on_the_way)
    whole = np.concatenate([np.full((3, 5), -1.0), depart_h], axis=1)
    way = Way(whole, StageColumns(0, 5, 1, width), steps_through(plan, lanes, on_the_way))
    units = expected.shape[1] // width if width else 1
    low, high = sorted(data.draw(st.tuples(st.integers(0, width), st.integers(0, width))))
    assert np.array_equal(way.arrivals(slice(0, width)), expected)
    assert np.array_equal(way.arrivals(slice(low, high)), expected[:, low * units : high * units])


def test_open_holds_and_moves_are_one_addition():
    (step,) = steps_of(Hold(1.0), Travel(exponential(2.0)), Hold(0.5))
    assert isinstance(step, Add)


def test_hours_of_a_calendar_are_a_step_of_their_own():
    steps = steps_of(Hold(1.0), Travel(2.0, calendar=NIGHT), Hold(1.0), Hold(1.0))
    assert [type(step) for step in steps] == [Add, Work, Add]


def test_a_split_and_a_gather_take_their_tick_with_their_neighbours():
    steps = steps_of(Hold(1.0), Split(2), Hold(1.0, basis=Basis.UNIT), Gather(), Hold(1.0))
    assert [type(step) for step in steps] == [Add, Repeat, Add, Latest, Add]
    assert np.all(steps[0].hours == 1.0 + TICK_H)
    assert np.all(steps[2].hours == 1.0)
    assert np.all(steps[4].hours == 1.0 + TICK_H)


def test_between_neighbours_there_is_no_step():
    plan, lanes = drawn([])
    way = Way(np.array([[1.0, 2.0], [3.0, INF]]), StageColumns(0, 0, 1, 2), steps_through(plan, lanes, range(0)))
    assert way.arrivals(slice(1, 2)).tolist() == [[2.0], [INF]]


@pytest.mark.parametrize(
    ("kind", "calendar", "expected"),
    [
        (StageKind.HOLD, ALWAYS_OPEN, [3.0, 10.0, 17.0, INF]),
        (StageKind.TRAVEL, NIGHT, [10.0, 11.0, 33.0, INF]),
        (StageKind.SPLIT, None, [1.0 + TICK_H, 8.0 + TICK_H, 15.0 + TICK_H, INF]),
        (StageKind.GATHER, None, [8.0 + TICK_H, 8.0 + TICK_H, INF, INF]),
    ],
)
def test_leaving(kind, calendar, expected):
    times = np.array([[1.0, 8.0, 15.0, INF]])
    work = np.array([[2.0, 2.0, 2.0, 2.0]]) if kind is not StageKind.TRAVEL else np.array([[2.0, 3.0, 2.0, 2.0]])
    assert leave(kind, times, work, 2, calendar).tolist() == [expected]


def test_nobody_leaves_in_less_than_a_tick():
    fast = Calendar([0.0], [8.0])
    assert leave(StageKind.HOLD, np.array([[5.0]]), np.array([[TICK_H]]), 1, fast).tolist() == [[5.0 + TICK_H]]


def test_flows_of_nobody():
    plan = make_plan(flows=[Flow("A", at=[], stages=[Hold(1.0), Split(2), Hold(1.0, NIGHT), Gather()])])
    lanes = draw_lanes(plan, RandomStreams(1), range(2))
    way = Way(np.empty((2, 0)), StageColumns(0, 0, 1, 0), steps_through(plan, lanes, range(1, 4)))
    assert way.arrivals(slice(0, 0)).shape == (2, 0)
