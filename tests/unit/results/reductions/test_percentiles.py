from datetime import UTC, datetime

import numpy as np
import pytest

from corridor_sim.foundation.time_axis import TimeAxis
from corridor_sim.foundation.time_grid import to_grid
from corridor_sim.results.reductions.bins import Cells
from corridor_sim.results.reductions.percentiles import group_keys, percentiles, period_percentiles
from corridor_sim.results.reductions.periods import Periods

Q = [0, 5, 50, 80, 95, 100]
N_LANES, DAY = 3, 24.0


@pytest.mark.parametrize("n_zero", [0, 1, 7])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 20, 333])
def test_they_are_numpys_to_the_bit(n, n_zero):
    rng = np.random.default_rng(n)
    group, hours = rng.integers(0, 3, n), to_grid(rng.lognormal(3.0, 1.0, n))
    keys = np.sort(group_keys(group, hours))
    found = percentiles(keys, 3, Q, np.bincount(group, minlength=3) + n_zero)
    for g in range(3):
        sample = np.concatenate([np.zeros(n_zero), hours[group == g]])
        expected = np.percentile(sample, Q) if sample.size else np.full(len(Q), np.nan)
        assert np.array_equal(found[:, g], expected, equal_nan=True)


def test_the_longest_of_times_fit():
    century = 876_000.0
    assert percentiles(group_keys(np.array([0, 0, 1]), np.array([0.0, century, 5.0])), 2, [50]).tolist() == [
        [century / 2, 5.0]
    ]


def test_those_of_years_are_of_all_their_months():
    """Two years, 14 months: a year is not the mean of its months."""
    periods = Periods.of(TimeAxis(datetime(2024, 11, 1, tzinfo=UTC), 425 * DAY, 0.0))
    cells, rng = Cells(N_LANES, periods.bins), np.random.default_rng(1)
    lane, at = rng.integers(0, N_LANES, 900), rng.uniform(0, 425 * DAY, 900)
    hours = to_grid(rng.exponential(9.0, 900)) * (at % 3 > 1)
    cell = cells.of_lanes(lane, at)
    some = hours > 0
    found = period_percentiles(cells, periods, group_keys(cell[some], hours[some]), Q, cells.count(cell))
    for period, (start, end) in enumerate(zip(periods.start_h, periods.end_h, strict=True)):
        for k in range(N_LANES):
            sample = hours[(lane == k) & (start <= at) & (at < end)]
            assert found[:, k, period].tolist() == np.percentile(sample, Q).tolist()
