"""Fitting to observations: a known function, one that cannot be met, one that tells nothing; the scale of misses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from corridor_sim.analysis.fitting import EDGE, fit, huber, scaled_misses

TRUTH = np.array([0.3, 0.7, 0.55])


def points(n: int = 3, cases: int = 40) -> np.ndarray:
    return np.asarray(qmc.LatinHypercube(n, rng=np.random.default_rng(1)).random(cases))


def line(x: np.ndarray) -> np.ndarray:
    """Two numbers are seen in three observations, the third in none."""
    d = x - TRUTH
    return np.asarray(np.stack([8 * d[:, 0], 6 * d[:, 1], 5 * d[:, 0] * d[:, 1] + 4 * d[:, 0]], axis=1))


def test_the_truth_is_found_and_what_is_not_seen_stays() -> None:
    found = fit(line, np.array([0.5, 0.5, 0.5]), points(), most_steps=8)
    assert found.best[:2] == pytest.approx(TRUTH[:2], abs=0.02)
    assert found.best[2] == pytest.approx(0.5, abs=0.01)
    assert found.loss_after < 0.01 < found.loss_before
    assert found.known[:2].min() > 0.5
    assert found.known[2] == pytest.approx(0, abs=0.01)
    assert found.decile[0] < found.decile[2]


def test_one_observation_that_cannot_be_met_does_not_rule_the_others() -> None:
    def with_outlier(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.hstack([line(x), np.full((len(x), 1), 30.0)]))

    found = fit(with_outlier, np.array([0.5, 0.5, 0.5]), points(), most_steps=8)
    assert found.best[:2] == pytest.approx(TRUTH[:2], abs=0.02)


def test_ranges_are_never_left() -> None:
    seen = []

    def beyond(x: np.ndarray) -> np.ndarray:
        seen.append(x)
        return np.asarray(5 * (x - 1.4))

    found = fit(beyond, np.array([0.5]), points(1), most_steps=8)
    assert np.vstack(seen).min() >= 0
    assert np.vstack(seen).max() <= 1
    assert found.best[0] == pytest.approx(1 - EDGE, abs=0.01)


def test_what_is_not_simulated_counts_nothing() -> None:
    found = fit(lambda x: np.hstack([line(x), np.full((len(x), 1), np.nan)]), TRUTH, points(), most_steps=4)
    assert found.loss_before == found.loss_after == 0
    assert huber(np.array([np.nan, 2.0, -0.5])) == pytest.approx(1.5 + 0.125)


@given(st.floats(0.1, 100), st.floats(1.01, 3), st.floats(1.01, 3))
def test_ends_of_an_observed_range_are_one_away(low: float, a: float, b: float) -> None:
    lows, mids, highs = (np.array([v]) for v in (low, low * a, low * a * b))
    for value, miss in ((lows, -1), (mids, 0), (highs, 1), (highs * b, 2)):
        assert scaled_misses(value, lows, mids, highs) == pytest.approx(miss, abs=1e-6)
    middle = np.sqrt(lows * highs)
    assert scaled_misses(middle, lows, np.array([np.nan]), highs) == pytest.approx(0, abs=1e-9)


def test_a_middle_at_the_end_of_its_range() -> None:
    one = np.array([1.0])
    assert scaled_misses(np.array([0.5]), one, one, 2 * one) == pytest.approx(-1)
