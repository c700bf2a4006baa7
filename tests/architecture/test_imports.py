"""The house: imports point downwards only, the package root is imported by nobody, importing it is silent and light."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "corridor_sim"
HEAVY = ("simpy", "geopandas", "shapely", "matplotlib", "pandas", "dask", "pydantic", "scipy", "numba", "pyarrow")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_layers_hold():
    pytest.importorskip("importlinter")
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("foundation/calendars.py", "from corridor_sim.plan import kinds", "imports point downwards only"),
        ("engines/registry.py", "import corridor_sim.scenario.run", "engines read plans, nothing above them"),
        ("results/trace.py", "import corridor_sim", "no module imports the package root"),
        ("gas/pipe.py", "from corridor_sim.results import events", "gas needs numpy and what lies below it"),
        ("plan/kinds.py", "from corridor_sim.results import events", "imports point downwards only"),
    ],
)
def test_the_lint_can_fail(tmp_path, module, line, contract):
    """A planted fault turns each contract red."""
    pytest.importorskip("importlinter")
    shutil.copytree(PACKAGE, tmp_path / "corridor_sim", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    spoilt = tmp_path / "corridor_sim" / module
    text = spoilt.read_text(encoding="utf-8").replace(
        "from __future__ import annotations\n", f"from __future__ import annotations\n\n{line}\n"
    )
    spoilt.write_text(text, encoding="utf-8")
    assert line in text
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in " ".join(done.stdout.split())


def test_no_module_imports_the_root():
    """Said again without import-linter, which users of the tests may not have."""
    guilty = []
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{file}: relative import"
                names = [node.module or ""]
            if "corridor_sim" in names:
                guilty.append(str(file.relative_to(ROOT)))
    assert guilty == []


def fresh(code: str) -> str:
    """Output of a fresh interpreter that treats warnings as errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def loaded_by(statement: str) -> list[str]:
    code = f"import sys; {statement}; print(*(m for m in {HEAVY!r} if m in sys.modules))"
    return fresh(code).split()


def test_importing_the_package_prints_nothing():
    assert fresh("import corridor_sim") == ""


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_by("import corridor_sim") == []


def test_the_foundation_the_plan_and_gas_need_numpy_only():
    modules = [
        ".".join(f.relative_to(ROOT).with_suffix("").parts)
        for d in ("foundation", "plan", "gas")
        for f in (PACKAGE / d).glob("*.py")
    ]
    assert loaded_by(f"import {', '.join(m for m in modules if not m.endswith('__init__'))}") == []


def test_an_engine_loads_no_scenario_and_no_geodata():
    loaded = loaded_by("from corridor_sim.engines.registry import get_engine; get_engine('des')")
    assert loaded == ["simpy"]


def test_importing_changes_nothing_outside():
    """No global options set, no backend chosen, no warnings filtered, no random state touched."""
    code = """
import warnings, numpy as np
def state(): return np.geterr(), np.random.get_state()[1].tolist(), np.get_printoptions()
filters, before = list(warnings.filters), state()
import corridor_sim, corridor_sim.simulation, corridor_sim.cli.app, corridor_sim.results.run_result
assert list(warnings.filters)[-len(filters):] == filters
assert state() == before
"""
    assert fresh(code) == ""
