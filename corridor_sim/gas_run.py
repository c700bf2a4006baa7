"""Run a gas pipeline: blocks of lanes, their results put together; the numbers do not depend on the blocks."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.gas.draws import draw_gas
from corridor_sim.gas.operation import operate
from corridor_sim.workers import run_jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from corridor_sim.gas.operation import GasYears
    from corridor_sim.plan.gas import GasPlan
    from corridor_sim.results import RunResult

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


def simulate_gas(
    gas: GasPlan,
    about: dict[str, Any],
    scenario_yaml: str,
    *,
    chunk: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    last_delivery_h: npt.NDArray[np.float64] | None = None,
) -> RunResult:
    """Run all lanes of a gas pipeline.

    Parameters
    ----------
    gas
        What is run.
    about
        Manifest so far: seed, replications, workers and what was run.
    scenario_yaml
        The resolved scenario.
    chunk, progress
        As for `corridor_sim.simulation.simulate`.
    last_delivery_h
        (n_lanes, n_flows) deliveries of freight that phases wait for; they start as planned by default.
    """
    from corridor_sim.analysis.gas_kpis import gas_kpis, joined
    from corridor_sim.analysis.gas_tables import daily_table, feasibility_table, phase_table, profile_table
    from corridor_sim.results import RunResult

    n, workers = about["replications"], about["workers"]
    ready_h = None if last_delivery_h is None else ready_times(gas, last_delivery_h)
    began, parts = time.perf_counter(), []
    for part in run_jobs(run_gas_block, cut_gas(gas, about["seed"], n, chunk, workers, ready_h), workers):
        parts.append(part)
        if progress is not None:
            progress(sum(len(p.replications) for p in parts), n)
    parts.sort(key=lambda part: part.replications)
    labels, values = gas_kpis(gas, parts)
    return RunResult(
        manifest={**about, "engine": "gas", "engine_asked": "gas", **_speed(gas, n, time.perf_counter() - began)},
        labels=labels,
        values=values,
        replications=tuple(range(n)),
        gas=daily_table(gas, parts),
        gas_phases=phase_table(gas, joined(parts, "start_h")),
        gas_profile=profile_table(gas),
        gas_feasibility=feasibility_table(),
        scenario_yaml=scenario_yaml,
    )


def _speed(gas: GasPlan, n_lanes: int, wall_s: float) -> dict[str, float]:
    segment_days = n_lanes * gas.n_days * sum(line.n_sections for line in gas.lines)
    return {
        "wall_s": round(wall_s, 3),
        "segment_days": segment_days,
        "ns_per_segment_day": round(1e9 * wall_s / segment_days, 1),
    }


def with_gas(freight: RunResult, gas: RunResult) -> RunResult:
    """Put the KPIs and tables of a gas run beside those of freight, replication by replication."""
    import pandas as pd

    keep = {name: gas.manifest[name] for name in ("segment_days", "ns_per_segment_day")}
    return replace(
        freight,
        manifest={**freight.manifest, **keep, "gas_wall_s": gas.manifest["wall_s"]},
        labels=pd.concat([freight.labels, gas.labels], ignore_index=True),
        values=np.concatenate([freight.values, gas.values], axis=1),
        gas=gas.gas,
        gas_phases=gas.gas_phases,
        gas_profile=gas.gas_profile,
        gas_feasibility=gas.gas_feasibility,
    )
