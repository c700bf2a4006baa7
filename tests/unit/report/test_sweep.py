"""The report of a sweep, and its NetCDF, against the store they are made from."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from corridor_sim.cli.app import run_command
from corridor_sim.report.sweep import case_table, case_words, is_sweep, sensitivities, sweep_answers
from corridor_sim.results import load_sweep
from corridor_sim.results.sweep_answers import answers_of
from tests.support.sweeps import write_sweep


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("sweep")
    file = write_sweep(root)
    assert run_command(["sweep", str(file), "--workers", "1", "--out", str(root / "out"), "-q"]) == 0
    return root / "out"


@pytest.fixture(scope="module")
def result(folder):
    return load_sweep(folder)


def test_a_sweep_writes_its_report_and_the_command_makes_it_anew(folder, capsys):
    page = folder / "report.html"
    text = page.read_text(encoding="utf-8")
    assert "What was varied?" in text
    assert "days to Baku" in text
    page.unlink()
    assert run_command(["report", str(folder)]) == 0
    assert "report.html written" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == text


def test_what_is_a_sweep(folder, tmp_path):
    assert is_sweep(folder)
    assert not is_sweep(tmp_path)


def test_answers_tell_the_best_case_and_its_ties(result):
    answers = {a.key: a for a in sweep_answers(result, answers_of(result))}
    table = pd.read_csv(result.folder / "answers.csv")
    best = table.iloc[0]
    assert answers["best"].headline.startswith(f"Case {best['case']:.0f}")
    tied = table[(table["behind"] > 0) & ~table["surely_behind"]]
    assert (f"{len(tied)} more may be as good" in answers["best"].headline) == bool(len(tied))
    assert answers["varied"].headline == "2 things, 9 cases"
    assert "officers: 1, 2, 3." in answers["varied"].lines
    assert "officers" in answers["moves"].headline.lower()
    low, high = table.filter(like=" mean").min().iloc[0], table.filter(like=" mean").max().iloc[0]
    assert answers["span"].headline.startswith(f"{low:.2f} to {high:.2f} d")


def test_the_table_is_the_csv(result):
    heads, rows = case_table(result, answers_of(result))
    table = pd.read_csv(result.folder / "answers.csv")
    assert [h.text for h in heads[:4]] == ["case", "officers", "growth", "days to Baku"]
    assert [h.unit for h in heads[:4]] == ["", "", "", "d"]
    assert [row[0].value for row in rows] == table["case"].tolist()
    np.testing.assert_allclose([row[3].value for row in rows], table.filter(like=" mean").iloc[:, 0])
    assert rows[0][4].text == "best"
    assert all(len(row) == len(heads) for row in rows)


def test_a_case_in_words(result):
    assert case_words(result, 0) == "officers = 1; growth = 0.8"


def test_strengths_are_those_of_the_csv(result):
    [found] = sensitivities(result, answers_of(result))
    table = pd.read_csv(result.folder / "sensitivity.csv").set_index("parameter")
    assert [name for name, _, _ in found.rows] == table["effect"].abs().sort_values(ascending=False).index.tolist()
    for name, cell, is_sure in found.rows:
        row = table.loc[name]
        assert cell.value == pytest.approx(row["effect"])
        assert is_sure == (abs(row["effect"]) > row["ci_high"] - row["effect"])


def test_netcdf_holds_every_value(result, folder, tmp_path, capsys):
    assert run_command(["export", str(folder), str(tmp_path / "answers.nc")]) == 0
    with xr.open_dataset(tmp_path / "answers.nc") as found:
        assert found.sizes["officers"] == found.sizes["growth"] == found.sizes["replication"] == 3
        assert found["transit_mean_h"].attrs["units"] == "h"
        assert found["officers"].attrs["path"] == "queues.CUSTOMS.servers"
        values = found["transit_mean_h"].sel(subject="all").to_numpy().reshape(9, 3)
    np.testing.assert_array_equal(values, result.values("transit_mean_h", "all"))
    assert not list(Path(tmp_path).glob(".*")), "no draft is left"


def test_netcdf_of_texts_and_switches(tmp_path):
    """Values that are no numbers are texts there."""
    parameters = {"end": {"path": "run.end", "values": ["2025-03-10", "2025-03-15"]}}
    file = write_sweep(tmp_path, parameters=parameters, changes={"run.engine": "des"})
    assert run_command(["sweep", str(file), "--workers", "1", "--no-figures", "--out", str(tmp_path / "o"), "-q"]) == 0
    assert run_command(["export", str(tmp_path / "o"), str(tmp_path / "o.nc")]) == 0
    with xr.open_dataset(tmp_path / "o.nc") as found:
        assert [str(v) for v in found["end"].to_numpy()] == ["2025-03-10", "2025-03-15"]


def test_a_sweep_is_not_exported_as_what_it_is_not(folder, tmp_path, capsys):
    assert run_command(["export", str(folder), str(tmp_path / "x.xlsx")]) == 2
    assert "expected .nc" in capsys.readouterr().err
