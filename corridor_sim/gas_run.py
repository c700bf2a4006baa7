"""Blocks of lanes of a gas run, and how one is run; the numbers do not depend on how lanes are cut into blocks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.gas.draws import draw_gas
from corridor_sim.gas.operation import operate

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.gas.operation import GasYears
    from corridor_sim.plan.gas import GasPlan

MOST_LANES = 250
"""Lanes of a block at most: 20 years of days of so many lanes take about 300 MB while they are worked out."""
KEPT_DAILY = 200
"""Lanes of which every day is kept for the bands of the figures."""


@dataclass(frozen=True, eq=False)
class GasBlock:
    """Lanes to run at once; plain data, sent to worker processes."""

    plan: GasPlan
    seed: int
    replications: tuple[int, ...]
    keep_daily: bool
    ready_h: npt.NDArray[np.float64] | None = None
    """(n_lanes, n_phases) earliest starts where freight decides them."""


def cut_gas(  # what to cut, and how
    plan: GasPlan,
    seed: int,
    n_lanes: int,
    at_once: int | None,
    workers: int,
    ready_h: npt.NDArray[np.float64] | None = None,
) -> list[GasBlock]:
    """Return the blocks of a gas run; the lanes whose days are kept are a block (or several) by themselves."""
    most = at_once or max(1, min(MOST_LANES, -(-n_lanes // workers)))
    edges = sorted({*range(0, n_lanes, most), min(KEPT_DAILY, n_lanes), n_lanes})
    spans = [range(a, b) for a, b in pairwise(edges)]
    return [
        GasBlock(
            plan,
            seed,
            tuple(span),
            keep_daily=span.start < KEPT_DAILY,
            ready_h=None if ready_h is None else ready_h[span.start : span.stop],
        )
        for span in spans
    ]


def ready_times(plan: GasPlan, last_delivery_h: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return, (n_lanes, n_phases) h, when the pipes of each phase are there and laid; at latest the end of the run.

    Parameters
    ----------
    plan
        Its deliveries pair phases and flows.
    last_delivery_h
        (n_lanes, n_flows) see `corridor_sim.results.reductions.trips.last_deliveries`.
    """
    ready = np.full((len(last_delivery_h), len(plan.phases.id)), -np.inf)
    for phase, flow in zip(plan.delivery_phase, plan.delivery_flow, strict=True):
        laid = last_delivery_h[:, flow] + plan.phases.construction_h[phase]
        ready[:, phase] = np.maximum(ready[:, phase], np.minimum(laid, 24.0 * plan.n_days))
    return ready


def run_gas_block(block: GasBlock) -> GasYears:
    """Draw and run the lanes of a block."""
    lanes = draw_gas(block.plan, RandomStreams(block.seed), block.replications, block.ready_h)
    return operate(block.plan, lanes, block.replications, keep_daily=block.keep_daily)
