"""A track and a loop by themselves; trains on whole lines are in tests/conformance."""

import pytest
import simpy

from corridor_sim.engines.discrete_event.tracks import Loop, SingleTrack
from corridor_sim.engines.discrete_event.wake import Wake
from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.foundation.time_grid import TICK_H

NIGHT = Calendar([0, 8, 16, 32], [0, 1, 0, 1])


class TestLoop:
    def test_takes_one_of_a_direction_less_than_it_has_tracks(self):
        loop = Loop(3)
        assert loop.has_room(0, 1.0)
        loop.take(0)
        assert loop.has_room(0, 1.0)
        loop.take(0)
        assert not loop.has_room(0, 1.0)
        assert loop.has_room(1, 1.0)

    def test_takes_no_more_than_it_has_tracks(self):
        loop = Loop(3)
        for side in (0, 0, 1):
            loop.take(side)
        assert not loop.has_room(0, 1.0)
        assert not loop.has_room(1, 1.0)

    @pytest.mark.parametrize("side", [0, 1])
    def test_who_leaves_counts_until_a_tick_later(self, side):
        loop = Loop(2)
        loop.take(side)
        loop.leave(side, 5.0)
        assert not loop.has_room(side, 5.0)
        assert loop.has_room(1 - side, 5.0)
        assert loop.changes(5.0)
        assert loop.has_room(side, 5.0 + TICK_H)
        assert not loop.changes(5.0 + TICK_H)

    def test_several_that_leave_at_one_instant_all_count(self):
        loop = Loop(4)
        for side in (0, 0, 0):
            loop.take(side)
        for _ in range(3):
            loop.leave(0, 5.0)
        assert not loop.has_room(0, 5.0)
        loop.take(1)
        assert not loop.has_room(1, 5.0)
        assert loop.has_room(0, 5.0 + TICK_H)
        assert loop.has_room(1, 5.0 + TICK_H)

    def test_the_latest_to_leave_says_when_it_changes(self):
        loop = Loop(3)
        loop.take(0)
        loop.take(1)
        loop.leave(0, 5.0)
        loop.leave(1, 6.0)
        assert loop.changes(5.0)
        assert loop.changes(6.0)
        assert not loop.changes(5.5)


def times(requests, calendar=ALWAYS_OPEN, working=0.5, loops=(None, None), until=100.0, calls=()):
    """Entry and exit of each request (at, side, run, gap), ranks in their order; ``calls`` are (at, function)."""
    env = simpy.Environment()
    track, found = SingleTrack(env, 0, calendar, working, loops), {}

    def train(k, at, side, run_h, gap_h):
        yield Wake(env, at, 2 + k)
        found[k] = yield track.ask(side, 2 + k, run_h, gap_h)

    for k, request in enumerate(requests):
        env.process(train(k, *request))
    for at, function in calls:
        Wake(env, at, 1).callbacks.append(lambda _, f=function, t=at: f(t))
    env.run(until=until)
    return [found.get(k) for k in range(len(requests))]


class TestSingleTrack:
    def test_followers_are_a_headway_apart_at_entry_and_exit(self):
        assert times([(0, 0, 4.0, 1.0), (0, 0, 1.0, 0.5), (2, 0, 5.0, 1.0)]) == [(0, 4), (1, 5), (2, 7)]

    def test_the_other_way_waits_for_a_clear_track_and_the_working_time(self):
        assert times([(0, 0, 4.0, 1.0), (1, 1, 1.0, 1.0), (1, 0, 1.0, 1.0)]) == [(0, 4), (4.5, 5.5), (6, 7)]

    def test_of_those_that_ask_at_one_instant_the_rank_decides(self):
        assert times([(3, 1, 1.0, 1.0), (3, 0, 1.0, 1.0)]) == [(3, 4), (4.5, 5.5)]
        assert times([(3, 0, 1.0, 1.0), (3, 1, 1.0, 1.0)], working=0.0) == [(3, 4), (4, 5)]

    def test_entries_are_in_open_hours_and_runs_take_them(self):
        found = times([(7, 0, 6.0, 1.0), (7, 0, 2.0, 1.0), (15, 1, 1.0, 1.0)], NIGHT)
        assert found == [(8, 14), (9, 15), (15.5, 32.5)]

    def test_a_night_that_begins_before_one_can_enter(self):
        assert times([(8, 0, 8.0, 1.0), (9, 1, 1.0, 1.0)], NIGHT) == [(8, 16), (32, 33)]

    def test_an_opening_that_rounds_to_the_same_instant_is_a_tick_later(self):
        """A piece at an odd rate opens at a time that the way through open time may not reach; nobody turns round."""
        odd = Calendar([0, 5, 7], [1 / 3, 0, 1 / 3])
        ((entered, left),) = times([(5 + TICK_H, 0, TICK_H, TICK_H)], odd)
        assert entered >= 7
        assert left > entered

    def test_it_waits_for_room_at_the_loop_ahead(self):
        loop = Loop(2)
        loop.take(0)
        found = times([(1, 0, 1.0, 1.0)], loops=(None, loop), calls=[(6.0, lambda now: loop.leave(0, now))])
        assert found == [(6 + TICK_H, 7 + TICK_H)]

    def test_who_finds_no_room_does_not_keep_the_other_way_waiting(self):
        loop = Loop(2)
        loop.take(0)
        loop.take(1)
        assert times([(1, 0, 1.0, 1.0), (2, 1, 1.0, 1.0)], loops=(None, loop)) == [None, (2, 3)]

    def test_it_keeps_a_place_ahead_and_gives_up_the_one_behind(self):
        behind, ahead = Loop(2), Loop(2)
        behind.take(0)
        times([(1, 0, 9.0, 1.0)], loops=(behind, ahead))
        assert behind.has_room(0, 2.0)
        assert not ahead.has_room(0, 2.0)
        assert ahead.has_room(1, 2.0)

    def test_back_it_is_the_other_loop_that_lies_ahead(self):
        near, far = Loop(2), Loop(2)
        far.take(1)
        times([(1, 1, 9.0, 1.0)], loops=(near, far))
        assert not near.has_room(1, 2.0)
        assert far.has_room(1, 2.0)
