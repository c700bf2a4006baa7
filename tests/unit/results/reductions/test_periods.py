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
    assert periods.member.tolist() == [[True] * 3, [True] * 3, *np.eye(3, dtype=bool).tolist()]
    assert periods.start_h.tolist() == [5 * DAY, 5 * DAY, 5 * DAY, 17 * DAY, 45 * DAY]
    assert periods.end_h.tolist() == [54 * DAY, 54 * DAY, 17 * DAY, 45 * DAY, 54 * DAY]


def test_a_month_begins_with_its_first_instant(periods):
    times = np.array([0.0, 5 * DAY - 1, 5 * DAY, 17 * DAY, 45 * DAY, 54 * DAY, np.nan])
    assert periods.month_of(times).tolist() == [-1, -1, 0, 1, 2, -1, -1]


def test_totals(periods):
    month = np.array([-1, 0, 0, 2])
    assert periods.total(month).tolist() == [3, 3, 2, 0, 1]
    assert periods.total(month, np.array([9.0, 1, 2, 4])).tolist() == [7, 7, 3, 0, 4]


def test_a_statistic_of_all_is_not_that_of_the_months(periods):
    month, values = np.array([0, 2, 2, -1, 0]), np.array([1.0, 2, 6, 99, 3])
    found = periods.statistic(month, values, lambda x: np.array([x.max(), np.median(x)]), 2)
    assert np.array_equal(found[0], [6, 6, 3, np.nan, 6], equal_nan=True)
    assert np.array_equal(found[1], [2.5, 2.5, 2, np.nan, 4], equal_nan=True)


def test_two_years():
    p = Periods.of(TimeAxis(datetime(2024, 12, 1, tzinfo=UTC), 62 * DAY, 0.0))
    assert p.names == ("all", "2024", "2025", "2024-12", "2025-01")
    assert p.total(np.array([0, 1, 1])).tolist() == [3, 1, 2, 1, 2]
