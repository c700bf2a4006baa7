"""Worked examples and refusals; the laws are in tests/properties/test_calendar_laws.py."""

import numpy as np
import pytest

from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.foundation.time_grid import TICK_H

NIGHT = Calendar([0, 8, 16, 32], [0, 1, 0, 1])


def test_open_time_counts_open_hours_only():
    assert NIGHT.open_time(np.array([0.0, 8, 10, 16, 20, 32, 33])).tolist() == [0, 0, 2, 8, 8, 8, 9]


def test_where_it_is_closed_an_end_takes_the_first_instant_and_a_start_the_last():
    u = np.array([0.0, 2, 8, 9])
    assert NIGHT.end_time(u).tolist() == [0, 10, 16, 33]
    assert NIGHT.start_time(u).tolist() == [8, 10, 32, 33]


@pytest.mark.parametrize(
    ("since", "work", "end"),
    [(0, 1, 9), (8, 8, 16), (8, 8 + TICK_H, 32 + TICK_H), (20, 1, 33), (15, 2, 33), (40, 5, 45)],
)
def test_work_after(since, work, end):
    assert NIGHT.after(since, work) == end


def test_rates_stretch_and_shorten():
    calendar = Calendar([0, 10, 20], [0.5, 2.0, 1.0])
    assert calendar.open_time(np.array([10.0, 20, 30])).tolist() == [5, 25, 35]
    assert calendar.after(8, 3) == 11
    assert calendar.rate_at(9.99) == 0.5
    assert calendar.rate_at(10) == 2.0


def test_closed_hours_are_those_at_rate_0():
    assert NIGHT.closed_before(np.array([0.0, 4, 8, 16, 17, 40])).tolist() == [0, 4, 8, 8, 9, 24]
    assert Calendar([0, 5], [0.2, 1.0]).closed_before(np.array([9.0])).tolist() == [0]


def test_missing_times_stay_missing():
    assert np.isnan(NIGHT.closed_before(np.array([np.nan, 1.0]))).tolist() == [True, False]


def test_times_before_0_count_as_0():
    assert NIGHT.open_time(np.array([-5.0])).tolist() == [0]
    assert NIGHT.open_time_at(-5.0) == 0


def test_always_open_is_time_itself():
    t = np.array([1.5, 2.5])
    assert ALWAYS_OPEN.open_time(t) is t
    assert ALWAYS_OPEN.is_always_open
    assert not NIGHT.is_always_open
    assert not Calendar([0], [0.5]).is_always_open
    assert Calendar([0, 5], [1, 1]).is_always_open
    assert ALWAYS_OPEN.times(NIGHT) is NIGHT
    assert NIGHT.times(ALWAYS_OPEN) is NIGHT


def test_intervals_are_cut_at_the_end_so_that_it_opens_again():
    closed = ALWAYS_OPEN.with_intervals([(90.0, 500.0, 0.0)], end_h=100.0)
    assert closed.times_h.tolist() == [0, 90, 100]
    assert closed.rates.tolist() == [1, 0, 1]


def test_intervals_overlap_and_multiply():
    hit = ALWAYS_OPEN.with_intervals([(10.0, 30.0, 0.5), (20.0, 40.0, 0.5)], end_h=100.0)
    assert hit.times_h.tolist() == [0, 10, 20, 30, 40]
    assert hit.rates.tolist() == [1, 0.5, 0.25, 0.5, 1]


@pytest.mark.parametrize(
    "interval", [(5.0, 5.0, 0.0), (9.0, 5.0, 0.0), (200.0, 300.0, 0.0), (-9.0, -1.0, 0.0), (1.0, 2.0, 1.0)]
)
def test_intervals_that_change_nothing(interval):
    assert ALWAYS_OPEN.with_intervals([interval], end_h=100.0) is ALWAYS_OPEN


@pytest.mark.parametrize(
    ("times", "rates", "message"),
    [
        ([1.0], [1.0], "must start at 0 and increase"),
        ([], [], "must start at 0 and increase"),
        ([0, 5, 5], [1, 0, 1], "must start at 0 and increase"),
        ([0, 5], [1], "must start at 0 and increase"),
        ([0], [-1], "finite and not negative"),
        ([0], [np.inf], "finite and not negative"),
        ([0], [np.nan], "finite and not negative"),
        ([0, 5], [1, 0], "last rate of a calendar must be above 0"),
    ],
)
def test_impossible_calendars_are_refused(times, rates, message):
    with pytest.raises(ValueError, match=message):
        Calendar(times, rates)


def test_arrays_are_frozen():
    with pytest.raises(ValueError, match="read-only"):
        NIGHT.times_h[0] = 1.0
