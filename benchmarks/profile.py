"""Where the nanoseconds of the vectorised engine go on the baseline, as Markdown: `python -m benchmarks.profile`.

Cyclic parts go event by event; `python -m benchmarks.profile rounds` is for rounds.

Every step is timed by itself, in the run as it is: the median over blocks, after a first one that warms up. The floor
is what no engine on these data can go below: drawing the random numbers, and reading and writing each time once.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median

import numpy as np

import corridor_sim as cs
from corridor_sim.blocks import MOST_LANES
from corridor_sim.engines.vectorised import engine as vectorised
from corridor_sim.engines.vectorised.graph import Part
from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.distributions import Distribution
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.kinds import StageKind
from corridor_sim.plan.lanes import draw_lanes
from corridor_sim.plan.plan import Plan
from corridor_sim.results.events import PartWork
from corridor_sim.results.reductions import reduce_lanes

BLOCKS = 4
SECONDS: dict[str, list[float]] = defaultdict(list)
AMOUNT: dict[str, int] = defaultdict(int)


@contextmanager
def timed(what: str, amount: int = 0) -> Iterator[None]:
    began = time.perf_counter()
    yield
    SECONDS[what].append(time.perf_counter() - began)
    AMOUNT[what] += amount


class Timed(vectorised.Block):
    """A block that tells how long each kind of part took."""

    def _solve(self, part: Part) -> PartWork:
        kinds = {self.graph.facilities[f].kind for f in part.facilities}
        if part.is_cyclic:
            what = "cyclic part"
        elif kinds != {StageKind.QUEUE}:
            what = "sailings"
        else:
            row = self.graph.facilities[part.facilities[0]].row
            what = "one server" if len(self.plan.places.server_from_h[row]) == 1 else "several servers"
        began = time.perf_counter()
        work = super()._solve(part)
        SECONDS[what][-1] += time.perf_counter() - began
        AMOUNT[what] += work.visits
        return work


def draw_numbers_only(plan: Plan, replications: range) -> None:
    """The random factors and nothing else: the part of the floor that is drawing."""
    streams, out = RandomStreams(1), np.empty(200_000)
    flows = [plan.flows.release_cum[f] for f in range(len(plan.flows))]
    for d in range(len(plan.draws)):
        distribution = Distribution.of(plan.draws.factor[d].tolist())
        cum = flows[int(plan.draws.flow_idx[d])]
        row = out[: int(cum[-1]) * int(plan.draws.n_units[d])]
        for r in replications:
            distribution.fill(streams.generator(plan.draws.stream[d], r), row)
            distribution.shape(row)


def once(function: Callable[[], object]) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def main() -> None:
    plan = cs.compile_plan(cs.load_scenario("baseline-2025"))
    arena, graph = Arena(), vectorised.StageGraph(plan)
    way = vectorised.Way(sys.argv[1]) if sys.argv[1:] else vectorised.Way.EVENTS
    numbers = np.empty((3, MOST_LANES * 1_050_000))
    for block in range(BLOCKS + 1):
        if block == 1:
            SECONDS.clear()
            AMOUNT.clear()
        replications = range(block * MOST_LANES, (block + 1) * MOST_LANES)
        arena.reset()
        with timed("draws: releases, durations, calendars"):
            lanes = draw_lanes(plan, RandomStreams(1), replications, arena)
        for what in ("one server", "several servers", "sailings", "cyclic part"):
            SECONDS[what].append(0.0)
        with timed("engine"):
            events = Timed(plan, lanes, graph, arena, way).run()
        with timed("reductions"):
            summary = reduce_lanes(plan, lanes, events)
        AMOUNT["engine"] += int(summary.n_queue_events.sum())
        AMOUNT["stage events"] += int(summary.n_events.sum())
        SECONDS["floor: drawing"].append(once(partial(draw_numbers_only, plan, replications)))
        # arrivals read, departures written, starts at places written, once each
        SECONDS["floor: reading and writing"].append(once(lambda: np.add(numbers[0], 1.0, out=numbers[1])))
    print_table()


def print_table() -> None:
    lanes, visits = BLOCKS * MOST_LANES, AMOUNT["engine"]
    total = {what: BLOCKS * median(seconds) for what, seconds in SECONDS.items()}
    parts = ("one server", "several servers", "sailings", "cyclic part")
    total["holds and moves before the first place, and the rest"] = total["engine"] - sum(total[p] for p in parts)
    out = sys.stdout
    out.write(f"{visits / lanes:,.0f} queue events and {AMOUNT['stage events'] / lanes:,.0f} stage events a lane, ")
    out.write(f"blocks of {MOST_LANES}\n\n| step | ms a lane | ns a queue event | own visits a lane | ns a visit |\n")
    out.write("|---|---:|---:|---:|---:|\n")
    for what, seconds in total.items():
        own = AMOUNT.get(what, 0)
        mine = f"{own / lanes:,.0f} | {1e9 * seconds / own:.0f}" if own else " | "
        out.write(f"| {what} | {1e3 * seconds / lanes:.1f} | {1e9 * seconds / visits:.0f} | {mine} |\n")


if __name__ == "__main__":
    main()
