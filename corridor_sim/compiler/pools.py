"""Closed pools of the plan."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.errors import nearest
from corridor_sim.foundation.time_grid import TICK_H, scalar_to_grid
from corridor_sim.plan.tables import PoolTable, Ragged

if TYPE_CHECKING:
    from corridor_sim.compiler.context import Context
    from corridor_sim.scenario.pools import Pool, PoolBase


def build_pools(context: Context) -> PoolTable:
    """Build the pools, base by base."""
    pools = context.scenario.pools
    nodes = context.network.node_ids
    for name, pool in pools.items():
        for k, base in enumerate(pool.bases):
            if base.at not in nodes:
                hint = nearest(base.at, nodes)
                context.problem(f"pools.{name}.bases.{k}.at", f"the network has no node '{base.at}'", hint)
    each = list(pools.values())
    return PoolTable(
        id=tuple(pools),
        name=tuple(p.name for p in each),
        kind=tuple(p.kind for p in each),
        node=tuple(" ".join(b.at for b in p.bases) for p in each),
        stock=Ragged.of([[float(b.n) for b in p.bases] for p in each]),
        keep=Ragged.of([[_keep(b) for b in p.bases] for p in each]),
        home=Ragged.of([[_home(p, b) for b in p.bases] for p in each], dtype=np.int64),
        empty_h=Ragged.of([[_empty_h(b) for b in p.bases] for p in each]),
    )


def _keep(base: PoolBase) -> float:
    if base.empty_to is None:
        return math.inf
    return 0.0 if base.keep is None else float(base.keep)


def _home(pool: Pool, base: PoolBase) -> int:
    return -1 if base.empty_to is None else [b.at for b in pool.bases].index(base.empty_to)


def _empty_h(base: PoolBase) -> float:
    return TICK_H if base.empty_time is None else max(scalar_to_grid(base.empty_time.value), TICK_H)
