"""Against scipy in tests/validation/test_intervals.py; here what happens where values are missing."""

import numpy as np
import pytest

from corridor_sim.results import kpi_values
from corridor_sim.results.statistics import SUMMARY_COLUMNS, summarise

NAN = np.nan


def test_columns():
    assert tuple(summarise(np.ones((3, 2)))) == SUMMARY_COLUMNS


def test_mean_and_percentiles_of_replications():
    s = summarise(np.arange(21.0)[:, None])
    assert [s[k][0] for k in ("mean", "p05", "p50", "p95", "n")] == [10, 1, 10, 19, 21]


def test_one_replication_has_no_interval():
    s = summarise(np.array([[4.0, 5.0]]))
    assert s["mean"].tolist() == [4, 5]
    assert np.isnan(s["ci_low"]).all()
    assert np.isnan(s["ci_high"]).all()
    assert s["p95"].tolist() == [4, 5]


def test_missing_values_are_left_out():
    s = summarise(np.array([[1.0, NAN, NAN], [3.0, 7.0, NAN], [NAN, NAN, NAN]]))
    assert s["n"].tolist() == [2, 1, 0]
    assert s["mean"][:2].tolist() == [2, 7]
    assert s["p50"][:2].tolist() == [2, 7]
    assert np.isnan(s["mean"][2])
    assert np.isnan(s["p50"][2])
    assert s["ci_high"][0] == pytest.approx(2 + 12.7062047 * 1.0)
    assert np.isnan(s["ci_low"][1])


def test_equal_values_have_an_interval_of_no_width():
    s = summarise(np.full((5, 1), 3.0))
    assert s["ci_low"][0] == s["ci_high"][0] == 3


@pytest.mark.parametrize("block_bytes", [1, 1000, 5000])
def test_some_at_a_time_are_the_same_to_the_bit(monkeypatch, block_bytes):
    values = np.random.default_rng(1).gamma(2.0, size=(103, 41))
    values[5, 7] = values[:, 9] = NAN
    whole = summarise(values)
    monkeypatch.setattr(kpi_values, "BLOCK_BYTES", block_bytes)
    parts = summarise(values)
    assert all(whole[name].tobytes() == parts[name].tobytes() for name in SUMMARY_COLUMNS)
