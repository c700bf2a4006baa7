"""Every shipped scenario loads, compiles and runs on a short horizon, and its result folder reads back."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import corridor_sim as cs
from tests.support.shipped import POLICIES, SHIPPED, WINTER

WITH_FREIGHT = [name for name in SHIPPED if name not in POLICIES and cs.load_scenario(name).flows]
WITH_GAS = [name for name in SHIPPED if name.startswith("gas-")]  # corridor-2045 has the gas of gas-ramp
CONTRACT = {"manifest.json", "scenario.resolved.yaml", "kpis.parquet", "summary.csv", "stages.parquet", "trace.parquet"}


def short(name: str) -> cs.RunResult:
    scenario = cs.load_scenario(name, overrides=WINTER.get(name, {}))
    return cs.simulate(scenario, replications=1, trace=True)


@pytest.mark.parametrize("name", WITH_FREIGHT)
def test_runs_on_a_short_horizon_and_reads_back(name: str, tmp_path: Path) -> None:
    result = short(name)
    folder = result.save(tmp_path / "out")
    assert {p.name for p in folder.iterdir()} >= CONTRACT
    again = cs.load_result(folder)
    pd.testing.assert_frame_equal(
        again.kpis.sort_values(["kpi", "subject", "period"]).reset_index(drop=True),
        result.kpis.sort_values(["kpi", "subject", "period"]).reset_index(drop=True),
        check_dtype=False,
    )
    assert list(result.kpis.columns) == ["case_id", "replication", "kpi", "subject", "period", "value", "unit"]
    assert list(result.summary().columns) == [
        "kpi", "subject", "period", "unit", "mean", "ci_low", "ci_high", "p05", "p50", "p95", "n",
    ]  # fmt: skip
    assert result.trace is not None
    assert {
        "replication",
        "flow_id",
        "consignment_idx",
        "stage_id",
        "arrive_h",
        "start_h",
        "depart_h",
        "tonnes",
    } <= set(result.trace.columns)
    delivered = result.summary().query("kpi == 'throughput_t' and subject == 'all' and period == 'all'")["mean"]
    assert delivered.iloc[0] > 0


@pytest.mark.parametrize("name", WITH_GAS)
def test_gas_runs_and_reads_back(name: str, tmp_path: Path) -> None:
    result = cs.simulate(cs.load_scenario(name, overrides={"run.end": "2042-01-01"}), replications=2)
    again = cs.load_result(result.save(tmp_path / "out"))
    first, second = (r.summary().sort_values(["kpi", "subject", "period"], ignore_index=True) for r in (result, again))
    pd.testing.assert_frame_equal(second, first, check_dtype=False, rtol=1e-12)
    for table in ("gas", "gas_phases", "gas_profile", "gas_feasibility"):
        assert len(getattr(again, table)) == len(getattr(result, table)) > 0
    last = result.summary().query("kpi == 'gas_served_frac' and subject == 'gas' and period == '2041'")["mean"].iloc[0]
    assert 0.9 < last <= 1.0
    assert np.isfinite(result.gas[["mean", "p05", "p50", "p95"]].to_numpy()).all()


@pytest.mark.parametrize("name", SHIPPED)
def test_resolved_scenario_runs_to_the_same_numbers(name: str, tmp_path: Path) -> None:
    scenario = cs.load_scenario(name, overrides=WINTER.get(name, {}))
    resolved = tmp_path / "resolved.yaml"
    resolved.write_text(scenario.resolved_yaml(), encoding="utf-8")
    again = cs.load_scenario(resolved)
    assert again == scenario
    assert again.digest == scenario.digest
    assert cs.compile_plan(again).digest == cs.compile_plan(scenario).digest


def test_same_seed_gives_the_same_bytes_with_one_and_two_workers(tmp_path: Path) -> None:
    scenario = cs.load_scenario("tiny")
    folders = [cs.simulate(scenario, replications=4, seed=3, workers=w).save(tmp_path / str(w)) for w in (1, 2)]
    for name in ("kpis.parquet", "summary.csv", "stages.parquet", "queues.parquet", "journeys.parquet"):
        first, second = ((f / name).read_bytes() for f in folders)
        assert first == second, name


def test_time_by_cause_adds_up_to_the_transit_time() -> None:
    result = short("baseline-2025")
    wide = result.kpis.query("period == 'all' and subject.str.startswith('flow:') and not subject.str.contains('@')")
    wide = wide.pivot_table(index="subject", columns="kpi", values="value")
    wide = wide[wide["transit_mean_h"].notna()]
    causes = wide.filter(regex=r"^time_.*_h$").sum(axis=1)
    np.testing.assert_allclose(causes, wide["transit_mean_h"], rtol=1e-12)
    at_places = result.kpis.query("period == 'all' and kpi == 'time_queueing_h' and subject.str.contains('@')")
    by_flow = at_places.groupby(at_places["subject"].str.split("@").str[0])["value"].sum()
    both = wide["time_queueing_h"].reindex(by_flow.index)
    np.testing.assert_allclose(by_flow[both.notna()], both.dropna(), rtol=1e-9, atol=1e-9)
