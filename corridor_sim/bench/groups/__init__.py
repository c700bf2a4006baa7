"""Groups of figures: each is a function from the scale to rows of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.bench.groups.beside_peers import measure_peers
from corridor_sim.bench.groups.counted import measure_counts
from corridor_sim.bench.groups.engines import measure_engines, measure_growth
from corridor_sim.bench.groups.gas import measure_gas
from corridor_sim.bench.groups.parts import (
    measure_compile,
    measure_draws,
    measure_load,
    measure_reductions,
    measure_whole_runs,
)
from corridor_sim.bench.groups.resources import measure_many_lanes, measure_memory, measure_start, measure_workers
from corridor_sim.bench.groups.sweeps import measure_sweeps, measure_thousand_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corridor_sim.bench.figures import Figure
    from corridor_sim.bench.scale import Scale

GROUPS: dict[str, Callable[[Scale], Iterator[Figure]]] = {
    "start": measure_start,
    "load": measure_load,
    "compile": measure_compile,
    "draws": measure_draws,
    "engines": measure_engines,
    "growth": measure_growth,
    "reductions": measure_reductions,
    "whole": measure_whole_runs,
    "memory": measure_memory,
    "workers": measure_workers,
    "peers": measure_peers,
    "gas": measure_gas,
    "sweeps": measure_sweeps,
    "counts": measure_counts,
    "many-lanes": measure_many_lanes,
    "thousand-cases": measure_thousand_cases,
}
ON_REQUEST = frozenset({"many-lanes", "thousand-cases"})
"""Groups that run only when they are named."""
