"""Reports of a comparison, a sweep, a gas run and of twenty years as a planner opens them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corridor_sim.cli.app import run_command
from tests.browser.conftest import PHONE, WIDE
from tests.support.shipped import WINTER
from tests.support.sweeps import write_sweep


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("compared")
    folders = [str(root / name) for name in ("as it is", "second server")]
    for folder, servers in zip(folders, ("1", "2"), strict=True):
        change = ["--set", f"queues.CUSTOMS.servers={servers}", "--replications", "3", "--workers", "1"]
        assert run_command(["run", "tiny", "-q", "--no-figures", *change, "--out", folder]) == 0
    assert run_command(["compare", *folders, "-q", "--out", str(root / "out")]) == 0
    return root / "out" / "report.html"


@pytest.fixture(scope="module")
def gas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gas") / "ramp"
    assert run_command(["run", "gas-ramp", "-q", "--replications", "2", "--workers", "1", "--out", str(folder)]) == 0
    return folder / "report.html"


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sweep")
    assert run_command(["sweep", str(write_sweep(root)), "-q", "--workers", "1", "--out", str(root / "out")]) == 0
    return root / "out" / "report.html"


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("years") / "corridor"
    horizon = [part for key, value in WINTER["corridor-2045"].items() for part in ("--set", f"{key}={value}")]
    options = ["-q", "--replications", "2", "--workers", "1", "--out", str(folder)]
    assert run_command(["run", "corridor-2045", *horizon, *options]) == 0
    return folder / "report.html"


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("which", ["compared", "gas", "sweep", "years"])
def test_it_opens_and_fits(
    open_page: Callable[..., Any], request: pytest.FixtureRequest, which: str, viewport: dict[str, int]
) -> None:
    path = request.getfixturevalue(which)
    assert path.stat().st_size < 5e6
    page = open_page(path, viewport=viewport)
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"], "the page scrolls sideways"
    assert page.locator(".cards article").count() >= 4
    assert page.locator("figure img").count() > 0


def test_differences_sort(open_page: Callable[..., Any], compared: Path) -> None:
    page = open_page(compared)
    page.locator("#table-days thead th").nth(2).locator("button").click()
    values = page.locator("#table-days tbody tr > :nth-child(3)").evaluate_all(
        "cells => cells.filter(c => c.dataset.v).map(c => Number(c.dataset.v))"
    )
    assert len(values) > 1
    assert values == sorted(values, reverse=True)


def test_cases_of_a_sweep_sort_and_filter(open_page: Callable[..., Any], sweep: Path) -> None:
    page = open_page(sweep)
    page.locator("#table-cases thead th").nth(3).locator("button").click()
    values = page.locator("#table-cases tbody tr > :nth-child(4)").evaluate_all("cells => cells.map(c => +c.dataset.v)")
    assert len(values) == 9
    assert values in (sorted(values), sorted(values, reverse=True))
    page.fill("#filter-cases", "best")
    assert page.locator("#table-cases tbody tr:visible").count() == 1
