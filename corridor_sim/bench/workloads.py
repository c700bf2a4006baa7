"""Workloads: a scenario of some size, loaded and compiled once, from which lanes are drawn."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_sim.bench.scenarios import feed_forward_scenario, tandem_scenario
from corridor_sim.compiler import compile_plan
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.network import load_network
from corridor_sim.plan.lanes import draw_lanes
from corridor_sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor_sim.foundation.arena import Arena
    from corridor_sim.network import Network
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan
    from corridor_sim.scenario import Scenario

SEED = 1
BASELINE = "baseline-2025"
SHORT_END = "2024-11-01"
"""End of the baseline's horizon in a short run: two months of sixteen."""


@dataclass(frozen=True, eq=False)
class Workload:
    """One size of something to run."""

    name: str
    size: str
    """The size in words, for a table."""
    plan: Plan

    def draw(self, replications: Sequence[int], arena: Arena | None = None) -> Lanes:
        """Draw lanes; always the same numbers for the same replication."""
        return draw_lanes(self.plan, RandomStreams(SEED), replications, arena)


@cache
def network() -> Network:
    """Return the shipped network, read once."""
    return load_network()


@cache
def tandem(n_queues: int, n_consignments: int) -> Workload:
    """Return a tandem of queues, see `tandem_scenario`."""
    plan = compile_plan(_loaded(tandem_scenario(n_queues, n_consignments)), network=network())
    return Workload("tandem", f"{n_queues} queues x {n_consignments}", plan)


@cache
def feed_forward(n_consignments: int, copies: int = 1) -> Workload:
    """Return a line on which nothing runs in a circle, see `feed_forward_scenario`."""
    plan = compile_plan(_loaded(feed_forward_scenario(n_consignments, copies)), network=network())
    return Workload("feed-forward", f"{n_consignments} a year", plan)


@cache
def baseline(*, short: bool = False) -> Workload:
    """Return the shipped baseline, its sixteen months or the first two of them."""
    plan = compile_plan(load_scenario(BASELINE, overrides=baseline_changes(short=short)), network=network())
    return Workload("baseline", "2 months" if short else "16 months", plan)


def baseline_changes(*, short: bool) -> Mapping[str, object]:
    """Return overrides of the baseline that shorten it."""
    return {"run.end": SHORT_END, "run.warm_up": "10 d"} if short else {}


def written(scenario: Mapping[str, Any], folder: Path) -> Path:
    """Write a scenario as a file into a folder."""
    import yaml

    path = folder / f"{scenario['name']}.yaml"
    path.write_text(yaml.safe_dump(dict(scenario), sort_keys=False), encoding="utf-8")
    return path


def feed_forward_files(folder: Path, n_itineraries: Sequence[int]) -> dict[int, Path]:
    """Write feed-forward scenarios of about so many itineraries; path by their number."""
    files = {}
    for n in n_itineraries:
        (folder / str(n)).mkdir()
        files[n] = written(feed_forward_scenario(10_000, copies=max(n // 6, 1)), folder / str(n))
    return files


def _loaded(scenario: Mapping[str, Any]) -> Scenario:
    with tempfile.TemporaryDirectory() as folder:
        return load_scenario(written(scenario, Path(folder)))
