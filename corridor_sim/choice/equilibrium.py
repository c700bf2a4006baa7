"""Stochastic user equilibrium: tonnes by route that logit gives at the times which these tonnes meet.

Found by successive averages over whole runs of an engine on common random numbers (Sheffi 1985, chapter 12), with the
self-regulated step of Liu, He and He (2009, Networks and Spatial Economics 9): the step shrinks quickly after a run in
which the gap grew, slowly after one in which it fell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridor_sim.choice.search import RunOptions, Search
from corridor_sim.choice.tables import choice_table
from corridor_sim.foundation.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corridor_sim.choice.costs import RouteCosts
    from corridor_sim.choice.markets import MarketTonnes
    from corridor_sim.choice.search import Tonnes
    from corridor_sim.network import Network
    from corridor_sim.scenario import Scenario

    Progress = Callable[[int, float], None]

WHERE_IT_FELL, WHERE_IT_GREW = 0.3, 1.8
"""What is added to the divisor of the step after a run, as the gap fell or grew."""


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """What was found.

    Attributes
    ----------
    scenario
        The scenario with its tonnes by route and period worked in, under `demand.by_flow`: what to simulate.
    table
        See `choice_table`.
    convergence
        One row per run of the engine: iteration, gap_frac, step.
    tolerance
        The gap that was asked for.
    """

    scenario: Scenario
    table: pd.DataFrame
    convergence: pd.DataFrame
    tolerance: float

    @property
    def gap_frac(self) -> float:
        """Share of all tonnes that would still choose otherwise."""
        return float(self.convergence["gap_frac"].min())

    @property
    def converged(self) -> bool:
        """Whether the gap is as small as was asked for."""
        return self.gap_frac <= self.tolerance


def find_equilibrium(  # noqa: PLR0913  # one argument per choice
    scenario: Scenario,
    *,
    engine: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    max_memory_mib: float | None = None,
    iterations: int | None = None,
    gap: float | None = None,
    start: Mapping[str, Mapping[str, float]] | None = None,
    progress: Progress | None = None,
    network: Network | None = None,
) -> Equilibrium:
    """Look for the stochastic user equilibrium of a scenario with `route_choice`.

    Parameters
    ----------
    scenario
        What to run. The search starts from its own volumes, and from what stands in `demand.by_flow`.
    engine, seed
        Take the place of the scenario's own.
    replications, iterations, gap
        Take the place of those of its `route_choice`.
    workers, max_memory_mib
        As for `simulate`; the numbers do not depend on them.
    start
        Other shares to start from, by market and route; each market's sum to 1.
    progress
        Called with (runs done, gap) after every run.
    network
        The network to run on; the shipped one by default.

    Returns
    -------
    Equilibrium
        The tonnes with the smallest gap that was met; whether it is small enough is for the caller to look at.

    Raises
    ------
    ScenarioError
        When the scenario has no route choice, does not fit the network, or releases nothing on a route.
    """
    choice = scenario.route_choice
    if choice is None:
        raise ScenarioError([Problem("route_choice", "key is missing: the scenario has no route choice")])
    if network is None:
        from corridor_sim.network import load_network

        network = load_network()
    options = RunOptions(
        engine or scenario.run.engine,
        scenario.run.seed if seed is None else seed,
        choice.replications if replications is None else replications,
        workers,
        max_memory_mib,
    )
    search = Search(scenario, network, options)
    tolerance = choice.gap.value if gap is None else gap
    most = choice.iterations if iterations is None else iterations
    tonnes, costs, runs = _iterate(search, search.volumes() if start is None else search.shared(start), most, tolerance,
                                   progress)  # fmt: skip
    table = choice_table(search.markets, tonnes, costs, search.periods)
    return Equilibrium(search.chosen(tonnes), table, runs, tolerance)


def _iterate(
    search: Search, tonnes: Tonnes, most: int, tolerance: float, progress: Progress | None
) -> tuple[Tonnes, tuple[RouteCosts, ...], pd.DataFrame]:
    """Average successive choices; returns the best tonnes, what they cost, and the gap of every run."""
    runs: list[tuple[int, float, float]] = []
    best_gap, best = np.inf, tonnes
    best_costs: tuple[RouteCosts, ...] = ()
    divisor, before = 1.0, np.inf
    for k in range(1, most + 1):
        costs = search.costs(tonnes)
        wanted = tuple(m.chosen_t(c.usd_per_t) for m, c in zip(search.markets, costs, strict=True))
        now = gap_frac(search.markets, tonnes, wanted)
        if k > 1:
            divisor += WHERE_IT_FELL if now < before else WHERE_IT_GREW
        runs.append((k, now, 1.0 / divisor))
        if now < best_gap:
            best_gap, best, best_costs = now, tonnes, costs
        if progress is not None:
            progress(k, now)
        if now <= tolerance:
            break
        tonnes = tuple(x + (y - x) / divisor for x, y in zip(tonnes, wanted, strict=True))
        before = now
    return best, best_costs, pd.DataFrame(runs, columns=["iteration", "gap_frac", "step"])


def gap_frac(markets: tuple[MarketTonnes, ...], tonnes: Tonnes, wanted: Tonnes) -> float:
    """Return the share of all tonnes that would choose otherwise, not being sent at all counted as a choice."""
    moved = whole = 0.0
    for market, has, wants in zip(markets, tonnes, wanted, strict=True):
        not_sent = np.abs(has.sum(axis=0) - wants.sum(axis=0)).sum()
        moved += (np.abs(has - wants).sum() + not_sent) / 2
        whole += market.total_t.sum()
    return float(moved / whole)
