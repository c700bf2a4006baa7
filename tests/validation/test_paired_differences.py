"""Differences on common random numbers: the interval covers the truth as often as it says, and is narrower."""

import numpy as np
import pytest
from scipy import stats

from corridor_sim.analysis.comparison import paired_differences
from corridor_sim.engines.registry import get_engine
from tests.support.parts import Place, Queue, exponential, poisson_flow
from tests.support.plans import make_plan
from tests.support.running import run

TRIALS, REPLICATIONS, RATE = 100, 8, 0.5


def waits(service_h: float) -> np.ndarray:
    """(REPLICATIONS, TRIALS) mean wait at M/M/1 with so long a service."""
    gate = Queue(Place("gate"), exponential(service_h))
    plan = make_plan(flows=[poisson_flow("A", RATE, 2000.0, stages=[gate])], end_h=2000.0)
    engine = get_engine("vector")
    lanes = [
        [run(engine, plan, seed=s, replication=r).waits(0)[25:].mean() for s in range(TRIALS)]
        for r in range(REPLICATIONS)
    ]
    return np.array(lanes)


@pytest.fixture(scope="module")
def found() -> dict[str, np.ndarray]:
    return paired_differences(waits(1.0), waits(0.8))


def test_the_interval_covers_the_truth_in_about_95_of_100_trials(found):
    truth = RATE * 0.8**2 / (1 - RATE * 0.8) - RATE / (1 - RATE)
    covered = int(np.count_nonzero((found["ci_low"] <= truth) & (found["ci_high"] >= truth)))
    low, high = stats.binom(TRIALS, 0.95).interval(0.99)
    assert low <= covered <= high


def test_common_random_numbers_save_most_of_the_variance(found):
    assert np.median(found["variance_saved_frac"]) > 0.6
