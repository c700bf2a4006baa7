"""The command `compare` as a user meets it. The statistics: tests/unit/analysis/test_comparison.py."""

from pathlib import Path

import pandas as pd
import pytest

from corridor_sim.cli.app import run_command
from corridor_sim.foundation.shipped import data_dir

CASES = """  more: {demand.growth: 1.3}
  same-again: {demand.growth: 1.0}
comparison:
  question: What do thirty per cent more change?
  cases: [more, same-again]
  subjects: [route:samur]
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    (folder / "mine.yaml").write_text((data_dir("scenarios") / "tiny.yaml").read_text(encoding="utf-8") + CASES)
    for out, more in (("base", []), ("grown", ["--override", "more"]), ("other", ["--seed", "5"])):
        run = ["run", str(folder / "mine.yaml"), "--no-figures", "-q", "--workers", "1", "--out", str(folder / out)]
        assert run_command([*run, *more]) == 0
    return folder


@pytest.fixture(autouse=True)
def _inside(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ran)


def compare(*arguments: str) -> int:
    return run_command(["compare", *arguments])


def test_the_cases_of_a_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert compare("mine.yaml", "--workers", "1", "--out", str(out)) == 0
    printed = capsys.readouterr().out
    assert "What do thirty per cent more change?" in printed
    assert "compared with as it stands: 5 replications on the same random numbers" in printed
    assert "same-again: no sure difference in days" in printed
    assert max(len(line) for line in printed.splitlines()) <= 110
    table = pd.read_csv(out / "comparison.csv")
    same = table[table["case"] == "same-again"]
    assert (same["difference"].dropna() == 0).all()
    assert not same["differs"].any()
    assert table[table["case"] == "more"]["differs"].any()
    assert sorted(p.name for p in (out / "cases").iterdir()) == ["as-it-stands", "more", "same-again"]
    assert (out / "comparison.png").read_bytes().startswith(b"\x89PNG")


def test_result_folders_agree_with_the_cases(tmp_path: Path) -> None:
    assert compare("base", "grown", "-q", "--out", str(tmp_path / "folders")) == 0
    assert compare("mine.yaml", "--override", "more", "-q", "--workers", "1", "--out", str(tmp_path / "cases")) == 0
    folders, cases = (pd.read_csv(tmp_path / name / "comparison.csv") for name in ("folders", "cases"))
    pd.testing.assert_frame_equal(folders.drop(columns="case"), cases.drop(columns="case"))
    assert not (tmp_path / "folders" / "cases").exists()  # they are where they were


def test_other_random_numbers_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert compare("base", "other") == 0
    assert "on different random numbers" in capsys.readouterr().out
    assert not Path("results").exists()  # nothing is written of folders unless it is asked for


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["base"], "one result alone cannot be compared"),
        (["base", "base"], "the same result folder is given twice"),
        (["base", "nowhere"], "nowhere: is no result folder"),
        (["base", "grown", "--subject", "route:samr"], "the results know no 'route:samr'; did you mean 'route:samur'?"),
        (["tiny"], "tiny has no comparison of its own; choose overrides to compare with --override"),
        (["mine.yaml", "--override", "mre"], "no override named 'mre'; did you mean 'more'?"),
        (["mine.yaml", "--set", "demand.growth"], "'demand.growth' is no change, expected KEY=VALUE"),
    ],
)
def test_what_cannot_be_compared(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(*arguments) == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert not Path("results").exists()


def test_two_runs_of_the_gas_pipeline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [str(tmp_path / name) for name in ("gas", "late")]
    late = ["--set", "gas.phases.two.planned=2027-06-01"]
    for folder, more in zip(folders, ([], late), strict=True):
        run = ["run", "gas-ramp", "--set", "run.end=2029-01-01", "--replications", "4", "--no-figures", "-q"]
        assert run_command([*run, *more, "--out", folder]) == 0
    assert compare(*folders, "--out", str(tmp_path / "out")) == 0
    printed = capsys.readouterr().out
    assert "gas pipeline: gas, the whole time" in printed
    (row,) = [line.split() for line in printed.splitlines() if line.split()[:1] == ["2027"]]
    assert float(row[2].strip("()").split("±")[0]) < 0  # less was given in the year in which it came late
    assert (tmp_path / "out" / "comparison-gas.png").exists()
