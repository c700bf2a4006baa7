"""The agenda gives everyone back in the order of time and rank, whatever the boxes; facilities wake in their order."""

import numpy as np
import pytest

from corridor_sim.engines.vectorised.agenda import (
    NEVER_H,
    Agenda,
    Wakes,
    clear,
    expect,
    heap_pop,
    heap_push,
    lay,
    let_sleep,
    open_boxes,
    set_wake,
    take_next,
    take_wake,
)
from corridor_sim.engines.vectorised.jit import compiled


def agenda_for(n, n_boxes, end_h=100.0):
    return Agenda(
        n_boxes / end_h, np.empty(n), np.empty(n, dtype=np.int64), np.empty(n_boxes + 1, dtype=np.int64),
        np.empty(n), np.empty(n, dtype=np.int64), np.empty(2, dtype=np.int64),
    )  # fmt: skip


def wakes_for(order, end_h=100.0):
    n = len(order)
    whole = (np.empty(k, dtype=np.int64) for k in (n, n, 1))
    wakes = Wakes(end_h, np.empty(n), np.array(order, dtype=np.int64), *whole)
    let_sleep(wakes)
    return wakes


@compiled
def in_turn(agenda, rank, first_h, again_h, out):
    """Everyone comes once, and once more a while later; returns how many came."""
    clear(agenda)
    for who in range(first_h.size):
        lay(agenda, who, first_h[who])
    seen = np.zeros(first_h.size, dtype=np.int64)
    n = 0
    while open_boxes(agenda, rank):
        who = take_next(agenda, rank)
        out[n] = who
        n += 1
        if seen[who] == 0:
            seen[who] = 1
            expect(agenda, rank, who, first_h[who] + again_h[who])
    return n


@pytest.mark.parametrize("n_boxes", [1, 3, 50, 5000])
def test_everyone_comes_in_order(n_boxes):
    random = np.random.default_rng(n_boxes)
    for n in (1, 2, 40):
        first, again = random.integers(0, 50, n).astype(float), random.integers(1, 50, n).astype(float)
        rank, out = random.permutation(n), np.empty(2 * n, dtype=np.int64)
        assert in_turn(agenda_for(n, n_boxes), rank, first, again, out) == 2 * n
        times, who = np.concatenate([first, first + again]), np.tile(np.arange(n), 2)
        assert out.tolist() == who[np.lexsort((rank[who], times))].tolist()


def test_the_heap_gives_back_in_order_of_time_and_rank():
    random = np.random.default_rng(5)
    for n in (1, 2, 3, 10, 40):
        times, rank = random.integers(0, 5, n).astype(float), random.permutation(n)
        heap_h, heap_who = np.empty(n), np.empty(n, dtype=np.int64)
        for who in range(n):
            heap_push(heap_h, heap_who, who, rank, who, times[who])
        out = [heap_pop(heap_h, heap_who, n - 1 - k, rank) for k in range(n)]
        assert out == np.lexsort((rank, times)).tolist()


def all_of(wakes):
    """Facilities in the order in which they wake, and when."""
    found = []
    while wakes.n[0] > 0:
        at_h = float(wakes.at_h[wakes.heap[0]])
        found.append((at_h, take_wake(wakes)))
    return found


def test_of_several_wakes_the_earliest_counts():
    wakes = wakes_for([0, 1, 2])
    for f, at_h in [(1, 5.0), (0, 7.0), (1, 9.0), (2, 8.0), (2, 6.0)]:
        set_wake(wakes, f, at_h)
    assert all_of(wakes) == [(5.0, 1), (6.0, 2), (7.0, 0)]


def test_those_that_wake_at_one_instant_do_so_in_their_turn():
    wakes = wakes_for([7, 3, 9, 5])
    for f in range(4):
        set_wake(wakes, f, 2.0)
    assert [f for _, f in all_of(wakes)] == [1, 3, 0, 2]


def test_who_has_woken_sleeps_until_told_again():
    wakes = wakes_for([0, 1])
    set_wake(wakes, 0, 1.0)
    assert take_wake(wakes) == 0
    assert wakes.at_h.tolist() == [NEVER_H, NEVER_H]
    set_wake(wakes, 0, 4.0)
    set_wake(wakes, 1, 3.0)
    assert all_of(wakes) == [(3.0, 1), (4.0, 0)]


def test_nobody_wakes_at_the_end_of_the_horizon():
    wakes = wakes_for([0, 1])
    set_wake(wakes, 0, 100.0)
    set_wake(wakes, 1, 99.0)
    assert all_of(wakes) == [(99.0, 1)]


def test_wakes_come_in_order_however_they_are_set_and_made_earlier():
    random = np.random.default_rng(8)
    for n in (1, 2, 5, 40):
        order, at_h = random.permutation(n), np.full(n, np.inf)
        wakes = wakes_for(order)
        for _ in range(4 * n):
            f, when = int(random.integers(n)), float(random.integers(0, 20))
            set_wake(wakes, f, when)
            at_h[f] = min(at_h[f], when)
        told = np.flatnonzero(np.isfinite(at_h))
        expected = told[np.lexsort((order[told], at_h[told]))]
        assert all_of(wakes) == [(at_h[f], f) for f in expected.tolist()]
