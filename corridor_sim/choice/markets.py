"""Markets with their numbers: tonnes by route and period before anybody chooses, and what stated routes cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.choice.logit import composite_cost, demand_factor, logit_shares
from corridor_sim.compiler.flows import tonnes_by_month
from corridor_sim.scenario.route_choice import PER_TEU

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from corridor_sim.choice.periods import ChoicePeriods
    from corridor_sim.compiler.context import Context
    from corridor_sim.scenario.quantities import Quantity
    from corridor_sim.scenario.route_choice import Market

    Floats = npt.NDArray[np.float64]

H_PER_DAY = 24.0


@dataclass(frozen=True, eq=False)
class MarketTonnes:
    """One market over all periods; rows of arrays are its routes in order."""

    key: str
    market: Market
    routes: tuple[str, ...]
    volumes_t: Floats
    """(n_routes, n_periods) tonnes as the scenario has them, those of reference routes by their shares."""
    teu_per_t: float
    """Containers per tonne of its simulated consignments."""

    @property
    def total_t(self) -> Floats:
        """(n_periods,) tonnes as the scenario has them."""
        return np.asarray(self.volumes_t.sum(axis=0))

    @property
    def time_usd_per_t_h(self) -> float:
        """Value of an hour of the mean time, USD per tonne."""
        return self.per_t(self.market.value_of_time) / H_PER_DAY

    @property
    def reliability_usd_per_t_h(self) -> float:
        """Value of an hour between the mean and the time that one in twenty exceeds, USD per tonne."""
        return self.per_t(self.market.value_of_reliability) / H_PER_DAY

    def per_t(self, amount: Quantity) -> float:
        """Turn money per container into money per tonne."""
        return amount.value * (self.teu_per_t if amount.unit in PER_TEU else 1.0)

    def chosen_t(self, cost_usd_per_t: Floats) -> Floats:
        """Return the tonnes that each route gets at generalised costs, (n_routes, n_periods)."""
        scale = self.market.scale.value
        tonnes = self.total_t * logit_shares(cost_usd_per_t, scale)
        if self.market.elasticity.value == 0.0:
            return tonnes
        assert self.market.reference_cost is not None  # noqa: S101  # checked where the scenario is read
        composite = composite_cost(cost_usd_per_t, scale)
        return tonnes * demand_factor(composite, self.market.reference_cost.value, self.market.elasticity.value)


def read_markets(context: Context, periods: ChoicePeriods) -> tuple[MarketTonnes, ...]:
    """Work out the markets of a scenario that has route choice; what `demand.by_flow` says is left out."""
    choice = context.scenario.route_choice
    assert choice is not None  # noqa: S101  # the caller looked
    by_flow = {
        flow: periods.total(tonnes_by_month(context, flow))
        for market in choice.markets.values()
        for flow in market.flows
    }
    return tuple(_read(context, key, market, by_flow) for key, market in choice.markets.items())


def _read(context: Context, key: str, market: Market, by_flow: Mapping[str, Floats]) -> MarketTonnes:
    n_periods = next(iter(by_flow.values())).size
    volumes_t = np.zeros((len(market.alternatives), n_periods))
    shares = np.zeros(len(market.alternatives))
    for row, alternative in enumerate(market.alternatives.values()):
        for flow in alternative.flows or ():
            volumes_t[row] += by_flow[flow]
        if alternative.reference is not None:
            shares[row] = alternative.reference.share.value
    volumes_t += np.outer(shares, volumes_t.sum(axis=0) / (1.0 - shares.sum()))
    loads = [context.scenario.flows[flow].consignment for flow in market.flows]
    whole_t = [by_flow[flow].sum() for flow in market.flows]
    teu = sum(t * load.teu.value / load.load.value for t, load in zip(whole_t, loads, strict=True))
    return MarketTonnes(key, market, tuple(market.alternatives), volumes_t, teu / max(sum(whole_t), 1e-9))
