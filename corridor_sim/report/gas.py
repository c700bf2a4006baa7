"""The gas pipeline in the report: what phases deliver and when, what limits, and the tables of phases and years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from corridor_sim.report.kpi_tables import Cell, Column, KpiTable, Row

if TYPE_CHECKING:
    from corridor_sim.plots.result_view import ResultView
    from corridor_sim.report.answers import Answer

LATE_FRAC = 0.5
"""Chance to start within half a year of the plan, below which a phase is called late."""
_PHASE_COLUMNS = (
    Column("nameplate_bcm_per_year", "name-plate", "bcm/yr", digits=1),
    Column("capacity_bcm_per_year", "carries", "bcm/yr"),
    Column("planned", "planned", "date"),
    Column("start_p05", "starts, P5", "date"),
    Column("start_p50", "starts, P50", "date"),
    Column("start_p95", "starts, P95", "date"),
    Column("within_half_year_frac", "sure", "%", 100, 0),
    Column("installed_mw", "compressors", "MW", digits=0),
    Column("new_pipe_km", "new pipe", "km", digits=0),
    Column("capex_musd", "investment", "million USD", digits=0),
)
_YEAR_COLUMNS = (
    Column("gas_nominated_bcm", "asked", "bcm"),
    Column("gas_delivered_bcm", "delivered", "bcm", with_interval=True),
    Column("gas_capacity_bcm_per_year", "could", "bcm/yr"),
    Column("gas_served_frac", "served", "%", 100),
    Column("gas_utilisation_frac", "busy", "%", 100, 0),
    Column("gas_fuel_bcm", "fuel", "bcm", digits=2),
    Column("gas_co2e_t", "CO2e", "Mt", 1e-6, 2),
)


def gas_tables(view: ResultView) -> list[KpiTable]:
    """Make the tables of phases and of years; none for a run without gas."""
    phases: Any = view.result.gas_phases
    if phases is None:
        return []
    rows = tuple(
        Row(f"phase:{p['phase']}", str(p["phase"]), f"{p['title']}; held by {p['limit']}", _phase_cells(p))
        for p in phases.to_dict("records")
    )
    about = "Carries: mean of the months with all in service. Sure: chance to start within half a year of the plan."
    by_phase = KpiTable("phases", "Gas: phases of the pipeline", about, "phase", _PHASE_COLUMNS, rows)
    return [by_phase, _by_year(view)]


def _phase_cells(phase: dict[str, Any]) -> tuple[Cell, ...]:
    return tuple(_phase_cell(column, phase[column.kpi]) for column in _PHASE_COLUMNS)


def _phase_cell(column: Column, value: Any) -> Cell:
    if isinstance(value, pd.Timestamp):
        return Cell(f"{value:%Y-%m}", value.year + (value.month - 1) / 12 + value.day / 366, f"{value:%Y-%m-%d}")
    number = float(value) * column.factor
    return Cell(f"{number:,.{column.digits}f}", number)


def _by_year(view: ResultView) -> KpiTable:
    summary = view.result.summary()
    summary = summary[(summary["subject"] == "gas") & (summary["period"].str.len() == 4)]
    table = {(r["kpi"], r["period"]): r for r in summary.to_dict("records")}
    years = sorted({period for _, period in table})
    rows = tuple(Row("gas", y, "", tuple(_year_cell(c, table.get((c.kpi, y))) for c in _YEAR_COLUMNS)) for y in years)
    about = "Mean of the replications. Could: what the line carries with what is commissioned and available."
    return KpiTable("gas-years", "Gas: year by year", about, "year", _YEAR_COLUMNS, rows)


def _year_cell(column: Column, row: dict[Any, Any] | None) -> Cell:
    if row is None or pd.isna(row["mean"]):
        return Cell("–", None)  # noqa: RUF001  # the dash of a table
    mean, half = (v * column.factor for v in (row["mean"], row["ci_high"] - row["mean"]))
    interval = f" ± {half:.{column.digits}f}" if column.with_interval and not pd.isna(half) else ""
    spread = f"replications from {row['p05'] * column.factor:,.4g} (P5) to {row['p95'] * column.factor:,.4g} (P95)"
    return Cell(f"{mean:,.{column.digits}f}{interval}", mean, spread)


def gas_answers(view: ResultView, answer: type[Answer]) -> list[Answer]:
    """Answer what the line delivers, when, what limits and what the last phase takes; nothing for a run without gas."""
    phases: Any = view.result.gas_phases
    if phases is None:
        return []
    found = phases.to_dict("records")
    last = found[-1]
    starts = tuple(
        f"{p['nameplate_bcm_per_year']:.4g} bcm/yr ({p['phase']}): planned {p['planned']:%Y-%m}, "
        f"half of the chances by {p['start_p50']:%Y-%m}, 19 of 20 by {p['start_p95']:%Y-%m}."
        for p in found
    )
    late = sum(p["within_half_year_frac"] < LATE_FRAC for p in found)
    sure = tuple(f"{p['phase']}: {100 * p['within_half_year_frac']:.0f} % to start within half a year." for p in found)
    carries = f"{last['nameplate_bcm_per_year']:.4g} bcm a year"
    means = f"{last['new_pipe_km']:,.0f} km of new pipe and {last['installed_mw']:,.0f} MW of compressors in all."
    dates = f"{late} of {len(found)} phases are more likely late than not" if late else "Each phase is likely in time"
    drawn = f"{len(view.result.replications)} replications; delays and outages are drawn."
    return [
        answer("gas-when", "When does gas flow?", f"{carries} by {last['start_p50']:%Y-%m}", starts),
        _delivered(view, answer),
        _gas_limits(found, answer),
        answer("gas-takes", "What does it take?", f"{last['capex_musd'] / 1e3:.1f} bn USD for {carries}", (means,)),
        answer("gas-sure", "How sure are the dates?", dates, (*sure, drawn)),
    ]


def _delivered(view: ResultView, answer: type[Answer]) -> Answer:
    rows = [(row.name, *(cell.text for cell in row.cells[:4])) for row in _by_year(view).rows]
    year, asked, given, could, served = rows[-1]
    asking = [row for row in rows if float(row[1]) > 0]
    picked = asking[:: max(1, len(asking) // 5)]
    lines = tuple(f"{y}: {g} of {a} bcm asked, {s} %." for y, a, g, _, s in picked)
    end = f"In {year} {served} % of the {asked} bcm asked is delivered; the line could carry {could} bcm a year."
    return answer("gas-delivered", "How much gas?", f"{given} bcm in {year}", (*lines, end))


def _gas_limits(phases: list[dict[str, Any]], answer: type[Answer]) -> Answer:
    short = [p for p in phases if p["capacity_bcm_per_year"] < p["nameplate_bcm_per_year"]]
    lines = tuple(
        f"{p['phase']}: carries {p['capacity_bcm_per_year']:.1f} bcm/yr, held by {p['limit']}." for p in phases
    )
    names = ", ".join(str(p["phase"]) for p in short)
    headline = f"Short of the name-plate: {names}" if short else f"At the end: {phases[-1]['limit']}"
    return answer("gas-limits", "What limits the line?", headline, lines)
