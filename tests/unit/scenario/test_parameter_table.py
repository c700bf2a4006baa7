"""Rows of inputs: every form of a number, and back without loss."""

import pytest

import corridor_sim as cs
from corridor_sim.scenario.parameter_table import ParameterRow, changes_yaml, parameter_rows, value_of
from tests.support.shipped import SHIPPED


@pytest.fixture(scope="module")
def rows():
    return {row.path: row for row in parameter_rows(cs.load_scenario("baseline-2025"))}


def test_a_quantity_with_its_source(rows):
    row = rows["flows.WG01.annual"]
    assert (row.value, row.unit, row.low, row.high, row.grade) == (330000, "t/yr", 231000, 445500, "C")
    assert row.name == "timber NW Russia and Volga to north Iran"
    assert row.section == "flows"


def test_a_number_with_its_unit(rows):
    row = rows["flows.WG01.consignment.load"]
    assert (row.value, row.unit, row.form) == (1050, "t", "text")
    assert value_of(row) == "1050 t"


def test_a_distribution(rows):
    row = rows["queues.CUS_DER_S.service"]
    assert row.value is None
    assert row.distribution == "{gamma: {mean: 0.00085 h/t, cv: 0.6}}"
    assert value_of(row)["gamma"] == {"mean": "0.00085 h/t", "cv": 0.6}


def test_names_and_dates_are_no_inputs(rows):
    assert "run.start" not in rows
    assert not any(path.endswith((".name", ".note", ".title")) for path in rows)


@pytest.mark.parametrize("name", [name for name in SHIPPED if not name.startswith("gas-")] + ["gas-ramp"])
def test_all_rows_written_back_give_the_same_plan(name):
    scenario = cs.load_scenario(name)
    again = cs.load_scenario(name, overrides={row.path: value_of(row) for row in parameter_rows(scenario)})
    assert again == scenario
    assert again.digest == scenario.digest
    assert cs.compile_plan(again).digest == cs.compile_plan(scenario).digest


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ParameterRow("a.b", "", 1, low=0), "two ends"),
        (ParameterRow("a.b", ""), "neither a value nor a distribution"),
        (ParameterRow("a.b", "", 1, distribution="{fixed: 1}"), "give one of them"),
        (ParameterRow("a.b", "", distribution="{fixed: 1"), "cannot be read"),
        (ParameterRow("a.b", "", distribution="lognormal"), "expected such as"),
    ],
)
def test_what_makes_no_value(row, message):
    with pytest.raises(ValueError, match=message):
        value_of(row)


def test_a_source_beside_a_bare_number_makes_it_a_table():
    assert value_of(ParameterRow("a.b", "", 3)) == 3
    assert value_of(ParameterRow("a.b", "", 3, grade="B", source="me")) == {"value": 3, "source": "me", "grade": "B"}


def test_a_file_of_changes_reads_back(tmp_path):
    head = {"schema_version": 1, "name": "tiny", "import": ["tiny.yaml"]}
    path = tmp_path / "mine.yaml"
    path.write_text(changes_yaml(head, {"queues.CUSTOMS.servers": 2}), encoding="utf-8")
    assert cs.load_scenario(path).queues["CUSTOMS"].servers != cs.load_scenario("tiny").queues["CUSTOMS"].servers
    path.write_text(changes_yaml(head, {}), encoding="utf-8")
    assert cs.compile_plan(cs.load_scenario(path)).digest == cs.compile_plan(cs.load_scenario("tiny")).digest
