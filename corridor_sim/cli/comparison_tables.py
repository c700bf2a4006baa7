"""What `compare` prints: differences from the reference with their intervals, in 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from rich.table import Table

from corridor_sim.foundation.time_axis import is_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from corridor_sim.analysis.comparison import Comparison
    from corridor_sim.results import RunResult

H_PER_YEAR = 8760.0
N_PLACES = 6
"""Places shown, of those where waiting changes."""


Row = dict[Any, Any]


class Measure(NamedTuple):
    """A KPI as a planner reads it."""

    kpi: str
    words: str
    scale: float
    digits: int


DAYS = Measure("transit_mean_h", "days, mean", 1 / 24, 1)
WAITING = Measure("queue_mean_n", "consignments waiting", 1, 1)
STOCK = Measure("stock_end_t", "kt on the way, end", 1e-3, 0)


def print_comparison(
    console: Console, found: Comparison, results: dict[str, RunResult], subjects: Sequence[str], question: str
) -> None:
    """Print what changes: for each subject over the whole time and year by year, then where waiting changes."""
    first = next(iter(results.values()))
    years = (first.manifest["end_h"] - first.manifest["warm_up_h"]) / H_PER_YEAR
    how = "on the same random numbers" if found.paired else "on different random numbers"
    console.print(f"\n[bold]{question or 'Comparison'}[/]")
    console.print(
        f"compared with {found.reference}: {len(first.replications)} replications {how}, ± half of the 95 % interval"
    )
    for subject in subjects:
        console.print(_whole(found, subject, years))
        by_year = _years(found, subject)
        if len(by_year) > 1:
            console.print(_table_by_year(found, subject, by_year))
        for line in sentences(found, subject, by_year):
            console.print(line)
    places = _places(found)
    if places:
        console.print(_table_of_places(found, places))
        known = first.subjects().set_index("subject")["name"]
        for place in places:
            console.print(f"{place.removeprefix('place:')}: {known.get(place, 'single track')}")
    console.print("(in brackets: not sure, zero lies within the interval)")


def _name(subject: str) -> str:
    return subject.partition(":")[2].replace("_", " ") if ":" in subject else "all cargo of the corridor"


def _difference(row: Row, scale: float, digits: int) -> str:
    """Write a difference with its interval; what may be zero stands in brackets."""
    value, half = row["difference"] * scale, (row["ci_high"] - row["difference"]) * scale
    if np.isnan(value):
        return "-"
    if value == half == 0:
        return "same"
    text = f"{value:+.{digits}f}" if np.isnan(half) else f"{value:+.{digits}f} ± {half:.{digits}f}"
    return text if row["differs"] else f"({text})"


def _new_table(found: Comparison, title: str, first: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for name in (found.reference, *found.cases):
        table.add_column(name, justify="right")
    return table


def _by_case(found: Comparison, kpi: str, subject: str, period: str) -> dict[str, Row]:
    return {str(row["case"]): row for row in found.of(kpi, subject, period).to_dict("records")}


def _add_row(table: Table, found: Comparison, measure: Measure, subject: str, period: str, *, label: str) -> None:
    rows = _by_case(found, measure.kpi, subject, period)
    if not rows:
        return
    cells = [_difference(rows[c], measure.scale, measure.digits) if c in rows else "-" for c in found.cases]
    reference = next(iter(rows.values()))["reference_mean"] * measure.scale
    table.add_row(label, f"{reference:.{measure.digits}f}", *cells)


def _whole(found: Comparison, subject: str, years: float) -> Table:
    """Differences over the whole measured time."""
    table = _new_table(found, f"{_name(subject)}: the whole time", "")
    measures = (
        Measure("throughput_t", "kt a year carried", 1e-3 / years, 0),
        DAYS,
        Measure("transit_p95_h", "days, P95", 1 / 24, 1),
        Measure("time_queueing_h", "days queueing", 1 / 24, 1),
        STOCK,
        Measure("queue_mean_h", "hours queueing, mean", 1, 1),
        Measure("utilisation_frac", "busy, %", 100, 0),
    )
    for measure in measures:
        _add_row(table, found, measure, subject, "all", label=measure.words)
    return table


def _years(found: Comparison, subject: str) -> list[str]:
    periods = found.of(DAYS.kpi, subject)["period"].unique()
    return sorted(str(p) for p in periods if p != "all" and not is_month(str(p)))


def _table_by_year(found: Comparison, subject: str, years: Sequence[str]) -> Table:
    table = _new_table(found, f"{_name(subject)}: {DAYS.words}, by year of delivery", "year")
    for year in years:
        _add_row(table, found, DAYS, subject, year, label=year)
    return table


def sentences(found: Comparison, subject: str, years: Sequence[str]) -> list[str]:
    """Say in words what each case changes of the days of a subject."""
    whole = _by_case(found, DAYS.kpi, subject, "all")
    by_year = {year: _by_case(found, DAYS.kpi, subject, year) for year in years}
    lines = []
    for case, row in whole.items():
        days, half = row["difference"] / 24, (row["ci_high"] - row["difference"]) / 24
        text = f"trips are {abs(days):.1f} ± {half:.1f} days {'shorter' if days < 0 else 'longer'}"
        if not row["differs"]:
            text = "no sure difference in days"
        sure = {y: rows[case] for y, rows in by_year.items() if case in rows and rows[case]["differs"]}
        if len(years) > 1 and sure:
            most = max(sure, key=lambda y: abs(sure[y]["difference"]))
            most_days, most_half = (
                sure[most]["difference"] / 24,
                (sure[most]["ci_high"] - sure[most]["difference"]) / 24,
            )
            text += f", most in {most} ({most_days:+.1f} ± {most_half:.1f})"
        lines.append(f"[bold]{case}[/]: {text}")
    return lines


def _places(found: Comparison) -> list[str]:
    """Places where the number waiting surely changes most, in any case."""
    t = found.table
    rows = t[(t["kpi"] == WAITING.kpi) & (t["period"] == "all") & t["differs"]]
    size = rows["difference"].abs().groupby(rows["subject"].astype(str)).max()
    return list(size.sort_values(ascending=False).head(N_PLACES).index)


def _table_of_places(found: Comparison, places: Sequence[str]) -> Table:
    table = _new_table(found, "Where waiting changes most: consignments waiting, mean of the whole time", "place")
    for place in places:
        _add_row(table, found, WAITING, place, "all", label=place.removeprefix("place:"))
    return table
