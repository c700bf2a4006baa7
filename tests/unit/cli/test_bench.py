"""The command `bench` as a user meets it."""

import json
from pathlib import Path

import pytest

from corridor_sim.cli.app import run_command

QUICK = ["bench", "--quick", "--group", "load"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def measured() -> Path:
    assert run_command([*QUICK, "--out", "new.json"]) == 0
    return Path("new.json")


def earlier(measured: Path, factor: float) -> Path:
    """The same report with figures so many times as large."""
    content = json.loads(measured.read_text())
    for figure in content["figures"]:
        figure["value"] *= factor
    path = Path("old.json")
    path.write_text(json.dumps(content))
    return path


def test_table_and_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(QUICK) == 0
    out = capsys.readouterr().out
    assert "baseline" in out
    assert "bench.json written" in out
    assert max(map(len, out.splitlines())) <= 100
    assert json.loads(Path("bench.json").read_text())["is_quick"]


def test_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([*QUICK, "--markdown"]) == 0
    assert "| load | baseline |" in capsys.readouterr().out


@pytest.mark.parametrize(("factor", "threshold", "code"), [(1.0, [], 0), (0.5, [], 3), (0.5, ["--threshold", "3"], 0)])
def test_compare(
    measured: Path, factor: float, threshold: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    old = earlier(measured, factor)
    assert run_command(["bench", "--use", str(measured), "--compare", str(old), *threshold]) == code
    said = capsys.readouterr()
    assert "above 1 is worse, allowed" in said.out
    assert ("times worse" in said.err) == (code == 3)
    assert not Path("bench.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bench", "--group", "enginse"], "did you mean 'engines'"),
        (["bench", "--quick", "--compare", "none.json"], "cannot be read"),
        (["bench", "--quick", "--compare", "other.json"], "is no JSON"),
        (["bench", "--threshold", "0.5"], "threshold"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_measured(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("other.json").write_text("not a report")
    assert run_command(arguments) == 2
    assert message in capsys.readouterr().err
    assert not Path("bench.json").exists()
