"""The guides work: generated parts are up to date, commands parse, blocks of Python run, links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from corridor_sim.cli.app import app, run_command
from corridor_sim.report.guides import GENERATED, GUIDES, guide_text, update_guides, updated
from corridor_sim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```(python|sh)([^\n]*)\n(.*?)```", re.DOTALL)


def blocks(kind: str) -> list[tuple[str, str, bool]]:
    """Blocks of a kind: guide, text, and whether it can be run."""
    return [
        (name, text, "no-run" not in options)
        for name in GUIDES
        for found, options, text in BLOCK.findall(guide_text(name))
        if found == kind
    ]


COMMANDS = sorted(
    {line for _, text, _ in blocks("sh") for line in text.splitlines()}
    | {words for name in GUIDES for words in re.findall(r"`(corridor-sim [^`]+ [^`]+)`", guide_text(name))}
)


@pytest.mark.parametrize("name", GUIDES)
def test_generated_parts_are_up_to_date(name: str) -> None:
    assert updated(guide_text(name)) == guide_text(name), "run: corridor-sim guide --update"


def test_every_part_is_made_and_a_stale_one_is_seen() -> None:
    text = guide_text("model")
    assert set(re.findall(r"generated: ([a-z]+) -->", text)) == set(GENERATED)
    stale = text.replace("| `hold` |", "| `held` |")
    assert stale != text
    assert updated(stale) == text
    assert update_guides() == []


def test_there_are_commands_and_code() -> None:
    assert len(COMMANDS) > 12
    assert len(blocks("python")) >= 5


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_parses(line: str) -> None:
    """With all its options and arguments, as they would be run."""
    words = [word for word in shlex.split(line)[1:] if word != "|"]
    group = typer.main.get_command(app)
    while hasattr(group, "commands"):
        group, words = group.commands[words[0]], words[1:]
    if "KPI" not in words and "KEY" not in words:
        group.make_context("corridor-sim", list(words), resilient_parsing=False)


def test_overrides_and_scenarios_that_are_shown_exist() -> None:
    for line in COMMANDS:
        for name in re.findall(r"--override ([a-z-]+)", line):
            load_scenario("baseline-2025", named_overrides=[name])
        for path, value in re.findall(r"--set ([A-Za-z_.]+)=(\S+)", line):
            load_scenario("baseline-2025", overrides={path: value})


@pytest.mark.parametrize(("name", "text", "runs"), blocks("python"))
def test_python_runs(name: str, text: str, runs: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # the tiny corridor stands in for the year
    code = compile(text.replace("baseline-2025", "tiny"), f"{name}.md", "exec")
    if runs:
        exec(code, {})  # noqa: S102


@pytest.mark.parametrize("name", GUIDES)
def test_pictures_are_there(name: str) -> None:
    for link in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", guide_text(name)):
        assert (ROOT / "corridor_sim" / "guides" / link).is_file(), link


@pytest.mark.parametrize("name", GUIDES)
def test_the_command_shows_a_guide(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["guide", name]) == 0
    assert capsys.readouterr().out == guide_text(name)


def test_no_such_guide(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["guide", "plannr"]) == 2
    assert "did you mean 'planner'?" in capsys.readouterr().err
