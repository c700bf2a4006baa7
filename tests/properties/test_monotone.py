"""A single queue: more servers, an earlier opening or less work never delay anybody's start."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.strategies import any_calendar, half_hours, short
from tests.support.parts import Flow, Place, Queue, Servers, gamma
from tests.support.plans import make_plan
from tests.support.running import run

arrivals = st.lists(half_hours, min_size=1, max_size=25)
INF = float("inf")


def starts(engine, at, place, service, occupancy=None):
    done = run(engine, make_plan(flows=[Flow("A", at=at, stages=[Queue(place, service, occupancy)])], end_h=5000.0))
    return [INF if s is None else s for s in done.starts(0)], [INF if d is None else d for d in done.departs(0)]


@settings(max_examples=60)
@given(at=arrivals, n=st.integers(1, 4), calendar=any_calendar, work=st.one_of(short, st.just(gamma(2.0, 1.0))))
def test_more_servers(engine, at, n, calendar, work):
    few, few_done = starts(engine, at, Place("gate", n, calendar=calendar), work)
    many, many_done = starts(engine, at, Place("gate", n + 1, calendar=calendar), work)
    assert all(a >= b for a, b in zip(few, many, strict=True))
    assert max(few_done) >= max(many_done)


@settings(max_examples=60)
@given(at=arrivals, since=half_hours, earlier=half_hours, work=short)
def test_an_earlier_opening(engine, at, since, earlier, work):
    late, _ = starts(engine, at, Place("gate", (Servers(1), Servers(1, since=since + earlier))), work)
    soon, _ = starts(engine, at, Place("gate", (Servers(1), Servers(1, since=since))), work)
    assert all(a >= b for a, b in zip(late, soon, strict=True))


@settings(max_examples=60)
@given(at=arrivals, n=st.integers(1, 3), calendar=any_calendar, work=short, less=st.floats(0.1, 1.0))
def test_less_occupancy(engine, at, n, calendar, work, less):
    place = Place("gate", n, calendar=calendar)
    more, _ = starts(engine, at, place, work, work)
    fewer, _ = starts(engine, at, place, work, work * less)
    assert all(a >= b for a, b in zip(more, fewer, strict=True))


@settings(max_examples=40)
@given(at=arrivals, n=st.integers(1, 3), calendar=any_calendar, work=st.one_of(short, st.just(gamma(2.0, 1.0))))
def test_starts_are_in_order_of_arrival(engine, at, n, calendar, work):
    order, _ = starts(engine, at, Place("gate", n, calendar=calendar), work)
    assert order == sorted(order)
