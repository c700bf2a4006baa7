"""The command `lines` as a user meets it. What it draws and measures: tests/unit/plots and tests/unit/analysis."""

import shutil
from pathlib import Path

import pytest

from corridor_sim.cli.app import run_command
from corridor_sim.foundation.shipped import data_dir

LINE = "RU_DER-RU_SAM"
TRACK = f"""single_tracks:
  {LINE}: {{loop_every: 12 km, run_speed: 37 km/h, headway: 15 min, working: 6 min}}

"""
FIRST_MEASURED, LAST = "2025-03-11", "2025-03-31"
"""The run goes from 1 to 31 March; the first ten days, with the busiest of all, warm up."""
DAYS = "2025-03-01 to 2025-03-31"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the starter file with one single-track line, in two replications: with a trace, and without."""
    folder = tmp_path_factory.mktemp("lines")
    text = (data_dir("scenarios") / "tiny.yaml").read_text(encoding="utf-8")
    for old, new in (("\ncalendars:\n", f"\n{TRACK}calendars:\n"), ("warm_up: 3 d ", "warm_up: 10 d ")):
        assert old in text
        text = text.replace(old, new)
    scenario = folder / "mine.yaml"
    scenario.write_text(text, encoding="utf-8")
    run = ["run", str(scenario), "--no-figures", "-q", "--workers", "1", "--replications", "2"]
    assert run_command([*run, "--trace", "--out", str(folder / "out")]) == 0
    assert run_command([*run, "--out", str(folder / "bare")]) == 0
    return folder


@pytest.fixture(autouse=True)
def _beside_fresh_results(ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("out", "bare"):
        shutil.copytree(ran / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)


def lines(*arguments: str, folder: str = "out") -> int:
    return run_command(["lines", folder, *arguments])


def pictures() -> list[str]:
    return sorted(path.name for path in Path().rglob("*") if path.suffix in {".png", ".svg"})


@pytest.mark.parametrize("line", [LINE, "RU_SAM-RU_DER", "RU_DER-RU_SAM-AZ_YAL", "AZ_SUM-AZ_BIL"])
def test_pictures_are_named_after_the_line_and_the_day(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert lines("--line", line, "--day", "2025-03-10") == 0
    name = f"string-lines-{line}-2025-03-10"
    assert pictures() == [f"{name}.png", f"{name}.svg"]
    assert (Path("out") / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    out, err = capsys.readouterr()
    assert [f"{Path('out') / name}{suffix} written" for suffix in (".png", ".svg")] == out.splitlines()[:2]
    assert err == ""


def test_the_picture_tells_line_and_loops() -> None:
    assert lines("--line", LINE, "--day", LAST) == 0
    svg = (Path("out") / f"string-lines-{LINE}-{LAST}.svg").read_text(encoding="utf-8")
    assert "Derbent" in svg  # stations by the names of maps
    assert 'id="loops"' in svg


def test_without_a_day_it_is_a_measured_one() -> None:
    assert lines("--line", LINE) == 0
    (png, svg) = pictures()
    assert png.removesuffix(".png") == svg.removesuffix(".svg")
    day = png.removeprefix(f"string-lines-{LINE}-").removesuffix(".png")
    assert FIRST_MEASURED <= day <= LAST


def test_more_days_than_are_left_end_with_the_run() -> None:
    assert lines("--line", LINE, "--day", LAST, "--days", "5") == 0
    assert pictures() == [f"string-lines-{LINE}-{LAST}.png", f"string-lines-{LINE}-{LAST}.svg"]


def test_how_full_a_single_track_is_is_told_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert lines("--line", LINE) == 0
    out = capsys.readouterr().out
    assert f"{LINE}: single tracks, in the measured time" in out
    for word in ("trains/d", "run min", "wait min", "p95", "occupied", "Scott/d"):
        assert word in out
    rows = [[cell.strip() for cell in row.split("│")[1:-1]] for row in out.splitlines() if row.startswith("│")]
    assert [row[0] for row in rows] == ["0-12", "12-25", "25-37"]
    for _, trains, run_min, _, _, occupied, scott in rows:
        assert 1 < float(trains) < 5
        # a third of 37 km at 37 km/h: 20 minutes, and 6 for working
        assert run_min == "20"
        assert occupied.endswith(" %")
        assert float(scott) == pytest.approx(0.7 * 1440 / 26, abs=0.1)
    assert "UIC 406" in out
    assert max(map(len, out.splitlines())) <= 100


def test_the_figures_do_not_depend_on_the_day_that_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    tables = []
    for day in ("2025-03-05", "2025-03-20"):
        assert lines("--line", LINE, "--day", day) == 0
        tables.append(capsys.readouterr().out.splitlines()[2:])
    assert tables[0] == tables[1]


def test_a_line_with_a_track_each_way_has_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert lines("--line", "RU_SAM-AZ_YAL") == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 2
    assert "Scott" not in out


def test_each_replication_can_be_drawn() -> None:
    def drawn(replication: str) -> str:
        assert lines("--line", LINE, "--day", "2025-03-10", "--days", "7", "--replication", replication) == 0
        return (Path("out") / f"string-lines-{LINE}-2025-03-10.svg").read_text(encoding="utf-8")

    assert drawn("0") == drawn("0") != drawn("1")


@pytest.mark.parametrize(
    ("folder", "arguments", "message"),
    [
        ("bare", ["--line", LINE], "bare has no trace; run the scenario again with --trace"),
        ("bare", [], "bare has no trace; run the scenario again with --trace"),
        ("none", ["--line", LINE], "none: is no result folder"),
        ("out", [], f"which line? choose one with --line, such as {LINE}"),
        ("out", ["--line", LINE, "--day", "2025-02-28"], f"2025-02-28 lies outside of the run, {DAYS}"),
        ("out", ["--line", LINE, "--day", "2025-04-01"], f"2025-04-01 lies outside of the run, {DAYS}"),
        ("out", ["--line", LINE, "--day", "10.3.2025"], "'--day'"),
        ("out", ["--line", LINE, "--days", "0"], "'--days'"),
        ("out", ["--line", LINE, "--replication", "2"], "the trace has no replication 2"),
        ("out", ["--line", "RU_DER-RU_SAMM"], "no train runs from RU_DER to RU_SAMM or back; did you mean 'RU_SAM'?"),
        ("out", ["--line", "RU_DERR-RU_SAM"], "no train runs from RU_DERR to RU_SAM or back; did you mean 'RU_DER'?"),
        ("out", ["--line", "RU_DER-AZ_SUM"], "no train runs from RU_DER to AZ_SUM or back"),
        ("out", ["--line", "RU_DER"], "a line leads from one station to another"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_drawn(
    folder: str, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lines(*arguments, folder=folder) == 2
    out, err = capsys.readouterr()
    assert message in err
    assert out == ""
    assert pictures() == []
