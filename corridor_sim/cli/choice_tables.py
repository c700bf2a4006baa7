"""What a run prints of route choice: who goes where, what that costs, how the equilibrium was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table

from corridor_sim.analysis.route_choice import by_route, convergence_sentence, diverted

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from corridor_sim.results import RunResult


def print_choice(console: Console, result: RunResult) -> None:
    """Print the tables of route choice, when the run has it."""
    table, runs = result.route_choice, result.route_choice_convergence
    if table is None or runs is None:
        return
    routes = by_route(table)
    for market in dict.fromkeys(table["market"]):
        console.print(_market(routes.loc[market]))
    console.print(_runs(runs))
    console.print(convergence_sentence(result.manifest["route_choice"]))
    console.print(diverted_sentence(diverted(table)))


def _market(rows: pd.DataFrame) -> Table:
    table = Table(
        title=f"Route choice: {rows['market_name'].iloc[0]}", title_justify="left",
        caption="USD/t: generalised, of it money and time; ± against the scenario's volumes; "
        f"composite cost {rows['composite_usd_per_t'].iloc[0]:.1f} USD/t",
        caption_justify="left",
    )  # fmt: skip
    table.add_column("route", no_wrap=True)
    for name in ("share", "kt", "±kt", "USD/t", "money", "time", "days", "P95"):
        table.add_column(name, justify="right")
    for route, row in zip(rows.index, rows.to_dict("records"), strict=True):
        is_sent = row["kind"] != "none"
        table.add_row(
            str(route) + (" *" if row["kind"] == "reference" else ""),
            f"{100 * row['share']:.1f} %" if is_sent else "",
            f"{row['tonnes'] / 1e3:.1f}",
            f"{row['change_t'] / 1e3:+.1f}" if is_sent else "",
            *(_whole(row[f"{name}usd_per_t"]) for name in ("", "money_", "time_")),
            *(_whole(row[name] / 24) for name in ("mean_h", "p95_h")),
        )
    return table


def _whole(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.0f}"


def _runs(runs: pd.DataFrame) -> Table:
    table = Table(title="Search for the equilibrium", title_justify="left")
    for name in ("run", "would still choose otherwise", "step after it"):
        table.add_column(name, justify="right")
    for row in runs.to_dict("records"):
        table.add_row(f"{row['iteration']:.0f}", f"{100 * row['gap_frac']:.2f} %", f"{row['step']:.2f}")
    return table


def diverted_sentence(said: dict[str, float]) -> str:
    """Say where the tonnes of the markets went."""
    whole = said["volumes_t"]

    def mt(name: str) -> str:
        return f"{abs(said[name]) / 1e6:.2f} Mt ({100 * abs(said[name]) / whole:.1f} %)"

    fate = "are not sent at this cost" if said["not_sent_t"] >= 0 else "come on top at this cost"
    return (
        f"Of {whole / 1e6:.2f} Mt that may choose, {mt('simulated_t')} go by simulated routes, {mt('reference_t')} by "
        f"reference routes (*), {mt('not_sent_t')} {fate}; {mt('moved_t')} choose otherwise than "
        "in the scenario's volumes."
    )
