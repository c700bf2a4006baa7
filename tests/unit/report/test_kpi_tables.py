"""Numbers in the tables are those of the summary, in the unit of the head."""

from dataclasses import replace

import numpy as np
import pytest

from corridor_sim.plots.result_view import ResultView
from corridor_sim.report.kpi_tables import Means, calibration_rows, kpi_tables


@pytest.fixture(scope="module")
def tables(view):
    return {t.key: t for t in kpi_tables(view)}


def test_every_cell_is_the_mean_of_its_kpi(view, tables):
    summary = view.result.summary()
    whole = summary[summary["period"] == "all"].set_index(["kpi", "subject"])["mean"]
    n = 0
    for table in tables.values():
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                key = (column.kpi, row.subject + column.suffix)
                if cell.value is None:
                    assert key not in whole.index
                else:
                    factor = column.factor / view.years if column.is_yearly else column.factor
                    assert cell.value == pytest.approx(whole[key] * factor)
                    assert float(cell.text.split(" ")[0].replace(",", "")) == pytest.approx(
                        cell.value, abs=0.51 * 10**-column.digits
                    )
                    n += 1
    assert n > 50


def test_causes_add_up_to_the_days(tables):
    table = tables["routes"]
    causes = [i for i, c in enumerate(table.columns) if c.kpi.startswith("time_")]
    mean = next(i for i, c in enumerate(table.columns) if c.kpi == "transit_mean_h")
    for row in table.rows:
        assert sum(row.cells[i].value for i in causes) == pytest.approx(row.cells[mean].value)


def test_the_tables_are_there_and_the_worst_place_is_first(view, tables):
    assert list(tables) == ["routes", "posts", "places", "flows"]
    waiting = view.means("queue_mean_n", "place")
    assert tables["places"].rows[0].subject == f"place:{waiting.idxmax()}"


def test_one_replication_has_no_interval(result):
    one = ResultView(replace(result, values=np.array(result.values[:1]), replications=(0,)))
    column = kpi_tables(one)[0].columns[0]
    cell = Means(one).cell(column, "route:samur")
    assert "±" not in cell.text
    assert "no interval" in cell.title


def test_calibration_compares_the_statistic_of_the_target():
    import pandas as pd

    row = {"target": "T1", "quantity": "q", "unit": "d", "observed_low": 1.0, "observed_high": 2.0, "grade": "A",
           "source": "s", "mean": 5.0, "p50": 1.5, "inside": True, "statistic": "median"}  # fmt: skip
    table = pd.DataFrame([row, {**row, "statistic": "mean", "inside": False}, {**row, "p50": float("nan")}])
    assert [(r["value"], r["inside"]) for r in calibration_rows(table)] == [(1.5, True), (5.0, False)]
