"""Runs of scenarios that may have route choice: the equilibrium first, then the run with its tonnes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor_sim.analysis.route_choice import by_route
from corridor_sim.choice.equilibrium import find_equilibrium
from corridor_sim.simulation import simulate

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.choice.equilibrium import Equilibrium, Progress
    from corridor_sim.results import RunResult
    from corridor_sim.scenario import Scenario

OF_THE_SEARCH = ("engine", "seed", "workers", "max_memory_mib", "network")
"""Options of a run that the search for the equilibrium takes, too."""
KPIS = (
    ("chosen_t", "t", "tonnes"),
    ("chosen_share_frac", "1", "share"),
    ("generalised_cost_usd_per_t", "USD/t", "usd_per_t"),
)
"""KPI, its unit, and the column that it is."""


def simulate_with_choice(scenario: Scenario, *, looking: Progress | None = None, **options: Any) -> RunResult:
    """Run a scenario; one whose route choice is enabled, in its equilibrium.

    Parameters
    ----------
    scenario
        What to run.
    looking
        Called with (runs done, gap) while the equilibrium is looked for.
    options
        As for `simulate`.
    """
    if scenario.route_choice is None or not scenario.route_choice.enabled:
        return simulate(scenario, **options)
    own = {name: options[name] for name in OF_THE_SEARCH if name in options}
    equilibrium = find_equilibrium(scenario, progress=looking, **own)
    return with_equilibrium(simulate(equilibrium.scenario, **options), equilibrium)


def with_equilibrium(result: RunResult, equilibrium: Equilibrium) -> RunResult:
    """Return the result of an equilibrium's scenario with tables and KPIs of the choice, and a word in the manifest.

    The KPIs are those of the search: the same in every replication.
    """
    said = {
        "gap_frac": equilibrium.gap_frac,
        "gap_asked": equilibrium.tolerance,
        "runs": len(equilibrium.convergence),
        "converged": equilibrium.converged,
    }
    labels, values = _kpis(equilibrium.table)
    return replace(
        result,
        labels=pd.concat([result.labels.astype(object), labels], ignore_index=True),
        values=np.hstack([result.values, np.tile(values, (result.values.shape[0], 1))]),
        manifest={**result.manifest, "route_choice": said},
        route_choice=equilibrium.table,
        route_choice_convergence=equilibrium.convergence,
    )


def _kpis(table: pd.DataFrame) -> tuple[pd.DataFrame, npt.NDArray[np.float64]]:
    """Return labels and values of KPIs by market and route, over the measured time and by period."""
    whole = by_route(table).reset_index().assign(period="all")
    measured = pd.concat([whole, table[table["measured"].astype(bool)]], ignore_index=True)
    rows = [
        (kpi, f"market:{row['market']}/{row['route'].replace(' ', '_')}", row["period"], unit, row[column])
        for row in measured.to_dict("records")
        for kpi, unit, column in KPIS
        if not np.isnan(row[column])
    ]
    labels = pd.DataFrame(rows, columns=["kpi", "subject", "period", "unit", "value"])
    return labels.drop(columns="value").astype(object), labels["value"].to_numpy(dtype=np.float64)
