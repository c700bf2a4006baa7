"""Demand over time as blocks change it: tariff cuts and demand shifts together."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from corridor_sim.scenario.policies.demand_shifts import DemandShift
    from corridor_sim.scenario.policies.tariff_cuts import TariffCut
    from corridor_sim.scenario.scenario import Scenario


def demand_pieces(scenario: Scenario, key: str, begin: datetime, end: datetime) -> list[tuple[datetime, float]]:
    """Cut a time where the demand for a flow bends.

    Parameters
    ----------
    scenario
        With its blocks.
    key
        Key of the flow.
    begin, end
        The time.

    Returns
    -------
    list of (datetime, float)
        The end of each piece, and the mean factor on the flow's demand in it; one piece of factor 1 where no block
        is enabled that the flow feels.
    """
    flow = scenario.flows[key]
    blocks = list(_blocks(scenario, key))
    edges = sorted({e for block in blocks for e in block.edges if begin < e < end})
    return [
        (until, math.prod(block.mean_factor(flow, since, until) for block in blocks))
        for since, until in pairwise((begin, *edges, end))
    ]


def _blocks(scenario: Scenario, key: str) -> Iterator[TariffCut | DemandShift]:
    flow = scenario.flows[key]
    blocks: tuple[TariffCut | DemandShift, ...] = (*scenario.tariff_cuts.values(), *scenario.demand_shifts.values())
    for block in blocks:
        if block.enabled and block.takes(key, flow):
            yield block
