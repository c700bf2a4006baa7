"""A place that chooses, by itself; whole plans are in tests/conformance/test_priority.py and test_pools.py."""

import pytest
import simpy

from corridor_sim.engines.discrete_event.attended import Attended
from corridor_sim.engines.discrete_event.wake import Wake
from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.foundation.time_grid import TICK_H

NEVER_H = float("inf")
NIGHT = Calendar([0, 8, 16, 32], [0, 1, 0, 1])


def times(requests, servers=1, calendar=ALWAYS_OPEN, ageing=NEVER_H, until=None, holds=(), releases=()):
    """Start and departure of each request (at, class, service, occupancy), ranks in their order.

    Those of ``holds`` keep their server; ``releases`` are (at, request).
    """
    env = simpy.Environment()
    closes = until or [NEVER_H] * servers
    place = Attended(env, 0, calendar, [0.0] * len(closes), closes, 3, ageing)
    found = {}

    def visitor(k, at, priority, service_h, occupancy_h):
        yield Wake(env, at, 2 + k)
        found[k] = yield place.ask(priority, 2 + k, service_h, occupancy_h, holds=k in holds)

    for k, request in enumerate(requests):
        env.process(visitor(k, *request))
    for at, k in releases:
        Wake(env, at, 1).callbacks.append(lambda _, who=k, now_h=at: place.release(2 + who, now_h))
    env.run(until=100.0)
    return [found.get(k) for k in range(len(requests))]


def test_the_smaller_class_is_next_and_nobody_is_interrupted():
    assert times([(0, 1, 4.0, 4.0), (0, 1, 1.0, 1.0), (2, 0, 1.0, 1.0)]) == [(0, 4), (5, 6), (4, 5)]


def test_the_server_is_taken_for_the_occupancy():
    assert times([(0, 0, 1.0, 5.0), (0, 0, 1.0, 1.0)]) == [(0, 1), (5, 6)]


def test_a_service_of_no_length_leaves_a_tick_later():
    assert times([(3, 0, 0.0, 0.0)]) == [(3, 3 + TICK_H)]


@pytest.mark.parametrize(("ageing", "second"), [(NEVER_H, 5), (4.0, 5), (2.0, 6), (3.0, 6)])
def test_hours_of_waiting_make_up_for_a_class(ageing, second):
    """One of class 1 came 3 h before one of class 0; as early as that with the hours added, the rank decides."""
    found = times([(0, 0, 5.0, 5.0), (1, 1, 1.0, 1.0), (4, 0, 1.0, 1.0)], ageing=ageing)
    assert found[2][0] == second


def test_of_one_class_and_instant_the_rank_decides():
    assert times([(3, 2, 1.0, 1.0), (3, 2, 1.0, 1.0)]) == [(3, 4), (4, 5)]


def test_service_is_in_open_hours():
    assert times([(1, 1, 6.0, 6.0), (2, 0, 4.0, 4.0)], calendar=NIGHT) == [(12, 34), (8, 12)]


def test_a_held_server_serves_nobody_until_a_tick_after_it_is_let_go():
    found = times([(0, 0, 1.0, 1.0), (0, 0, 1.0, 1.0)], holds={0}, releases=[(7.0, 0)])
    assert found[0] == (0, 1)
    assert found[1][0] == 7 + TICK_H


def test_a_held_server_let_go_before_its_occupancy_ends_is_free_at_that():
    found = times([(0, 0, 1.0, 6.0), (0, 0, 1.0, 1.0)], holds={0}, releases=[(2.0, 0)])
    assert found[1] == (6, 7)


def test_a_server_that_is_never_let_go_is_lost_the_other_goes_on():
    found = times([(0, 0, 1.0, 1.0), (0, 0, 1.0, 1.0), (0, 0, 1.0, 1.0)], servers=2, holds={0})
    assert found == [(0, 1), (0, 1), (1, 2)]
    assert times([(0, 0, 1.0, 1.0), (0, 0, 1.0, 1.0)], holds={0}) == [(0, 1), None]


def test_a_server_starts_nobody_once_it_has_closed():
    assert times([(0, 0, 4.0, 4.0), (1, 0, 4.0, 4.0)], until=[3.0]) == [(0, 4), None]


def test_of_servers_free_together_the_one_that_closes_first_is_taken():
    """So the other is there for one who comes after that."""
    assert times([(0, 0, 9.0, 9.0), (4, 0, 1.0, 1.0)], until=[NEVER_H, 3.0]) == [(0, 9), (4, 5)]
