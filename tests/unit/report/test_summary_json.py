"""The JSON summary, and the command that writes files by their ending."""

import json

import pytest

from corridor_sim.cli.app import run_command
from corridor_sim.report.exports import EXPORTS
from corridor_sim.report.kpi_tables import kpi_tables
from corridor_sim.report.summary_json import summary_of


def test_it_holds_the_tables_and_the_answers(view):
    found = json.loads(json.dumps(summary_of(view), allow_nan=False))
    assert next(a["question"] for a in found["answers"]) == "How many days?"
    for table in kpi_tables(view):
        own = found["tables"][table.key]
        assert [r["values"] for r in own["rows"]] == [[c.value for c in r.cells] for r in table.rows]
        assert [c["unit"] for c in own["columns"]] == [c.unit for c in table.columns]
    assert found["run"]["seed"] == 1


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    return result.save(tmp_path_factory.mktemp("saved") / "tiny")


def test_the_command_writes_every_kind(folder, tmp_path):
    files = [tmp_path / f"tiny{ending}" for ending in EXPORTS]
    assert run_command(["export", str(folder), *map(str, files)]) == 0
    assert all(f.stat().st_size > 1000 for f in files)


def test_endings_that_nobody_knows_are_all_told_and_nothing_is_written(folder, tmp_path, capsys):
    files = [tmp_path / "a.xlsx", tmp_path / "b.doc", tmp_path / "gone" / "c.json"]
    assert run_command(["export", str(folder), *map(str, files)]) == 2
    told = capsys.readouterr().err
    assert "b.doc" in told
    assert "there is no folder" in told
    assert "expected .xlsx, .gpkg, .json" in told
    assert not files[0].exists()
