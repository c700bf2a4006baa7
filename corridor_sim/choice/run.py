"""Runs of scenarios that may have route choice: the equilibrium first, then the run with its tonnes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corridor_sim.choice.equilibrium import find_equilibrium
from corridor_sim.simulation import simulate

if TYPE_CHECKING:
    from corridor_sim.choice.equilibrium import Equilibrium, Progress
    from corridor_sim.results import RunResult
    from corridor_sim.scenario import Scenario

OF_THE_SEARCH = ("engine", "seed", "workers", "max_memory_mib", "network")
"""Options of a run that the search for the equilibrium takes, too."""


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
    """Return the result of an equilibrium's scenario with the tables of the choice, and a word in the manifest."""
    said = {
        "gap_frac": equilibrium.gap_frac,
        "gap_asked": equilibrium.tolerance,
        "runs": len(equilibrium.convergence),
        "converged": equilibrium.converged,
    }
    return replace(
        result,
        manifest={**result.manifest, "route_choice": said},
        route_choice=equilibrium.table,
        route_choice_convergence=equilibrium.convergence,
    )
