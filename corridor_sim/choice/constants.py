"""Constants of routes: what shippers must dislike of a route beside its cost for volumes to be what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.choice.logit import composite_cost, logit_shares
from corridor_sim.choice.search import RunOptions, Search
from corridor_sim.network import load_network

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.choice.markets import MarketTonnes
    from corridor_sim.network import Network
    from corridor_sim.scenario import Scenario

    Floats = npt.NDArray[np.float64]

CLOSE_ENOUGH = 1e-9
"""Largest relative distance of a route's tonnes from its volume."""


def fit_constants(
    scenario: Scenario, *, replications: int | None = None, workers: int = 1, network: Network | None = None
) -> dict[str, float]:
    """Return constants with which the scenario's own volumes, as measured, are an equilibrium.

    One run of the engine at these volumes gives the costs; the constants are then found by the contraction of Berry
    (1994, RAND Journal of Economics 25), with that of the first route of each market at 0.

    Parameters
    ----------
    scenario
        With route choice; its own constants do not matter.
    replications
        Take the place of those of its `route_choice`.
    workers, network
        As for `simulate`.

    Returns
    -------
    dict
        By dotted path: the constant of every route, USD/t, and the composite cost of every market with them, USD/t,
        the mean over its tonnes: what its `reference_cost` is.
    """
    assert scenario.route_choice is not None  # noqa: S101  # named in the docstring
    n = scenario.route_choice.replications if replications is None else replications
    options = RunOptions(scenario.run.engine, scenario.run.seed, n, workers)
    search = Search(scenario, load_network() if network is None else network, options)
    measured = np.array(search.periods.is_measured)
    found = {}
    for market, costs in zip(search.markets, search.costs(search.volumes()), strict=True):
        cost = (costs.usd_per_t - costs.constant)[:, measured]
        own = replace(market, volumes_t=market.volumes_t[:, measured])
        constants = contract(cost, own)
        path = f"route_choice.markets.{market.key}"
        for route, constant in zip(market.routes, constants.tolist(), strict=True):
            found[f"{path}.alternatives.{route}.constant"] = constant
        composite = composite_cost(cost + constants[:, None], market.market.scale.value)
        found[f"{path}.reference_cost"] = float(np.average(composite, weights=own.total_t))
    return found


def contract(cost_usd_per_t: Floats, market: MarketTonnes) -> Floats:
    """Return the constants, (n_routes,) USD/t, at which logit gives each route its volume over all periods."""
    scale, volumes_t = market.market.scale.value, market.volumes_t.sum(axis=1)
    constants = np.zeros(volumes_t.size)
    for _ in range(10_000):
        tonnes = (market.total_t * logit_shares(cost_usd_per_t + constants[:, None], scale)).sum(axis=1)
        step = np.log(tonnes / volumes_t) / scale
        constants += step - step[0]
        if np.abs(tonnes / volumes_t - 1).max() < CLOSE_ENOUGH:
            break
    return constants
