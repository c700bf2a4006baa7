import math

import numpy as np
import pytest

from corridor_sim.foundation.time_grid import TICK_H, TICKS_PER_H, durations_to_grid, scalar_to_grid, to_grid


def test_a_tick_is_a_power_of_two():
    assert math.frexp(TICK_H)[0] == 0.5
    assert TICK_H * TICKS_PER_H == 1


@pytest.mark.parametrize(
    ("ticks", "rounded"), [(0.4, 0), (0.5, 0), (0.6, 1), (1.5, 2), (2.5, 2), (-0.6, -1), (1e12 + 0.4, 1e12)]
)
def test_rounds_to_the_nearest_tick_halves_to_even(ticks, rounded):
    assert to_grid(ticks * TICK_H) == rounded * TICK_H
    assert scalar_to_grid(ticks * TICK_H) == rounded * TICK_H


def test_scalar_and_array_give_the_same_bits():
    x = np.random.default_rng(1).uniform(-10, 1e6, 5000)
    assert to_grid(x).tolist() == [scalar_to_grid(v) for v in x.tolist()]


def test_infinite_and_missing_times_pass():
    assert np.array_equal(to_grid([np.inf, np.nan]), [np.inf, np.nan], equal_nan=True)


def test_shapes_are_kept():
    assert to_grid(1.0).shape == ()
    assert to_grid([[1.0, 2.0]]).shape == (1, 2)


def test_no_duration_is_shorter_than_a_tick():
    assert durations_to_grid([0.0, TICK_H / 3, TICK_H, 1.0]).tolist() == [TICK_H, TICK_H, TICK_H, 1.0]


def test_sums_are_exact_for_a_century():
    """Adding up in any order gives the same bits: the reason for the grid."""
    steps = durations_to_grid(np.random.default_rng(2).exponential(1.3, 700_000))
    total = np.cumsum(steps)
    assert total[-1] > 876_000
    assert total[-1] == np.cumsum(steps[::-1])[-1] == math.fsum(steps)
