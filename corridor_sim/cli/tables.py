"""What a run prints when it is done: tables that fit in 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table

from corridor_sim.analysis.year_by_year import MONEY_AND_CARBON, year_table

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from corridor_sim.results import RunResult

SOME_YEARS = 2
"""Years beyond which they are shown one by one."""
N_WORST = 8
"""Places shown in the table of queues."""


def print_result(console: Console, result: RunResult) -> None:
    """Print the KPI tables of a run."""
    m = result.manifest
    summary = result.summary()
    changes = f" with {', '.join(m['changes'])}" if m["changes"] else ""
    chosen = " (auto)" if m["engine_asked"] == "auto" else ""
    console.print(
        f"\n[bold]{m['scenario']}[/]{changes}: {m['replications']} replication{'s' if m['replications'] > 1 else ''}, "
        f"seed {m['seed']}, engine {m['engine']}{chosen}, {m['stage_events'] / 1e6:.2f} M stage events "
        f"({m['stage_events_per_s'] / 1e3:.0f} k/s)"
    )
    whole = summary[summary["period"] == "all"].set_index(["kpi", "subject"])
    years = (m["end_h"] - m["warm_up_h"]) / 8760
    console.print(_routes(whole, years))
    by_year = year_table(result)
    if len(by_year) > SOME_YEARS:
        console.print(_by_year(by_year))
        if by_year["cost_usd_per_t"].notna().any() or by_year["co2e_wtw_total_t"].notna().any():
            console.print(_money_by_year(by_year))
    if ("cost_usd_per_t", "all") in whole.index or ("co2e_wtw_kg_per_t", "all") in whole.index:
        console.print(_money(whole))
    posts = _posts(whole)
    if posts.row_count:
        console.print(posts)
    queues = _queues(whole)
    if queues.row_count:
        console.print(queues)
    if result.calibration is not None:
        c = result.calibration
        c = c[(c["set"] == "calibration") & c["p50"].notna()]
        from corridor_sim.analysis.calibration import OVER_TRIPS

        times = c[c["measure"].isin(OVER_TRIPS)]
        if not m["changes"]:  # a what-if is no attempt to meet what was observed
            console.print(_misses(c[~c["inside"].astype(bool)]))
        console.print(
            f"calibration: {int(c['inside'].sum())} of {len(c)} targets inside their observed range, "
            f"of the times and speeds {int(times['inside'].sum())} of {len(times)} (calibration.csv)"
        )


def _misses(missed: pd.DataFrame) -> Table:
    table = Table(title="Calibration: targets outside their observed range", title_justify="left")
    table.add_column("target")
    table.add_column("what", max_width=28, no_wrap=True)
    for name in ("observed", "simulated", "unit"):
        table.add_column(name, justify="left" if name == "unit" else "right", no_wrap=True)
    for row in missed.to_dict("records"):
        simulated = row["mean"] if row["statistic"] == "mean" else row["p50"]
        observed = f"{row['observed_low']:g} - {row['observed_high']:g}"
        table.add_row(str(row["target"]), str(row["quantity"]), observed, f"{simulated:.4g}", str(row["unit"]))
    return table


def _row(whole: pd.DataFrame, kpi: str, subject: str) -> dict[str, float]:
    """Mean and upper end of the interval of one KPI; empty when there is none."""
    if (kpi, subject) not in whole.index:
        return {}
    row = whole.loc[[(kpi, subject)]]
    return {name: float(row[name].iloc[0]) for name in ("mean", "ci_high")}


def _mean(whole: pd.DataFrame, kpi: str, subject: str) -> float:
    return _row(whole, kpi, subject).get("mean", np.nan)


def _interval(whole: pd.DataFrame, kpi: str, subject: str, scale: float, digits: int) -> str:
    row = _row(whole, kpi, subject)
    if not row:
        return "-"
    mean, high = row["mean"] * scale, row["ci_high"] * scale
    return f"{mean:.{digits}f}" if np.isnan(high) else f"{mean:.{digits}f}±{high - mean:.{digits}f}"


def _number(value: float, digits: int) -> str:
    return "-" if np.isnan(value) else f"{value:.{digits}f}"


def _routes(whole: pd.DataFrame, years: float) -> Table:
    table = Table(
        title="Routes (± half of the 95 % interval of the mean)",
        title_justify="left",
        caption="corridor, all: without background traffic and sea reference",
        caption_justify="left",
    )
    table.add_column("route")
    for name in ("Mt a year", "days", "P50", "P95", "moving", "queueing"):
        table.add_column(name, justify="right")
    subjects = sorted({s for k, s in whole.index if k == "throughput_t" and s.startswith("route:") and "/" not in s})
    for subject in [*subjects, "all"]:
        table.add_row(
            subject.removeprefix("route:").replace("_", " ") if subject != "all" else "corridor, all",
            _interval(whole, "throughput_t", subject, 1e-6 / years, 2),
            _interval(whole, "transit_mean_h", subject, 1 / 24, 1),
            _number(_mean(whole, "transit_p50_h", subject) / 24, 1),
            _number(_mean(whole, "transit_p95_h", subject) / 24, 1),
            _number(_mean(whole, "time_moving_h", subject) / 24, 1),
            _number(_mean(whole, "time_queueing_h", subject) / 24, 1),
        )
    return table


def _by_year(years: pd.DataFrame) -> Table:
    """Demand, carried, days and what limits, a row per year."""
    table = Table(
        title="Year by year, all cargo of the corridor", title_justify="left",
        caption="limit: of the places with more work than they can do (else above 85 %) the one where most wait",
        caption_justify="left",
    )  # fmt: skip
    table.add_column("year")
    for name in ("demand Mt", "carried Mt", "days", "P95", "Mt waiting"):
        table.add_column(name, justify="right", no_wrap=name == "days")
    table.add_column("limit", no_wrap=True)
    table.add_column("load", justify="right")
    for year, row in zip(years.index, years.to_dict("records"), strict=True):
        half = "" if np.isnan(row["transit_half_h"]) else f"±{row['transit_half_h'] / 24:.1f}"
        table.add_row(
            str(year),
            _number(row["demand_t"] / 1e6, 1),
            _number(row["carried_t"] / 1e6, 1),
            _number(row["transit_mean_h"] / 24, 1) + half,
            _number(row["transit_p95_h"] / 24, 0),
            _number(row["stock_end_t"] / 1e6, 1),
            row["limit"],
            "" if np.isnan(row["limit_load_frac"]) else f"{100 * row['limit_load_frac']:.0f} %",
        )
    return table


def _money_by_year(years: pd.DataFrame) -> Table:
    """Cost and emissions, a row per year."""
    table = Table(
        title="Cost and emissions year by year, all cargo of the corridor", title_justify="left",
        caption="with the value of time; CO2e well to wheel; by route with intervals: report.html, summary.csv",
        caption_justify="left",
    )  # fmt: skip
    table.add_column("year")
    for name in ("USD/t", "USD/TEU", "kg CO2e/t", "kg CO2e/TEU", "kt CO2e"):
        table.add_column(name, justify="right")
    for year, row in zip(years.index, years.to_dict("records"), strict=True):
        numbers = [row[kpi] for kpi in MONEY_AND_CARBON[:4]]
        table.add_row(str(year), *(_number(x, 0) for x in numbers), _number(row["co2e_wtw_total_t"] / 1e3, 0))
    return table


def _money(whole: pd.DataFrame) -> Table:
    """Cost and emissions of what was delivered, by route."""
    table = Table(
        title="Cost and emissions of what was delivered",
        title_justify="left",
        caption="all charges and the value of time (500 km, 20 t: without time, CPMM indicator 3); CO2e well to wheel",
        caption_justify="left",
    )
    table.add_column("route")
    for name in ("USD/t", "of it time", "USD/TEU", "500 km, 20 t", "kg CO2e/t", "kg/TEU", "g/tkm"):
        table.add_column(name, justify="right")
    subjects = sorted({s for k, s in whole.index if k == "released_t" and s.startswith("route:") and "/" not in s})
    for subject in [*subjects, "all"]:
        table.add_row(
            subject.removeprefix("route:").replace("_", " ") if subject != "all" else "corridor, all",
            _interval(whole, "cost_usd_per_t", subject, 1, 0),
            _number(_mean(whole, "cost_time_usd_per_t", subject), 0),
            _interval(whole, "cost_usd_per_teu", subject, 1, 0),
            _number(_mean(whole, "cost_500km_20t_usd", subject), 0),
            _interval(whole, "co2e_wtw_kg_per_t", subject, 1, 0),
            _number(_mean(whole, "co2e_wtw_kg_per_teu", subject), 0),
            _number(_mean(whole, "co2e_wtw_g_per_tkm", subject), 1),
        )
    return table


def _posts(whole: pd.DataFrame) -> Table:
    table = Table(title="Border posts, hours (facilitation indicator 1)", title_justify="left")
    table.add_column("post")
    for name in ("southbound", "P95", "northbound", "P95"):
        table.add_column(name, justify="right")
    posts = sorted({s.split("/")[0] for k, s in whole.index if k == "border_time_mean_h"})
    for post in posts:
        cells = []
        for direction in ("south", "north"):
            cells.append(_interval(whole, "border_time_mean_h", f"{post}/{direction}", 1, 1))
            cells.append(_number(_mean(whole, "border_time_p95_h", f"{post}/{direction}"), 0))
        table.add_row(post.removeprefix("post:").replace("_", " "), *cells)
    return table


def _queues(whole: pd.DataFrame) -> Table:
    """Places by the consignments that wait there on the mean day."""
    table = Table(title=f"Worst queues ({N_WORST} of all places)", title_justify="left")
    table.add_column("place")
    for name in ("waiting n", "mean h", "P95 h", "busy", "longest n"):
        table.add_column(name, justify="right")
    waiting = whole[whole.index.get_level_values("kpi") == "queue_mean_n"]["mean"].droplevel("kpi")
    waiting = waiting.sort_values(ascending=False).head(N_WORST)
    for subject in waiting.index:
        growth = _mean(whole, "queue_growth_per_year", subject)
        mean = _interval(whole, "queue_mean_h", subject, 1, 1) if np.isnan(growth) else f"grows {growth:+.0f}/yr"
        table.add_row(
            subject.removeprefix("place:"),
            _number(float(waiting[subject]), 1),
            mean,
            _number(_mean(whole, "queue_p95_h", subject), 0),
            _number(100 * _mean(whole, "utilisation_frac", subject), 0) + " %",
            _number(_mean(whole, "queue_longest_n", subject), 0),
        )
    return table
