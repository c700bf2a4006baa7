"""Labelled results of a sweep."""

import numpy as np
import pandas as pd
import pytest

from corridor_sim.foundation.errors import ResultError
from corridor_sim.results.sweep_result import load_sweep
from corridor_sim.sweep import run_sweep
from tests.support.sweeps import write_sweep


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    return run_sweep(write_sweep(folder), out=folder / "out")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    parameters = {"growth": {"path": "demand.growth", "distribution": {"uniform": [0.8, 1.2]}}}
    return run_sweep(write_sweep(folder, parameters=parameters, design={"lhs": {"n": 4}}), out=folder / "out")


def test_an_array_of_a_product(sweep):
    array = sweep.to_xarray()
    assert array.dims == ("officers", "growth", "replication", "kpi", "subject")
    assert array.sel(kpi="transit_mean_h").coords["unit"] == "h"
    one = array.sel(officers=2, growth=1.2, kpi="transit_mean_h", subject="all")
    case = sweep.cases.query("officers == 2 and growth == 1.2").index[0]
    assert np.array_equal(one.values, sweep.values("transit_mean_h", "all")[case])
    assert sweep.to_xarray("transit_mean_h", "all").shape == (3, 3, 3, 1, 1)


def test_an_array_of_a_drawn_design(drawn):
    array = drawn.to_xarray("transit_mean_h")
    assert array.dims == ("case", "replication", "kpi", "subject")
    assert np.array_equal(array.growth.values, drawn.cases["growth"])
    assert drawn.points.shape == (4, 1)
    assert np.allclose(0.8 + 0.4 * drawn.points[:, 0], drawn.cases["growth"])


def test_tables(sweep):
    table = sweep.table("transit_mean_h", "all")
    assert list(table["n"]) == [3] * 9
    assert np.allclose(table["mean"], sweep.values("transit_mean_h", "all").mean(axis=1))
    assert len(sweep.table("queue_mean_h")) == 9 * sweep.labels.query("kpi == 'queue_mean_h'").shape[0]
    long = sweep.kpis
    assert list(long.columns[:5]) == ["case", "case_id", "officers", "growth", "replication"]
    assert long.groupby("case")["replication"].nunique().eq(3).all()


def test_cases_of_the_same_content_are_run_once_and_shown_twice(tmp_path):
    parameters = {"growth": {"path": "demand.growth", "values": [1, "1.0"]}}
    result = run_sweep(write_sweep(tmp_path, parameters=parameters), out=tmp_path / "out")
    assert result.manifest["cases_computed"] == 1
    values = result.values("transit_mean_h", "all")
    assert np.array_equal(values[0], values[1])


def test_no_such_kpi(sweep):
    with pytest.raises(ResultError, match="did you mean 'transit_mean_h of all'"):
        sweep.values("transit_mean_h", "al")
    with pytest.raises(ResultError, match="no transit of anything"):
        sweep.table("transit")


def test_loading(sweep, tmp_path):
    again = load_sweep(sweep.folder)
    pd.testing.assert_frame_equal(again.cases, sweep.cases)
    assert "9 cases of officers, growth" in repr(again)
    with pytest.raises(ResultError, match="holds no sweep"):
        load_sweep(tmp_path)


def test_files_are_plain_parquet_that_any_engine_joins(sweep):
    """The example query of the README, in pandas: parts hold case ids, cases.parquet their parameters."""
    parts = pd.read_parquet(sweep.folder / "parts")
    joined = parts.merge(pd.read_parquet(sweep.folder / "cases.parquet"), on="case_id")
    one = joined.query("kpi == 'transit_mean_h' and subject == 'all'").groupby(["officers", "growth"])["value"].mean()
    assert np.allclose(one.to_numpy(), sweep.table("transit_mean_h", "all")["mean"])
