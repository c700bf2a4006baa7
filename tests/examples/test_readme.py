"""What the README shows works: its Python runs, its commands exist, its table is what a run writes."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from corridor_sim.cli.app import app

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_python_blocks_run_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert blocks
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        # the tiny corridor stands in for the year, which takes a minute
        exec(compile(block.replace("baseline-2025", "tiny"), "README.md", "exec"), {})  # noqa: S102
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_commands_and_options_exist() -> None:
    commands = {c.name: c for c in typer.main.get_command(app).commands.values()}  # type: ignore[attr-defined]
    shown = re.findall(r"`corridor-sim ([^`]+)`", README) + re.findall(r"bin/corridor-sim (.*)", README)
    assert len(shown) > 8
    for text in shown:
        words = shlex.split(text)
        assert words[0] in commands, text
        known = {option for parameter in commands[words[0]].params for option in parameter.opts}
        assert {w for w in words if w.startswith("--")} <= known, text


def test_the_two_commands_set_everything_up_in_one_line() -> None:
    for marker in ("run command", "test command"):
        found = re.search(rf"<!-- {marker} -->\n\n    (.+)\n", README)
        assert found, marker
        assert "pip install" in found.group(1)


def test_named_overrides_that_are_shown_exist() -> None:
    from corridor_sim.scenario import load_scenario

    for name in re.findall(r"--override ([a-z-]+)", README):
        load_scenario("baseline-2025", named_overrides=[name])
