"""The diaries of places, ships and trains by themselves; their rules on whole plans are in tests/conformance."""

import math

import pytest
import simpy

from corridor_sim.engines.discrete_event.facilities import NEVER_H, Formation, Sailings, Servers
from corridor_sim.engines.discrete_event.wake import Wake
from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.foundation.time_grid import TICK_H

INF = math.inf
NIGHT = Calendar([0, 8, 16, 32], [0, 1, 0, 1])


class TestServers:
    def test_serves_in_order(self):
        s = Servers(ALWAYS_OPEN, [0.0, 0.0], [INF, INF])
        assert [s.serve(0.0, 2.0, 3.0) for _ in range(3)] == [(0, 2), (0, 2), (3, 5)]

    def test_closed_hours(self):
        s = Servers(NIGHT, [0.0], [INF])
        assert s.serve(0.0, 8.0, 8.0) == (8, 16)
        assert s.serve(1.0, 1.0, 1.0) == (32, 33)

    def test_a_start_is_never_before_the_arrival(self):
        """Rounding of open time at an odd rate must not turn back the clock."""
        s = Servers(Calendar([0.0], [1 / 3]), [0.0], [INF])
        for k in range(1, 200):
            arrive = k * 17 * TICK_H
            start, depart = s.serve(arrive, TICK_H, TICK_H)
            assert arrive <= start < depart

    def test_servers_that_have_ended_are_never_asked_again(self):
        s = Servers(ALWAYS_OPEN, [0.0, 0.0], [5.0, 1.0])
        assert s.serve(1.0, 1.0, 9.0) == (1, 2)
        assert s.serve(2.0, 1.0, 1.0) == (NEVER_H, NEVER_H)
        assert s.serve(3.0, 1.0, 1.0) == (NEVER_H, NEVER_H)

    def test_no_servers(self):
        assert Servers(ALWAYS_OPEN, [], []).serve(0.0, 1.0, 1.0) == (NEVER_H, NEVER_H)


class TestSailings:
    def test_boards_in_order(self):
        s = Sailings([10.0, 20.0], [5.0, 5.0])
        assert [s.board(t, 2.0)[0] for t in (0.0, 0.0, 1.0, 1.0)] == [10, 10, 20, 20]
        assert s.board(2.0, 2.0) == (NEVER_H, NEVER_H)

    def test_leaves_in_a_tick(self):
        assert Sailings([10.0], [5.0]).board(10.0, 5.0) == (10, 10 + TICK_H)

    def test_after_the_last_ship_even_nothing_stays(self):
        s = Sailings([10.0], [5.0])
        assert s.board(11.0, 1.0) == (NEVER_H, NEVER_H)
        assert s.board(12.0, 0.0) == (NEVER_H, NEVER_H)


class TestFormation:
    def leaves(self, size, wait, arrivals):
        env, left = simpy.Environment(), {}
        formation = Formation(env, size, wait)

        def member(k, at):
            yield Wake(env, at, 2 + k)
            left[k] = (yield formation.join()) - TICK_H

        for k, at in enumerate(arrivals):
            env.process(member(k, at))
        env.run(until=1000)
        return [left.get(k) for k in range(len(arrivals))]

    @pytest.mark.parametrize(
        ("size", "wait", "arrivals", "expected"),
        [
            (2, 10.0, [0, 3, 5], [3, 3, 15]),
            (3, 10.0, [0, 10, 10 + TICK_H], [10, 10, 20 + TICK_H]),
            (1, 10.0, [4], [4]),
            (5, 2000.0, [4], [None]),
        ],
    )
    def test_leaves_when_full_or_after_its_wait(self, size, wait, arrivals, expected):
        assert self.leaves(size, wait, arrivals) == expected


def test_events_of_one_instant_happen_in_the_order_of_ranks():
    env, seen = simpy.Environment(), []
    for rank in (9, 2, 5, 2**62):
        Wake(env, 1.0, rank).callbacks.append(lambda _, r=rank: seen.append(r))
    Wake(env, 0.5, 99).callbacks.append(lambda _: seen.append("first"))
    env.run()
    assert seen == ["first", 2, 5, 9, 2**62]
