"""Inputs out to a workbook and in again, as typed; what is wrong is told by sheet and cell, all at once."""

import openpyxl
import pytest

import corridor_sim as cs
from corridor_sim.cli.app import run_command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_command(["inputs", "export", "tiny", "inputs.xlsx"]) == 0
    return tmp_path


def change(sheet, row_of, /, **cells):
    """Change cells of the row of a path; returns the row's number."""
    book = openpyxl.load_workbook("inputs.xlsx")
    page = book[sheet]
    heads = [cell.value for cell in page[1]]
    line = next(k for k, row in enumerate(page.iter_rows(values_only=True), start=1) if row[0] == row_of)
    for column, value in cells.items():
        page.cell(line, heads.index(column) + 1).value = value
    book.save("inputs.xlsx")
    return line


def test_unchanged_it_is_the_same_scenario(folder, capsys):
    assert run_command(["inputs", "import", "inputs.xlsx", "tiny", "mine.yaml"]) == 0
    assert "0 inputs changed" in capsys.readouterr().out
    assert cs.compile_plan(cs.load_scenario("mine.yaml")).digest == cs.compile_plan(cs.load_scenario("tiny")).digest


def test_sheets_are_sections_with_heads_and_words(folder):
    book = openpyxl.load_workbook("inputs.xlsx")
    assert "train paths" in book.sheetnames
    page = book["queues"]
    assert [cell.value for cell in page[1]][:5] == ["path", "name", "value", "unit", "distribution"]
    assert page.freeze_panes == "C2"
    names = {row[0]: row[1] for row in page.iter_rows(min_row=2, values_only=True)}
    assert names["queues.CUSTOMS.servers"] == "customs, Yalama"


def test_a_changed_cell_becomes_a_change_of_the_new_scenario(folder, capsys):
    change("queues", "queues.CUSTOMS.servers", value=2)
    change("holds", "holds.PAPERS.duration", distribution="{lognormal: {mean: 8 h, cv: 0.3}}", grade="C")
    assert run_command(["inputs", "import", "inputs.xlsx", "tiny", "mine.yaml"]) == 0
    assert "2 inputs changed" in capsys.readouterr().out
    mine = cs.load_scenario("mine.yaml")
    by_hand = cs.load_scenario(
        "tiny",
        overrides={
            "name": "mine",
            "queues.CUSTOMS.servers": 2,
            "holds.PAPERS.duration": {"lognormal": {"mean": "8 h", "cv": 0.3}, "grade": "C"},
        },
    )
    assert cs.compile_plan(mine).digest == cs.compile_plan(by_hand).digest


def test_a_scenario_of_ones_own_is_imported_from_beside_it(folder):
    assert run_command(["new", "own.yaml"]) == 0
    assert run_command(["inputs", "export", "own.yaml", "own.xlsx"]) == 0
    assert run_command(["inputs", "import", "own.xlsx", "own.yaml", "mine.yaml"]) == 0
    assert cs.compile_plan(cs.load_scenario("mine.yaml")).digest == cs.compile_plan(cs.load_scenario("own.yaml")).digest


def test_all_problems_at_once_by_sheet_and_cell_and_nothing_written(folder, capsys):
    first = change("queues", "queues.CUSTOMS.servers", value=-1)
    second = change("holds", "holds.PAPERS.duration", distribution="{lognormal: {mean: 8 parsecs, cv: 0.3}}")
    third = change("travel classes", "travel_classes.V_TRAIN.speed", low=1)
    fourth = change("queues", "queues.CRANE.servers", path="queues.CRAN.servers")
    capsys.readouterr()
    assert run_command(["inputs", "import", "inputs.xlsx", "tiny", "mine.yaml"]) == 2
    told = capsys.readouterr().err
    assert f"inputs.xlsx: sheet 'queues' cell C{first}: queues.CUSTOMS.servers" in told
    assert f"sheet 'holds' cell E{second}: holds.PAPERS.duration" in told
    assert f"sheet 'travel classes' cell F{third}" in told
    assert f"sheet 'queues' cell A{fourth}: queues.CRAN.servers: is no input of the scenario; did you mean" in told
    assert not (folder / "mine.yaml").exists()


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"grade": "D"}, "H"), ({"low": 9, "high": 8}, "F"), ({"unit": "USD"}, "C"), ({"value": "many"}, "C")],
)
def test_each_cell_is_told_by_its_letter(folder, capsys, cells, column):
    line = change("flows", "flows.BOXES.annual", **cells)
    assert run_command(["inputs", "import", "inputs.xlsx", "tiny", "mine.yaml"]) == 2
    assert f"sheet 'flows' cell {column}{line}: flows.BOXES.annual" in capsys.readouterr().err


def test_rows_that_stand_twice_and_rows_without_a_path(folder, capsys):
    book = openpyxl.load_workbook("inputs.xlsx")
    page = book["queues"]
    page.append([cell.value for cell in page[2]])
    page.append([None, None, 3])
    book.save("inputs.xlsx")
    assert run_command(["inputs", "import", "inputs.xlsx", "tiny", "mine.yaml"]) == 2
    told = capsys.readouterr().err
    assert "2 problems" in told
    assert "stands twice, first on sheet 'queues' in line 2" in told
    assert "the row has no path" in told


def test_deleted_rows_stay_as_they_are(folder):
    book = openpyxl.load_workbook("inputs.xlsx")
    del book["queues"]
    book.save("inputs.xlsx")
    assert run_command(["inputs", "import", "inputs.xlsx", "tiny", "mine.yaml"]) == 0
    assert cs.compile_plan(cs.load_scenario("mine.yaml")).digest == cs.compile_plan(cs.load_scenario("tiny")).digest


def test_a_missing_column(folder, capsys):
    book = openpyxl.load_workbook("inputs.xlsx")
    book["queues"]["D1"] = "units"
    book.save("inputs.xlsx")
    assert run_command(["inputs", "import", "inputs.xlsx", "tiny", "mine.yaml"]) == 2
    assert "sheet 'queues' cell A1: the first line lacks unit" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "tiny", "a.csv"], "ends in .xlsx"),
        (["export", "tiny", "no/such/a.xlsx"], "there is no folder"),
        (["import", "none.xlsx", "tiny", "a.yaml"], "no such file"),
        (["import", "text.xlsx", "tiny", "a.yaml"], "is no workbook that can be read"),
        (["import", "inputs.xlsx", "tiny", "a.txt"], "ends in .yaml"),
    ],
)
def test_wrong_files(folder, capsys, arguments, message):
    (folder / "text.xlsx").write_text("no archive")
    assert run_command(["inputs", *arguments]) == 2
    assert message in capsys.readouterr().err
