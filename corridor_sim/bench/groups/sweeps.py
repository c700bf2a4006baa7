"""Sweeps of the baseline: time of a lane and of a case beside the core's own, on all cores."""

from __future__ import annotations

import os
import tempfile
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_sim.bench.figures import Figure
from corridor_sim.bench.workloads import baseline_changes
from corridor_sim.scenario import load_scenario
from corridor_sim.sweep.file import Answer
from corridor_sim.sweep.load import Sweep
from corridor_sim.sweep.run import run_sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corridor_sim.bench.scale import Scale

GROUP = "sweeps"
SCENARIO = "baseline-2025"
OTHERS = ("background", "east", "sea_reference", "transcaspian", "west_rail", "west_road")
ONE_ROUTE = {"demand.by_route": dict.fromkeys(OTHERS, 0)}
"""Changes that leave the traffic of the truck gap alone."""
CHANGES: dict[str, Mapping[str, object]] = {"one route": ONE_ROUTE, "whole": {}}
KPIS = (Answer(kpi="transit_mean_h", subject="all"), Answer(kpi="queue_mean_n", subject="place:TRK_AST"))
MOST_MINUTES = {"whole": 10.0, "one route": 2.0}
MOST_MS_A_CASE = 30.0
THOUSAND, TWENTY = 1000, 20
"""Cases and replications of the sweeps that the limits are set for."""


def measure_sweeps(scale: Scale) -> Iterator[Figure]:
    """Time some cases, and say how long a thousand of twenty replications would take."""
    n = (2, 2) if scale.is_quick else (12, TWENTY)
    for name, changes in CHANGES.items():
        yield from _measured(name, changes, *n, is_quick=scale.is_quick)


def measure_thousand_cases(scale: Scale) -> Iterator[Figure]:
    """Run a thousand cases of twenty replications."""
    n = (4, 2) if scale.is_quick else (THOUSAND, TWENTY)
    for name, changes in CHANGES.items():
        yield from _measured(name, changes, *n, is_quick=scale.is_quick)


def _measured(
    name: str, changes: Mapping[str, object], n_cases: int, n_replications: int, *, is_quick: bool
) -> Iterator[Figure]:
    workers = os.cpu_count() or 1
    sweep = _sweep_of(n_cases, n_replications, changes, is_quick=is_quick)
    with tempfile.TemporaryDirectory() as folder:
        done = run_sweep(sweep, out=Path(folder) / "sweep", workers=workers).manifest
    size = f"{n_cases} x {n_replications}, {workers} workers"
    lanes = n_cases * n_replications
    core_s, other_s = done["core_s_per_case"], done["other_s_per_case"]
    yield Figure(GROUP, f"baseline, {name}, whole sweep", size, done["wall_s"], "s")
    yield Figure(GROUP, f"baseline, {name}, core of one worker", size, 1e3 * core_s / n_replications, "ms/lane")
    limits = (None, None) if is_quick else (MOST_MS_A_CASE, MOST_MINUTES[name])
    yield Figure(GROUP, f"baseline, {name}, all else", size, 1e3 * other_s, "ms/case", limits[0])
    if lanes == THOUSAND * TWENTY:
        yield Figure(GROUP, f"baseline, {name}, measured", size, done["wall_s"] / 60, "min", limits[1])
        return
    minutes = (core_s / n_replications * TWENTY + other_s) * THOUSAND / workers / 60
    yield Figure(GROUP, f"baseline, {name}, 1,000 x 20 at that pace", size, minutes, "min", limits[1])


def _sweep_of(n_cases: int, n_replications: int, changes: Mapping[str, object], *, is_quick: bool) -> Sweep:
    """Make the sweep of tracks, lanes and fleets at Astara, as many combinations as asked for."""
    base = load_scenario(SCENARIO, overrides={**baseline_changes(short=is_quick), **changes})
    queues = ("TRK_AST", "LANE_AST_N", "LANE_AST_S")
    every = ({q: 1 + k // 10**i % 10 for i, q in enumerate(queues)} for k in count())
    options = {
        str(k): {f"queues.{q}.servers": n for q, n in one.items()} for k, one in enumerate(islice(every, n_cases))
    }
    return Sweep.of_options(base, "servers", options, name="bench", replications=n_replications, kpis=KPIS)
