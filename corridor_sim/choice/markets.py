"""Markets with their numbers: tonnes by route and period before anybody chooses, and what stated routes cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.choice.logit import composite_cost, demand_factor, logit_shares
from corridor_sim.compiler.flows import tonnes_by_month
from corridor_sim.scenario.route_choice import PER_TEU

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import numpy.typing as npt

    from corridor_sim.choice.periods import ChoicePeriods
    from corridor_sim.compiler.context import Context
    from corridor_sim.scenario.itineraries import Itinerary
    from corridor_sim.scenario.quantities import Quantity
    from corridor_sim.scenario.route_choice import Market

    Floats = npt.NDArray[np.float64]

H_PER_DAY = 24.0
DAY = timedelta(days=1)


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
    rows: dict[str, int] = field(default_factory=dict)
    """Route of each itinerary, as a row of the arrays."""
    itineraries_t: dict[str, Floats] = field(default_factory=dict)
    """(n_periods,) tonnes of each itinerary as the scenario has them."""

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
    """Work out the markets of a scenario that has route choice, with the volumes that it has."""
    choice = context.scenario.route_choice
    assert choice is not None  # noqa: S101  # the caller looked
    return tuple(_read(context, key, market, periods) for key, market in choice.markets.items())


def _read(context: Context, key: str, market: Market, periods: ChoicePeriods) -> MarketTonnes:
    scenario, routes = context.scenario, tuple(market.alternatives)
    route_of = market.routes_of(scenario.itineraries)
    flows = market.flows_in(scenario.itineraries)
    by_itinerary = {i: t for flow in flows for i, t in _by_itinerary(context, flow, periods).items()}
    volumes_t = np.zeros((len(routes), len(periods.names)))
    for itinerary, tonnes in by_itinerary.items():
        volumes_t[routes.index(route_of[itinerary])] += tonnes
    stated = [a.reference for a in market.alternatives.values()]
    shares = np.array([0.0 if r is None else r.share.value for r in stated])
    volumes_t += np.outer(shares, volumes_t.sum(axis=0) / (1.0 - shares.sum()))
    loads = {flow: scenario.flows[flow].consignment for flow in flows}
    teu_per_t = {flow: load.teu.value / load.load.value for flow, load in loads.items()}
    whole_t = {i: float(tonnes.sum()) for i, tonnes in by_itinerary.items()}
    teu = sum(t * teu_per_t[scenario.itineraries[i].flow] for i, t in whole_t.items())
    rows = {i: routes.index(route_of[i]) for i in by_itinerary}
    return MarketTonnes(key, market, routes, volumes_t, teu / max(sum(whole_t.values()), 1e-9), rows, by_itinerary)


def _by_itinerary(context: Context, flow: str, periods: ChoicePeriods) -> dict[str, Floats]:
    """Tonnes of a flow on each itinerary, (n_periods,), by their shares on the days on which they are valid."""
    own = {key: item for key, item in context.scenario.itineraries.items() if item.flow == flow}
    by_month = tonnes_by_month(context, flow)
    found: dict[str, dict[str, float]] = {key: dict.fromkeys(by_month, 0.0) for key in own}
    for start, stop in pairwise(context.axis.month_starts()):
        month = f"{start:%Y-%m}"
        for a, b in pairwise(_edges(own.values(), start, stop)):
            factor = context.scenario.demand.share_factor
            share = {k: item.share.value * factor(k, start) for k, item in own.items() if item.is_valid_at(a)}
            for key, value in share.items() if sum(share.values()) > 0 else ():
                found[key][month] += by_month[month] * value / sum(share.values()) * ((b - a) / (stop - start))
    return {key: periods.total(tonnes) for key, tonnes in found.items()}


def _edges(itineraries: Iterable[Itinerary], start: datetime, stop: datetime) -> list[datetime]:
    """Return the ends of a month, and the days in it at which an itinerary begins or ceases to be valid."""
    dates = {i.valid_from for i in itineraries} | {i.valid_until and i.valid_until + DAY for i in itineraries}
    return sorted({start, stop} | {d for d in dates if d is not None and start < d < stop})
