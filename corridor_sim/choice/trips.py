"""Trips of the flows that choose: when each consignment was released and how long it took, door to door."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.blocks import cut_into_blocks, draw_and_run, lanes_at_once
from corridor_sim.engines.registry import get_engine
from corridor_sim.results.reductions.trips import delivered_h
from corridor_sim.workers import run_jobs

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.blocks import Block
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TripTimes:
    """Consignments of one itinerary, all replications one after the other."""

    release_h: Floats
    hours: Floats
    """From release to delivery; to the end of the run, a lower bound, of those still on the way."""
    tonnes: Floats


def measure_trips(
    plan: Plan,
    flows: tuple[str, ...],
    *,
    engine: str,
    seed: int,
    replications: int,
    workers: int = 1,
    max_memory_mib: float | None = None,
) -> dict[str, TripTimes]:
    """Run a plan and return the trips of some flows, by itinerary.

    The numbers do not depend on the engine, the workers or the memory.
    """
    runner = get_engine(engine)
    at_once = lanes_at_once(plan, runner, replications, workers, max_memory_mib=max_memory_mib, chunk=None)
    blocks = cut_into_blocks(plan, runner.name, seed, replications, at_once, trace=False)
    rows = tuple(i for i, f in enumerate(plan.itineraries.flow_idx.tolist()) if plan.flows.id[f] in flows)
    found = sorted(run_jobs(partial(_trips_of, itineraries=rows), blocks, workers), key=lambda item: item[0])
    return {
        plan.itineraries.id[i]: TripTimes(*(np.concatenate(part) for part in zip(*(own[k] for _, own in found))))  # noqa: B905
        for k, i in enumerate(rows)
    }


def _trips_of(block: Block, itineraries: tuple[int, ...]) -> tuple[int, list[tuple[Floats, Floats, Floats]]]:
    """Run the lanes of a block; returns its first replication, and release, hours and tonnes by itinerary."""
    plan, lanes, events = draw_and_run(block)
    found = []
    for i in itineraries:
        members = lanes.itineraries[i]
        is_there = np.isfinite(members.release_h)
        release_h = members.release_h[is_there]
        until_h = np.minimum(delivered_h(plan, events, i, members.release_h.shape), plan.end_h)[is_there]
        found.append((release_h, until_h - release_h, members.load_t[is_there]))
    return block.replications[0], found
