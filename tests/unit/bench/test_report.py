"""Reports: to JSON and back, as tables, as Markdown."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from corridor_sim.bench.figures import Figure, skipped
from corridor_sim.bench.machine import surroundings
from corridor_sim.bench.report import Report, load_report, markdown, tables
from corridor_sim.foundation.errors import ResultError

FIGURES = (
    Figure("engines", "feed-forward, vector, with draws", "10000 a year x 64", 39.5, "ns/queue event", 40.0),
    Figure("engines", "feed-forward, vector", "10000 a year x 64", 120.0, "times des", 250.0, "higher"),
    skipped("peers", "bare ciw", "not installed: [peers]"),
)
REPORT = Report(FIGURES, surroundings(), is_quick=True)


def test_there_and_back(tmp_path):
    REPORT.save(tmp_path / "a.json")
    assert load_report(tmp_path / "a.json") == REPORT


def test_the_file_says_what_was_measured_on(tmp_path):
    REPORT.save(tmp_path / "a.json")
    content = json.loads((tmp_path / "a.json").read_text())
    assert {"machine", "versions", "commit", "date", "figures", "format", "is_quick"} == set(content)
    assert content["versions"]["numpy"]


def test_tables_fit_into_100_columns_and_say_what_is_met():
    console = Console(width=100, record=True, file=StringIO())
    for table in tables(REPORT.figures):
        console.print(table)
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 100
    assert "<= 40" in text
    assert "NO" in text
    assert "not installed" in text
    assert "…" not in text


def test_markdown_is_one_table():
    lines = markdown(REPORT).splitlines()
    assert lines[0].endswith("quick.")
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 2 + len(FIGURES)
    assert {row.count("|") for row in rows} == {8}


def test_the_title_names_the_commit():
    assert "commit abc" in replace(REPORT, surroundings={**REPORT.surroundings, "commit": "abc"}).title


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read"),
        ("no json", "is no JSON"),
        ("[1, 2]", "not written by this version"),
        ('{"format": "other"}', "not written by this version"),
        ('{"format": "corridor-sim bench 1", "is_quick": false}', "damaged"),
        ('{"format": "corridor-sim bench 1", "is_quick": false, "figures": [{"group": "x"}]}', "damaged"),
        ('{"format": "corridor-sim bench 1", "is_quick": false, "figures": []}', "damaged"),
    ],
)
def test_other_files_are_refused(tmp_path, text, message):
    path = tmp_path / "a.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ResultError, match=message):
        load_report(path)


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(ResultError, match="cannot be written"):
        REPORT.save(tmp_path / "none" / "a.json")
