"""One scenario run again and again with other tonnes on its routes, on the same random numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.analysis.chains import build_chains
from corridor_sim.choice.costs import RouteCosts, route_costs
from corridor_sim.choice.markets import read_markets
from corridor_sim.choice.periods import ChoicePeriods
from corridor_sim.choice.trips import measure_trips
from corridor_sim.compiler import compile_plan
from corridor_sim.compiler.compile import new_context
from corridor_sim.compiler.recompile import recompile
from corridor_sim.engines.protocol import refuse_unsupported
from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.errors import Problem, ScenarioError
from corridor_sim.scenario.quantities import Quantity
from corridor_sim.scenario.variants import Variants
from corridor_sim.simulation import settled

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from corridor_sim.analysis.chains import Chain
    from corridor_sim.choice.markets import MarketTonnes
    from corridor_sim.network import Network
    from corridor_sim.scenario import Scenario

    Floats = npt.NDArray[np.float64]
    Tonnes = tuple[Floats, ...]
    """Per market, (n_routes, n_periods)."""


@dataclass(frozen=True)
class RunOptions:
    """How the engine is run; the seed is the same in every run."""

    engine: str
    seed: int
    replications: int
    workers: int = 1
    max_memory_mib: float | None = None


class Search:
    """Runs a scenario that has route choice with one distribution of tonnes after another.

    Parameters
    ----------
    scenario, network
        What is run, and where.
    options
        How.
    """

    def __init__(self, scenario: Scenario, network: Network, options: RunOptions) -> None:
        assert scenario.route_choice is not None  # noqa: S101  # the caller looked
        self.scenario, self.choice = scenario, scenario.route_choice
        self._network, self._options = network, options
        settle = self.choice.settle.value
        warm_up_h = settled(scenario, seed=options.seed, network=network)[0].run.warm_up_h
        self.periods = ChoicePeriods.of(scenario, self.choice.period, settle, warm_up_h)
        self._flows = tuple(flow for market in self.choice.markets.values() for flow in market.flows)
        self.markets = read_markets(new_context(_without_choice(scenario, self._flows), network), self.periods)
        # so long that the last released arrive, and without the gas that nothing is asked of here
        run = scenario.run.model_copy(update={"end": scenario.run.end + timedelta(hours=settle)})
        self._longer = scenario.model_copy(update={"run": run, "gas": None})
        self._plan = compile_plan(self._longer, network=network)
        refuse_unsupported(get_engine(options.engine), self._plan)
        self._chains: dict[str, list[Chain]] = {}
        for chain in build_chains(self._longer, self._plan, network):
            self._chains.setdefault(chain.flow, []).append(chain)
        self._known: list[RouteCosts | None] = [None] * len(self.markets)

    def volumes(self) -> Tonnes:
        """Tonnes as the scenario has them, with what its `demand.by_flow` says."""
        now = read_markets(new_context(self.scenario, self._network), self.periods)
        is_simulated = [np.array([a.flows is not None for a in m.market.alternatives.values()]) for m in self.markets]
        return tuple(
            np.where(own[:, None], new.volumes_t, base.volumes_t)
            for own, new, base in zip(is_simulated, now, self.markets, strict=True)
        )

    def shared(self, shares: Mapping[str, Mapping[str, float]]) -> Tonnes:
        """Tonnes by shares that are the same in all periods, by market and route."""
        return tuple(
            np.outer([shares[m.key][route] for route in m.routes], m.total_t) * (m.volumes_t > 0) for m in self.markets
        )

    def costs(self, tonnes: Tonnes) -> tuple[RouteCosts, ...]:
        """Run the engine with these tonnes and return what every route costs then.

        A route on which nothing was released costs what it cost in the run before.

        Raises
        ------
        ScenarioError
            When nothing was released on a route in any run so far.
        """
        longer = _with_factors(self._longer, self._factors(tonnes))
        plan = recompile(self._plan, longer, ["demand.by_flow"], network=self._network)
        o = self._options
        trips = measure_trips(
            plan, self._flows, engine=o.engine, seed=o.seed, replications=o.replications, workers=o.workers,
            max_memory_mib=o.max_memory_mib,
        )  # fmt: skip
        for k, market in enumerate(self.markets):
            costs = route_costs(market, trips, self._chains, self.periods, self.choice.smallest_sample)
            self._known[k] = self._completed(market, costs, self._known[k])
        return tuple(c for c in self._known if c is not None)

    def _completed(self, market: MarketTonnes, costs: RouteCosts, known: RouteCosts | None) -> RouteCosts:
        never = np.flatnonzero(np.isnan(costs.mean_h).any(axis=1))
        for row in never.tolist():
            if known is None:
                path = f"route_choice.markets.{market.key}.alternatives.{market.routes[row]}"
                message = f"nothing is released on it in {self._options.replications} replications, so no time is known"
                hint = "more route_choice.replications, or more tonnes of its flows"
                raise ScenarioError([Problem(path, message, self.scenario.locate(path), hint)])
            for f in fields(RouteCosts):
                getattr(costs, f.name)[row] = getattr(known, f.name)[row]
        return costs

    def chosen(self, tonnes: Tonnes) -> Scenario:
        """Return the scenario with these tonnes on its simulated routes."""
        names = set(self.periods.names)
        kept = {flow: {p: f for p, f in own.items() if p in names} for flow, own in self._factors(tonnes).items()}
        if not self.scenario.file:
            return _with_factors(self.scenario, kept)
        base = self.scenario
        others = {flow: {p: f.value for p, f in own.items()} for flow, own in base.demand.by_flow.items()}
        made = Variants(base).make({"demand.by_flow": others | kept}).scenario
        return made.came_from(made.tree, base.file, base.applied, named=made.named_tree)

    def _factors(self, tonnes: Tonnes) -> dict[str, dict[str, float]]:
        """Factors on the volumes of every flow that chooses, by period; months beyond the end as the last period."""
        beyond = [m for m in self.periods.months if m[: len(self.periods.names[0])] not in self.periods.names]
        found: dict[str, dict[str, float]] = {}
        for market, chosen in zip(self.markets, tonnes, strict=True):
            factor = np.divide(chosen, market.volumes_t, out=np.ones_like(chosen), where=market.volumes_t > 0)
            for row, alternative in enumerate(market.market.alternatives.values()):
                own = dict(zip(self.periods.names, factor[row].tolist(), strict=True))
                own |= dict.fromkeys(beyond, float(factor[row, -1]))
                found |= dict.fromkeys(alternative.flows or (), own)
        return found


def _without_choice(scenario: Scenario, flows: tuple[str, ...]) -> Scenario:
    """Return the scenario with nothing said of the flows that choose."""
    others = {flow: own for flow, own in scenario.demand.by_flow.items() if flow not in flows}
    return scenario.model_copy(update={"demand": scenario.demand.model_copy(update={"by_flow": others})})


def _with_factors(scenario: Scenario, factors: Mapping[str, Mapping[str, float]]) -> Scenario:
    by_flow = {flow: {p: Quantity(f) for p, f in own.items()} for flow, own in factors.items()}
    demand = scenario.demand.model_copy(update={"by_flow": scenario.demand.by_flow | by_flow})
    return scenario.model_copy(update={"demand": demand})
