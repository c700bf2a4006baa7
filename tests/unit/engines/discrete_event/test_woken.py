"""Facilities wake at the earliest instant they were told, after all arrivals of it, in their order."""

import simpy

from corridor_sim.engines.discrete_event.wake import Wake
from corridor_sim.engines.discrete_event.woken import LAST_RANK, Woken


class Diary(Woken):
    """Writes down when it decides; some instants lead to another wake."""

    def __init__(self, env, order, log, again=None):
        super().__init__(env, order)
        self.name, self.log, self.again = order, log, again or {}

    def decide(self, now_h):
        self.log.append((now_h, self.name))
        for at_h in self.again.get(now_h, ()):
            self.wake(at_h)


def diary(*wakes, again=None):
    env, log = simpy.Environment(), []
    one = Diary(env, 0, log, again)
    for at_h in wakes:
        one.wake(at_h)
    env.run(until=100)
    return [at_h for at_h, _ in log]


def test_of_several_wakes_the_earliest_counts():
    assert diary(5.0, 3.0, 9.0) == [3.0]
    assert diary(3.0, 5.0, 3.0) == [3.0]


def test_it_may_be_woken_again_after_it_decided():
    assert diary(5.0, 3.0, again={3.0: [7.0], 7.0: [9.0, 8.0]}) == [3.0, 7.0, 8.0]


def test_an_instant_given_up_for_an_earlier_one_may_be_given_again():
    assert diary(5.0, 3.0, again={3.0: [5.0]}) == [3.0, 5.0]


def test_once_more_at_the_same_instant():
    env, log, left = simpy.Environment(), [], [3]

    class Again(Diary):
        def decide(self, now_h):
            super().decide(now_h)
            left[0] -= 1
            if left[0]:
                self.wake(now_h)

    Again(env, 0, log).wake(2.0)
    env.run(until=100)
    assert log == [(2.0, 0)] * 3


def test_those_of_one_instant_wake_in_their_order_after_all_arrivals():
    env, log = simpy.Environment(), []
    facilities = [Diary(env, order, log) for order in (4, 1, 3)]
    for facility in facilities:
        facility.wake(2.0)
    for rank in (LAST_RANK - 1, 2):
        Wake(env, 2.0, rank).callbacks.append(lambda _, r=rank: log.append((env.now, r)))
    env.run(until=100)
    assert log == [(2.0, 2), (2.0, LAST_RANK - 1), (2.0, 1), (2.0, 3), (2.0, 4)]


def test_an_arrival_of_the_instant_is_known_when_it_decides():
    """It is woken for later, then an arrival wakes it now: the decision comes after the next arrival, too."""
    env, log = simpy.Environment(), []
    one = Diary(env, 0, log)
    one.wake(50.0)

    def arrives(rank):
        log.append((env.now, -rank))
        one.wake(env.now)

    for rank in (2, 3):
        Wake(env, 2.0, rank).callbacks.append(lambda _, r=rank: arrives(r))
    env.run(until=100)
    assert log == [(2.0, -2), (2.0, -3), (2.0, 0)]
