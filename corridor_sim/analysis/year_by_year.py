"""A run of many years as a planner reads it: demand, carried, days, and which place limits in which year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridor_sim.foundation.time_axis import is_month

if TYPE_CHECKING:
    from corridor_sim.results import RunResult

FULL_FRAC = 1.0
"""Offered load from which a place cannot keep up."""
MONEY_AND_CARBON = (
    "cost_usd_per_t",
    "cost_usd_per_teu",
    "co2e_wtw_kg_per_t",
    "co2e_wtw_kg_per_teu",
    "co2e_wtw_total_t",
)
"""KPIs of money and carbon that are told by year."""
TIGHT_FRAC = 0.85
"""Offered load from which a place is worth watching: waiting rises steeply above it."""


def years_of(result: RunResult) -> list[str]:
    """Return the measured years, in order; beside freight, the pipeline may have run in others."""
    labels = result.labels
    of_freight = labels[labels["kpi"] == "released_t"]
    periods = (labels if of_freight.empty else of_freight)["period"].astype(str).unique()
    return sorted(p for p in periods if p != "all" and not is_month(p))


def year_table(result: RunResult, subject: str = "all") -> pd.DataFrame:
    """Return one row per measured year.

    Returns
    -------
    pandas.DataFrame
        Index year; columns demand_t, carried_t, transit_mean_h, transit_p95_h, stock_end_t and `MONEY_AND_CARBON`
        (nan where nothing is charged or emitted; means of the replications)
        with transit_half_h (half of the 95 % interval), and limit (the place with most consignments waiting of those
        that cannot keep up, else of all that are tight; empty where none is), limit_load_frac, limit_queue_n.
    """
    summary = result.summary()
    summary = summary[summary["period"].isin(years_of(result))]
    own = summary[summary["subject"] == subject].pivot_table(
        index="period", columns="kpi", values="mean", observed=True
    )
    names = {
        "released_t": "demand_t", "throughput_t": "carried_t", "transit_mean_h": "transit_mean_h",
        "transit_p95_h": "transit_p95_h", "stock_end_t": "stock_end_t", **{kpi: kpi for kpi in MONEY_AND_CARBON},
    }  # fmt: skip
    table = own.reindex(columns=list(names)).rename(columns=names)
    days = summary[(summary["subject"] == subject) & (summary["kpi"] == "transit_mean_h")].set_index("period")
    table["transit_half_h"] = days["ci_high"] - days["mean"]
    load, queue = loads(result), queues(result)
    limits = [_limit(load[year], queue[year]) if year in load else ("", np.nan, np.nan) for year in table.index]
    table["limit"], table["limit_load_frac"], table["limit_queue_n"] = zip(*limits, strict=True)
    table.index.name = "year"
    return table


def route_table(result: RunResult) -> pd.DataFrame:
    """Return days, money and carbon of every route in every measured year, with intervals.

    Returns
    -------
    pandas.DataFrame
        One row per year and route: year, route, transit_mean_h and `MONEY_AND_CARBON` (means of the replications),
        each with _low and _high (95 % interval); nan where nothing went, in containers or at all.
    """
    summary = result.summary()
    subjects = summary["subject"].astype(str)
    is_route = subjects.str.startswith("route:") & ~subjects.str.contains("/")
    kpis = ["transit_mean_h", *MONEY_AND_CARBON]
    rows = summary[is_route & summary["period"].isin(years_of(result)) & summary["kpi"].isin(kpis)].copy()
    rows["route"] = rows["subject"].astype(str).str.removeprefix("route:")
    columns = {"mean": "", "ci_low": "_low", "ci_high": "_high"}
    parts = [
        rows.pivot_table(index=["period", "route"], columns="kpi", values=value, observed=True, dropna=False)
        .reindex(columns=kpis)
        .add_suffix(suffix)
        for value, suffix in columns.items()
    ]
    return pd.concat(parts, axis=1).reset_index().rename(columns={"period": "year"})


def loads(result: RunResult) -> pd.DataFrame:
    """Offered load of every place (rows) in every year (columns), mean of the replications."""
    return _by_place(result, "offered_load_frac")


def queues(result: RunResult) -> pd.DataFrame:
    """Mean number waiting at every place (rows) in every year (columns), mean of the replications."""
    return _by_place(result, "queue_mean_n")


def _by_place(result: RunResult, kpi: str) -> pd.DataFrame:
    summary = result.summary()
    rows = summary[(summary["kpi"] == kpi) & summary["period"].isin(years_of(result))]
    wide = rows.pivot_table(index="subject", columns="period", values="mean", observed=True)
    wide.index = pd.Index([str(s).removeprefix("place:") for s in wide.index])
    return wide


def _limit(load: pd.Series[float], queue: pd.Series[float]) -> tuple[str, float, float]:
    """Return the place that limits, its load and its queue."""
    for bound in (FULL_FRAC, TIGHT_FRAC):
        names = load.index[load >= bound].intersection(queue.index)
        if len(names):
            place = str(queue[names].idxmax())
            return place, float(load[place]), float(queue[place])
    return "", np.nan, np.nan
