"""A headless Chromium; without it, or without what drives it, the tests of this folder skip and say why."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE, PHONE = {"width": 1400, "height": 1000}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e .[browser]")
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    with driver.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a file, watched: whatever it asks for beside itself, and whatever it complains of, fails the test."""
    contexts, faults = [], []

    def open_file(path: Path, *, viewport: dict[str, int] = WIDE, dark: bool = False) -> Any:
        context = browser.new_context(viewport=viewport, color_scheme="dark" if dark else "light")
        contexts.append(context)
        page = context.new_page()
        url = path.resolve().as_uri()
        page.on("request", lambda r: None if r.url == url or r.url.startswith("data:") else faults.append(r.url))
        page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto(url)
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert faults == []
