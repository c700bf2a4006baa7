"""What every test runs under: errors in arithmetic raise, figures need no screen, markers come from folders."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from corridor_sim.engines.protocol import Engine
from corridor_sim.engines.registry import DEFAULT_ENGINE, ENGINES, HELD_TO_ONE_WAY, get_engine
from corridor_sim.foundation.arena import Arena

HERE = Path(__file__).parent
FOLDERS = (
    "unit", "conformance", "properties", "validation", "architecture", "golden", "examples", "browser", "figures",
)  # fmt: skip
ASKED_FOR = ("slow", "all_figures", "browser")
"""Markers of tests that run only when they are asked for by name."""

os.environ["MPLBACKEND"] = "Agg"
# compiled code that reads or writes beside an array raises; it is kept apart from what users run
os.environ["NUMBA_BOUNDSCHECK"] = "1"
os.environ["NUMBA_CACHE_DIR"] = str(HERE.parent / ".pytest_cache" / "numba")
# the same examples on every machine; a slow machine fails nothing
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    for folder in FOLDERS:
        config.addinivalue_line("markers", f"{folder}: tests in tests/{folder} (set by folder, never by hand)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unsupported = tomllib.loads((HERE / "conformance" / "unsupported.toml").read_text(encoding="utf-8"))
    for item in items:
        folder = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
        if folder in FOLDERS:
            item.add_marker(folder)
        callspec = getattr(item, "callspec", None)
        name = callspec.params.get("engine") if callspec else None
        for start, reason in unsupported.get(str(name), {}).items():
            if item.nodeid.startswith(start):
                item.add_marker(pytest.mark.skip(reason=f"{name}: {reason}"))
    if not config.option.markexpr:
        left_out = [item for item in items if any(item.get_closest_marker(name) for name in ASKED_FOR)]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(autouse=True)
def _arithmetic_raises() -> Iterator[None]:
    """A division by zero or an overflow is a fault; nan as "did not happen" passes through."""
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _memory_begins_as_nan() -> Iterator[None]:
    """Who reads an arena's array before writing to it finds nan, not the zeros that happen to be there."""
    floats = Arena.floats

    def poisoned(arena: Arena, *shape: int) -> np.ndarray:
        array = floats(arena, *shape)
        array[...] = np.nan
        return array

    with mock.patch.object(Arena, "floats", poisoned):
        yield


@pytest.fixture(scope="session", params=sorted({*ENGINES, *HELD_TO_ONE_WAY} - {DEFAULT_ENGINE}))
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every engine in turn, the default one by each of its ways: tests use this, never an engine's class."""
    return get_engine(request.param)
