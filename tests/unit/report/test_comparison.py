"""The report of a comparison says what the comparison says, and marks what is not sure."""

from dataclasses import replace

import pytest

from corridor_sim.cli.app import run_command
from corridor_sim.foundation.errors import ResultError
from corridor_sim.report.comparison import (
    comparison_answers,
    comparison_tables,
    is_comparison,
    load_comparison,
    names_in,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A second customs server, and a case that is as the reference."""
    root = tmp_path_factory.mktemp("cases")
    for name, change in (("base", "demand.growth=1"), ("more", "queues.CUSTOMS.servers=2"), ("same", "run.seed=1")):
        command = ["run", "tiny", "-q", "--no-figures", "--replications", "4", "--workers", "1"]
        assert run_command([*command, "--seed", "1", "--set", change, "--out", str(root / name)]) == 0
    cases = [str(root / name) for name in ("base", "more", "same")]
    assert run_command(["compare", *cases, "-q", "--out", str(root / "compared")]) == 0
    return root / "compared"


def test_compare_writes_the_report(folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Report of a comparison" in page
    assert 'id="figure-comparison"' in page


def test_differences_are_those_of_the_table(folder):
    found, _ = load_comparison(folder)
    days = next(t for t in comparison_tables(found, {"place:CUSTOMS": "customs, Yalama"}) if t.key == "days")
    assert [c.head for c in days.columns] == ["base", "more, difference", "same, difference"]
    row = next(r for r in days.rows if r.subject == "all")
    for k, case in enumerate(found.cases, start=1):
        (wanted,) = [r for r in found.of("transit_mean_h", "all", "all").to_dict("records") if r["case"] == case]
        assert row.cells[k].value == pytest.approx(wanted["difference"] / 24)
        sign = "same" if wanted["difference"] == 0 else "+-" if wanted["differs"] else "("
        assert row.cells[k].text[0] in sign
    assert row.cells[0].value == pytest.approx(wanted["reference_mean"] / 24)


def test_answers_name_the_case_that_changes_days(folder):
    found, _ = load_comparison(folder)
    said = {a.key: a for a in comparison_answers(found, names_in(folder))}
    assert any(line == "same: all cargo no sure difference." for line in said["days"].lines)
    assert any("CUSTOMS" in line and line.startswith("more: ") for line in said["places"].lines)
    assert said["sure"].headline == "4 replications, on the same random numbers"


def test_the_command_makes_it_anew(folder, capsys):
    (folder / "report.html").unlink()
    assert run_command(["report", str(folder)]) == 0
    assert (folder / "report.html").exists()


def test_a_folder_that_is_not_whole(folder, tmp_path):
    assert not is_comparison(tmp_path)
    (tmp_path / "comparison.csv").write_text("case\n")
    with pytest.raises(ResultError, match="no whole comparison"):
        load_comparison(tmp_path)


def test_names_of_cases_and_routes_that_are_none_of_the_corridor(folder, tmp_path):
    case = tmp_path / "cases" / "a"
    case.mkdir(parents=True)
    (case / "subjects.csv").write_text('subject,name,kind,node\nplace:CUSTOMS,"customs, Yalama",customs,AZ_YAL\n')
    assert names_in(tmp_path) == {"place:CUSTOMS": "customs, Yalama"}
    found, _ = load_comparison(folder)
    table = found.table.assign(subject=found.table["subject"].str.replace("route:samur", "route:background"))
    days = comparison_tables(replace(found, table=table), {})[0]
    assert "Background" in {r.name for r in days.rows}
