"""The report of a sweep: what was varied, what the answers are, which case is best, what moves them, how sure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridor_sim.analysis.sweep_ranking import SENSITIVITIES, answer_table, behind_best, judged_by
from corridor_sim.plots.sweep_gallery import figure_name, sensitivity_table
from corridor_sim.report.answers import Answer
from corridor_sim.report.figures import pictures_in
from corridor_sim.report.kpi_tables import Cell
from corridor_sim.report.page import write_page
from corridor_sim.results.sweep_answers import answers_of
from corridor_sim.results.sweep_folder import read_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from corridor_sim.results import SweepResult
    from corridor_sim.results.sweep_answers import SweepAnswer

MOST_NAMED = 4
"""Levels, cases and parameters told in words."""
MOST_ROWS = 500
"""Cases in the table; all are in answers.csv."""
NOTHING = Cell("–", None)  # noqa: RUF001  # the dash of a table
DESIGNS = {
    "product": "every combination of the values", "zip": "values taken together, one after the other",
    "cases": "cases listed one by one", "lhs": "a Latin hypercube over the ranges",
    "sobol": "a Sobol sequence over the ranges", "morris": "Morris' elementary effects over the ranges",
    "saltelli": "Saltelli's design for Sobol indices",
}  # fmt: skip


class Head(NamedTuple):
    """Head of a column."""

    text: str
    unit: str
    is_number: bool


class Sensitivity(NamedTuple):
    """What moves an answer, one row per parameter, the strongest first."""

    answer: str
    unit: str
    words: str
    rows: list[tuple[str, Cell, bool]]
    """Parameter, effect, and whether it is larger than half of its interval."""


def is_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep."""
    from corridor_sim.foundation.errors import ResultError

    try:
        read_manifest(folder)
    except ResultError:
        return False
    return True


def write_sweep_report(result: SweepResult) -> Path:
    """Write ``report.html`` of a sweep into its folder, with the figures that are there.

    Raises
    ------
    ResultError
        When it cannot be written.
    """
    found, manifest = answers_of(result), result.manifest
    heads, rows = case_table(result, found)
    context = {
        "title": str(manifest["title"] or manifest["name"]),
        "description": " ".join(str(manifest.get("description") or "").split()),
        "manifest": manifest,
        "n_cases": len(result.cases),
        "design": DESIGNS.get(manifest["design"], manifest["design"]),
        "answers": sweep_answers(result, found),
        "parameters": [_parameter(p) for p in manifest["parameters"]],
        "heads": heads,
        "rows": rows,
        "sensitivities": sensitivities(result, found),
        "failures": result.failures.to_dict("records"),
        "pictures": pictures_in(result.folder, _captions(found)),
    }
    return write_page(result.folder, "sweep.html.j2", context)


def sweep_answers(result: SweepResult, found: Sequence[SweepAnswer]) -> list[Answer]:
    """Answer what a planner asks of a sweep, from its store alone."""
    answers = [_varied(result), *([_best(result, found)] if found else []), _span(found), _moves(result, found)]
    return [*(a for a in answers if a is not None), _sure(result)]


def _varied(result: SweepResult) -> Answer:
    parameters = result.manifest["parameters"]
    n, k = len(result.cases), len(parameters)
    lines = [f"{p['name']}: {_levels(p)}." for p in parameters]
    headline = f"{k} thing{'s' if k > 1 else ''}, {n} cases"
    return Answer("varied", "What was varied?", headline, (*lines, f"On {result.manifest['base']}."))


def _levels(parameter: Mapping[str, Any]) -> str:
    levels, unit = parameter["levels"], f" {parameter['unit']}" if parameter["unit"] not in {"", "1"} else ""
    if not levels:
        return f"drawn from its range{unit}"
    if len(levels) > 2 * MOST_NAMED:
        return f"{len(levels)} values from {levels[0]} to {levels[-1]}{unit}"
    return ", ".join(str(v) for v in levels) + unit


def _parameter(parameter: Mapping[str, Any]) -> dict[str, str]:
    return {"name": str(parameter["name"]), "path": ", ".join(parameter["paths"]), "levels": _levels(parameter)}


def _best(result: SweepResult, found: Sequence[SweepAnswer]) -> Answer | None:
    """Say which case is best, and which cannot be told from it."""
    judged = judged_by(result, list(found))
    if judged is None:
        return None
    behind = behind_best(judged)
    best = int(np.nanargmin(behind["behind"].to_numpy()))
    tied = [
        int(k)
        for k in np.argsort(behind["behind"].to_numpy(), kind="stable")
        if k != best and not behind["surely_behind"].iloc[k] and not math.isnan(behind["behind"].iloc[k])
    ]
    mean, half = _mean(judged, best)
    lines = [f"Best: {case_words(result, best)}: {judged.name} {_number(mean)}{_unit(judged)} ± {_number(half)}."]
    if tied:
        lines.append(f"{len(tied)} more may be as good; the differences may be chance:")
        lines += [
            f"{case_words(result, k)}: {_signed(behind['behind'].iloc[k])} ± {_number(behind['behind_half'].iloc[k])}"
            f"{_unit(judged)} behind." for k in tied[:MOST_NAMED]
        ]  # fmt: skip
    else:
        lines.append("All others are surely behind.")
    worst = int(np.nanargmax(behind["behind"].to_numpy()))
    lines.append(
        f"Furthest behind: {case_words(result, worst)}, by {_number(behind['behind'].iloc[worst])} ± "
        f"{_number(behind['behind_half'].iloc[worst])}{_unit(judged)}."
    )
    case = result.cases["case"].iloc[best]
    headline = f"Case {case}" if not tied else f"Case {case}; {len(tied)} more may be as good"
    return Answer("best", "Which is best?", headline, tuple(lines))


def case_words(result: SweepResult, case: int) -> str:
    """Say a case in words: its values, parameter by parameter."""
    row = result.cases.iloc[case]
    return "; ".join(f"{p['name']} = {_value(row[p['id']])}" for p in result.manifest["parameters"])


def _span(found: Sequence[SweepAnswer]) -> Answer | None:
    lines = []
    for answer in found:
        means = answer.means["mean"]
        if not np.isfinite(means).any():
            lines.append(f"{_capital(answer.name)}: no case has a value.")
            continue
        low, high = int(np.nanargmin(means)), int(np.nanargmax(means))
        ends = [f"{_number(m)} ± {_number(h)}" for m, h in (_mean(answer, low), _mean(answer, high))]
        lines.append(f"{_capital(answer.name)}: {ends[0]} to {ends[1]}{_unit(answer)}.")
    if not lines:
        return None
    first = found[0].means["mean"]
    headline = (
        f"{_number(float(np.nanmin(first)))} to {_number(float(np.nanmax(first)))}{_unit(found[0])}, {found[0].name}"
    )
    return Answer("span", "How far do the answers move?", headline, tuple(lines))


def _moves(result: SweepResult, found: Sequence[SweepAnswer]) -> Answer | None:
    tables = sensitivities(result, found)
    if not tables:
        return None
    lines = []
    for table in tables:
        told = [f"{name} {cell.text}" for name, cell, is_sure in table.rows[:MOST_NAMED] if is_sure]
        lines.append(f"{_capital(table.answer)}: {'; '.join(told) or 'nothing surely'}.")
    return Answer(
        "moves", "What moves them most?", _capital(tables[0].rows[0][0]), (*lines, f"Numbers: {tables[0].words}.")
    )


def _sure(result: SweepResult) -> Answer:
    m = result.manifest
    n = m["replications"]
    times = f"{n} replications a case" if isinstance(n, int) else "Replications until the precision asked for"
    common = m["common_random_numbers"]
    lines = [
        "± is half of a 95 % interval. A case is surely behind where an interval that holds for all cases says so."
    ]
    lines.append(
        "All cases see the same random numbers: differences are sharper than the cases themselves."
        if common else "Cases have random numbers of their own: differences carry the luck of both."
    )  # fmt: skip
    lines += [f"Precision not reached: {text}." for text in list(m.get("precision_missed", {}).values())[:MOST_NAMED]]
    if len(result.failures):
        lines.append(f"{len(result.failures)} cases failed and are left out; they are listed below.")
    lines.append(
        "The intervals tell of chance alone. What the inputs may be wrong by is in what was varied, or not at all."
    )
    return Answer("sure", "How sure?", times, tuple(lines))


def case_table(result: SweepResult, found: Sequence[SweepAnswer]) -> tuple[list[Head], list[list[Cell]]]:
    """Make the table of cases: parameters, answers with intervals, and rank with ties where an answer is to be good."""
    parameters = result.manifest["parameters"]
    heads = [
        Head("case", "", is_number=True),
        *(Head(str(p["name"]), _plain(p["unit"]), is_number=True) for p in parameters),
    ]
    heads += [Head(a.name, _plain(a.unit), is_number=True) for a in found]
    if not found:
        rows = [
            [Cell(str(v), _sortable(v)) for v in row] for row in result.cases[["case", *result.parameters]].to_numpy()
        ]
        return heads, rows[:MOST_ROWS]
    table = answer_table(result, list(found))
    if "behind" in table:
        heads.append(Head("behind the best", _plain(next(a.unit for a in found if a.better)), is_number=True))
    if "rank" in table:
        heads += [Head("rank", "", is_number=True), Head("may be as good as case", "", is_number=False)]
    return heads, [_case_row(result, found, row) for row in table.head(MOST_ROWS).to_dict("records")]


def _case_row(result: SweepResult, found: Sequence[SweepAnswer], row: Mapping[Any, Any]) -> list[Cell]:
    cells = [Cell(str(row["case"]), float(row["case"]))]
    cells += [Cell(_value(row[p]), _sortable(row[p])) for p in result.parameters]
    for answer in found:
        mean, high = (float(row[f"{answer.name} [{answer.unit}] {name}"]) for name in ("mean", "ci_high"))
        cells.append(_with_half(mean, high - mean))
    if "behind" in row:
        mark = "" if row["surely_behind"] or row["behind"] == 0 else "= "
        cell = _with_half(float(row["behind"]), float(row["behind_half"]))
        cells.append(cell._replace(text="best" if row["behind"] == 0 else f"{mark}{cell.text}"))
    if "rank" in row:
        known = not math.isnan(row["rank"])
        tied = [name.strip() for name in str(row["tied_with"]).split(",")] if known and row["tied_with"] else []
        cells += [
            Cell(f"{row['rank']:.0f}", float(row["rank"])) if known else NOTHING,
            Cell(_some(tied), None, ", ".join(tied)),
        ]
    return cells


def sensitivities(result: SweepResult, found: Sequence[SweepAnswer]) -> list[Sensitivity]:
    """Make a table for each answer of what moves it, by the way that fits the design; none where none does."""
    tables = []
    for answer in found:
        table = sensitivity_table(result, answer)
        if table is not None:
            key = next(k for k in SENSITIVITIES if k in table)
            order = table[key].abs().sort_values(ascending=False).index
            unit = "" if key == "total" else answer.unit
            rows = [(str(table["parameter"][k]), *_strength(table.loc[k], key)) for k in order]
            tables.append(Sensitivity(answer.name, unit, SENSITIVITIES[key], rows))
    return tables


def _strength(row: pd.Series[Any], key: str) -> tuple[Cell, bool]:
    half = float(row["ci_high"] - row["effect"] if key == "effect" else row[f"{key}_half"])
    text = f"{_signed(row[key]) if key == 'effect' else _number(row[key])} ± {_number(half)}"
    return Cell(text, float(row[key])), abs(float(row[key])) > half


def _some(names: Sequence[str]) -> str:
    """Name a few, and say how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _captions(found: Sequence[SweepAnswer]) -> dict[str, tuple[str, str]]:
    captions = {"response": ("Answers over the first parameter", "Means; bands are 95 % intervals.")}
    for answer in found:
        title = _capital(answer.name)
        captions[f"heat-{figure_name(answer)}"] = (title, "Over the first two parameters.")
        captions[f"sensitivity-{figure_name(answer)}"] = (f"What moves: {answer.name}", "The strongest on top.")
    return captions


def _mean(answer: SweepAnswer, case: int) -> tuple[float, float]:
    """Mean of a case and half of its interval."""
    means = answer.means
    return float(means["mean"][case]), float(means["ci_high"][case] - means["mean"][case])


def _with_half(mean: float, half: float) -> Cell:
    if math.isnan(mean):
        return NOTHING
    return Cell(_number(mean) if math.isnan(half) else f"{_number(mean)} ± {_number(half)}", mean)


def _number(value: float) -> str:
    if math.isnan(value):
        return "?"
    size = abs(value)
    return f"{value:,.{0 if size >= 1000 else 1 if size >= 10 else 2 if size >= 0.095 or size == 0 else 3}f}"


def _signed(value: float) -> str:
    return f"+{_number(value)}" if value > 0 else _number(value)


def _value(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _sortable(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _unit(answer: SweepAnswer) -> str:
    return f" {answer.unit}" if _plain(answer.unit) else ""


def _plain(unit: str) -> str:
    return "" if unit == "1" else unit


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
