"""Servers in numpy against the diary of the discrete-event engine, on rows full of ties, whole and in two stretches."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.engines.discrete_event.facilities import NEVER_H, Servers
from corridor_sim.engines.vectorised.servers import serve_closing, serve_in_turn, serve_many, serve_one
from corridor_sim.foundation.calendars import ALWAYS_OPEN
from corridor_sim.foundation.time_grid import TICK_H

INF = np.inf
halves = st.integers(0, 20).map(lambda n: n / 2)
works = st.sampled_from([TICK_H, 0.5, 1.0, 1.0, 2.5, 7.0])


@dataclass
class Rows:
    """Arrivals of some lanes, padded on the right; what servers are taken for, free from and open until."""

    arrive: np.ndarray
    occupancy: np.ndarray
    free: np.ndarray
    until: np.ndarray

    @property
    def count(self):
        return np.isfinite(self.arrive).sum(axis=1)

    def stretch(self, since, until, free):
        """Those who arrive in a stretch of time, with the servers as they are at its beginning."""
        chosen = [np.flatnonzero((since <= a) & (a < until)) for a in self.arrive]
        n = max(k.size for k in chosen)
        arrive, occupancy = np.full((len(chosen), n), INF), np.full((len(chosen), n), self.occupancy[0, 0])
        for row, k in enumerate(chosen):
            arrive[row, : k.size], occupancy[row, : k.size] = self.arrive[row, k], self.occupancy[row, k]
        return Rows(arrive, occupancy, free, self.until)


@st.composite
def rows(draw, *, most_servers=4, equal=False, dated=False):
    lanes, n, c = draw(st.integers(1, 3)), draw(st.integers(1, 12)), draw(st.integers(1, most_servers))
    arrive, occupancy = np.full((lanes, n), INF), np.full((lanes, n), draw(works))
    for row in range(lanes):
        times = sorted(draw(st.lists(halves, max_size=n)))
        arrive[row, : len(times)] = times
        if not equal:
            occupancy[row] = [draw(works) for _ in range(n)]
    arrive = arrive[:, : max(1, int(np.isfinite(arrive).sum(axis=1).max()))]
    free, until = np.zeros((lanes, c)), np.full((lanes, c), INF)
    if not equal:
        free[...] = [draw(st.sampled_from([0.0, 0.0, 3.0, 8.5])) for _ in range(c)]
    if dated:
        until[...] = sorted(draw(st.one_of(halves, st.just(INF))) for _ in range(c))
    return Rows(arrive, occupancy[:, : arrive.shape[1]], free, until)


def one(r):
    return serve_one(r.arrive, r.occupancy, r.free, r.count)


def one_of_equal_work(r):
    return serve_one(r.arrive, float(r.occupancy[0, 0]), r.free, r.count)


def in_turn(r):
    return serve_in_turn(r.arrive, float(r.occupancy[0, 0]), r.free, r.count)


def many(r):
    return serve_many(r.arrive, r.occupancy, r.free)


def closing(r):
    return serve_closing(r.arrive, r.occupancy, r.free, r.until)


WAYS = {
    one: rows(most_servers=1),
    one_of_equal_work: rows(most_servers=1, equal=True),
    in_turn: rows(equal=True),
    many: rows(),
    closing: rows(dated=True),
}
every_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)


def check_like_the_diary(way, r):
    start, left = way(r)
    for row, n in enumerate(r.count):
        diary = Servers(ALWAYS_OPEN, r.free[row].tolist(), r.until[row].tolist())
        work = zip(r.arrive[row, :n].tolist(), r.occupancy[row, :n].tolist(), strict=True)
        assert start[row, :n].tolist() == [diary.serve(a, w, w)[0] for a, w in work]
        if way is not closing:
            assert sorted(left[row]) == sorted(free for free, _ in diary._free)


def check_in_two_stretches(way, r, cut):
    start, left = way(r)
    early = r.stretch(0.0, cut, r.free)
    first, between = way(early) if early.arrive.size else (early.arrive, r.free)
    late = r.stretch(cut, INF, between)
    second, end = way(late) if late.arrive.size else (late.arrive, between)
    for row, (k, n) in enumerate(zip(early.count, late.count, strict=True)):
        assert start[row, : k + n].tolist() == [*first[row, :k], *second[row, :n]]
        assert sorted(end[row]) == sorted(left[row])


@every_way
@settings(max_examples=200)
@given(data=st.data())
def test_starts_and_what_is_left_are_those_of_the_diary(way, data):
    check_like_the_diary(way, data.draw(WAYS[way]))


@every_way
@settings(max_examples=200)
@given(data=st.data())
def test_two_stretches_one_after_the_other_are_the_whole(way, data):
    check_in_two_stretches(way, data.draw(WAYS[way]), data.draw(halves))


@every_way
def test_the_caller_keeps_what_it_gave(way):
    r = Rows(np.array([[0.0, 0.0, 1.0]]), np.full((1, 3), 2.0), np.zeros((1, 1)), np.full((1, 1), INF))
    way(r)
    assert r.arrive.tolist() == [[0, 0, 1]]
    assert r.free.tolist() == [[0]]


def test_who_comes_when_all_are_busy_waits_for_the_first_that_gets_free():
    start, left = serve_many(np.array([[0.0, 0.0, 1.0, 1.0]]), np.array([[5.0, 2.0, 4.0, 1.0]]), np.zeros((1, 2)))
    assert start.tolist() == [[0, 0, 2, 5]]
    assert sorted(left[0]) == [6, 6]


def test_servers_that_take_turns_go_on_from_any_order():
    start, _ = serve_in_turn(np.full((1, 3), 3.0), 2.0, np.array([[4.0, 3.5]]), np.array([3]))
    assert start.tolist() == [[3.5, 4, 5.5]]


def test_of_servers_that_get_free_together_the_one_that_closes_first_is_taken():
    """Only so there is one left for the second: the same server could not start again at hour 2."""
    start, _ = serve_closing(np.array([[0.0, 1.0]]), np.full((1, 2), 9.0), np.zeros((1, 2)), np.array([[1.0, INF]]))
    assert start.tolist() == [[0, 1]]


def test_when_all_have_closed_nobody_starts_again():
    start, left = serve_closing(np.array([[0.0, 2.0, INF]]), np.ones((1, 3)), np.zeros((1, 1)), np.array([[2.0]]))
    assert start[0, :2].tolist() == [0, NEVER_H]
    assert left.tolist() == [[INF]]
