"""Machine, versions and commit."""

import shutil
import subprocess

import pytest

from corridor_sim.bench.machine import commit, surroundings


def test_surroundings_are_whole():
    found = surroundings()
    assert found["machine"]["cpu"]
    assert found["machine"]["cores"] >= 1
    assert {"python", "numpy", "corridor-sim"} <= set(found["versions"])
    assert found["date"].endswith("+00:00")


def test_no_commit_outside_a_clone(tmp_path):
    (tmp_path / "__init__.py").touch()
    assert commit(tmp_path) is None


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_the_commit_of_a_clone(tmp_path):
    def git(*arguments: str) -> str:
        command = ["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=e@x", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").touch()
    git("init", "-q")
    assert commit(package) is None  # not part of it yet: installed into a folder of some clone
    git("add", ".")
    git("commit", "-q", "-m", "first")
    head = git("rev-parse", "--short=10", "HEAD")
    assert commit(package) == head
    (package / "__init__.py").write_text("changed = 1\n")
    assert commit(package) == f"{head}+"
