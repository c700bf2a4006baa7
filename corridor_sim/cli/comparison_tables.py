"""What `compare` prints: differences from the reference with their intervals, in 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from rich import box
from rich.table import Table

from corridor_sim.foundation.time_axis import is_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from corridor_sim.analysis.comparison import Comparison
    from corridor_sim.results import RunResult

H_PER_YEAR = 8760.0
WORTH_SAYING_D = 0.05
"""Days below which a difference is not told in words."""
SOME_YEARS = 2
"""Years beyond which days are shown year by year."""
N_PLACES = 6
"""Places shown, of those where waiting changes."""


Row = dict[Any, Any]


class Measure(NamedTuple):
    """A KPI as a planner reads it."""

    kpi: str
    words: str
    scale: float
    digits: int


GAS = "gas"
"""Subject of the gas pipeline as a whole."""
DAYS = Measure("transit_mean_h", "days, mean", 1 / 24, 1)
WAITING = Measure("queue_mean_n", "consignments waiting", 1, 1)


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
        for table in _whole(found, subject, years):
            console.print(table)
        by_year = _years(found, subject)
        if len(by_year) > SOME_YEARS:
            console.print(_table_by_year(found, subject, by_year))
        for line in sentences(found, subject, by_year):
            console.print(line)
    places = _places(found)
    if places:
        console.print(_table_of_places(found, places))
        # a place that one case does not use has no stages there, and no name
        names = {s: n for r in results.values() for s, n in r.subjects()[["subject", "name"]].itertuples(index=False)}
        for place in places:
            console.print(f"{place.removeprefix('place:')}: {names.get(place, 'single track')}")
    console.print("(in brackets: not sure, zero lies within the interval)")


def _name(subject: str) -> str:
    if subject == GAS:
        return "gas pipeline"
    return subject.partition(":")[2].replace("_", " ") if ":" in subject else "all cargo of the corridor"


def _difference(row: Row, scale: float, digits: int) -> str:
    """Write a difference with its interval; what may be zero stands in brackets."""
    value, half = row["difference"] * scale, (row["ci_high"] - row["difference"]) * scale
    if np.isnan(value):
        return "-"
    if value == half == 0:
        return "same"
    text = f"{value:+.{digits}f}" if np.isnan(half) else f"{value:+.{digits}f}±{half:.{digits}f}"
    return text if row["differs"] else f"({text})"


def _new_table(title: str, first: str, columns: Sequence[str]) -> Table:
    table = Table(
        title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, collapse_padding=True
    )
    table.add_column(first, no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", overflow="fold")
    return table


def _by_case(found: Comparison, kpi: str, subject: str, period: str) -> dict[str, Row]:
    return {str(row["case"]): row for row in found.of(kpi, subject, period).to_dict("records")}


def _cells(found: Comparison, measure: Measure, subject: str, period: str) -> list[str]:
    """Write the reference's value and the difference of every case; empty when nobody has the KPI."""
    rows = _by_case(found, measure.kpi, subject, period)
    if not rows:
        return []
    reference = next(iter(rows.values()))["reference_mean"] * measure.scale
    cells = [_difference(rows[c], measure.scale, measure.digits) if c in rows else "-" for c in found.cases]
    return [f"{reference:.{measure.digits}f}", *cells]


def _whole(found: Comparison, subject: str, years: float) -> list[Table]:
    """Values of the reference and differences of the cases over the whole measured time, a row for each."""
    groups = {
        "the whole time": (
            Measure("throughput_t", "kt a year", 1e-3 / years, 0),
            DAYS,
            Measure("transit_p95_h", "days, P95", 1 / 24, 1),
            Measure("time_queueing_h", "days queueing", 1 / 24, 1),
            Measure("stock_end_t", "kt at the end", 1e-3, 0),
            Measure("queue_mean_h", "hours queueing, mean", 1, 1),
            Measure("utilisation_frac", "busy, %", 100, 0),
        ),
        "money and carbon": (
            Measure("cost_usd_per_t", "USD/t", 1, 1),
            Measure("cost_time_usd_per_t", "of it time", 1, 1),
            Measure("cost_usd_per_teu", "USD/TEU", 1, 0),
            Measure("co2e_wtw_kg_per_t", "kg CO2e/t", 1, 1),
            Measure("co2e_wtw_total_t", "kt CO2e a year", 1e-3 / years, 0),
        ),
        "gas, the whole time": (
            Measure("gas_delivered_bcm", "bcm given", 1, 1),
            Measure("gas_served_frac", "served, %", 100, 2),
            Measure("gas_fuel_bcm", "bcm of fuel", 1, 2),
            Measure("gas_co2e_t", "Mt CO2e", 1e-6, 2),
            Measure("gas_cost_usd", "bn USD", 1e-9, 2),
        ),
    }
    tables = []
    for title, measures in groups.items():
        columns = {m.words: _cells(found, m, subject, "all") for m in measures}
        columns = {words: cells for words, cells in columns.items() if cells}
        if not columns:
            continue
        table = _new_table(f"{_name(subject)}: {title}", "", list(columns))
        for k, name in enumerate((found.reference, *found.cases)):
            table.add_row(name, *(cells[k] for cells in columns.values()), end_section=k == 0)
        tables.append(table)
    return tables


def _of_years(subject: str) -> Measure:
    """Return what is shown year by year."""
    return Measure("gas_delivered_bcm", "bcm given", 1, 1) if subject == GAS else DAYS


def _years(found: Comparison, subject: str) -> list[str]:
    periods = found.of(_of_years(subject).kpi, subject)["period"].unique()
    return sorted(str(p) for p in periods if p != "all" and not is_month(str(p)))


def _table_by_year(found: Comparison, subject: str, years: Sequence[str]) -> Table:
    measure = _of_years(subject)
    table = _new_table(
        f"{_name(subject)}: {measure.words}, by year of delivery", "year", (found.reference, *found.cases)
    )
    for year in years:
        table.add_row(year, *_cells(found, measure, subject, year))
    return table


def sentences(found: Comparison, subject: str, years: Sequence[str]) -> list[str]:
    """Say in words what each case changes of the days of a subject."""
    whole = _by_case(found, DAYS.kpi, subject, "all")
    by_year = {year: _by_case(found, DAYS.kpi, subject, year) for year in years}
    lines = []
    for case, row in whole.items():
        days, half = row["difference"] / 24, (row["ci_high"] - row["difference"]) / 24
        text = f"trips are {abs(days):.1f} ± {half:.1f} days {'shorter' if days < 0 else 'longer'}"
        if not row["differs"] or abs(days) < WORTH_SAYING_D:
            text = f"no sure difference in days{' that is worth saying' if row['differs'] else ''}"
        sure = {y: rows[case] for y, rows in by_year.items() if case in rows and rows[case]["differs"]}
        if len(years) > SOME_YEARS and sure:
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
    table = _new_table(
        "Where waiting changes most: consignments waiting, mean of the whole time", "place",
        (found.reference, *found.cases),
    )  # fmt: skip
    for place in places:
        table.add_row(place.removeprefix("place:"), *_cells(found, WAITING, place, "all"))
    return table
