"""The page that a gas run prints: what a planner asks is on it, in 80 columns."""

import pytest

from corridor_sim.cli.app import run_command
from corridor_sim.cli.gas_page import most
from corridor_sim.simulation import simulate
from tests.unit.scenario.test_gas import GAS, load


def test_the_page_answers_when_how_sure_what_limits_and_what_it_takes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipe.yaml").write_text(GAS.replace("20 bcm/yr", "29 bcm/yr"), encoding="utf-8")
    assert run_command(["run", "pipe.yaml", "--workers", "1"]) == 0
    page = capsys.readouterr().out
    for words in (
        "Phases: when they can deliver",
        "2025-07",
        "sure",
        "Years, bcm",
        "What 29 bcm/yr takes",
        "of new pipe",
    ):
        assert words in page
    assert "Routes" not in page
    table = [line for line in page.splitlines() if line.startswith(("│", "┃"))]
    assert max(map(len, table)) <= 80
    written = {p.name for p in (tmp_path / "results" / "pipe").iterdir()}
    assert {"gas.parquet", "kpis.parquet", "summary.csv", "gas-ramp.png", "gas-phases.svg"} <= written


def test_a_phase_that_does_not_reach_its_name_plate_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = GAS.replace("1420 mm", "1020 mm").replace("20 bcm/yr", "29 bcm/yr")
    (tmp_path / "pipe.yaml").write_text(text, encoding="utf-8")
    assert run_command(["run", "pipe.yaml", "--workers", "1", "--no-figures"]) == 0
    assert "two does not reach its name-plate" in capsys.readouterr().out


def test_bad_input_exits_2_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipe.yaml").write_text(GAS.replace("1420 mm", "0 mm"), encoding="utf-8")
    assert run_command(["run", "pipe.yaml"]) == 2
    assert "pipe.yaml:15:48" in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


def test_verify_says_that_there_is_nothing_to_verify(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipe.yaml").write_text(GAS, encoding="utf-8")
    assert run_command(["verify", "pipe.yaml"]) == 2
    assert "has no freight" in capsys.readouterr().err


def test_the_largest_mean_is_named(tmp_path):
    result = simulate(load(tmp_path), replications=2)
    assert most(result.summary(), "gas_limit_days", "2025").startswith("limit:")
    assert not most(result.summary(), "gas_limit_days", "1999")
    with pytest.raises(KeyError):
        most(result.summary().drop(columns="mean"), "gas_limit_days", "2025")
