"""When enough is enough."""

import numpy as np
import pytest

from corridor_sim.sweep.file import Precision
from corridor_sim.sweep.precision import enough, relative_half_width, shortfall

ASKED = Precision(kpi="k", subject="s", relative=0.1, at_least=4, at_most=10)


def test_the_half_width_is_students():
    assert relative_half_width([9.0, 11.0]) == pytest.approx(12.706 * 1.0 / 10, rel=1e-4)
    assert relative_half_width([3.0]) == np.inf
    assert relative_half_width([2.0, 2.0]) == 0
    assert relative_half_width([-1.0, 1.0]) == np.inf


def test_enough():
    assert not enough([5.0, 5.0, 5.0], ASKED)  # fewer than at_least
    assert enough([5.0] * 4, ASKED)
    assert not enough([1.0, 9.0, 1.0, 9.0], ASKED)
    assert enough([1.0, 9.0] * 5, ASKED)  # the budget is spent


def test_the_sentence():
    text = shortfall([1.0, 9.0] * 5, ASKED)
    assert "k of s is known to ± 60.3 % after 10 replications, asked were ± 10.0 %" in text
    assert "about 441 would do" in text
    assert shortfall([5.0] * 4, ASKED) == ""


def test_the_rule_covers_as_often_as_it_says():
    """Sequential stopping loses little coverage: at 95 % some 90 of 100 intervals or more hold the mean."""
    rule = Precision(kpi="k", subject="s", relative=0.05, at_least=5, at_most=1000)
    rng, covered = np.random.default_rng(5), 0
    for _ in range(300):
        values = rng.normal(10, 2, 5).tolist()
        while not enough(values, rule):
            values += rng.normal(10, 2, 5).tolist()
        covered += abs(np.mean(values) - 10) <= 0.05 * 10
    assert covered >= 270
