"""What one consignment pays where: the bill of every itinerary as a small table, beside the KPIs of cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.analysis.chains import Chain
    from corridor_sim.plan.plan import Plan

BILL_COLUMNS = (
    "itinerary_id", "stage_id", "kind", "charge", "by_hour", "load_t", "load_teu", "usd", "usd_low", "usd_high",
)  # fmt: skip


def bill_table(chains: Sequence[Chain], plan: Plan) -> pd.DataFrame:
    """Return the bills of all itineraries, one row per charge and stage.

    Parameters
    ----------
    chains
        From `build_chains`.
    plan
        The plan they were built from.

    Returns
    -------
    pandas.DataFrame
        Columns itinerary_id, stage_id (empty where paid for the hours of the trip), kind and key of the charge,
        by_hour, the load of a consignment (t, TEU), and what it pays once at the stage, each hour waited there, or each
        hour of the trip: usd, and usd_low and usd_high at the ends of the price's range.
    """
    rows = [
        (
            chain.itinerary, "" if item.stage < 0 else plan.stages.id[item.stage], item.kind, item.key,
            bool(item.per), chain.load.t, chain.load.teu, item.usd, item.low_usd, item.high_usd,
        )
        for chain in chains
        for item in chain.bill
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(BILL_COLUMNS))
