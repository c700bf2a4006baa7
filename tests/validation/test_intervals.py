"""The 95 % interval over replications: Student's t, and it covers."""

import numpy as np
import pytest
from scipy import stats

from corridor_sim.results.statistics import summarise
from tests.support.parts import Place, Queue, exponential, poisson_flow
from tests.support.plans import make_plan
from tests.support.running import run


@pytest.mark.parametrize("n", [2, 3, 10, 50])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_interval_is_students(n, confidence):
    values = np.random.default_rng(1).lognormal(size=(n, 7))
    found = summarise(values, confidence)
    for k in range(7):
        low, high = stats.t.interval(confidence, n - 1, loc=values[:, k].mean(), scale=stats.sem(values[:, k]))
        assert found["ci_low"][k] == pytest.approx(low, rel=1e-12)
        assert found["ci_high"][k] == pytest.approx(high, rel=1e-12)


@pytest.mark.parametrize("n", [3, 10])
def test_interval_covers_the_mean_of_normal_values(n):
    trials = 20000
    found = summarise(np.random.default_rng(2).normal(5.0, 2.0, size=(n, trials)))
    covered = np.mean((found["ci_low"] <= 5.0) & (found["ci_high"] >= 5.0))
    assert abs(covered - 0.95) < 4 * np.sqrt(0.95 * 0.05 / trials)


def test_interval_covers_the_mean_wait_of_a_queue(engine):
    """40 runs of 8 replications of M/M/1 at a load of one half; at 95 % some 38 intervals hold the true mean of 1 h."""
    plan = make_plan(
        flows=[poisson_flow("A", 0.5, 2000.0, stages=[Queue(Place("gate"), exponential(1.0))])], end_h=2000.0
    )
    waits = np.array(
        [[run(engine, plan, seed=s, replication=r).waits(0)[25:].mean() for s in range(40)] for r in range(8)]
    )
    found = summarise(waits)
    covered = np.count_nonzero((found["ci_low"] <= 1.0) & (found["ci_high"] >= 1.0))
    assert covered >= stats.binom(40, 0.95).ppf(0.005)
