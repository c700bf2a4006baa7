"""Years side by side, and which place limits in which of them."""

import numpy as np
import pandas as pd
import pytest

import corridor_sim as cs
from corridor_sim.analysis.year_by_year import loads, queues, year_table, years_of

START, END = "2025-12-01", "2028-01-01"


@pytest.fixture(scope="module")
def result() -> cs.RunResult:
    """Two full years on the tiny corridor: demand doubles, and a second officer comes with the second year."""
    changes = {
        "run.start": START, "run.end": END, "run.warm_up": "31 d",
        "demand.by_route": {"samur": {2026: 1.6, 2027: 2.4}},
        "queues.CUSTOMS.servers": [{"n": 1}, {"n": 2, "from": "2027-01-01"}],
    }  # fmt: skip
    return cs.simulate(cs.load_scenario("tiny", overrides=changes), replications=3)


def test_a_row_per_year(result: cs.RunResult) -> None:
    assert years_of(result) == ["2026", "2027"]
    table = year_table(result)
    assert list(table.index) == ["2026", "2027"]
    summary = result.summary().set_index(["kpi", "subject", "period"])["mean"]
    for year in table.index:
        assert table.loc[year, "demand_t"] == summary["released_t", "all", year]
        assert table.loc[year, "transit_mean_h"] == summary["transit_mean_h", "all", year]
    assert table["demand_t"].iloc[1] == pytest.approx(1.5 * table["demand_t"].iloc[0], rel=0.03)


def test_the_place_that_cannot_keep_up_is_the_limit(result: cs.RunResult) -> None:
    table, load = year_table(result), loads(result)
    assert table.loc["2026", "limit"] == "CUSTOMS"
    assert table.loc["2026", "limit_load_frac"] == load.loc["CUSTOMS", "2026"] > 1
    assert table.loc["2026", "limit_queue_n"] == queues(result).loc["CUSTOMS", "2026"]
    assert load.loc["CUSTOMS", "2027"] < load.loc["CUSTOMS", "2026"]


def test_where_nothing_is_tight_nothing_limits() -> None:
    quiet = cs.simulate(cs.load_scenario("tiny", overrides={"demand.growth": 0.2}), replications=2)
    table = year_table(quiet)
    assert table["limit"].tolist() == [""]
    assert np.isnan(table["limit_load_frac"]).all()
    assert isinstance(table, pd.DataFrame)
