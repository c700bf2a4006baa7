from datetime import UTC, datetime

import numpy as np
import pytest

from corridor_sim.foundation.time_axis import TimeAxis
from corridor_sim.results.reductions.periods import Periods
from corridor_sim.results.reductions.queues import QueueLength, Slots


def queue(visits, end_h=72.0, n_lanes=1, start=datetime(2025, 1, 1, tzinfo=UTC)):
    """Queue of (lane, joined, left)."""
    slots = Slots.of(Periods.of(TimeAxis(start, end_h, 0.0)), end_h)
    lane, joined, left = np.array(visits, dtype=float).reshape(-1, 3).T
    return QueueLength(slots, slots.cells(n_lanes), lane.astype(np.int64), joined, left)


def test_daily_means():
    q = queue([(0, 0, 24), (0, 12, 36), (0, 30, 72)])
    assert q.daily_mean().tolist() == [[1.5, 0.5 + 0.75, 1.0]]


def test_the_last_day_may_be_short():
    assert queue([(0, 0, 36)], end_h=36.0).daily_mean().tolist() == [[1, 1]]


def test_lanes_do_not_mix():
    q = queue([(1, 0, 24), (0, 36, 72), (1, 12, 24)], n_lanes=3)
    assert q.daily_mean().tolist() == [[0, 0.5, 1], [1.5, 0, 0], [0, 0, 0]]
    assert q.longest().tolist() == [[1], [2], [0]]
    assert q.before_months().tolist() == [[0, 1], [0, 0], [0, 0]]


def test_those_who_wait_till_the_end_wait_at_the_end():
    q = queue([(0, 1, 72), (0, 2, 72), (0, 3, 5)])
    assert q.before_months().tolist() == [[0, 2]]
    assert q.monthly_h().tolist() == [[71 + 70 + 2]]


def test_one_who_starts_as_another_comes_is_not_counted_with_him():
    assert queue([(0, 0, 5), (0, 5, 9)]).longest().tolist() == [[1]]


class TestTheTurnOfAMonth:
    """Midnight between 31 January and 1 February is hour 24."""

    def months(self, *visits):
        return queue([(0, *v) for v in visits], end_h=72.0, start=datetime(2025, 1, 31, tzinfo=UTC))

    def test_who_comes_at_midnight_belongs_to_the_new_month(self):
        assert self.months((24, 30), (24, 30)).longest().tolist() == [[0, 2]]

    def test_who_leaves_at_midnight_belongs_to_the_old_month(self):
        q = self.months((3, 24), (4, 24), (5, 30))
        assert q.longest().tolist() == [[3, 1]]
        assert q.before_months().tolist() == [[0, 3, 0]]

    def test_a_queue_that_stays_is_in_both(self):
        q = self.months((3, 60))
        assert q.longest().tolist() == [[1, 1]]
        assert q.monthly_h().tolist() == [[21, 36]]


@pytest.mark.parametrize("hour", [6, 6.5])
def test_months_and_days_may_turn_at_different_hours(hour):
    """A horizon from 30 January, six o'clock: days of the run turn at six, or half past."""
    start = datetime(2025, 1, 30, 6, int(hour % 1 * 60), tzinfo=UTC)
    q = queue([(0, 0, 72)], start=start)
    assert q.daily_mean().tolist() == [[1, 1, 1]]
    assert q.monthly_h().tolist() == [[48 - hour, 24 + hour]]
