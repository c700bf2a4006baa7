import numpy as np

from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.results.reductions.calendars import LaneCalendars, closed_calendars
from tests.support.parts import Flow, Hold, Place, Queue, Sail, Ship, open_daily
from tests.support.plans import make_plan
from tests.support.running import run

SHUT_AT_5 = Calendar([0.0, 5.0, 7.0], [1.0, 0.0, 1.0])


def test_lanes_that_share_a_calendar_are_one_group():
    found = LaneCalendars.of([ALWAYS_OPEN, SHUT_AT_5, ALWAYS_OPEN])
    assert [(c, np.arange(3)[rows].tolist()) for c, rows in found.groups] == [(ALWAYS_OPEN, [0, 2]), (SHUT_AT_5, [1])]
    assert found.has_closed_hours
    assert not LaneCalendars.of([ALWAYS_OPEN] * 2).has_closed_hours


def test_closed_hours_of_each_lane():
    found = LaneCalendars.of([SHUT_AT_5, ALWAYS_OPEN])
    assert found.closed_before(np.array([[4.0, 6.0, 9.0]] * 2)).tolist() == [[0, 1, 2], [0, 0, 0]]


def test_times_of_any_lanes():
    lane, times = np.array([1, 0, 0, 1]), np.array([9.0, 9.0, 6.0, 6.0])
    for calendars, expected in (([SHUT_AT_5, ALWAYS_OPEN], [9, 7, 5, 6]), ([SHUT_AT_5] * 2, [7, 7, 5, 5])):
        found = LaneCalendars.of(calendars).of_each(lane, lambda c, chosen: c.open_time(times[chosen]))
        assert found.tolist() == expected


def test_only_stages_with_closed_hours_feel_them():
    """A gate that is slow is never closed, and a ship's calendar is its room."""
    hours = open_daily(8, 16, 5)
    stages = [
        Hold(1.0), Hold(1.0, hours), Queue(Place("slow", calendar=[(0, 0.5)]), 1.0),
        Queue(Place("gate", calendar=hours), 1.0), Sail(Ship("ship", (900.0,), 9.0, calendar=[(0, 0.0), (15, 1.0)])),
    ]  # fmt: skip
    done = run(get_engine("des"), make_plan(flows=[Flow("A", at=[0], stages=stages)]))
    found = closed_calendars(done.plan, done.lanes)
    assert [c is not None for c in found] == [False, True, False, True, False]
