"""Files that can be read in one sitting, functions on a screen or two, no drawers for odds and ends."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    [*(ROOT / "corridor_sim").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
)
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 60
DRAWERS = {"utils", "util", "common", "helpers", "helper", "misc"}


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from its name to its end, without the docstring."""
    first = function.body[0]
    has_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    text = (first.end_lineno or 0) - first.lineno + 1 if has_text else 0
    return (function.end_lineno or 0) - function.lineno + 1 - text


def test_files_are_short():
    long = {name(f): n for f in FILES if (n := len(f.read_text(encoding="utf-8").splitlines())) > MOST_LINES}
    assert long == {}


def test_functions_are_short():
    long = {}
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                n = lines_of(node)
                if n > MOST_LINES_OF_A_FUNCTION:
                    long[f"{name(file)}:{node.name}"] = n
    assert long == {}


def test_there_is_no_drawer_for_odds_and_ends():
    assert [name(f) for f in FILES if DRAWERS & {*f.parts, f.stem}] == []


@pytest.mark.parametrize("folder", ["corridor_sim", "tests", "benchmarks"])
def test_the_folders_are_where_they_should_be(folder):
    assert any(name(f).startswith(folder) for f in FILES)
