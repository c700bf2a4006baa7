"""Differences between runs: closed forms, coverage, ties."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import corridor_sim as cs
from corridor_sim.analysis.comparison import compare, independent_differences, paired_differences, rank
from corridor_sim.foundation.errors import ResultError


def test_the_interval_is_that_of_a_paired_t_test() -> None:
    rng = np.random.default_rng(1)
    a = rng.normal(10, 2, (12, 1))
    b = a + rng.normal(0.5, 0.3, (12, 1))
    found = paired_differences(a, b)
    expected = stats.ttest_rel(b[:, 0], a[:, 0]).confidence_interval()
    assert (found["ci_low"][0], found["ci_high"][0]) == pytest.approx(tuple(expected))
    assert found["differs"][0]
    saved = 1 - np.var(b - a, ddof=1) / (np.var(a, ddof=1) + np.var(b, ddof=1))
    assert found["variance_saved_frac"][0] == pytest.approx(saved)


def test_the_interval_without_common_numbers_is_welchs() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(10, 2, (9, 1)), rng.normal(13, 4, (14, 1))
    found = independent_differences(a, b)
    expected = stats.ttest_ind(b[:, 0], a[:, 0], equal_var=False).confidence_interval()
    assert (found["ci_low"][0], found["ci_high"][0]) == pytest.approx(tuple(expected))
    assert np.isnan(found["variance_saved_frac"][0])


def test_replications_without_a_value_are_left_out_of_both() -> None:
    a, b = np.array([[1.0], [2.0], [np.nan], [4.0]]), np.array([[2.0], [np.nan], [9.0], [6.0]])
    found = paired_differences(a, b)
    assert (found["reference_mean"][0], found["mean"][0], found["difference"][0], found["n"][0]) == (2.5, 4.0, 1.5, 2)


def test_nothing_is_sure_of_one_replication() -> None:
    for differences in (paired_differences, independent_differences):
        found = differences(np.array([[1.0]]), np.array([[2.0]]))
        assert found["difference"][0] == 1
        assert np.isnan(found["ci_low"][0])
        assert not found["differs"][0]


def test_what_is_the_same_everywhere_does_not_differ_by_rounding() -> None:
    a = np.full((5, 1), 0.1 + 0.2)
    assert not paired_differences(a, np.full((5, 1), 0.3))["differs"][0]
    assert paired_differences(a, np.full((5, 1), 0.4))["differs"][0]


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    shared = rng.exponential(5, (10, 4000))
    found = paired_differences(shared + rng.normal(0, 1, shared.shape), shared + rng.normal(0.2, 1, shared.shape))
    covered = np.mean((found["ci_low"] <= 0.2) & (found["ci_high"] >= 0.2))
    assert covered == pytest.approx(0.95, abs=0.012)  # 3.5 standard errors of 4,000 trials


def test_ranks_say_ties_as_ties() -> None:
    noise = np.random.default_rng(4).normal(0, 1, 20)
    other = np.random.default_rng(5).normal(0, 1, 20)
    table = rank({"slow": 9 + noise, "fast": 5 + noise, "like fast": 5.05 + other}).set_index("case")
    assert table["rank"].to_dict() == {"fast": 1, "like fast": 1, "slow": 3}
    assert table.loc["fast", "tied_with"] == "like fast"
    assert table.loc["slow", "tied_with"] == ""
    assert rank({"a": noise, "b": noise + 1}, highest_first=True)["case"].tolist() == ["b", "a"]


@pytest.fixture(scope="module")
def runs() -> dict[str, cs.RunResult]:
    return {
        name: cs.simulate(cs.load_scenario("tiny", overrides=changes), replications=4)
        for name, changes in {"as it is": {}, "more": {"demand.growth": 1.3}}.items()
    }


def test_runs_of_one_seed_are_paired(runs: dict[str, cs.RunResult]) -> None:
    found = compare(runs, "as it is")
    row = found.of("transit_mean_h", "all", "all").iloc[0]
    values = [r.kpis.query("kpi == 'transit_mean_h' and subject == 'all' and period == 'all'") for r in runs.values()]
    assert found.paired
    assert row["difference"] == pytest.approx(float(np.mean(values[1]["value"].values - values[0]["value"].values)))
    assert set(found.means["case"]) == {"as it is", "more"}


def test_runs_of_other_seeds_are_compared_as_independent(runs: dict[str, cs.RunResult]) -> None:
    other = cs.simulate(cs.load_scenario("tiny"), replications=4, seed=99)
    assert not compare({"a": runs["as it is"], "b": other}, "a").paired


def test_results_that_have_nothing_in_common(runs: dict[str, cs.RunResult]) -> None:
    from dataclasses import replace

    alien = replace(runs["more"], labels=runs["more"].labels.assign(period="1999"))
    with pytest.raises(ResultError, match="no KPI in common"):
        compare({"a": runs["as it is"], "b": alien}, "a")
