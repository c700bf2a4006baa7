"""Inputs of a scenario as a workbook, a sheet for each section; and back, with errors told by sheet and cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corridor_sim.foundation.errors import InputError, Location, Problem, ScenarioError, nearest
from corridor_sim.scenario import load_scenario
from corridor_sim.scenario.parameter_table import COLUMNS, ParameterRow, parameter_rows, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from corridor_sim.scenario import Scenario

ABOUT = "About"
WIDTHS = {"path": 46, "name": 34, "distribution": 40, "source": 30, "note": 40}
FIXED = ("path", "name")
LONGEST_TITLE = 31
"""Of a sheet, in Excel."""


@dataclass(frozen=True)
class Cell:
    """A row as it was read, and where it stands."""

    sheet: str
    line: int
    row: ParameterRow
    letters: dict[str, str]
    """Letter of each column on this sheet."""

    def at(self, file: str, column: str) -> Location:
        """Where a column of the row is, in words that spreadsheets use."""
        return Location(f"{file}: sheet '{self.sheet}' cell {self.letters[column]}{self.line}", 0, 0)


def write_inputs(scenario: Scenario, file: Path) -> int:
    """Write the inputs of a scenario as a workbook.

    Returns
    -------
    int
        Number of inputs.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    from openpyxl import Workbook

    rows = parameter_rows(scenario)
    book = Workbook()
    about = book.active
    assert about is not None  # noqa: S101  # a new workbook has a sheet
    _write_about(about, scenario, len(rows))
    for section in dict.fromkeys(row.section for row in rows):
        _write_sheet(book, _title(section), [row for row in rows if row.section == section])
    try:
        book.save(file)
    except OSError as error:
        raise InputError([Problem(str(file), f"cannot be written: {error.strerror}")]) from error
    return len(rows)


def _title(section: str) -> str:
    return section.replace("_", " ")[:LONGEST_TITLE]


def _write_about(sheet: Worksheet, scenario: Scenario, n: int) -> None:
    sheet.title = ABOUT
    lines = [
        f"Inputs of {scenario.name}: {n} rows, a sheet for each section of the scenario.",
        "Change value, unit, distribution, low, high, grade, source or note; path and name say what a row is.",
        "A row has a value or a distribution, such as {lognormal: {mean: 20 h, cv: 0.4}}. Low and high are its range.",
        "Grades: A official, B press or study, C estimate. Rows that you delete stay as they are in the scenario.",
        f"Then: corridor-sim inputs import THIS.xlsx {scenario.name} my.yaml  and  corridor-sim run my.yaml",
    ]
    for line in lines:
        sheet.append([line])
    sheet.column_dimensions["A"].width = 110


def _write_sheet(book: Workbook, title: str, rows: Sequence[ParameterRow]) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append([getattr(row, column) for column in COLUMNS])
    for cells in sheet.iter_rows():  # a text that begins with = is no formula
        for cell in cells:
            if cell.data_type == "f":
                cell.data_type = "s"
    fill = PatternFill("solid", fgColor="E4E8EC")
    for k, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(k)
        sheet.column_dimensions[letter].width = WIDTHS.get(column, 12)
        sheet[f"{letter}1"].font, sheet[f"{letter}1"].fill = Font(bold=True), fill
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions


def read_changes(file: Path, scenario: Scenario, path: str, *, everything: bool = False) -> dict[str, Any]:
    """Read a workbook, and return what it changes of a scenario, by path.

    Parameters
    ----------
    file
        A workbook that `write_inputs` made, changed or not.
    scenario
        The scenario that it is of.
    path
        How that was loaded: the changes are tried on it.
    everything
        Whether to return all rows, not only those that changed.

    Raises
    ------
    InputError
        With every problem, each with its sheet and cell.
    """
    problems: list[Problem] = []
    cells = _read(file, problems)
    known = {row.path: row for row in parameter_rows(scenario)}
    found: dict[str, Cell] = {}
    changes: dict[str, Any] = {}
    for cell in cells:
        given = _checked(cell, known, found, str(file), problems)
        if given is None:
            continue
        found[cell.row.path] = cell
        old, new = known[cell.row.path], given.row
        if everything or new != old:
            try:
                changes[new.path] = value_of(new)
            except ValueError as error:
                column = "low" if "range" in str(error) else "distribution" if new.distribution else "value"
                problems.append(Problem(new.path, str(error), cell.at(str(file), column)))
    problems += _tried(path, changes, found, str(file))
    if problems:
        raise InputError(problems)
    return changes


def _tried(path: str, changes: dict[str, Any], found: dict[str, Cell], file: str) -> Iterable[Problem]:
    """Load the scenario with the changes; what is wrong with them is told by sheet and cell."""
    try:
        load_scenario(path, overrides=changes)
    except ScenarioError as error:
        return [_located(problem, changes, found, file) for problem in error.problems]
    return []


def _located(problem: Problem, changes: dict[str, Any], found: dict[str, Cell], file: str) -> Problem:
    """Put the cell where a problem comes from in the place of its file and line."""
    inside = [p for p in changes if problem.path == p or problem.path.startswith(f"{p}.")]
    if not inside:
        return problem
    path = max(inside, key=len)
    rest = problem.path.removeprefix(path).strip(".").split(".")
    column = {"range": "low", "": "value"}.get(rest[0], rest[0])
    if rest[:2] == ["range", "1"]:
        column = "high"
    if column not in COLUMNS or (column == "value" and found[path].row.distribution is not None):
        column = "distribution"
    return replace(problem, location=found[path].at(file, column))


def _checked(
    cell: Cell, known: dict[str, ParameterRow], found: dict[str, Cell], file: str, problems: list[Problem]
) -> Cell | None:
    """Return the row with what the table does not hold; None after noting what is wrong with its path."""
    path = cell.row.path
    where = cell.at(file, "path")
    if not path:
        problems.append(Problem("", "the row has no path", where, "delete the row, or write its path again"))
    elif path not in known:
        problems.append(Problem(path, "is no input of the scenario", where, nearest(path, known)))
    elif path in found:
        first = found[path]
        message = f"stands twice, first on sheet '{first.sheet}' in line {first.line}"
        problems.append(Problem(path, message, where))
    else:
        row = replace(cell.row, name=known[path].name, form=known[path].form)
        return replace(cell, row=row)
    return None


def _read(file: Path, problems: list[Problem]) -> list[Cell]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(file, data_only=True)
    except FileNotFoundError:
        raise InputError([Problem(str(file), "no such file")]) from None
    except Exception as error:  # whatever a broken archive makes it raise
        raise InputError([Problem(str(file), f"is no workbook that can be read: {error}")]) from error
    cells: list[Cell] = []
    for sheet in book.worksheets:
        if sheet.title != ABOUT:
            cells += _read_sheet(sheet, str(file), problems)
    return cells


def _read_sheet(sheet: Worksheet, file: str, problems: list[Problem]) -> list[Cell]:
    from openpyxl.utils import get_column_letter

    lines = sheet.iter_rows(values_only=True)
    heads = [str(h).strip() if h is not None else "" for h in next(lines, ())]
    letters = {head: get_column_letter(k) for k, head in enumerate(heads, start=1) if head in COLUMNS}
    missing = [column for column in COLUMNS if column not in letters]
    if missing:
        place = Location(f"{file}: sheet '{sheet.title}' cell A1", 0, 0)
        message = f"the first line lacks {', '.join(missing)}"
        problems.append(Problem("", message, place, f"expected the columns {', '.join(COLUMNS)}"))
        return []
    cells = []
    for line, values in enumerate(lines, start=2):
        given = {head: value for head, value in zip(heads, values, strict=False) if head in letters}
        if any(value is not None for value in given.values()):
            row = ParameterRow(**{head: _plain(head, value) for head, value in given.items()})
            cells.append(Cell(sheet.title, line, row, letters))
    return cells


def _plain(column: str, value: Any) -> Any:
    """Take what a spreadsheet holds: texts are trimmed, empty ones are none."""
    if isinstance(value, str):
        value = value.strip() or None
    if column in FIXED:
        return "" if value is None else str(value)
    if column in {"value", "low", "high"} or value is None:
        return value
    return str(value)
