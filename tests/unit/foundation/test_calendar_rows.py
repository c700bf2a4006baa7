"""Every row is its own calendar; the laws of calendars are in tests/properties/test_calendar_laws.py."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.foundation.calendar_rows import CalendarRows, calendar_rows
from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.foundation.time_grid import TICK_H
from tests.properties.strategies import any_calendar

METHODS = ("open_time", "start_time", "end_time", "is_open")
LATE_START, SLOW, FAST = Calendar([0, 8], [0, 1]), Calendar([0], [0.3]), Calendar([0, 50], [1, 2.5])
EDGES = np.array([h + k * TICK_H for h in (0, 1, 8, 20, 50, 100) for k in (-1, 0, 1)]).clip(0.0)

several = st.lists(any_calendar, min_size=1, max_size=5)
moments = st.lists(
    st.one_of(st.integers(0, 130).map(float), st.integers(0, 2**28).map(lambda n: n * TICK_H), st.just(np.inf)),
    min_size=1, max_size=12,
).map(np.array)  # fmt: skip


def check_each_row_is_its_calendar(rows, calendars, times):
    block = np.array([np.roll(times, k) for k in range(len(calendars))])
    for name in METHODS:
        expected = [getattr(c, name)(row) for c, row in zip(calendars, block, strict=True)]
        assert np.array_equal(getattr(rows, name)(block), expected), name
    assert rows.never_closes == all(c.never_closes for c in calendars)


@settings(max_examples=200)
@given(calendars=several, times=moments)
def test_every_row_is_its_own_calendar(calendars, times):
    check_each_row_is_its_calendar(CalendarRows(calendars), calendars, times)


def test_closed_at_the_beginning_of_a_single_piece_or_fast():
    calendars = [LATE_START, SLOW, ALWAYS_OPEN, FAST, LATE_START]
    check_each_row_is_its_calendar(CalendarRows(calendars), calendars, EDGES)


def test_in_thousands_of_rows_no_bit_is_lost():
    calendars = [SLOW, FAST] * 5000
    times = np.tile(np.append(EDGES, 8760.0 - TICK_H), (len(calendars), 1))
    found = CalendarRows(calendars).open_time(times)
    assert np.array_equal(found[-2:], [SLOW.open_time(times[0]), FAST.open_time(times[0])])


def test_what_never_comes_never_opens_starts_or_ends():
    never = np.full((2, 1), np.inf)
    rows = CalendarRows([LATE_START, FAST])
    assert all(np.isinf(getattr(rows, name)(never)).all() for name in ("open_time", "start_time", "end_time"))


def test_times_before_0_count_as_0():
    assert CalendarRows([SLOW, FAST]).open_time(np.array([[-1.0], [-5.0]])).tolist() == [[0], [0]]


@given(calendars=several, times=moments, data=st.data())
def test_some_of_the_rows(calendars, times, data):
    chosen = data.draw(st.lists(st.integers(0, len(calendars) - 1), min_size=1, max_size=4))
    rows = calendar_rows(calendars).rows(np.array(chosen))
    if isinstance(rows, CalendarRows):
        check_each_row_is_its_calendar(rows, [calendars[i] for i in chosen], times)


def test_a_calendar_that_all_share_is_used_as_it_is():
    assert calendar_rows([FAST, FAST, FAST]) is FAST
    mixed = calendar_rows([FAST, SLOW, FAST])
    assert isinstance(mixed, CalendarRows)
    assert not mixed.is_always_open
    assert mixed.rows(np.array([0, 2])) is FAST
    assert FAST.rows(np.array([1])) is FAST
