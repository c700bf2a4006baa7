"""MSER-5 on series whose settling time is known."""

import numpy as np
import pytest

from corridor_sim.analysis.warm_up import mser, suggested_warm_up
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate


def series(n: int, settled: int, seed: int) -> np.ndarray:
    """Noise about 10 after a straight rise from 0."""
    noise = np.random.default_rng(seed).normal(0, 1, n)
    return np.minimum(np.arange(n) / settled, 1.0) * 10 + noise


def test_a_rise_is_cut_off():
    found = [mser(series(400, 60, seed)) for seed in range(20)]
    assert 40 <= np.median(found) <= 70
    assert all(f % 5 == 0 for f in found)


def test_a_steady_series_is_kept_nearly_whole():
    found = [mser(np.random.default_rng(seed).normal(5, 1, 400)) for seed in range(20)]
    assert np.median(found) <= 40


def test_a_series_that_grows_has_no_warm_up():
    assert mser(np.arange(300.0)) is None


@pytest.mark.parametrize("n", [0, 4, 9, 54])
def test_too_few_values(n):
    assert mser(np.ones(n)) is None


def test_the_definition():
    """Against the sum written out."""
    y = np.random.default_rng(3).normal(0, 1, 60) + np.linspace(3, 0, 60)
    z = y.reshape(12, 5).mean(axis=1)
    errors = [((z[d:] - z[d:].mean()) ** 2).sum() / (12 - d) ** 2 for d in range(7)]
    best = int(np.argmin(errors))
    assert mser(y) == (None if best > 6 else 5 * best)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"run.warm_up": "0 d", "queues.CUSTOMS.servers": 4}, "MSER-5"),
        ({"queues.CUSTOMS.servers": 1, "demand.growth": 3}, "do not come to rest"),
    ],
)
def test_a_run_says_how_its_warm_up_is(changes, words):
    result = simulate(
        load_scenario("tiny", overrides={"run.engine": "des", "run.end": "2025-07-01"} | changes), replications=2
    )
    hours, sentence = suggested_warm_up(result)
    assert words in sentence
    assert (hours is None) == ("do not come" in sentence)
