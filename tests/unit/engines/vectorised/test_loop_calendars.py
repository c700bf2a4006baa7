"""Open time in the event loop has the bits of `foundation.calendars`."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.engines.vectorised.coupled import Calendars
from corridor_sim.engines.vectorised.loop_calendars import next_opening, on_line, piece_at, work_done
from corridor_sim.foundation.calendars import Calendar
from corridor_sim.foundation.time_grid import TICK_H
from tests.properties.strategies import calendars
from tests.support.parts import open_daily

DAY_SHIFT = open_daily(8, 16, 3)


def table(*rows):
    """Pieces of several calendars behind each other, with the number of each."""
    book = Calendars()
    numbers = [book.number(row) for row in rows]
    return book.pieces(), numbers


@pytest.mark.parametrize(("time_h", "piece"), [(0.0, 0), (7.5, 0), (8.0, 1), (15.99, 1), (16.0, 2), (500.0, 7)])
def test_the_piece_in_which_a_time_lies(time_h, piece):
    """A piece has its beginning, not its end; the last goes on for ever."""
    pieces, (_, number) = table(Calendar([0.0, 5.0], [1.0, 0.5]), DAY_SHIFT)
    assert DAY_SHIFT.times_h.size == 8
    assert piece_at(pieces, number, time_h) == 2 + piece


def test_values_on_a_line_are_on_the_grid():
    pieces, (number,) = table(Calendar([0.0], [1 / 3]))
    x = on_line(pieces.open_slope, pieces.open_intercept, pieces.first[number], 1.0)
    assert x / TICK_H == np.rint(1 / 3 / TICK_H)


@pytest.mark.parametrize(("time_h", "opens_h"), [(4, 8), (8, 8), (12, 12), (16, 32), (20, 32), (32, 32), (500, 500)])
def test_the_next_opening(time_h, opens_h):
    pieces, (number,) = table(DAY_SHIFT)
    assert next_opening(pieces, number, float(time_h)) == opens_h


def test_where_it_is_always_open_the_next_opening_is_now():
    pieces, _ = table(DAY_SHIFT)
    assert next_opening(pieces, -1, 4.0) == 4.0


@pytest.mark.parametrize(
    ("time_h", "work_h", "done_h"), [(8, 2, 10), (4, 2, 10), (14, 2, 16), (15, 2, 33), (8, 20, 60), (16, 1, 33)]
)
def test_work_takes_open_time(time_h, work_h, done_h):
    pieces, (number,) = table(DAY_SHIFT)
    assert work_done(pieces, number, float(time_h), float(work_h)) == done_h


def test_work_takes_a_tick_at_least():
    """At 1000 times the pace a tick of work would be done in no time."""
    pieces, (number,) = table(Calendar([0.0], [1000.0]))
    assert work_done(pieces, number, 5.0, TICK_H) == 5.0 + TICK_H


ticks = st.integers(0, int(130 / TICK_H)).map(lambda n: n * TICK_H)


@settings(max_examples=300)
@given(calendar=calendars(), time_h=st.one_of(ticks, st.integers(0, 130).map(float)), work_h=ticks)
def test_the_bits_are_those_of_the_reference(calendar, time_h, work_h):
    pieces, (_, number) = table(DAY_SHIFT, calendar)
    if number < 0:  # always open: there is no table of it
        return
    assert work_done(pieces, number, time_h, work_h) == calendar.after(time_h, work_h)
    opens_h = time_h
    if calendar.rate_at(time_h) == 0.0:
        opens_h = max(calendar.start_time_at(calendar.open_time_at(time_h)), time_h + TICK_H)
    assert next_opening(pieces, number, time_h) == opens_h
    assert calendar.rate_at(opens_h) > 0.0
