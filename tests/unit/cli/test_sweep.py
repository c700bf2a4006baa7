"""Sweeps and relief on the command line."""

from pathlib import Path

import pandas as pd
import pytest

from corridor_sim.cli.app import run_command
from tests.support.sweeps import write_sweep


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_one_file_one_command(tmp_path, capsys):
    write_sweep(tmp_path)
    assert run_command(["sweep", "small.yaml", "--workers", "1"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "days to Baku" in out
    assert "best" in out
    assert "What moves the answers: effect from the first to the last value" in out
    assert "9 cases computed" in out
    folder = Path("results/sweeps/small")
    assert (folder / "response.png").exists()
    table = pd.read_csv(folder / "answers.csv")
    assert len(table) == 9
    assert table["behind"].iloc[0] == 0
    assert table["behind"].is_monotonic_increasing
    assert (pd.read_csv(folder / "sensitivity.csv")["parameter"] == ["officers", "growth"]).all()
    assert run_command(["sweep", "small.yaml", "--workers", "1"]) == 2
    assert "--resume" in capsys.readouterr().err
    assert run_command(["sweep", "small.yaml", "--workers", "1", "--resume", "--no-figures", "-q"]) == 0
    assert capsys.readouterr().out == ""


def test_wrong_input_exits_2_and_writes_nothing(tmp_path, capsys):
    write_sweep(tmp_path, parameters={"p": {"path": "queues.CUSTOM.servers", "values": [1]}})
    assert run_command(["sweep", "small.yaml"]) == 2
    assert "did you mean 'CUSTOMS'?" in capsys.readouterr().err
    write_sweep(tmp_path, max_cases=2)
    assert run_command(["sweep", "small.yaml"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert not Path("results").exists()


def test_a_failed_case_is_told(tmp_path, capsys):
    clash = {
        "warm_up": {"path": "run.warm_up", "values": ["3 d", "20 d"]},
        "end": {"path": "run.end", "values": ["2025-03-15", "2025-04-01"]},
    }
    write_sweep(tmp_path, parameters=clash, changes={"run.engine": "des"})
    assert run_command(["sweep", "small.yaml", "--workers", "1", "--no-figures"]) == 0
    assert "case 2 failed: ScenarioError" in capsys.readouterr().out
    assert run_command(["sweep", "small.yaml", "--workers", "1", "--replace", "--fail-fast"]) == 1


def test_precision_that_is_not_reached_is_said_in_a_sentence(tmp_path, capsys):
    precision = {"kpi": "transit_mean_h", "subject": "all", "relative": 0.001, "at_least": 2, "at_most": 3}
    write_sweep(
        tmp_path, replications={"precision": precision}, parameters={"g": {"path": "demand.growth", "values": [1]}}
    )
    assert run_command(["sweep", "small.yaml", "--workers", "1", "--no-figures"]) == 0
    assert "precision not reached: transit_mean_h of all is known to" in " ".join(capsys.readouterr().out.split())


def test_an_interrupt_says_that_nothing_is_lost(tmp_path, capsys, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("corridor_sim.sweep.runners.Bench.run", interrupted)
    write_sweep(tmp_path)
    assert run_command(["sweep", "small.yaml", "--workers", "1"]) == 130
    assert "what is finished is kept, go on with --resume" in " ".join(capsys.readouterr().err.split())


def test_relief(capsys):
    command = ["relief", "tiny", "--set", "run.engine=des", "--workers", "1", "--replications", "4"]
    assert run_command(command) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "relieve first: container crane, Sumgait (CRANE)" in out
    assert "customs, Yalama (CUSTOMS) may gain more, not surely" in out
    assert Path("results/relief-tiny/relief.csv").exists()
    assert Path("results/relief-tiny/relief.png").exists()


def test_the_schema_of_sweep_files(capsys):
    assert run_command(["schema", "--sweep"]) == 0
    assert '"parameters"' in capsys.readouterr().out


def test_a_drawn_design_prints_how_answers_spread(tmp_path, capsys):
    spread = {"growth": {"path": "demand.growth", "distribution": {"uniform": [0.8, 1.2]}}}
    write_sweep(tmp_path, parameters=spread, design={"saltelli": {"n": 4}})
    assert run_command(["sweep", "small.yaml", "--workers", "1", "--no-figures"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Answers over all cases drawn" in out
    assert "share of the variance, with interactions (Sobol)" in out
