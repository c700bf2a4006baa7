"""Blocks: how many lanes are computed at once, so that they fit the memory, and how one block is run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.errors import Problem, UnsupportedFeatureError
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.kinds import OCCUPIED, StageKind
from corridor_sim.plan.lanes import draw_lanes
from corridor_sim.results.reductions import EVERYTHING, reduce_lanes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    from corridor_sim.drawn import DrawnLanes
    from corridor_sim.engines.protocol import Engine
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import Events, PartWork
    from corridor_sim.results.reductions import LanesSummary, Wanted

MOST_LANES = 16
"""Lanes of a large plan in a block at most: twice as many save a twentieth of the time and take twice the memory."""
MOST_EVENTS = 5e6
"""Stage events in a block up to which it may have more lanes than that: small plans are all overhead."""
WORTH_PROCESSES = 20e6
"""Stage events from which on worker processes save more than they take to start."""
BASE_BYTES = 300e6
"""Memory of a process before it holds any lane: Python and its packages, estimated high."""
MIB = 2.0**20


@dataclass(frozen=True)
class Block:
    """Lanes to run at once; sent to worker processes, so it holds plain data only."""

    plan: Plan
    engine: str
    seed: int
    replications: tuple[int, ...]
    keep_trace: bool


@dataclass(frozen=True, eq=False)
class BlockResult:
    """What comes back of a block."""

    summary: LanesSummary
    work: tuple[PartWork, ...]
    traces: tuple[pd.DataFrame, ...]
    """One per lane when traces are kept, else none."""


def bytes_per_lane(plan: Plan) -> float:
    """Memory that a lane takes at its most, from the numbers of consignments to be expected; an estimate.

    Events take 8 bytes for every unit at a stage where nobody waits. At a place they take 16, service and occupancy
    as much again, and the same while it is computed. Reductions hold some numbers for each consignment.
    """
    rows, n_consignments = _expected_rows(plan)
    is_shared = np.isin(plan.stages.kind, [*OCCUPIED, StageKind.SAIL, StageKind.FORM])
    return float(1.15 * (8 * rows[~is_shared].sum() + 48 * rows[is_shared].sum() + 100 * n_consignments) + 2e6)


def _expected_rows(plan: Plan) -> tuple[npt.NDArray[np.float64], float]:
    """Stage events of each stage to be expected in a lane, and consignments."""
    of_flow = np.array([cum[-1] if cum.size else 0.0 for cum in plan.flows.release_cum])
    per_itinerary = of_flow[plan.itineraries.flow_idx] * np.minimum(plan.itineraries.share, 1.0)
    return per_itinerary[plan.stages.itinerary_idx] * plan.stages.n_units, float(of_flow.sum())


def available_bytes() -> float:
    """Memory of the machine that is free for runs: three quarters of what is unused now."""
    try:
        return 0.75 * os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 2.0 * 2.0**30  # not known on this system: what any machine has


def lanes_at_once(
    plan: Plan, engine: Engine, n_lanes: int, workers: int, *, max_memory_mib: float | None, chunk: int | None
) -> int:
    """Return the number of lanes of a block.

    Parameters
    ----------
    plan, engine
        What is run.
    n_lanes
        Lanes in all.
    workers
        Processes that share the memory.
    max_memory_mib
        Memory of all processes together, MiB; from the machine by default.
    chunk
        The number that was asked for, if any.

    Raises
    ------
    UnsupportedFeatureError
        When the memory does not suffice, for the chunk that was asked for or for one lane.
    """
    limit = available_bytes() if max_memory_mib is None else max_memory_mib * MIB
    each = bytes_per_lane(plan)
    fits = int((limit / workers - BASE_BYTES) // each)
    wanted = chunk or 1
    if fits < wanted:
        raise UnsupportedFeatureError([_too_little(limit, each, workers, wanted, fits)])
    if chunk is not None:
        return chunk
    if not engine.runs_lanes_together:
        return 1
    n_events = _expected_rows(plan)[0].sum()
    share = n_lanes if n_lanes * n_events < WORTH_PROCESSES else -(-n_lanes // workers)
    most = max(MOST_LANES, int(MOST_EVENTS // max(n_events, 1.0)))
    n_blocks = -(-share // min(fits, most))
    return -(-share // n_blocks)  # blocks of like size, so that no worker waits for a long last one


def _too_little(limit: float, each: float, workers: int, wanted: int, fits: int) -> Problem:
    needs = workers * (BASE_BYTES + wanted * each)
    lanes = "one lane" if wanted == 1 else f"a chunk of {wanted} lanes"
    if fits >= 1:
        hint = f"a chunk of {fits} would fit: --chunk {fits}"
    elif workers > 1:
        hint = "fewer --workers need less, or give more with --max-memory"
    else:
        hint = f"give at least {needs / MIB:.0f} MiB with --max-memory, or shorten the horizon"
    return Problem(
        "memory",
        f"{lanes} in {workers} process{'es' if workers > 1 else ''} may need {needs / MIB:.0f} MiB, "
        f"there are {limit / MIB:.0f} MiB",
        hint=hint,
    )


def cut_into_blocks(plan: Plan, engine: str, seed: int, n_lanes: int, at_once: int, *, trace: bool) -> list[Block]:
    """Return the blocks of a run."""
    firsts = range(0, n_lanes, at_once)
    return [Block(plan, engine, seed, tuple(range(i, min(i + at_once, n_lanes))), trace) for i in firsts]


def run_block(block: Block) -> BlockResult:
    """Draw, run and reduce the lanes of a block."""
    plan, lanes, events = draw_and_run(block)
    summary = reduce_lanes(plan, lanes, events)
    traces: Sequence[pd.DataFrame] = ()
    if block.keep_trace:
        from corridor_sim.results.trace import trace_table

        traces = [trace_table(plan, lanes.lane(plan, row), events.lane(plan, lanes, row)) for row in range(len(lanes))]
    return BlockResult(summary, events.work, tuple(traces))


def draw_and_run(block: Block) -> tuple[Plan, Lanes, Events]:
    """Draw and run the lanes of a block; what it returns is overwritten by the next block of the process."""
    plan = _kept_plan(block.plan)
    return plan, *_run(plan, block.engine, block.seed, block.replications)


def run_lanes(
    plan: Plan,
    engine: str,
    seed: int,
    replications: Sequence[int],
    *,
    wanted: Wanted = EVERYTHING,
    drawn: DrawnLanes | None = None,
) -> LanesSummary:
    """Draw, run and reduce lanes of a plan that will not come again, in this process.

    Parameters
    ----------
    plan, engine, seed, replications
        What is run.
    wanted
        KPIs that will be read; all by default.
    drawn
        Lanes that were drawn before, for this plan or one that draws alike.
    """
    lanes, events = _run(plan, engine, seed, replications, drawn)
    return reduce_lanes(plan, lanes, events, wanted)


def _run(
    plan: Plan, engine: str, seed: int, replications: Sequence[int], drawn: DrawnLanes | None = None
) -> tuple[Lanes, Events]:
    arena = _arena()
    arena.reset()
    if drawn is None:
        lanes = draw_lanes(plan, RandomStreams(seed), tuple(replications), arena)
    else:
        lanes = drawn.lanes(plan, seed, replications, arena)
    return lanes, get_engine(engine).run(plan, lanes, arena)


@cache
def _arena() -> Arena:
    """Memory of this process, used again for every block."""
    return Arena()


_PLANS: dict[str, Plan] = {}


def _kept_plan(plan: Plan) -> Plan:
    """Return the plan as this process met it first, so that what is worked out about it is worked out once."""
    if plan.digest not in _PLANS:
        _PLANS.clear()
        _PLANS[plan.digest] = plan
    return _PLANS[plan.digest]
