"""The workbook opens, says units, and holds the numbers of the KPI tables."""

import openpyxl
import pytest

from corridor_sim.foundation.errors import ResultError
from corridor_sim.report.kpi_tables import kpi_tables
from corridor_sim.report.workbook import SHEETS, write_workbook
from corridor_sim.results.kpi_meanings import MEANINGS


@pytest.fixture(scope="module")
def book(view, tmp_path_factory):
    return openpyxl.load_workbook(write_workbook(view, tmp_path_factory.mktemp("book") / "tiny.xlsx"))


def test_sheets(book):
    assert book.sheetnames == [
        "Summary", "Routes", "Border posts", "Places", "Flows", "KPIs", "Inputs", "Sources", "Meanings", "Run",
    ]  # fmt: skip


def test_tables_are_those_of_the_report(view, book):
    for table in kpi_tables(view):
        heads, *rows = book[SHEETS[table.key]].iter_rows(values_only=True)
        assert heads[3:] == tuple(f"{c.head} [{c.unit}]" for c in table.columns)
        assert len(rows) == len(table.rows)
        for row, wanted in zip(rows, table.rows, strict=True):
            assert row[2] == wanted.subject
            for value, cell in zip(row[3:], wanted.cells, strict=True):
                assert value == (None if cell.value is None else pytest.approx(cell.value))


def test_all_kpis_of_the_whole_time_with_their_units(view, book):
    summary = view.result.summary()
    whole = summary[summary["period"] == "all"].set_index(["kpi", "subject"])
    _, *rows = book["KPIs"].iter_rows(values_only=True)
    assert len(rows) == len(whole)
    for kpi, label, subject, unit, mean, *_ in rows:
        assert label == MEANINGS[kpi].label
        assert unit == whole.loc[(kpi, subject), "unit"]
        assert mean == pytest.approx(whole.loc[(kpi, subject), "mean"])


def test_inputs_with_grade_and_source(book):
    _, *rows = book["Inputs"].iter_rows(values_only=True)
    assert [row[:6] for row in rows] == [("flows.TIMBER.annual", "500", "kt/yr", "350 to 650", "C", "made up")]


def test_no_text_is_taken_for_a_formula(book):
    assert not [c.coordinate for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_a_place_that_cannot_be_written(view, tmp_path):
    with pytest.raises(ResultError, match="cannot be written"):
        write_workbook(view, tmp_path / "gone" / "x.xlsx")
