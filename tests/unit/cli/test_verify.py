"""The command `verify` as a user meets it. What it compares, and how: tests/unit/test_verification.py."""

import pytest

from corridor_sim.cli.app import run_command
from corridor_sim.engines.registry import ENGINES


@pytest.fixture
def play(monkeypatch):
    """Put another engine in the place of the fast one, and run the command."""

    def command(engine: str, *options: str) -> int:
        monkeypatch.setitem(ENGINES, "vector", engine)
        return run_command(["verify", "tiny", "--replications", "2", "--workers", "1", *options])

    return command


THE_SAME = "corridor_sim.engines.discrete_event.engine:DiscreteEventEngine"
WRONG = "tests.support.wrong_engines:TickLate"


def test_engines_that_agree(play, capsys):
    assert play(THE_SAME) == 0
    out, err = capsys.readouterr()
    assert "every arrival, start and departure is the same to the bit" in out.splitlines()[-1]
    assert err == ""
    kinds = [line.split("│")[1].strip() for line in out.splitlines() if line.startswith("│")]
    assert kinds == ["hold", "travel", "queue", "split", "gather"]
    assert "missing" not in out


def test_a_difference_exits_3_and_is_told_where_it_begins(play, capsys):
    assert play(WRONG) == 3
    out, err = capsys.readouterr()
    assert "check failed: " in err
    assert "stage events differ between the engines des and ticklate, in 2 of 2 replications" in err
    assert "first difference, replication" in out
    assert "stage BOXES_RAIL/04/queue/CUSTOMS" in out or "queue/RU_SAM>AZ_YAL" in out
    marked = [line for line in out.splitlines() if line.startswith(">")]
    assert len(marked) > 3
    assert marked[0].split()[1] == "departs"
    assert out.count(" 2025-03-") > 10
    assert "BOXES_RAIL/00/hold/PAPERS" in out or "TIMBER_RAIL/00/hold/PAPERS" in out
    assert "differs too" in out


def test_worker_processes_find_the_same(play, capsys):
    assert play(WRONG, "--workers", "2") == 3
    assert "in 2 of 2 replications" in capsys.readouterr().err


@pytest.mark.parametrize(("engine", "code"), [(THE_SAME, 0), (WRONG, 3)])
def test_quiet_prints_nothing_but_the_fault(play, capsys, engine, code):
    assert play(engine, "--quiet") == code
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == (code > 0)


def test_changes_are_worked_in(play, capsys):
    def n_events(*options: str) -> int:
        assert play(THE_SAME, *options) == 0
        return int(capsys.readouterr().out.splitlines()[-1].split()[0].replace(",", ""))

    base = n_events()
    assert n_events("--set", "demand.growth=1.5") > base
    assert n_events("--seed", "9") != base
    assert n_events("--override", "second-officer") > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["verify", "no-such-file.yaml"], "no-such-file"),
        (["verify", "tiny", "--replications", "0"], "replications"),
        (["verify", "tiny", "--set", "queues.CUSTOM.servers=2"], "did you mean 'CUSTOMS'"),
    ],
)
def test_what_is_wrong_is_said_and_exits_2(arguments, message, capsys):
    assert run_command(arguments) == 2
    assert message in capsys.readouterr().err


def test_the_help_says_what_the_exit_codes_mean(capsys):
    assert run_command(["--help"]) == 0
    assert "3 a check failed" in capsys.readouterr().out
