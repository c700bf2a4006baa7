"""Laws of open time: U and its inverse, single times and arrays."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.foundation.calendars import Calendar
from corridor_sim.foundation.time_grid import TICK_H, to_grid
from tests.properties.strategies import any_calendar, calendars, shut_or_open

times = st.lists(st.floats(0.0, 150.0), min_size=1, max_size=30).map(to_grid)
near_edges = st.lists(
    st.tuples(st.integers(0, 130), st.integers(-2, 2)).map(lambda x: max(x[0] + x[1] * TICK_H, 0.0)),
    min_size=1, max_size=30,
).map(np.array)  # fmt: skip
moments = st.one_of(times, near_edges)


@st.composite
def calendars_in_ticks(draw):
    """Pieces of a few ticks: what is rounded at their ends is a part of them that shows."""
    lengths = draw(st.lists(st.integers(1, 9), min_size=3, max_size=6))
    rates = [draw(st.sampled_from([0.5, 1.0, 1.5])) for _ in lengths]
    return Calendar(np.cumsum([0, *lengths]) * TICK_H, [*rates, 1.0])


works = st.floats(TICK_H, 40.0).map(lambda w: float(to_grid(w)))


@settings(max_examples=100)
@given(calendar=any_calendar, t=moments)
def test_single_times_and_arrays_give_the_same_bits(calendar, t):
    open_h = calendar.open_time(t)
    assert [calendar.open_time_at(x) for x in t.tolist()] == open_h.tolist()
    for u in (open_h, to_grid(t / 3)):
        assert [calendar.start_time_at(x) for x in u.tolist()] == calendar.start_time(u).tolist()
        assert [calendar.end_time_at(x) for x in u.tolist()] == calendar.end_time(u).tolist()


@given(calendar=any_calendar, t=moments)
def test_results_are_on_the_grid(calendar, t):
    for x in (calendar.open_time(t), calendar.start_time(t), calendar.end_time(t), calendar.closed_before(t)):
        assert np.array_equal(x, to_grid(x))


@given(calendar=shut_or_open, t=moments)
def test_where_rates_are_0_or_1_the_inverse_is_exact(calendar, t):
    u = calendar.open_time(t)
    first, last = calendar.end_time(u), calendar.start_time(u)
    assert np.array_equal(calendar.open_time(first), u)
    assert np.array_equal(calendar.open_time(last), u)
    assert np.all(first <= t)
    assert np.all(t <= last)
    reachable = first > 0
    assert np.all(calendar.open_time(first[reachable] - TICK_H) < u[reachable])
    assert np.all(calendar.open_time(last + TICK_H) > u)


@given(calendar=shut_or_open, t=moments)
def test_open_and_closed_hours_make_up_time(calendar, t):
    assert np.array_equal(calendar.open_time(t) + calendar.closed_before(t), t)


@given(calendar=calendars(), u=moments)
def test_the_inverse_is_within_rounding_elsewhere(calendar, u):
    slack = 2 * TICK_H * max(1.0, calendar.rates.max())
    assert np.all(np.abs(calendar.open_time(calendar.start_time(u)) - u) <= slack)
    assert np.all(np.abs(calendar.open_time(calendar.end_time(u)) - u) <= slack)
    assert np.all(calendar.end_time(u) <= calendar.start_time(u))


@given(calendar=any_calendar, t=moments)
def test_nothing_runs_backwards(calendar, t):
    t = np.sort(t)
    for f in (calendar.open_time, calendar.start_time, calendar.end_time, calendar.closed_before):
        assert np.all(np.diff(f(t)) >= 0)


@given(calendar=any_calendar, t=moments, work=works)
def test_work_takes_at_least_a_tick_and_more_work_longer(calendar, t, work):
    for x in t.tolist():
        assert calendar.after(x, work) >= x + TICK_H
        assert calendar.after(x, work + 1.0) > calendar.after(x, work)


@given(calendar=shut_or_open, t=moments, a=works, b=works)
def test_work_in_two_parts_is_work_in_one(calendar, t, a, b):
    for x in t.tolist():
        assert calendar.after(calendar.after(x, a), b) == calendar.after(x, a + b)


@given(a=calendars(), b=calendars(), t=moments)
def test_the_product_has_the_product_of_the_rates(a, b, t):
    both = a.times(b)
    for x in t.tolist():
        assert both.rate_at(x) == a.rate_at(x) * b.rate_at(x)


spans = st.lists(
    st.tuples(st.integers(-10, 90), st.integers(0, 50), st.sampled_from([0.0, 0.5, 1.0, 2.0])), max_size=4
).map(lambda rows: [(float(a), float(a + n), f) for a, n, f in rows])


@given(calendar=any_calendar, intervals=spans, t=moments)
def test_intervals_multiply_up_to_the_end(calendar, intervals, t):
    hit = calendar.with_intervals(intervals, 100.0)
    for x in t.tolist():
        expected = calendar.rate_at(x)
        for a, b, f in intervals:
            expected *= f if a <= x < b and x < 100.0 else 1.0
        assert hit.rate_at(x) == expected


@given(calendar=any_calendar)
def test_pieces_of_equal_rate_are_one(calendar):
    times = np.union1d(calendar.times_h, calendar.times_h + 0.25)
    doubled = Calendar(times, [calendar.rate_at(t) for t in times])
    assert np.array_equal(doubled.times_h, calendar.times_h)
    assert np.array_equal(doubled.rates, calendar.rates)


def check_stretch(calendar, t):
    stretch = calendar.open_stretch(t[0], t[-1])
    if stretch is not None:
        open_h = t + stretch.ahead_h
        assert np.array_equal(calendar.open_time(t), open_h)
        within = open_h[open_h + 3 * TICK_H <= stretch.until_open_h] + 3 * TICK_H
        assert np.array_equal(calendar.end_time(within), within - stretch.ahead_h)


@given(calendar=any_calendar, t=moments)
def test_in_an_open_stretch_open_time_is_time_shifted(calendar, t):
    check_stretch(calendar, np.sort(t))


@settings(max_examples=200)
@given(calendar=calendars_in_ticks())
def test_in_an_open_stretch_of_a_few_ticks_too(calendar):
    for begin, end in itertools.pairwise([*calendar.times_h, calendar.times_h[-1] + 9 * TICK_H]):
        check_stretch(calendar, np.arange(begin, end, TICK_H))
