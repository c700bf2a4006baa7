"""What was found, as a table: tonnes, shares and generalised cost by market, route and period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridor_sim.choice.logit import composite_cost

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.choice.costs import RouteCosts
    from corridor_sim.choice.markets import MarketTonnes
    from corridor_sim.choice.periods import ChoicePeriods

    Floats = npt.NDArray[np.float64]

NOT_SENT = "not sent"
"""Route of tonnes that costs suppress."""
ROUNDING = 1e-12
"""Relative rounding of sums: what is less is nothing."""
NO_FLOWS = "-"
"""Flows of a route that is not simulated."""
PARTS = ("money", "time", "reliability", "constant")
"""Parts of generalised cost."""


def choice_table(
    markets: tuple[MarketTonnes, ...],
    tonnes: tuple[Floats, ...],
    costs: tuple[RouteCosts, ...],
    periods: ChoicePeriods,
) -> pd.DataFrame:
    """Return one row per market, route and period.

    Returns
    -------
    pandas.DataFrame
        market, market_name, route, kind (simulated, reference or none), flows, period, measured (whether some of it
        is after the warm-up), volumes_t (as the scenario has them), tonnes (as chosen), share (of what is sent),
        usd_per_t (generalised), money_usd_per_t and the other parts, composite_usd_per_t (of
        the whole market), mean_h, p95_h, n (consignments measured). Tonnes
        of all routes with `NOT_SENT` add up to the volumes.
    """
    found = [
        frame
        for market, chosen, cost in zip(markets, tonnes, costs, strict=True)
        for frame in (*_routes(market, chosen, cost, periods), _not_sent(market, chosen, periods))
    ]
    table = pd.concat(found, ignore_index=True)
    table["n"] = table["n"].astype(np.int64)
    return table


def _routes(market: MarketTonnes, chosen: Floats, cost: RouteCosts, periods: ChoicePeriods) -> list[pd.DataFrame]:
    share = chosen / chosen.sum(axis=0)
    found = []
    for row, (route, alternative) in enumerate(market.market.alternatives.items()):
        is_open = np.isfinite(cost.usd_per_t[row])
        parts = {f"{part}_usd_per_t": np.where(is_open, getattr(cost, part)[row], np.nan) for part in PARTS}
        kind, flows = (
            ("reference", NO_FLOWS) if not alternative.simulated else ("simulated", " ".join(alternative.simulated))
        )
        columns = {
            **_labels(market, route, kind, flows),
            "period": periods.names,
            "measured": periods.is_measured,
            "volumes_t": market.volumes_t[row],
            "tonnes": chosen[row],
            "share": share[row],
            "usd_per_t": np.where(is_open, cost.usd_per_t[row], np.nan),
            **parts,
            "composite_usd_per_t": composite_cost(cost.usd_per_t, market.market.scale.value),
            "mean_h": cost.mean_h[row],
            "p95_h": cost.p95_h[row],
            "n": cost.n[row],
        }
        found.append(pd.DataFrame(columns))
    return found


def _not_sent(market: MarketTonnes, chosen: Floats, periods: ChoicePeriods) -> pd.DataFrame:
    tonnes = market.total_t - chosen.sum(axis=0)
    columns = {
        **_labels(market, NOT_SENT, "none", NO_FLOWS),
        "period": periods.names,
        "measured": periods.is_measured,
        "volumes_t": 0.0,
        "tonnes": np.where(np.abs(tonnes) > ROUNDING * market.total_t, tonnes, 0.0),
        "share": 0.0,
        **dict.fromkeys(["usd_per_t", *(f"{part}_usd_per_t" for part in PARTS)], np.nan),
        "composite_usd_per_t": np.nan,
        "mean_h": np.nan,
        "p95_h": np.nan,
        "n": 0,
    }
    return pd.DataFrame(columns)


def _labels(market: MarketTonnes, route: str, kind: str, flows: str) -> dict[str, str]:
    return {"market": market.key, "market_name": market.market.name, "route": route, "kind": kind, "flows": flows}
