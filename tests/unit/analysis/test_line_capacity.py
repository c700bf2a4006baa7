"""Measures of a single-track line: cases worked out by hand, and what holds for every timetable."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_sim.analysis.line_capacity import (
    OCCUPIED_FRAC_LIMIT_DAY,
    OCCUPIED_FRAC_LIMIT_PEAK,
    occupancy,
    scott_trains_per_day,
)

HALF_HOUR, FIVE_MINUTES = 0.5, 5 / 60
TINY = 1e-9

TRAINS = st.lists(
    st.tuples(st.floats(0, 2), st.floats(0, 3), st.booleans()), min_size=1, max_size=25
)  # gap to the earliest entry, run time, direction
SPACING = st.tuples(st.floats(0, 1), st.floats(0, 1))


def timetable(trains, headway_h, working_h):
    """A timetable that keeps the rules, with gaps: rule by rule, against every train before, not only the last."""
    rows = []
    for gap_h, run_h, up in trains:
        earliest_h = max((enter_h for enter_h, _, _ in rows), default=0.0)
        for enter_h, leave_h, before_up in rows:
            if before_up == up:
                earliest_h = max(earliest_h, enter_h + headway_h, leave_h + headway_h - run_h)
            else:
                earliest_h = max(earliest_h, leave_h + working_h)
        rows.append((earliest_h + gap_h, earliest_h + gap_h + run_h, up))
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def test_scott_with_half_an_hour_and_five_minutes():
    assert scott_trains_per_day(HALF_HOUR, FIVE_MINUTES, efficiency=1) == pytest.approx(1440 / 35)
    assert round(scott_trains_per_day(HALF_HOUR, FIVE_MINUTES, efficiency=1), 2) == 41.14
    assert scott_trains_per_day(HALF_HOUR, FIVE_MINUTES) == pytest.approx(0.7 * 1440 / 35)


def test_scott_takes_the_mean_of_both_directions():
    one_way = scott_trains_per_day(0.5, FIVE_MINUTES)
    assert scott_trains_per_day(0.4, FIVE_MINUTES, run_back_h=0.6) == pytest.approx(one_way)
    assert scott_trains_per_day(0.5, FIVE_MINUTES, run_back_h=0.0) > one_way


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"run_h": -1.0, "working_h": 0.1}, "run_h is -1.0"),
        ({"run_h": 1.0, "working_h": math.nan}, "working_h is nan"),
        ({"run_h": 1.0, "working_h": 0.1, "run_back_h": math.inf}, "run_back_h is inf"),
        ({"run_h": 1.0, "working_h": 0.1, "efficiency": 0.0}, "efficiency is 0.0"),
        ({"run_h": 1.0, "working_h": 0.1, "efficiency": 70.0}, "efficiency is 70.0"),
        ({"run_h": 0.0, "working_h": 0.0}, "no limit"),
    ],
)
def test_scott_refuses(arguments, words):
    with pytest.raises(ValueError, match=words):
        scott_trains_per_day(**arguments)


def test_the_limits_are_those_of_the_code():
    assert (OCCUPIED_FRAC_LIMIT_DAY, OCCUPIED_FRAC_LIMIT_PEAK) == (0.6, 0.75)


def test_alternating_trains_agree_with_scott():
    enter_h = np.arange(24.0)  # one an hour, up and down in turn
    full = occupancy(enter_h, enter_h + HALF_HOUR, np.arange(24) % 2 == 0, 0.2, FIVE_MINUTES, 0, 24)
    assert full.n_trains == 24
    assert full.window_h == 24
    assert full.compressed_h == pytest.approx(24 * 35 / 60)
    assert full.occupied_frac == pytest.approx(35 / 60)
    assert full.trains_per_day_at_100_frac == pytest.approx(
        scott_trains_per_day(HALF_HOUR, FIVE_MINUTES, efficiency=1)
    )  # fmt: skip


def test_followers_only_are_limited_by_the_headway():
    enter_h = np.arange(0, 24, 2.0)
    full = occupancy(enter_h, enter_h + HALF_HOUR, np.ones(12, bool), 0.25, FIVE_MINUTES, 0, 24)
    assert full.compressed_h == pytest.approx(12 * 0.25)
    assert full.trains_per_day_at_100_frac == pytest.approx(24 / 0.25)


def test_a_fast_train_behind_a_slow_one_leaves_a_headway_after_it():
    # slow up in 0 and out 2; fast up of 0.5 h may leave at 2.25, so enters at 1.75; a slow up enters 0.25 h after
    full = occupancy([0, 10], [2, 10.5], [True, True], 0.25, FIVE_MINUTES, 0, 24)
    assert full.compressed_h == pytest.approx(1.75 + 0.25)


def test_pairs_of_followers_wait_for_the_last_of_them():
    # up 0-1, up 0.25-1.25, down 1.35-2.35, down 1.6-2.6, then the section is free for an up train at 2.7
    enter_h = np.array([0.0, 2.0, 6.0, 9.0])
    full = occupancy(enter_h, enter_h + 1, [True, True, False, False], 0.25, 0.1, 0, 12)
    assert full.compressed_h == pytest.approx(2.7)
    assert full.trains_per_day_at_100_frac == pytest.approx(4 / 2.7 * 24)


def test_no_train_and_one_train():
    none = occupancy([], [], [], 0.25, 0.1, 0, 12)
    assert (none.n_trains, none.compressed_h, none.occupied_frac) == (0, 0.0, 0.0)
    assert math.isnan(none.trains_per_day_at_100_frac)
    one = occupancy([5.0], [6.0], [False], 0.25, 0.1, 0, 12)
    assert (one.n_trains, one.compressed_h, one.trains_per_day_at_100_frac) == (1, 0.25, 96.0)
    no_time = occupancy([5.0], [5.0], [False], 0.0, 0.1, 0, 12)
    assert no_time.compressed_h == 0
    assert math.isnan(no_time.trains_per_day_at_100_frac)


def test_trains_count_by_their_entry():
    enter_h = np.array([1.9, 2.0, 3.5, 4.0])
    full = occupancy(enter_h, enter_h + 1, [True, False, True, False], 0.25, 0.1, 2, 4)
    assert full.n_trains == 2
    assert full.compressed_h == pytest.approx(2.2)
    # what happens after the window need not be known
    assert occupancy([2.5, 4.5], [3.5, np.nan], [True, True], 0.25, 0.1, 2, 4).n_trains == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"leave_h": [1.0]}, "one length"),
        ({"is_up": [[True, False]]}, "one length"),
        ({"until_h": 0.0}, "no length"),
        ({"from_h": 5.0, "until_h": 4.0}, "no length"),
        ({"until_h": math.nan}, "no length"),
        ({"leave_h": [1.0, math.nan]}, "not known"),
        ({"leave_h": [1.0, 1.5]}, "before it entered"),
        ({"headway_h": -0.1}, "headway_h is -0.1"),
        ({"working_h": math.inf}, "working_h is inf"),
    ],
)
def test_occupancy_refuses(change, words):
    good = {
        "enter_h": [0.0, 2.0], "leave_h": [1.0, 3.0], "is_up": [True, False],
        "headway_h": 0.25, "working_h": 0.1, "from_h": 0.0, "until_h": 24.0,
    }  # fmt: skip
    with pytest.raises(ValueError, match=words):
        occupancy(**{**good, **change})


@given(TRAINS, SPACING)
def test_compression_never_lengthens(trains, spacing):
    enter_h, leave_h, is_up = timetable(trains, *spacing)
    # until a train like the first could follow the timetable as it is
    closed_h, _, _ = timetable([*trains, (0.0, trains[0][1], trains[0][2])], *spacing)
    full = occupancy(enter_h, leave_h, is_up, *spacing, 0, 1000)
    assert full.n_trains == len(trains)
    assert full.compressed_h <= closed_h[-1] - closed_h[0] + TINY


@given(TRAINS, SPACING)
def test_compression_ends_where_the_rules_put_a_timetable_without_gaps(trains, spacing):
    dense = [(0.0, run_h, up) for _, run_h, up in trains]
    enter_h, leave_h, is_up = timetable(trains, *spacing)
    closed_h, _, _ = timetable([*dense, dense[0]], *spacing)
    full = occupancy(enter_h, leave_h, is_up, *spacing, 0, 1000)
    assert full.compressed_h == pytest.approx(closed_h[-1], abs=TINY)


@given(TRAINS, SPACING, st.randoms(use_true_random=False))
def test_trains_keep_the_order_of_their_entries(trains, spacing, random):
    spaced = [(gap_h + 0.01, run_h, up) for gap_h, run_h, up in trains]  # no two enter at once
    table = list(zip(*timetable(spaced, *spacing), strict=True))
    full = occupancy(*zip(*table, strict=True), *spacing, 0, 1000)
    random.shuffle(table)
    shuffled = occupancy(*zip(*table, strict=True), *spacing, 0, 1000)
    assert (shuffled.n_trains, shuffled.compressed_h) == (full.n_trains, full.compressed_h)
    assert occupancy(*zip(*table, strict=True), *spacing, 0, 2000).compressed_h == full.compressed_h


@given(TRAINS, SPACING, st.floats(0, 2))
def test_more_working_time_or_headway_never_lowers_occupancy(trains, spacing, more_h):
    headway_h, working_h = spacing
    table = timetable(trains, headway_h, working_h)
    full = occupancy(*table, headway_h, working_h, 0, 1000)
    assert occupancy(*table, headway_h, working_h + more_h, 0, 1000).occupied_frac >= full.occupied_frac
    assert occupancy(*table, headway_h + more_h, working_h, 0, 1000).occupied_frac >= full.occupied_frac
