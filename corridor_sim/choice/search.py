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

    from corridor_sim.choice.markets import MarketTonnes
    from corridor_sim.network import Network
    from corridor_sim.scenario import Scenario

    Floats = npt.NDArray[np.float64]
    Tonnes = tuple[Floats, ...]
    """Per market, (n_routes, n_periods)."""
    Factors = dict[str, dict[str, float]]
    """By flow or itinerary, and period."""

PATHS = ("demand.by_flow", "demand.by_itinerary")
"""What of a scenario differs from run to run."""


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
        markets = self.choice.markets.values()
        self._flows = tuple(flow for market in markets for flow in market.flows_in(scenario.itineraries))
        self.markets = read_markets(new_context(_without_choice(scenario, self._flows), network), self.periods)
        # so long that the last released arrive, and without the gas that nothing is asked of here
        run = scenario.run.model_copy(update={"end": scenario.run.end + timedelta(hours=settle)})
        self._longer = scenario.model_copy(update={"run": run, "gas": None})
        self._plan = compile_plan(self._longer, network=network)
        refuse_unsupported(get_engine(options.engine), self._plan)
        self._chains = {chain.itinerary: chain for chain in build_chains(self._longer, self._plan, network)}
        self._known: list[RouteCosts | None] = [None] * len(self.markets)

    def volumes(self) -> Tonnes:
        """Tonnes as the scenario has them, with what its `demand` says of single flows and itineraries."""
        now = read_markets(new_context(self.scenario, self._network), self.periods)
        is_simulated = [np.array([bool(a.simulated) for a in m.market.alternatives.values()]) for m in self.markets]
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
        plan = recompile(self._plan, longer, PATHS, network=self._network)
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
        kept = {
            section: {key: {p: f for p, f in own.items() if p in names} for key, own in factors.items()}
            for section, factors in self._factors(tonnes).items()
        }
        if not self.scenario.file:
            return _with_factors(self.scenario, kept)
        base = self.scenario
        changes: dict[str, object] = {}
        for section, factors in kept.items():
            given = getattr(base.demand, section)
            others = {key: {p: f.value for p, f in own.items()} for key, own in given.items()}
            if others or factors:
                changes[f"demand.{section}"] = others | factors
        made = Variants(base).make(changes).scenario
        return made.came_from(made.tree, base.file, base.applied, named=made.named_tree)

    def _factors(self, tonnes: Tonnes) -> dict[str, Factors]:
        """Factors on the volumes of flows and on the shares of itineraries, by period; of the latter where they differ.

        Months beyond the end go with the last period.
        """
        flows: Factors = {}
        itineraries: Factors = {}
        for market, chosen in zip(self.markets, tonnes, strict=True):
            ratio = np.divide(chosen, market.volumes_t, out=np.ones_like(chosen), where=market.volumes_t > 0)
            for flow in market.market.flows_in(self.scenario.itineraries):
                own = {i: row for i, row in market.rows.items() if self.scenario.itineraries[i].flow == flow}
                before = np.sum([market.itineraries_t[i] for i in own], axis=0)
                after = np.sum([market.itineraries_t[i] * ratio[row] for i, row in own.items()], axis=0)
                flows[flow] = self._by_period(np.divide(after, before, out=np.ones_like(after), where=before > 0))
                if len(set(own.values())) > 1:
                    itineraries |= {i: self._by_period(ratio[row]) for i, row in own.items()}
        return {"by_flow": flows, "by_itinerary": itineraries}

    def _by_period(self, factor: Floats) -> dict[str, float]:
        names = self.periods.names
        beyond = [m for m in self.periods.months if m[: len(names[0])] not in names]
        return dict(zip(names, factor.tolist(), strict=True)) | dict.fromkeys(beyond, float(factor[-1]))


def _without_choice(scenario: Scenario, flows: tuple[str, ...]) -> Scenario:
    """Return the scenario with nothing said of the flows that choose, and of their itineraries."""
    demand = scenario.demand
    by_flow = {flow: own for flow, own in demand.by_flow.items() if flow not in flows}
    by_itinerary = {i: own for i, own in demand.by_itinerary.items() if scenario.itineraries[i].flow not in flows}
    plain = demand.model_copy(update={"by_flow": by_flow, "by_itinerary": by_itinerary})
    return scenario.model_copy(update={"demand": plain})


def _with_factors(scenario: Scenario, factors: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Scenario:
    update = {}
    for section, entries in factors.items():
        own = {key: {p: Quantity(f) for p, f in by_period.items()} for key, by_period in entries.items()}
        update[section] = getattr(scenario.demand, section) | own
    return scenario.model_copy(update={"demand": scenario.demand.model_copy(update=update)})
