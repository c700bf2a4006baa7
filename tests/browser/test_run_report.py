"""The report of a run as a planner opens it: desk and phone, light and dark, keyboard, paper."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corridor_sim.cli.app import run_command
from tests.browser.conftest import PHONE, WIDE


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "tiny"
    assert (
        run_command(["run", "tiny", "-q", "--trace", "--replications", "3", "--workers", "1", "--out", str(folder)])
        == 0
    )
    return folder / "report.html"


def go_to_day(page: Any, day: int) -> None:
    page.locator("#day").evaluate(
        "(slider, day) => { slider.value = day; slider.dispatchEvent(new Event('input')); }", day
    )


def column(page: Any, table: str, k: int) -> list[str]:
    cells = page.locator(f"#table-{table} tbody tr:not([hidden]) > :nth-child({k})")
    return [text.split("±")[0].strip() for text in cells.all_inner_texts()]


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_opens_and_fits(open_page: Callable[..., Any], report: Path, viewport: dict[str, int], dark: bool) -> None:
    page = open_page(report, viewport=viewport, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"], "the page scrolls sideways"
    assert page.locator(".cards article").count() == 5
    assert page.locator("#map-canvas path.map-rail").count() > 0
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(20, 24, 28)" if dark else "rgb(255, 255, 255)")
    assert page.evaluate("Array.from(document.images).every(i => i.loading === 'lazy' && i.alt)")


def test_tables_sort_up_and_down(open_page: Callable[..., Any], report: Path) -> None:
    page = open_page(report)
    head = page.locator("#table-places thead th").nth(1)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    numbers = [float(n) for n in column(page, "places", 2)]
    assert numbers == sorted(numbers, reverse=True)
    head.locator("button").press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert [float(n) for n in column(page, "places", 2)] == sorted(numbers)
    name = page.locator("#table-places thead th").nth(0)
    name.locator("button").click()
    names = column(page, "places", 1)
    assert names == sorted(names, key=str.lower)


def test_tables_filter(open_page: Callable[..., Any], report: Path) -> None:
    page = open_page(report)
    page.locator("#meanings summary").click()
    page.locator("#filter-meanings").fill("border p95")
    assert column(page, "meanings", 1) == ["border_time_p95_h"]
    assert page.locator("#count-meanings").inner_text().startswith("1 of ")
    page.locator("#filter-meanings").fill("")
    assert len(column(page, "meanings", 1)) > 30


def test_layers_are_switched(open_page: Callable[..., Any], report: Path) -> None:
    page = open_page(report)
    assert page.locator("#map-canvas path.map-queue").count() > 0
    page.get_by_label("Cargo waiting").uncheck()
    assert page.locator("#map-canvas path.map-queue").count() == 0
    page.get_by_label("Cargo waiting").check()
    assert page.locator("#map-canvas path.map-queue").count() > 0


def test_numbers_show_on_the_map(open_page: Callable[..., Any], report: Path) -> None:
    page = open_page(report)
    page.locator("#map-canvas path.map-queue").first.dispatch_event("click")
    assert "kt waiting" in page.locator(".leaflet-popup").inner_text()


def test_consignments_move(open_page: Callable[..., Any], report: Path) -> None:
    page = open_page(report)
    go_to_day(page, 10)
    before = page.locator("#moment").inner_text()
    drawn = "document.querySelector('#map-canvas canvas').toDataURL()"
    picture = page.evaluate(drawn)
    page.locator("#play").focus()
    page.keyboard.press("Enter")
    assert page.locator("#play").inner_text() == "Pause"
    page.wait_for_function("text => document.getElementById('moment').textContent !== text", arg=before)
    page.wait_for_function(f"picture => {drawn} !== picture", arg=picture)
    page.keyboard.press("Enter")
    assert page.locator("#play").inner_text() == "Play"
    stopped = page.evaluate(drawn)
    page.wait_for_timeout(150)
    assert page.evaluate(drawn) == stopped


def test_what_is_shown_at_a_time_is_what_the_trace_says(open_page: Callable[..., Any], report: Path) -> None:
    """Trains moving on a day, counted in the trace and read off the page."""
    from corridor_sim.results import load_result

    result = load_result(report.parent)
    trace, stages = result.trace, result.stages
    moving = set(stages[(stages["kind"] == "travel") & (stages["mode"] == "rail")]["stage_id"])
    begin_h = float(result.manifest["warm_up_h"])
    page = open_page(report)
    seen = set()
    for day in (5, 12, 19):
        at_h = begin_h + 24 * day
        rows = trace[(trace["replication"] == 0) & (trace["unit_idx"] == 0) & trace["stage_id"].isin(moving)]
        # an eighth of an hour is what packing may shift
        surely = ((rows["start_h"] < at_h - 0.13) & (rows["depart_h"] > at_h + 0.13)).sum()
        perhaps = ((rows["start_h"] < at_h + 0.13) & (rows["depart_h"] > at_h - 0.13)).sum()
        go_to_day(page, day)
        n = int(page.locator("#moment").inner_text().split(": ")[1].split(" trains")[0])
        assert surely <= n <= perhaps
        seen.add(n)
    assert seen != {0}


def test_it_works_without_a_mouse(open_page: Callable[..., Any], report: Path) -> None:
    page = open_page(report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"map-canvas", "play", "speed", "day", "BUTTON", "SUMMARY"} <= reached


def test_it_prints(open_page: Callable[..., Any], report: Path) -> None:
    page = open_page(report)
    page.emulate_media(media="print")
    assert not page.locator("#map-canvas").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator("#figure-map").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
