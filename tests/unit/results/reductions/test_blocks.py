import numpy as np
import pytest

from corridor_sim.results.reductions.blocks import Block, safe_ratio


def test_values_must_fit_subjects_and_periods():
    Block("kpi", "h", ("a", "b"), ("all",), np.zeros((3, 2, 1)))
    with pytest.raises(ValueError, match=r"KPI kpi: values of shape \(3, 1, 2\), expected \(n_lanes, 2, 1\)"):
        Block("kpi", "h", ("a", "b"), ("all",), np.zeros((3, 1, 2)))


def test_a_ratio_to_nothing_is_missing():
    assert np.array_equal(safe_ratio([1, 0, 4], [2, 0, 0]), [0.5, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(safe_ratio([[1.0], [2.0]], [2.0, 4.0]), [[0.5, 0.25], [1.0, 0.5]])
