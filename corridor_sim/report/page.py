"""The page: everything of a result folder in one HTML file that asks nothing of a network."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from corridor_sim.analysis.year_by_year import route_table, year_table, years_of
from corridor_sim.foundation.errors import ResultError
from corridor_sim.plots.result_view import ResultView
from corridor_sim.plots.style import BACKGROUND
from corridor_sim.report.answers import SOME_YEARS, answers
from corridor_sim.report.figures import pictures_in
from corridor_sim.report.gas import gas_tables
from corridor_sim.report.inputs import GRADE_WORDS, grade_counts, inputs_of, sources_of
from corridor_sim.report.kpi_tables import calibration_rows, kpi_tables
from corridor_sim.report.map_data import map_data
from corridor_sim.report.trust import trust_section
from corridor_sim.results.kpi_meanings import MEANINGS, SUBJECTS

if TYPE_CHECKING:
    from pathlib import Path

    import jinja2

    from corridor_sim.network import Network
    from corridor_sim.results import RunResult

PAGE = "report.html"
_ASSETS = files("corridor_sim.report") / "assets"
_URL = re.compile(r"url\(images/([a-z0-9-]+\.png)\)")


def write_report(result: RunResult, folder: Path, *, network: Network | None = None) -> Path:
    """Write ``report.html`` of a result into a folder that holds its figures.

    Parameters
    ----------
    result
        Fresh or loaded.
    folder
        An existing folder; the PNG figures in it are put into the page.
    network
        The network it was run on; the shipped one by default.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    ResultError
        When it cannot be written.
    """
    return write_page(folder, "run.html.j2", run_context(ResultView(result, network), folder))


def write_page(folder: Path, template: str, context: dict[str, Any]) -> Path:
    """Fill a template and write it as the report of a folder; under another name first, so that it is whole or not.

    Raises
    ------
    ResultError
        When it cannot be written.
    """
    text = _templates().get_template(template).render(**shared_context(), **context)
    target, draft = folder / PAGE, folder / f".{PAGE}.tmp"
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        raise ResultError(f"{target}: cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    return target


def shared_context() -> dict[str, Any]:
    """Return what pages of all kinds need: styles, scripts, meanings of the KPIs."""
    return {
        "css": _text("report.css"),
        "script": _text("tables.js"),
        "meanings": list(MEANINGS.values()),
        "subjects": SUBJECTS,
    }


def run_context(view: ResultView, folder: Path) -> dict[str, Any]:
    """Return what the page of one run says."""
    inputs = inputs_of(view.scenario)
    calibration = view.result.calibration
    manifest = view.result.manifest
    return {
        "title": str(view.scenario.get("title") or manifest.get("title") or manifest.get("scenario") or "A run"),
        "description": " ".join(str(view.scenario.get("description") or "").split()),
        "view": view,
        "manifest": manifest,
        "answers": answers(view),
        "tables": [*kpi_tables(view), *gas_tables(view)],
        "years": _year_rows(view),
        "route_years": _route_year_rows(view),
        "pictures": pictures_in(folder),
        "calibration": [] if calibration is None else calibration_rows(calibration),
        "inputs": inputs,
        "grades": {f"{g} {GRADE_WORDS[g]}": n for g, n in grade_counts(inputs).items()},
        "sources": sources_of(view.scenario),
        "trust": trust_section(folder),
        "map": map_data(view),
        **map_scripts(),
    }


def _year_rows(view: ResultView) -> list[dict[Any, Any]]:
    """Rows of the table of years; none when there are few."""
    if view.result.stages.empty or len(years_of(view.result)) <= SOME_YEARS:
        return []
    table = year_table(view.result)
    table["limit"] = [view.place_name(str(place)) if place else "none" for place in table["limit"]]
    return [{"year": year, **row} for year, row in zip(table.index, table.to_dict("records"), strict=True)]


def _route_year_rows(view: ResultView) -> list[dict[Any, Any]]:
    """Rows of the table of routes by years; none when there are few years."""
    if view.result.stages.empty or len(years_of(view.result)) <= SOME_YEARS:
        return []
    table = route_table(view.result)
    return table[table["route"] != BACKGROUND].to_dict("records")


def map_scripts() -> dict[str, str]:
    """Return Leaflet and the map's own script; pictures of its styles are put inside, or nothing asked for."""
    css = _URL.sub(lambda match: f"url({_picture(match[1])})", _text("leaflet/leaflet.css"))
    script = re.sub(r"//# sourceMappingURL=.*", "", _text("leaflet/leaflet.js"))
    return {"leaflet_css": css, "leaflet_js": script, "map_js": _text("map.js")}


def _picture(name: str) -> str:
    file = _ASSETS / "leaflet" / "images" / name
    if not file.is_file():  # markers are not used
        return "data:,"
    return f"data:image/png;base64,{b64encode(file.read_bytes()).decode('ascii')}"


def _text(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corridor_sim.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    environment.policies["json.dumps_function"] = _dump
    return environment


def _dump(value: Any, **_: Any) -> str:
    """Write data short; nothing that is no number gets into a page."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
