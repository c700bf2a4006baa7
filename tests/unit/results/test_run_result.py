import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from corridor_sim.foundation.errors import ResultError
from corridor_sim.results import RunResult, kpi_table, kpi_values, load_result
from tests.support.running import collect, run

FILES = {
    "manifest.json", "scenario.resolved.yaml", "kpis.parquet", "summary.csv", "subjects.csv", "stages.parquet",
    "queues.parquet", "transit_times.parquet", "journeys.parquet", "trace.parquet",
}  # fmt: skip


@pytest.fixture
def saved(result, tmp_path):
    return result.save(tmp_path / "out")


def test_kpis_are_long_and_without_gaps(result):
    assert result.kpis.columns.tolist() == ["case_id", "replication", "kpi", "subject", "period", "value", "unit"]
    assert result.kpis["value"].notna().all()
    assert len(result.kpis) == np.count_nonzero(~np.isnan(result.values))
    assert (result.kpis["case_id"] == "test").all()


def test_summary(result):
    s = result.summary()
    assert s.columns.tolist() == [
        "kpi",
        "subject",
        "period",
        "unit",
        "mean",
        "ci_low",
        "ci_high",
        "p05",
        "p50",
        "p95",
        "n",
    ]
    assert (s["n"] > 0).all()
    row = s[(s["kpi"] == "transit_mean_h") & (s["subject"] == "flow:A") & (s["period"] == "all")].iloc[0]
    k = result.kpis
    values = k[(k["kpi"] == "transit_mean_h") & (k["subject"] == "flow:A") & (k["period"] == "all")]["value"]
    assert row["mean"] == pytest.approx(values.mean())
    assert row["n"] == 3


def test_the_summary_handed_out_is_a_copy(result):
    mine = result.summary()
    mine["mean"] = 0.0
    assert result.summary()["mean"].any()


def test_files_of_the_contract(saved):
    assert {p.name for p in saved.iterdir()} == FILES


def test_saving_again_gives_the_same_bytes(result, saved, tmp_path):
    again = result.save(tmp_path / "again")
    for name in FILES:
        assert (saved / name).read_bytes() == (again / name).read_bytes(), name


def test_more_files_go_in_before_the_rename(result, tmp_path):
    folder = result.save(tmp_path / "out", more=lambda draft: (draft / "map.png").write_bytes(b"x"))
    assert (folder / "map.png").exists()


def test_a_loaded_result_is_the_one_saved(result, saved):
    loaded = load_result(saved)
    assert isinstance(loaded, RunResult)
    assert loaded.folder == saved
    assert loaded.manifest == result.manifest
    assert loaded.replications == result.replications
    assert loaded.scenario_yaml == result.scenario_yaml
    keys = ["replication", "kpi", "subject", "period"]
    # texts may come back as another dtype of pandas
    pd.testing.assert_frame_equal(
        loaded.kpis.sort_values(keys, ignore_index=True),
        result.kpis.sort_values(keys, ignore_index=True),
        check_dtype=False,
    )
    order = ["kpi", "subject", "period"]
    pd.testing.assert_frame_equal(
        loaded.summary().sort_values(order, ignore_index=True),
        result.summary().sort_values(order, ignore_index=True),
        check_dtype=False,
    )
    for name in ("stages", "queues", "transit_times", "journeys", "trace"):
        pd.testing.assert_frame_equal(
            getattr(loaded, name), getattr(result, name), check_categorical=False, check_dtype=False
        )
    assert loaded.gas is None
    assert loaded.calibration is None


def test_a_big_result_is_saved_and_loaded_the_same(result, saved, tmp_path, monkeypatch):
    """Values in a temporary file, worked on a few at a time."""
    monkeypatch.setattr(kpi_values, "MEMORY_LIMIT_BYTES", 1000)
    monkeypatch.setattr(kpi_values, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(kpi_table, "ROWS_AT_ONCE", 1000)
    loaded = load_result(saved)
    assert isinstance(loaded.values, np.memmap)
    again = load_result(loaded.save(tmp_path / "again"))
    small = tmp_path / "again" / "summary.csv"
    assert sorted(small.read_text().splitlines()) == sorted((saved / "summary.csv").read_text().splitlines())
    keys = ["replication", "kpi", "subject", "period"]
    pd.testing.assert_frame_equal(
        again.kpis.sort_values(keys, ignore_index=True),
        result.kpis.sort_values(keys, ignore_index=True),
        check_exact=True,
        check_dtype=False,
    )


def test_nothing_in_a_run_needs_the_long_table(result, tmp_path, monkeypatch):
    monkeypatch.setattr(RunResult, "kpis", property(lambda _: pytest.fail("the long table was asked for")))
    load_result(replace(result).save(tmp_path / "out")).summary()


def test_without_a_trace_there_is_no_trace_file(plan, runs, tmp_path):
    folder = collect(plan, [runs[0].summary]).save(tmp_path / "out")
    assert {p.name for p in folder.iterdir()} == FILES - {"trace.parquet", "scenario.resolved.yaml"}
    assert load_result(folder).trace is None


def test_calibration_is_kept(result, tmp_path):
    table = pd.DataFrame(
        {"target": ["T1", "T2"], "observed_mid": [1.5, np.nan], "where": ["", "x"], "inside": [True, False]}
    )
    folder = replace(result, calibration=table).save(tmp_path / "out")
    loaded = load_result(folder).calibration
    assert loaded["target"].tolist() == ["T1", "T2"]
    assert loaded["inside"].tolist() == [True, False]
    assert np.isnan(loaded["observed_mid"][1])


def test_no_result_folder(tmp_path):
    with pytest.raises(ResultError, match=r"is no result folder \(it has no manifest.json\)"):
        load_result(tmp_path)


@pytest.mark.parametrize("name", ["manifest.json", "kpis.parquet", "stages.parquet"])
def test_a_damaged_file(saved, name):
    (saved / name).write_bytes(b"PAR1 not really")
    with pytest.raises(ResultError, match="cannot be read"):
        load_result(saved)


def test_a_missing_file(saved):
    (saved / "kpis.parquet").unlink()
    with pytest.raises(ResultError, match="cannot be read"):
        load_result(saved)


def test_the_manifest_is_readable_json(saved):
    assert json.loads((saved / "manifest.json").read_text())["seed"] == 1


def test_a_queue_that_grows_has_its_growth_in_the_summary_instead_of_a_mean():
    from corridor_sim.engines.registry import get_engine
    from tests.support.parts import Flow, Place, Queue
    from tests.support.plans import make_plan

    flows = [
        Flow("A", at=np.arange(0.0, 1416.0, 0.5), stages=[Queue(Place("full"), 1.0)]),
        Flow("B", at=np.arange(0.0, 1416.0, 2.0), stages=[Queue(Place("calm"), 1.0)]),
    ]
    plan = make_plan(flows=flows, end_h=1416.0)
    result = collect(plan, [run(get_engine("des"), plan).summary])
    s = result.summary().set_index(["kpi", "subject", "period"])["mean"]
    for period in ("all", "2025"):
        assert ("queue_mean_h", "place:full", period) not in s.index
        assert ("queue_p95_h", "place:full", period) not in s.index
        assert s["queue_growth_per_year", "place:full", period] == pytest.approx(8760.0, rel=1e-3)
        assert s["queue_mean_h", "place:calm", period] == 0
        assert ("queue_growth_per_year", "place:calm", period) not in s.index
    # months are too short to tell: they keep their means
    assert s["queue_mean_h", "place:full", "2025-02"] > s["queue_mean_h", "place:full", "2025-01"]
    assert ("queue_growth_per_year", "place:full", "2025-02") not in s.index
