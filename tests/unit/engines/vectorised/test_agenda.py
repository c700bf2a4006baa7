"""The agenda gives everyone back in the order of time and rank, whatever the boxes."""

import numpy as np
import pytest

from corridor_sim.engines.vectorised.agenda import NOBODY, Agenda, clear, expect, heap_pop, heap_push, lay, take_next
from corridor_sim.engines.vectorised.jit import compiled


def agenda_for(n, n_boxes, end_h=100.0):
    return Agenda(
        n_boxes / end_h, np.empty(n), np.empty(n, dtype=np.int64), np.empty(n_boxes + 1, dtype=np.int64),
        np.empty(n), np.empty(n, dtype=np.int64), np.empty(2, dtype=np.int64),
    )  # fmt: skip


@compiled
def in_turn(agenda, rank, first_h, again_h, out):
    """Everyone comes once, and once more a while later; returns how many came."""
    clear(agenda)
    for who in range(first_h.size):
        lay(agenda, who, first_h[who])
    seen = np.zeros(first_h.size, dtype=np.int64)
    n = 0
    while True:
        who = take_next(agenda, rank)
        if who == NOBODY:
            return n
        out[n] = who
        n += 1
        if seen[who] == 0:
            seen[who] = 1
            expect(agenda, rank, who, first_h[who] + again_h[who])


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
