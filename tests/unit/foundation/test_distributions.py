import math

import numpy as np
import pytest
from scipy import stats

from corridor_sim.foundation.distributions import Distribution, Family

N = 40_000
CASES = {
    "fixed": (Distribution.fixed(3.0), None, 3.0),
    "uniform": (Distribution(Family.UNIFORM, 1.0, 4.0), stats.uniform(1, 3), 2.5),
    "triangular": (Distribution(Family.TRIANGULAR, 1.0, 2.0, 6.0), stats.triang(0.2, 1, 5), 3.0),
    "exponential": (Distribution(Family.EXPONENTIAL, 2.0), stats.expon(0, 2), 2.0),
    "gamma": (Distribution(Family.GAMMA, 2.0, 0.5), stats.gamma(4, 0, 0.5), 2.0),
    "lognormal": (
        Distribution.lognormal(2.0, 0.5),
        stats.lognorm(math.sqrt(math.log(1.25)), 0, 2 / math.sqrt(1.25)),
        2.0,
    ),
}


def sample(distribution, n=N, seed=1):
    return distribution.sample(np.random.default_rng(seed), n)


@pytest.mark.parametrize("name", CASES)
def test_the_mean_is_what_it_says(name):
    distribution, _, mean = CASES[name]
    assert distribution.mean == pytest.approx(mean)


@pytest.mark.parametrize("name", [n for n in CASES if n != "fixed"])
def test_samples_follow_the_family(name):
    distribution, reference, _ = CASES[name]
    assert stats.kstest(sample(distribution), reference.cdf).pvalue > 0.01
    assert distribution.is_random


@pytest.mark.parametrize("name", CASES)
def test_a_longer_draw_begins_with_the_shorter(name):
    assert np.array_equal(sample(CASES[name][0], 100)[:30], sample(CASES[name][0], 30))


@pytest.mark.parametrize("cv", [0.3, 1.0, 2.0])
def test_gamma_and_lognormal_have_the_variation_asked_for(cv):
    assert stats.gamma(1 / cv**2).std() * cv**2 == pytest.approx(cv)
    x = sample(Distribution(Family.GAMMA, 5.0, cv), 200_000)
    assert x.std() / x.mean() == pytest.approx(cv, rel=0.02)
    d = Distribution.lognormal(5.0, cv)
    assert math.sqrt(math.expm1(d.b**2)) == pytest.approx(cv)


@pytest.mark.parametrize(
    "distribution",
    [
        Distribution.fixed(2.0),
        Distribution(Family.UNIFORM, 2.0, 2.0),
        Distribution(Family.TRIANGULAR, 2.0, 2.0, 2.0),
        Distribution(Family.GAMMA, 2.0, 0.0),
        Distribution.lognormal(2.0, 0.0),
    ],
)
def test_no_variation_is_a_constant(distribution):
    assert sample(distribution, 5) == pytest.approx(2.0)


@pytest.mark.parametrize(("low", "mode", "high"), [(0, 0, 3), (0, 3, 3), (1, 2, 3)])
def test_triangular_with_its_mode_anywhere(low, mode, high):
    x = sample(Distribution(Family.TRIANGULAR, low, mode, high))
    assert low <= x.min() <= x.max() <= high
    assert x.mean() == pytest.approx((low + mode + high) / 3, abs=0.02)


def test_clipping():
    clipped = Distribution(Family.EXPONENTIAL, 2.0, clip_low=1.0, clip_high=3.0)
    x = sample(clipped)
    assert x.min() == 1.0
    assert x.max() == 3.0
    assert clipped.mean == 2.0


def test_what_is_random_and_what_is_not():
    assert not CASES["fixed"][0].is_random
    assert not Distribution(Family.UNIFORM, 1.0, 1.0).is_random
    assert not Distribution(Family.GAMMA, 1.0, 0.0).is_random


def test_nothing_is_negative():
    assert all(sample(d).min() >= 0 for d, _, _ in CASES.values())


def test_no_draws():
    assert all(sample(d, 0).shape == (0,) for d, _, _ in CASES.values())


def test_the_values_of_families_are_stored_in_plans():
    assert [(f.name, f.value) for f in Family] == [
        ("FIXED", 0), ("UNIFORM", 1), ("TRIANGULAR", 2), ("EXPONENTIAL", 3), ("GAMMA", 4), ("LOGNORMAL", 5),
    ]  # fmt: skip
