"""What route choice comes to over the measured time: by market and route, and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("money", "time", "reliability", "constant")
"""Parts of generalised cost."""
MEASURES = ("usd_per_t", *(f"{part}_usd_per_t" for part in PARTS), "composite_usd_per_t", "mean_h", "p95_h")


def by_route(table: pd.DataFrame) -> pd.DataFrame:
    """Add up the measured periods of a table of route choice.

    Returns
    -------
    pandas.DataFrame
        Index (market, route) in the order of the scenario; columns market_name, kind, volumes_t, tonnes, share (of what
        is sent), change_t, and generalised cost, its parts and the times as means over the market's tonnes of each
        period in which the route could be taken.
    """
    own = table[table["measured"].astype(bool)]
    whole = own.groupby(["market", "period"], sort=False)["volumes_t"].transform("sum")
    rows = own.assign(_weight=whole)
    groups = rows.groupby(["market", "route"], sort=False)
    found = groups.agg(
        market_name=("market_name", "first"),
        kind=("kind", "first"),
        volumes_t=("volumes_t", "sum"),
        tonnes=("tonnes", "sum"),
    )
    sent = found["tonnes"].where(found["kind"] != "none", 0.0)
    found["share"] = sent / sent.groupby(level="market", sort=False).transform("sum")
    found["change_t"] = (found["tonnes"] - found["volumes_t"]).where(found["kind"] != "none", found["tonnes"])
    for measure in MEASURES:
        known = rows[rows[measure].notna()]
        weighted = (known[measure] * known["_weight"]).groupby([known["market"], known["route"]]).sum()
        weight = known["_weight"].groupby([known["market"], known["route"]]).sum()
        found[measure] = (weighted / weight).reindex(found.index)
    return found


def convergence_sentence(said: dict[str, Any]) -> str:
    """Say in words whether the search came to an equilibrium."""
    runs, gap, asked = said["runs"], 100 * said["gap_frac"], 100 * said["gap_asked"]
    n = f"{runs} run{'s' if runs > 1 else ''} of the engine"
    if said["converged"]:
        return f"Equilibrium after {n}: {gap:.2g} % of the tonnes would still choose otherwise ({asked:.2g} % allowed)."
    return (
        f"NO equilibrium within {n}: {gap:.2g} % of the tonnes would still choose otherwise, {asked:.2g} % allowed. "
        "Give the search more route_choice.iterations or .replications, or the markets a smaller scale."
    )


def diverted(table: pd.DataFrame) -> dict[str, float]:
    """Return tonnes of the measured time: volumes, simulated, reference, not_sent, and what changed its route.

    Volumes are simulated + reference + not_sent; ``moved`` is what chooses otherwise than in the scenario's volumes.
    """
    own = table[table["measured"].astype(bool)]
    kinds = own.groupby("kind")["tonnes"].sum()
    change = (own["tonnes"] - own["volumes_t"]).to_numpy()
    return {
        "volumes_t": float(own["volumes_t"].sum()),
        "simulated_t": float(kinds.get("simulated", 0.0)),
        "reference_t": float(kinds.get("reference", 0.0)),
        "not_sent_t": float(kinds.get("none", 0.0)),
        "moved_t": float(np.abs(change).sum() / 2),
    }
