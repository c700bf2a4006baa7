"""The Excel workbook of a result: answers, KPI tables, every KPI, inputs with their sources; units in the heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor_sim.foundation.errors import ResultError
from corridor_sim.report.answers import answers
from corridor_sim.report.gas import gas_tables
from corridor_sim.report.inputs import GRADE_WORDS, inputs_of, sources_of
from corridor_sim.report.kpi_tables import kpi_tables
from corridor_sim.results.kpi_meanings import MEANINGS, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl import Workbook

    from corridor_sim.plots.result_view import ResultView
    from corridor_sim.report.kpi_tables import KpiTable

WIDEST = 60
STATISTICS = ("mean", "ci_low", "ci_high", "p05", "p50", "p95", "n")
SHEETS = {
    "routes": "Routes", "money": "Dollars", "posts": "Border posts", "places": "Places", "flows": "Flows",
    "phases": "Gas phases", "gas-years": "Gas years",
}  # fmt: skip


def write_workbook(view: ResultView, target: Path) -> Path:
    """Write a result as a workbook.

    Sheets: Summary, one for each KPI table of the report, KPIs (all of the whole measured time, with intervals and
    percentiles), Calibration, Inputs, Sources, Meanings, Run. Numbers are stored in full, shown rounded.

    Raises
    ------
    ResultError
        When the file cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    _summary(book, view)
    for table in (*kpi_tables(view), *gas_tables(view)):
        _kpi_sheet(book, table)
    _all_kpis(book, view)
    if view.result.calibration is not None:
        calibration = view.result.calibration
        _sheet(book, "Calibration", list(calibration.columns), calibration.astype(object).to_numpy().tolist())
    _inputs(book, view)
    rows = [(m.kpi, m.label, m.unit, m.meaning, m.formula) for m in MEANINGS.values()]
    _sheet(book, "Meanings", ["KPI", "in words", "unit", "meaning", "formula"], rows)
    run = [(str(k), _plain(v)) for k, v in view.result.manifest.items() if k not in {"work", "versions"}]
    run += [(str(k), str(v)) for k, v in (view.result.manifest.get("versions") or {}).items()]
    _sheet(book, "Run", ["what", "value"], run)
    try:
        book.save(target)
    except OSError as error:
        raise ResultError(f"{target}: cannot be written: {error.strerror}") from error
    return target


def _summary(book: Workbook, view: ResultView) -> None:
    rows: list[tuple[Any, ...]] = []
    for answer in answers(view):
        rows += [(answer.question, answer.headline), *((None, line) for line in answer.lines)]
    rows.append((None, view.footer.replace("\n", " ")))
    _sheet(
        book, "Summary", [str(view.scenario.get("title") or view.result.manifest.get("scenario", "")), "answer"], rows
    )


def _kpi_sheet(book: Workbook, table: KpiTable) -> None:
    heads = [table.first, "of", "subject", *(f"{c.head} [{c.unit}]" for c in table.columns)]
    rows = [(row.name, row.note, row.subject, *(cell.value for cell in row.cells)) for row in table.rows]
    formats = ["", "", "", *(_format(c.digits) for c in table.columns)]
    _sheet(book, SHEETS[table.key], heads, rows, formats)


def _format(digits: int) -> str:
    return f"#,##0.{'0' * digits}" if digits else "#,##0"


def _all_kpis(book: Workbook, view: ResultView) -> None:
    """All KPIs of the whole measured time; months and years are in summary.csv and kpis.parquet."""
    table = view.result.summary()
    table = table[table["period"] == "all"]
    labels = [meaning_of(str(kpi)).label for kpi in table["kpi"]]
    numbers = table[list(STATISTICS)].to_numpy(dtype=float).tolist()
    keys = table[["kpi", "subject", "unit"]].astype(str).to_numpy().tolist()
    rows = [
        (kpi, label, subject, unit, *row)
        for (kpi, subject, unit), label, row in zip(keys, labels, numbers, strict=True)
    ]
    heads = ["KPI", "in words", "subject", "unit", "mean", "95 % low", "95 % high", "P5", "P50", "P95", "replications"]
    _sheet(book, "KPIs", heads, rows, ["", "", "", "", *["#,##0.####"] * 6, "0"])


def _inputs(book: Workbook, view: ResultView) -> None:
    inputs = inputs_of(view.scenario)
    heads = ["key", "value", "unit", "range", "grade (A official, B press or study, C estimate)", "source", "note"]
    _sheet(book, "Inputs", heads, [(*i,) for i in inputs])
    rows = [(name, text) for name, text in sources_of(view.scenario).items()]
    rows += [(f"grade {grade}", words) for grade, words in GRADE_WORDS.items()]
    _sheet(book, "Sources", ["source", "what it is"], rows)


def _sheet(
    book: Workbook, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], formats: Sequence[str] = ()
) -> None:
    """Add a sheet whose head stays in sight and filters."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    sheet.append([_text(h) for h in heads])
    for row in rows:
        sheet.append([_cell(value) for value in row])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E4E8EC")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for k, column in enumerate(sheet.iter_cols(min_row=2), start=1):
        longest = max((len(str(c.value)) for c in column if isinstance(c.value, str)), default=0)
        sheet.column_dimensions[get_column_letter(k)].width = min(max(longest + 1, 12), WIDEST)
        for cell in column:
            if isinstance(cell.value, str) and longest > WIDEST:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            elif k <= len(formats) and formats[k - 1]:
                cell.number_format = formats[k - 1]
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions


def _cell(value: Any) -> Any:
    """Return what a cell holds; nothing where there is no number, and no text that a program takes for a formula."""
    if isinstance(value, float) and value != value:  # noqa: PLR0124  # not a number
        return None
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(("=", "+", "@")) else value


def _plain(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value
