from datetime import UTC, datetime

import numpy as np
import pytest

from corridor_sim.foundation.time_axis import TimeAxis
from corridor_sim.results.reductions.periods import Periods

DAY = 24.0


@pytest.fixture
def periods():
    """15 January to 10 March, five days of warm-up."""
    return Periods.of(TimeAxis(datetime(2025, 1, 15, tzinfo=UTC), 54 * DAY, 5 * DAY))


def test_months_and_what_is_made_of_them(periods):
    assert periods.names == ("all", "2025", "2025-01", "2025-02", "2025-03")
    assert periods.edges_h.tolist() == [5 * DAY, 17 * DAY, 45 * DAY, 54 * DAY]
    assert periods.months == (range(3), range(3), range(1), range(1, 2), range(2, 3))
    assert periods.start_h.tolist() == [5 * DAY, 5 * DAY, 5 * DAY, 17 * DAY, 45 * DAY]
    assert periods.end_h.tolist() == [54 * DAY, 54 * DAY, 17 * DAY, 45 * DAY, 54 * DAY]


def test_bins_are_the_months_and_what_is_before_and_after(periods):
    times = np.array([0.0, 5 * DAY - 1, 5 * DAY, 17 * DAY, 45 * DAY, 54 * DAY, np.inf])
    assert periods.bins.of(times).tolist() == [0, 0, 1, 2, 3, 4, 4]


def test_months_are_added_up_to_periods(periods):
    assert periods.of_months(np.array([[2, 0, 1], [7, 3, 4]])).tolist() == [[3, 3, 2, 0, 1], [14, 14, 7, 3, 4]]


def test_the_largest_of_months(periods):
    assert periods.largest(np.array([[2.0, 0, 1]])).tolist() == [[2, 2, 2, 0, 1]]


def test_two_years():
    p = Periods.of(TimeAxis(datetime(2024, 12, 1, tzinfo=UTC), 62 * DAY, 0.0))
    assert p.names == ("all", "2024", "2025", "2024-12", "2025-01")
    assert p.of_months(np.array([1, 2])).tolist() == [3, 1, 2, 1, 2]
