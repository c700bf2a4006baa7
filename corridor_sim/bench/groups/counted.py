"""Deterministic counts of every engine on small workloads: the same on every machine, gated in CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.bench.counts import counts
from corridor_sim.bench.figures import Figure
from corridor_sim.bench.sides import IN_ROUNDS, REFERENCE
from corridor_sim.bench.workloads import baseline, feed_forward, tandem
from corridor_sim.engines.registry import get_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor_sim.bench.scale import Scale
    from corridor_sim.bench.workloads import Workload

N_LANES = 4


def counted_workloads() -> list[Workload]:
    """Return the workloads that are counted; their size is part of what is on record."""
    return [tandem(3, 200), feed_forward(1_000), baseline(short=True)]


def all_counts() -> dict[str, dict[str, int]]:
    """Return counts by engine and workload."""
    found = {}
    for workload in counted_workloads():
        for name in (REFERENCE, IN_ROUNDS):
            n_lanes = 1 if name == REFERENCE else N_LANES
            lanes = workload.draw(range(n_lanes))
            key = f"{name}, {workload.name}, {workload.size} x {n_lanes}"
            found[key] = counts(get_engine(name), workload.plan, lanes)
    return found


def measure_counts(scale: Scale) -> Iterator[Figure]:  # noqa: ARG001  # all groups are called alike
    """Count, as figures."""
    for what, found in all_counts().items():
        engine, workload, size = what.split(", ", 2)
        for name, n in found.items():
            yield Figure("counts", f"{workload}, {engine}", size, float(n), name.replace("_", " "))
