"""Multinomial logit on generalised cost, its composite cost, and total demand that answers to it.

Shares are those of random-utility theory with Gumbel errors; the composite cost is the logsum, whose derivative by the
cost of a route is the share of that route (Williams 1977; Ben-Akiva and Lerman 1985, chapters 5 and 10).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def logit_shares(cost_usd_per_t: Floats, scale_t_per_usd: float) -> Floats:
    """Return the share of each route.

    Parameters
    ----------
    cost_usd_per_t
        (n_routes, ...) generalised cost; infinite where a route cannot be taken. One at least is finite.
    scale_t_per_usd
        Scale of the logit, above 0.

    Returns
    -------
    numpy.ndarray
        Of the same shape; sums to 1 over the routes.
    """
    weight = np.exp(-scale_t_per_usd * (cost_usd_per_t - cost_usd_per_t.min(axis=0)))
    return np.asarray(weight / weight.sum(axis=0))


def composite_cost(cost_usd_per_t: Floats, scale_t_per_usd: float) -> Floats:
    """Return what the choice as a whole costs, USD/t: below the cheapest route, as there is something to choose."""
    cheapest = cost_usd_per_t.min(axis=0)
    total = np.exp(-scale_t_per_usd * (cost_usd_per_t - cheapest)).sum(axis=0)
    return np.asarray(cheapest - np.log(total) / scale_t_per_usd)


def demand_factor(composite_usd_per_t: Floats, reference_usd_per_t: float, elasticity: float) -> Floats:
    """Return the factor on the tonnes of a market.

    Semi-logarithmic, exp(e (L / L0 - 1)): 1 at the reference cost L0, where the elasticity is e; defined for composite
    costs of either sign, as constants of routes may make them.
    """
    return np.exp(elasticity * (composite_usd_per_t / reference_usd_per_t - 1.0))
