"""The examples run as they stand, and say what they promise."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "scenarios" / "examples"
SAYS = {
    "sweep_in_python.py": ("demand x 1.4", "variance saved", "tied_with"),
    "sensitivity_notebook.py": ("mu_star", "customs", "ci_high"),
}


@pytest.mark.parametrize("name", SAYS)
def test_an_example(name, tmp_path):
    command = [sys.executable, str(EXAMPLES / name), str(tmp_path / "out")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [word for word in SAYS[name] if word not in done.stdout] == []


def test_every_example_is_run():
    assert {file.name for file in EXAMPLES.glob("*.py")} == set(SAYS)
