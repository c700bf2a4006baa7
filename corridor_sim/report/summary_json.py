"""The summary of a result as JSON: answers in words, KPI tables as numbers with units, what was run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corridor_sim.foundation.errors import ResultError
from corridor_sim.report.answers import answers
from corridor_sim.report.gas import gas_tables
from corridor_sim.report.inputs import grade_counts, inputs_of
from corridor_sim.report.kpi_tables import kpi_tables

if TYPE_CHECKING:
    from pathlib import Path

    from corridor_sim.plots.result_view import ResultView
    from corridor_sim.report.kpi_tables import KpiTable


def write_summary(view: ResultView, target: Path) -> Path:
    """Write the summary of a result.

    Raises
    ------
    ResultError
        When the file cannot be written.
    """
    text = json.dumps(summary_of(view), indent=2, ensure_ascii=False, allow_nan=False)
    try:
        target.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise ResultError(f"{target}: cannot be written: {error.strerror}") from error
    return target


def summary_of(view: ResultView) -> dict[str, Any]:
    """Return the summary as plain data; the numbers are those of the report's tables."""
    manifest = view.result.manifest
    about = ("scenario", "title", "changes", "scenario_digest", "seed", "replications", "engine", "start", "versions")
    return {
        "run": {key: manifest[key] for key in about if key in manifest},
        "measured": view.period_text,
        "answers": [a._asdict() for a in answers(view)],
        "tables": {table.key: _table(table) for table in (*kpi_tables(view), *gas_tables(view))},
        "inputs_by_grade": grade_counts(inputs_of(view.scenario)),
    }


def _table(table: KpiTable) -> dict[str, Any]:
    columns = [{"kpi": c.kpi + c.suffix, "head": c.head, "unit": c.unit} for c in table.columns]
    rows = [{"subject": r.subject, "name": r.name, "values": [cell.value for cell in r.cells]} for r in table.rows]
    return {"title": table.title, "columns": columns, "rows": rows}
