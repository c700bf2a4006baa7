"""Release patterns: Poisson and even flows follow the month profile."""

import math

import numpy as np
from scipy import stats

from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lane
from tests.support.parts import Flow, Hold
from tests.support.plans import make_plan

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
BORDERS = 24.0 * np.concatenate(([0], np.cumsum(DAYS)))
WEIGHTS = np.array([0.02, 0.03, 0.10, 0.12, 0.13, 0.12, 0.11, 0.10, 0.09, 0.09, 0.06, 0.03])


def releases(*, poisson, total, n, weights=WEIGHTS):
    expected = list(zip(BORDERS.tolist(), np.concatenate(([0.0], np.cumsum(weights) * total)).tolist(), strict=True))
    plan = make_plan(flows=[Flow("A", expected=expected, poisson=poisson, stages=[Hold(1.0)])], end_h=8760.0)
    return [draw_lane(plan, RandomStreams(2025), r).release_h for r in range(n)]


def test_poisson_counts_follow_the_month_profile():
    total, n = 2000.0, 40
    counts = np.array([np.histogram(r, BORDERS)[0] for r in releases(poisson=True, total=total, n=n)])
    expected = total * WEIGHTS
    assert np.all(np.abs(counts.mean(axis=0) - expected) < 3.5 * np.sqrt(expected / n))
    index_of_dispersion = ((counts - expected) ** 2 / expected).sum()
    assert 0.001 < stats.chi2(counts.size).cdf(index_of_dispersion) < 0.999


def test_poisson_months_are_independent():
    counts = np.array([np.histogram(r, BORDERS)[0] for r in releases(poisson=True, total=2000.0, n=200)])
    correlation = np.corrcoef(counts.T)[np.triu_indices(12, 1)]
    assert np.abs(correlation).max() < 4 / math.sqrt(200)


def test_poisson_gaps_are_exponential():
    (times,) = releases(poisson=True, total=5000.0, n=1, weights=DAYS / 365)
    assert stats.kstest(np.diff(times), "expon", args=(0, 8760.0 / 5000.0)).pvalue > 0.01


def test_poisson_releases_are_uniform_within_a_month():
    times = np.concatenate(releases(poisson=True, total=2000.0, n=5))
    june = times[(times >= BORDERS[5]) & (times < BORDERS[6])]
    assert stats.kstest(june, "uniform", args=(BORDERS[5], BORDERS[6] - BORDERS[5])).pvalue > 0.01


def test_even_releases_have_equal_gaps_within_a_month():
    (times,) = releases(poisson=False, total=1000.0, n=1)
    for m in range(12):
        own = times[(times >= BORDERS[m]) & (times < BORDERS[m + 1])]
        assert abs(own.size - 1000.0 * WEIGHTS[m]) < 1
        gap = 24.0 * DAYS[m] / (1000.0 * WEIGHTS[m])
        assert np.abs(np.diff(own) - gap).max() < 1e-5


def test_even_releases_begin_anywhere_in_the_first_gap():
    first = np.array([r[0] for r in releases(poisson=False, total=365.0, n=200, weights=DAYS / 365)])
    assert stats.kstest(first, "uniform", args=(0.0, 24.0)).pvalue > 0.01


def test_even_releases_have_the_right_mean_number():
    """12.6 expected: 12 or 13, 12.6 on average."""
    counts = np.array([r.size for r in releases(poisson=False, total=12.6, n=400)])
    assert set(counts) == {12, 13}
    assert abs(counts.mean() - 12.6) < 3 * math.sqrt(0.24 / 400)


def test_a_month_without_weight_has_no_releases():
    closed = WEIGHTS.copy()
    closed[0], closed[6] = 0.0, WEIGHTS[6] + WEIGHTS[0]
    for poisson in (True, False):
        (times,) = releases(poisson=poisson, total=800.0, n=1, weights=closed)
        assert times.min() > BORDERS[1]
        assert np.all(np.diff(times) >= 0)
