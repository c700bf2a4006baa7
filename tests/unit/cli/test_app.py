"""The command line as a user meets it: exit codes, messages, files."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corridor_sim.cli.app import run_command
from corridor_sim.foundation.errors import ResultError
from corridor_sim.foundation.shipped import data_dir


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def starter(**changes: str) -> Path:
    """The starter file with texts replaced."""
    text = (data_dir("scenarios") / "tiny.yaml").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = Path("mine.yaml")
    path.write_text(text, encoding="utf-8")
    return path


def test_new_run_and_change_as_the_readme_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["new", "mine.yaml"]) == 0
    assert run_command(["run", "mine.yaml", "--no-figures", "--workers", "1"]) == 0
    out = capsys.readouterr().out
    assert "Worst queues" in out
    assert "results/mine" in out
    before = json.loads(Path("results/mine/manifest.json").read_text())
    assert run_command(["run", "mine.yaml", "--no-figures", "-q", "--workers", "1", "--set", "demand.growth=1.5"]) == 0
    assert capsys.readouterr().out == ""
    after = json.loads(Path("results/mine-growth-1.5/manifest.json").read_text())
    assert after["changes"] == ["demand.growth=1.5"]
    assert json.loads(Path("results/mine/manifest.json").read_text()) == before
    assert after["stage_events"] > before["stage_events"]
    assert after["case_id"] != before["case_id"]


def test_wrong_input_exits_2_with_every_problem_located_and_nothing_written(capsys: pytest.CaptureFixture[str]) -> None:
    path = starter(**{"servers: 1": "servers: -1", "at: RU_DER}": "att: RU_DER}"})
    assert run_command(["run", str(path), "--out", "out"]) == 2
    err = capsys.readouterr().err
    assert "nothing was run or written" in err
    assert "did you mean 'at'?" in err
    assert err.count("mine.yaml:") >= 2
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "no-such-file.yaml"], "no-such-file"),
        (["run", "tiny", "--set", "queues.CUSTOM.servers=2"], "did you mean 'CUSTOMS'"),
        (["run", "tiny", "--set", "nonsense"], "KEY=VALUE"),
        (["run", "tiny", "--override", "second-oficer"], "second-officer"),
        (["run", "tiny", "--engine", "vectorr"], "vectorr"),
        (["run", "tiny", "--frobnicate"], "frobnicate"),
        (["explain", "queues.servces"], "did you mean"),
        (["new", "mine.yaml", "--from", "baseline"], "baseline-2025"),
        (["validate", "tiny", "missing.yaml"], "missing.yaml"),
        (["map", "nothing-here"], "nothing-here"),
    ],
)
def test_what_is_wrong_is_said_and_exits_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(arguments) == 2
    assert message in capsys.readouterr().err


def test_an_unreachable_destination_and_a_missing_node_are_located(capsys: pytest.CaptureFixture[str]) -> None:
    path = starter(**{"[RU_DER, RU_SAM, AZ_YAL]": "[RU_DER, RU_SAMM, AZ_YAL]"})
    assert run_command(["validate", str(path)]) == 2
    err = capsys.readouterr().err
    assert "no node 'RU_SAMM'" in err
    assert "did you mean 'RU_SAM'?" in err
    assert "mine.yaml:" in err
    path = starter(**{"rail: [AZ_SUM, AZ_BIL]": "road: {from: AZ_SUM, to: AZ_BIL}"})
    assert run_command(["validate", str(path)]) == 2
    assert "road" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_refused_before_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    Path("taken").write_text("a file")
    assert run_command(["run", "tiny", "--out", "taken"]) == 2
    assert "in the way" in capsys.readouterr().err
    assert run_command(["run", "tiny", "--out", "taken/below"]) == 2
    assert "cannot be written" in capsys.readouterr().err
    Path("full").mkdir()
    Path("full/mine.txt").write_text("keep")
    assert run_command(["run", "tiny", "--out", "full"]) == 2
    assert Path("full/mine.txt").read_text() == "keep"


def test_looking_at_things(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["list"]) == 0
    assert "baseline-2025" in capsys.readouterr().out
    assert run_command(["show", "tiny", "--set", "queues.CUSTOMS.servers=3"]) == 0
    assert "name: tiny" in capsys.readouterr().out
    assert run_command(["explain", "queues.service"]) == 0
    assert "h/t" in capsys.readouterr().out
    assert run_command(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["flows"]
    assert run_command(["validate", "tiny"]) == 0
    assert "ok" in capsys.readouterr().out


def test_a_killed_run_leaves_nothing_under_its_name() -> None:
    """Ends the process with SIGTERM in the middle of its lanes, for real."""
    command = [
        sys.executable,
        "-m",
        "corridor_sim",
        "run",
        "tiny",
        "--out",
        "out",
        "--replications",
        "100000",
        "--workers",
        "1",
    ]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    time.sleep(3)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert not Path("out").exists()


def test_a_write_that_fails_half_way_keeps_the_old_result(monkeypatch: pytest.MonkeyPatch) -> None:
    import corridor_sim as cs

    result = cs.simulate(cs.load_scenario("tiny"), replications=1)
    result.save("out")
    before = sorted((p.name, p.stat().st_size) for p in Path("out").iterdir())

    def fails(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ResultError, match="No space left"):
        result.save("out", more=fails)
    assert sorted((p.name, p.stat().st_size) for p in Path("out").iterdir()) == before
    assert [p.name for p in Path().iterdir()] == ["out"]


def test_explain_tells_kpis_and_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["explain", "queue_mean_h"]) == 0
    assert "formula: sum of hours waited" in capsys.readouterr().out
    assert run_command(["explain", "flows"]) == 0
    assert "Demand" in capsys.readouterr().out
    assert run_command(["explain", "transit_meen_h"]) == 2
    assert "did you mean 'transit_mean_h'" in capsys.readouterr().err
