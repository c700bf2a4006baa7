"""What a gas run tells a planner, on one page: when phases deliver, how sure, what limits, what the last takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from rich.table import Table

if TYPE_CHECKING:
    from rich.console import Console

    from corridor_sim.results import RunResult

SHORT_FRAC = 0.995
"""Below this share of the nominations a year is said to be short."""


def print_gas(console: Console, result: RunResult) -> None:
    """Print the page of a gas run."""
    m = result.manifest
    changes = f" with {', '.join(m['changes'])}" if m["changes"] else ""
    if m["engine"] == "gas":
        n = m["replications"]
        console.print(
            f"\n[bold]{m['scenario']}[/]{changes}: {m['title']}\n{n} replication{'s' if n > 1 else ''}, "
            f"seed {m['seed']}, {m['segment_days'] / 1e6:.1f} M segment-days ({m['ns_per_segment_day']:.0f} ns each)"
        )
    summary = result.summary()
    if result.gas_phases is None:
        return
    console.print(_phases(result.gas_phases))
    for line in _shortcomings(result.gas_phases):
        console.print(line)
    console.print(_years(summary))
    for line in _last_phase(result.gas_phases, summary):
        console.print(line)


def _phases(phases: pd.DataFrame) -> Table:
    table = Table(
        title="Phases: when they can deliver, and what they carry",
        title_justify="left",
        caption="sure: chance to start within half a year of the plan; carries: mean of the months, all in service",
        caption_justify="left",
    )
    table.add_column("phase", no_wrap=True)
    for name in ("bcm/yr", "planned", "P5", "P50", "P95", "sure", "carries"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in phases.to_dict("records"):
        dates = [f"{pd.Timestamp(row[k]):%Y-%m}" for k in ("planned", "start_p05", "start_p50", "start_p95")]
        table.add_row(
            str(row["phase"]), f"{row['nameplate_bcm_per_year']:.4g}", *dates,
            f"{100 * row['within_half_year_frac']:.0f} %", f"{row['capacity_bcm_per_year']:.1f}",
        )  # fmt: skip
    return table


def _shortcomings(phases: pd.DataFrame) -> list[str]:
    """Name the phases that do not reach their name-plate."""
    short = phases[phases["capacity_bcm_per_year"] < phases["nameplate_bcm_per_year"]]
    return [
        f"[bold]{row['phase']} does not reach its name-plate[/]: {row['capacity_bcm_per_year']:.1f} of "
        f"{row['nameplate_bcm_per_year']:.4g} bcm/yr, held by {row['limit']}"
        for row in short.to_dict("records")
    ]


def _years(summary: pd.DataFrame) -> Table:
    table = Table(
        title="Years, bcm (mean; 90 % of the replications)",
        title_justify="left",
        caption="could: capacity; limit: what held it on most days; short by: why most of the missing gas was missing",
        caption_justify="left",
    )
    table.add_column("year", no_wrap=True)
    for name in ("asked", "given", "P5-P95", "could"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("limit", max_width=22)
    table.add_column("short by")
    indexed = summary.set_index(["kpi", "subject", "period"])
    for year in sorted({p for p in summary["period"] if p != "all" and len(p) == 4}):
        asked = _value(indexed, "gas_nominated_bcm", "gas", year)
        given = _value(indexed, "gas_delivered_bcm", "gas", year)
        table.add_row(
            year, f"{asked:.1f}", f"{given:.1f}",
            f"{_value(indexed, 'gas_delivered_bcm', 'gas', year, 'p05'):.1f}-"
            f"{_value(indexed, 'gas_delivered_bcm', 'gas', year, 'p95'):.1f}",
            f"{_value(indexed, 'gas_capacity_bcm_per_year', 'gas', year):.1f}",
            most(summary, "gas_limit_days", year).removeprefix("limit:"),
            most(summary, "gas_shortfall_bcm", year, "cause:").removeprefix("cause:")
            if given < SHORT_FRAC * asked else "",
        )  # fmt: skip
    return table


def _value(indexed: pd.DataFrame, kpi: str, subject: str, period: str, column: str = "mean") -> float:
    key = (kpi, subject, period)
    return float(indexed[column].to_dict()[key]) if key in indexed.index else 0.0


def most(summary: pd.DataFrame, kpi: str, period: str, prefix: str = "limit:") -> str:
    """Return the subject with the largest mean of a KPI in a period; empty when there is none."""
    rows = summary[(summary["kpi"] == kpi) & (summary["period"] == period)]
    rows = rows[rows["subject"].str.startswith(prefix) & (rows["mean"] > 0)]
    return "" if rows.empty else str(rows["subject"].iloc[int(rows["mean"].to_numpy().argmax())])


def _last_phase(phases: pd.DataFrame, summary: pd.DataFrame) -> list[str]:
    """Say what the last phase takes, with the numbers of its last year."""
    last = phases.iloc[-1]
    year = max(p for p in summary["period"] if len(p) == 4)
    indexed = summary.set_index(["kpi", "subject", "period"])
    given, served = (_value(indexed, k, "gas", year) for k in ("gas_delivered_bcm", "gas_served_frac"))
    fuel, carbon = (_value(indexed, k, "gas", year) for k in ("gas_fuel_bcm", "gas_co2e_t"))
    takes = (
        f"[bold]What {last['nameplate_bcm_per_year']:.4g} bcm/yr takes[/]: {last['new_pipe_km']:,.0f} km of new pipe, "
        f"{last['installed_mw']:,.0f} MW of compressors, {last['capex_musd'] / 1e3:.1f} bn USD in all, "
        f"ready {pd.Timestamp(last['start_p50']):%Y-%m} (P50) to {pd.Timestamp(last['start_p95']):%Y-%m} (P95)"
    )
    runs = (
        f"In {year}: {given:.1f} bcm delivered, {100 * served:.1f} % of what is asked; {fuel:.2f} bcm burnt as fuel, "
        f"{carbon / 1e6:.1f} Mt CO2e a year with leaks"
    )
    return [takes, runs]
