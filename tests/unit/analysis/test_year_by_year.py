"""Years side by side, and which place limits in which of them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import corridor_sim as cs
from corridor_sim.analysis.year_by_year import MONEY_AND_CARBON, loads, queues, route_table, year_table, years_of

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


PRICES = """
costs:
  RAIL: {item: rail, rate: 0.02 USD/tkm}
  LINE: {item: truck in line, rate: 12 USD/truck-h}
  VOT: {item: time, rate: {value: 0.5, unit: per year of cargo value}}
emission_factors:
  TRAIN: {item: train, ttw: 14 g/tkm, wtt: 4 g/tkm, wtw: 18 g/tkm}
charges:
  rail: {cost: RAIL, kind: transport, on: rail}
  line: {cost: LINE, kind: equipment, at: [CUSTOMS]}
  time: {cost: VOT, kind: time, during: trip}
emissions:
  train: {factor: TRAIN, on: rail}
"""


def test_money_and_carbon_of_years_add_up_to_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(cs.load_scenario("tiny").resolved_yaml() + PRICES, encoding="utf-8")
    changes = {
        "run.start": START, "run.end": END, "run.warm_up": "31 d", "demand.by_route": {"samur": {2026: 1.0, 2027: 1.2}},
    }  # fmt: skip
    result = cs.simulate(cs.load_scenario(path, overrides=changes), replications=3)
    mean = result.summary().set_index(["kpi", "subject", "period"])["mean"]
    for kpi in ("cost_total_usd", "co2e_wtw_total_t"):
        by_year = [mean[kpi, "route:samur", year] for year in ("2026", "2027")]
        assert sum(by_year) == pytest.approx(mean[kpi, "route:samur", "all"], rel=1e-9)
    # hours in line are those of the year: more demand, longer lines
    assert mean["cost_equipment_usd_per_t", "all", "2027"] > 1.2 * mean["cost_equipment_usd_per_t", "all", "2026"] > 0
    table = route_table(result).set_index(["year", "route"])
    assert list(table.index) == [("2026", "samur"), ("2027", "samur")]
    for kpi in ("transit_mean_h", *MONEY_AND_CARBON):
        row = table.loc[("2026", "samur")]
        assert row[kpi] == mean[kpi, "route:samur", "2026"]
        assert row[f"{kpi}_low"] <= row[kpi] <= row[f"{kpi}_high"]
    assert year_table(result).loc["2027", "cost_usd_per_t"] == mean["cost_usd_per_t", "all", "2027"]
