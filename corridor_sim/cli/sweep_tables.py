"""What a sweep prints and writes when it is done: its answers case by case, ranks with ties, sensitivities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich.table import Table

from corridor_sim.analysis.sweep_ranking import SENSITIVITIES, answer_table, behind_best, judged_by
from corridor_sim.results.sweep_answers import answers_of

if TYPE_CHECKING:
    from rich.console import Console

    from corridor_sim.results import SweepResult
    from corridor_sim.results.sweep_answers import SweepAnswer

MOST_ROWS = 30
"""Cases printed."""
MOST_ANSWERS = 5
"""Answers printed."""
MOST_WIDE = 12
"""Characters of a column of parameters that are not broken."""


def write_tables(result: SweepResult) -> None:
    """Write the answers of all cases and their sensitivities as CSV files that open anywhere."""
    from corridor_sim.plots.sweep_gallery import sensitivity_table

    answers = answers_of(result)
    if not answers:
        return
    answer_table(result, answers).to_csv(result.folder / "answers.csv", index=False)
    tables = [(a, sensitivity_table(result, a)) for a in answers]
    parts = [t.assign(kpi=a.kpi, subject=a.subject, period=a.period, unit=a.unit) for a, t in tables if t is not None]
    if parts:
        pd.concat(parts, ignore_index=True).to_csv(result.folder / "sensitivity.csv", index=False)


def print_sweep(console: Console, result: SweepResult) -> None:
    """Print the answers, the sensitivities of the first one, and how it went."""
    m = result.manifest
    console.print(f"\n[bold]{m['name']}[/]: {m['title']}")
    answers = answers_of(result)
    if answers:
        console.print(_drawn(answers) if result.points.size else _cases(result, answers))
        _print_sensitivity(console, result, answers[:MOST_ANSWERS])
    elif m["kpis"] != "all":
        console.print("no case has a value of what was asked for")
    else:
        console.print("all KPIs are kept; name some under kpis, with a subject, to see them here")
    for text in list(m.get("precision_missed", {}).values())[:5]:
        console.print(f"precision not reached: {text}", markup=False)
    for row in result.failures.head(5).to_dict("records"):
        console.print(f"case {row['case']} failed: {row['error']}", style="red", markup=False)
    if len(result.failures):
        console.print(f"{len(result.failures)} cases failed (failures.jsonl); --resume runs them again")
    console.print(
        f"{m['cases_computed']} cases computed in {m['wall_s']:.0f} s, {len(result.cases)} in all; "
        f"{m['other_s_per_case'] * 1e3:.0f} ms a case beside the engine's {m['core_s_per_case']:.2f} s\n"
        f"{result.folder}/ written"
    )


def _cases(result: SweepResult, answers: list[SweepAnswer]) -> Table:
    shown = answers[:MOST_ANSWERS]
    judged = judged_by(result, answers)
    behind = None if judged is None else behind_best(judged)
    title = "Answers: means (intervals in answers.csv)"
    table = Table(title=title, title_justify="left")
    for name in result.parameters:
        table.add_column(name, justify="right", overflow="fold", min_width=_width(result, name))
    for k, answer in enumerate(shown):
        table.add_column(f"({k + 1}) {answer.unit}", justify="right", no_wrap=True)
    if behind is not None:
        table.add_column("behind best", justify="right", no_wrap=True)
    order = range(len(result.cases)) if behind is None else np.argsort(behind["behind"].to_numpy(), kind="stable")
    means = [a.means for a in shown]
    for case in [int(k) for k in order][:MOST_ROWS]:
        cells = [_value(result.cases[p].iloc[case]) for p in result.parameters]
        cells += [_interval(found, case, is_short=k > 0 or behind is not None) for k, found in enumerate(means)]
        table.add_row(*cells, *([] if behind is None else [_behind(behind.iloc[case])]))
    lines = [f"({k + 1}) {a.name}, {a.unit}" for k, a in enumerate(shown)]
    if judged is not None:
        lines.append(f"behind best: in {judged.name}, on the same random numbers; = may be as good as the best")
    if len(order) > MOST_ROWS:
        lines.append(f"{len(order) - MOST_ROWS} more in answers.csv")
    table.caption, table.caption_justify = "\n".join(lines), "left"
    return table


def _behind(row: pd.Series[Any]) -> str:
    if np.isnan(row["behind"]):
        return "-"
    if row["behind"] == 0:
        return "best"
    digits = 1 if abs(row["behind"]) >= 10 else 2
    return f"{'' if row['surely_behind'] else '= '}{row['behind']:+.{digits}f} ± {row['behind_half']:.{digits}f}"


def _value(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _interval(found: dict[str, Any], case: int, *, is_short: bool) -> str:
    mean, high = float(found["mean"][case]), float(found["ci_high"][case])
    if np.isnan(mean):
        return "-"
    digits = 1 if abs(mean) >= 10 else 2
    return f"{mean:.{digits}f}" if is_short or np.isnan(high) else f"{mean:.{digits}f} ± {high - mean:.{digits}f}"


def _width(result: SweepResult, name: str) -> int:
    """Width at which short values of a parameter, such as dates, stay on one line."""
    longest = max(len(str(value)) for value in result.cases[name])
    return longest if longest <= MOST_WIDE else 1


def _drawn(answers: list[SweepAnswer]) -> Table:
    """Answers of a drawn design: how they spread over the cases, whose values mean nothing one by one."""
    table = Table(title="Answers over all cases drawn (each in answers.csv)", title_justify="left")
    table.add_column("answer")
    for name in ("mean", "P5", "P50", "P95"):
        table.add_column(name, justify="right")
    for k, answer in enumerate(answers[:MOST_ANSWERS]):
        means = answer.means["mean"]
        low, middle, high = np.nanpercentile(means, [5, 50, 95])
        cells = [f"{v:.1f}" if abs(v) >= 10 else f"{v:.2f}" for v in (np.nanmean(means), low, middle, high)]
        table.add_row(f"({k + 1}) {answer.name}, {answer.unit}", *cells)
    return table


def _print_sensitivity(console: Console, result: SweepResult, answers: list[SweepAnswer]) -> None:
    """Print what moves the answers: one row per parameter, the strongest for the first answer on top."""
    from corridor_sim.plots.sweep_gallery import sensitivity_table

    tables = [sensitivity_table(result, answer) for answer in answers]
    found = [(k, table) for k, table in enumerate(tables) if table is not None]
    if not found:
        return
    first = found[0][1]
    key, words = next((k, w) for k, w in SENSITIVITIES.items() if k in first)
    table = Table(title=f"What moves the answers: {words}", title_justify="left")
    table.add_column("parameter")
    for k, _ in found:
        table.add_column(
            f"({k + 1}) {answers[k].unit}" if key != "total" else f"({k + 1})", justify="right", no_wrap=True
        )
    for row in first[key].abs().sort_values(ascending=False).index:
        cells = [_strength(own.loc[row], key, is_short=k > 0) for k, own in found]
        table.add_row(str(first["parameter"][row]), *cells)
    console.print(table)


def _strength(row: pd.Series[Any], key: str, *, is_short: bool) -> str:
    half = row["ci_high"] - row["effect"] if key == "effect" else row[f"{key}_half"]
    sign = "+" if key == "effect" else ""
    digits = 1 if abs(row[key]) >= 10 else 2
    text = f"{row[key]:{sign}.{digits}f}"
    return text if is_short else f"{text} ± {half:.{digits}f}"
