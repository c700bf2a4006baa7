"""A gas run has a page, too, and its numbers are those of the run."""

import openpyxl
import pytest

from corridor_sim.plots.result_view import ResultView
from corridor_sim.report.answers import answers
from corridor_sim.report.gas import gas_tables
from corridor_sim.report.page import write_report
from corridor_sim.report.summary_json import summary_of
from corridor_sim.report.workbook import write_workbook
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate


@pytest.fixture(scope="module")
def gas():
    return ResultView(simulate(load_scenario("gas-ramp"), replications=2))


def test_years_are_those_of_the_summary(gas):
    _, years = gas_tables(gas)
    summary = gas.result.summary().set_index(["kpi", "subject", "period"])["mean"]
    assert len(years.rows) == 21
    for row in years.rows:
        for column, cell in zip(years.columns, row.cells, strict=True):
            if cell.value is not None:
                assert cell.value == pytest.approx(summary[column.kpi, "gas", row.name] * column.factor)


def test_phases_are_those_of_the_result(gas):
    phases, _ = gas_tables(gas)
    table = gas.result.gas_phases
    assert [r.name for r in phases.rows] == list(table["phase"])
    carries = [r.cells[1].value for r in phases.rows]
    assert carries == pytest.approx(list(table["capacity_bcm_per_year"]))


def test_answers_of_gas_alone(gas):
    found = {a.key: a for a in answers(gas)}
    assert list(found) == ["gas-when", "gas-delivered", "gas-limits", "gas-takes", "gas-sure"]
    assert found["gas-when"].headline.startswith("55 bcm a year by ")
    assert len(found["gas-when"].lines) == len(gas.result.gas_phases)


def test_the_page_of_gas(gas, tmp_path):
    page = write_report(gas.result, tmp_path).read_text(encoding="utf-8")
    assert '<section id="phases"' in page
    assert '<section id="map"' not in page
    assert "Every consignment is followed" not in page


def test_no_gas_nothing(view):
    assert gas_tables(view) == []


def test_a_workbook_and_a_summary_of_gas(gas, tmp_path):
    book = openpyxl.load_workbook(write_workbook(gas, tmp_path / "gas.xlsx"))
    assert {"Gas phases", "Gas years"} <= set(book.sheetnames)
    assert len(summary_of(gas)["tables"]["gas-years"]["rows"]) == 21
