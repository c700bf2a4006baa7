"""A pool by itself; whole plans are in tests/conformance/test_pools.py."""

import simpy

from corridor_sim.engines.discrete_event.pools import Base, Pool
from corridor_sim.engines.discrete_event.wake import Wake
from corridor_sim.foundation.time_grid import TICK_H

NEVER_H = float("inf")
PLAIN = Base(1.0, NEVER_H, -1, TICK_H)


def times(bases, *asked):
    """When each request ("take" or "give", at, base, amount) is granted; a gift has none. Ranks in their order."""
    env = simpy.Environment()
    pool, found = Pool(env, 0, bases), {}

    def taker(k, at, base, amount):
        yield Wake(env, at, 2 + k)
        found[k] = yield pool.take(base, amount)

    def giver(k, at, base, amount):
        yield Wake(env, at, 2 + k)
        pool.give(base, amount)

    for k, (what, *request) in enumerate(asked):
        env.process((taker if what == "take" else giver)(k, *request))
    env.run(until=100.0)
    return [found[k][0] if k in found else None for k, (what, *_) in enumerate(asked) if what == "take"]


def test_it_says_when_it_is_there_and_a_tick_later():
    env = simpy.Environment()
    taken = Pool(env, 0, [PLAIN]).take(0, 1.0)
    env.run(until=1.0)
    assert taken.value == (0.0, TICK_H)


def test_it_hands_out_what_there_is_in_order():
    assert times([PLAIN], ("take", 1, 0, 1.0), ("take", 2, 0, 1.0), ("take", 3, 0, 1.0), ("give", 9, 0, 1.0)) == [
        1, 9, None,
    ]  # fmt: skip


def test_a_gift_of_the_same_instant_is_there_whatever_its_rank():
    assert times([Base(0.0, NEVER_H, -1, TICK_H)], ("take", 4, 0, 1.0), ("give", 4, 0, 1.0)) == [4]


def test_a_large_request_is_not_overtaken():
    found = times([PLAIN], ("take", 1, 0, 2.0), ("take", 2, 0, 1.0), ("give", 5, 0, 1.0), ("give", 8, 0, 1.0))
    assert found == [5, 8]


def test_a_gift_serves_several():
    assert times([PLAIN], ("take", 1, 0, 2.0), ("take", 2, 0, 2.0), ("give", 5, 0, 3.0)) == [5, 5]


def test_bases_do_not_lend_to_each_other():
    assert times([PLAIN, Base(0.0, NEVER_H, -1, TICK_H)], ("take", 1, 1, 1.0)) == [None]


HOME, AWAY = Base(0.0, NEVER_H, -1, TICK_H), Base(0.0, 1.0, 0, 3.0)


def test_beyond_what_is_kept_it_goes_home_in_its_hours():
    found = times([HOME, AWAY], ("give", 5, 1, 3.0), ("take", 6, 0, 2.0), ("take", 7, 1, 1.0))
    assert found == [8, 7]


def test_less_than_what_is_kept_stays():
    assert times([HOME, AWAY], ("give", 5, 1, 1.0), ("take", 6, 0, 1.0)) == [None]


def test_of_what_is_given_no_more_than_that_goes_home():
    """Two stood there from the beginning, beyond what is kept."""
    rich = Base(3.0, 1.0, 0, 3.0)
    assert times([HOME, rich], ("give", 5, 1, 1.0), ("take", 6, 0, 1.0), ("take", 7, 0, 1.0)) == [8, None]


def test_nothing_goes_home_while_one_waits_there():
    found = times([HOME, AWAY], ("take", 1, 1, 4.0), ("give", 5, 1, 3.0), ("take", 6, 0, 1.0), ("give", 9, 1, 1.0))
    assert found == [9, None]


def test_empties_under_way_together_come_home_one_after_the_other():
    away = Base(0.0, 0.0, 0, 3.0)
    found = times([HOME, away], ("give", 5, 1, 1.0), ("give", 6, 1, 1.0), ("take", 1, 0, 1.0), ("take", 2, 0, 1.0))
    assert found == [8, 9]
