"""Run a scenario: compile it, draw and run its lanes, reduce them, put the result together."""

from __future__ import annotations

import platform
import time
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.blocks import cut_into_blocks, lanes_at_once, run_block
from corridor_sim.engines.protocol import refuse_unsupported
from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.time_axis import H_PER_DAY
from corridor_sim.gas_run import simulate_gas, with_gas
from corridor_sim.workers import run_jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from corridor_sim.blocks import BlockResult
    from corridor_sim.network import Network
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results import RunResult
    from corridor_sim.results.events import PartWork
    from corridor_sim.scenario import Scenario

    Progress = Callable[[int, int], None]

PILOT = 5
"""Replications by which a warm-up is found where it is `auto`."""
COUNTS = ("visits", "solved", "windows", "sweeps")
"""What is counted of the work on a part, see `PartWork`."""
PACKAGES = (
    "corridor-sim", "simpy", "numpy", "numba", "pandas", "geopandas", "shapely", "matplotlib", "pyarrow", "pydantic",
)  # fmt: skip


def simulate(  # noqa: PLR0913  # one argument per choice
    scenario: Scenario,
    *,
    engine: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    trace: bool = False,
    max_memory_mib: float | None = None,
    chunk: int | None = None,
    progress: Progress | None = None,
    network: Network | None = None,
    coupling: bool = True,
) -> RunResult:
    """Run a scenario and return its result.

    Parameters
    ----------
    scenario
        What to run.
    engine, replications, seed
        Take the place of the scenario's own.
    workers
        Processes to spread the replications over. The numbers do not depend on it. More than one needs the usual
        ``if __name__ == "__main__":`` in a script.
    trace
        Whether to keep every event of every consignment (a table of millions of rows for a year).
    max_memory_mib
        Memory for all processes together, MiB; three quarters of what the machine has free by default.
    chunk
        Lanes that are computed at once; as many as fit the memory and are of use by default. The numbers do not
        depend on it.
    progress
        Called with (lanes done, lanes in all) as lanes finish.
    network
        The network to run on; the shipped one by default.
    coupling
        Whether phases of the gas pipeline wait for their pipes where both are simulated.

    Raises
    ------
    ScenarioError
        When the scenario does not fit the network.
    UnsupportedFeatureError
        When there is no such engine, or the memory does not suffice.
    EngineError
        When a lane fails, or a worker process dies.
    """
    from corridor_sim.analysis.calibration import with_calibration
    from corridor_sim.analysis.money_and_carbon import with_money_and_carbon
    from corridor_sim.compiler import compile_plan
    from corridor_sim.network import load_network

    began = time.perf_counter()
    chosen = engine or scenario.run.engine
    network = load_network() if network is None else network
    seed = scenario.run.seed if seed is None else seed
    scenario, found = settled(scenario, seed=seed, network=network)
    plan = compile_plan(scenario, network=network)
    n = scenario.run.replications if replications is None else replications
    if n < 1:
        raise ValueError(f"replications must be at least 1, not {n}")
    text = scenario.resolved_yaml() if scenario.file else ""  # one that was made in Python has no text
    about = {**_what_was_run(scenario, plan), "seed": seed, "replications": n, "workers": workers}
    about |= {"warm_up_found": found} if found else {}
    about |= {"python": platform.python_version(), "versions": versions()}
    if plan.gas is not None and not scenario.flows:
        return simulate_gas(plan.gas, about, text, chunk=chunk, max_memory_mib=max_memory_mib, progress=progress)
    runner = get_engine(chosen)
    refuse_unsupported(runner, plan)
    at_once = lanes_at_once(plan, runner, n, workers, max_memory_mib=max_memory_mib, chunk=chunk)
    blocks = cut_into_blocks(plan, runner.name, seed, n, at_once, trace=trace)
    manifest = {
        **about,
        "engine": runner.name,
        "engine_asked": chosen,
        "lanes_at_once": at_once,
        "set_up_s": round(time.perf_counter() - began, 3),
    }
    collected = _Collected(plan, n)
    began = time.perf_counter()
    for block in run_jobs(run_block, blocks, workers):
        collected.add(block)
        if progress is not None:
            progress(collected.n_lanes, n)
    manifest |= collected.counts(time.perf_counter() - began)
    result = with_calibration(collected.result(manifest, text), scenario, plan)
    result = with_money_and_carbon(result, scenario, plan, network)
    if plan.gas is None:
        return result
    last = collected.last_delivery_h() if coupling else None
    return with_gas(result, simulate_gas(plan.gas, about, text, max_memory_mib=max_memory_mib, last_delivery_h=last))


def settled(scenario: Scenario, *, seed: int | None = None, network: Network | None = None) -> tuple[Scenario, str]:
    """Give a scenario whose warm-up is `auto` the one that its queues need, by MSER-5 on a few replications.

    Returns
    -------
    tuple
        The scenario (itself, where its warm-up is given), and a sentence on what was found.
    """
    from corridor_sim.analysis.warm_up import suggested_warm_up
    from corridor_sim.scenario.quantities import Quantity
    from corridor_sim.scenario.run import AUTO

    if scenario.run.warm_up != AUTO:
        return scenario, ""

    pilot = scenario.with_warm_up(Quantity(0.0, "h"))
    if not scenario.flows:
        return pilot, ""
    hours, words = suggested_warm_up(simulate(pilot, replications=PILOT, seed=seed, network=network))
    if hours is None:
        return pilot, f"warm-up: none; {words}"
    found = scenario.with_warm_up(Quantity(hours, "h"))
    return found, f"warm-up: {hours / H_PER_DAY:g} d, after which queues are at rest (MSER-5, {PILOT} replications)"


def simulate_cases(
    cases: Mapping[str, Scenario],
    *,
    progress: Progress | None = None,
    replications: int | None = None,
    run: Callable[..., RunResult] | None = None,
    **options: Any,
) -> dict[str, RunResult]:
    """Run several cases on the same random numbers.

    Parameters
    ----------
    cases
        Scenarios by name; all take the replications and the seed of the first one, unless others are given.
    progress
        Called with (lanes done, lanes in all) over all cases.
    run
        What runs a case; `simulate` by default.
    replications, options
        As for `simulate`.

    Returns
    -------
    dict of RunResult
        By name, in the same order.
    """
    first = next(iter(cases.values()))
    cases = _measured_alike(cases, seed=options.get("seed"), network=options.get("network"))
    n = first.run.replications if replications is None else replications
    options = {"seed": None, **options}
    options["seed"] = first.run.seed if options["seed"] is None else options["seed"]
    results = {}
    for k, (name, scenario) in enumerate(cases.items()):
        told = None if progress is None else _shifted(progress, k * n, n * len(cases))
        results[name] = (run or simulate)(scenario, replications=n, progress=told, **options)
    return results


def _measured_alike(
    cases: Mapping[str, Scenario], *, seed: int | None, network: Network | None
) -> Mapping[str, Scenario]:
    """Give cases whose warm-up is `auto` that of the first: they are compared over the same time."""
    from corridor_sim.scenario.quantities import Quantity
    from corridor_sim.scenario.run import AUTO

    first = next(iter(cases.values()))
    if first.run.warm_up != AUTO:
        return cases
    warm_up = Quantity(settled(first, seed=seed, network=network)[0].run.warm_up_h, "h")
    return {name: scenario.with_warm_up(warm_up) for name, scenario in cases.items()}


def _shifted(progress: Progress, before: int, total: int) -> Progress:
    """Tell of the lanes of one case as a part of all."""
    return lambda done, _: progress(before + done, total)


class _Collected:
    """What has come back of a run so far."""

    def __init__(self, plan: Plan, n_replications: int) -> None:
        from corridor_sim.results.collect import Collector, default_keep

        self._collector = Collector(
            plan, default_keep(n_replications, plan.end_h - plan.warm_up_h), n_replications=n_replications
        )
        self._work = WorkDone()
        self._last_h: dict[int, npt.NDArray[np.float64]] = {}
        self._traces: dict[int, pd.DataFrame] = {}
        self._n_events = self._n_queue_events = self.n_lanes = 0

    def add(self, block: BlockResult) -> None:
        """Add a block."""
        summary = block.summary
        self._collector.add(summary)
        self._work.add(block.work)
        self._last_h |= zip(summary.replications, summary.last_delivery_h, strict=True)
        if block.traces:
            self._traces |= zip(summary.replications, block.traces, strict=True)
        self.n_lanes += len(summary.replications)
        self._n_events += int(summary.n_events.sum())
        self._n_queue_events += int(summary.n_queue_events.sum())

    def counts(self, wall_s: float) -> dict[str, Any]:
        """Return how much was computed, and how fast."""
        return {
            "wall_s": round(wall_s, 3),
            "stage_events": self._n_events,
            "queue_events": self._n_queue_events,
            "stage_events_per_s": round(self._n_events / wall_s),
            "work": self._work.table(),
        }

    def last_delivery_h(self) -> npt.NDArray[np.float64]:
        """When the last consignment of each flow was delivered, (n_lanes, n_flows)."""
        return np.stack([self._last_h[r] for r in sorted(self._last_h)])

    def result(self, manifest: dict[str, Any], scenario_yaml: str) -> RunResult:
        """Put everything together."""
        return self._collector.result(manifest, trace=_join(self._traces), scenario_yaml=scenario_yaml)


def _what_was_run(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    return {
        "case_id": scenario.digest[:16],
        "scenario": scenario.name,
        "title": scenario.title,
        "changes": list(scenario.applied),
        "scenario_digest": scenario.digest,
        "plan_digest": plan.digest,
        "start": plan.start,
        "warm_up_h": plan.warm_up_h,
        "end_h": plan.end_h,
    }


def _join(traces: dict[int, pd.DataFrame]) -> pd.DataFrame | None:
    if not traces:
        return None
    import pandas as pd

    return pd.concat([traces[r] for r in sorted(traces)], ignore_index=True)


def versions() -> dict[str, Any]:
    """Versions of the packages that a result rests on."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


class WorkDone:
    """Work of the vectorised engine over all blocks: each cyclic part by itself and by way, the others together."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, tuple[str, ...]], dict[str, int]] = {}

    def add(self, parts: Sequence[PartWork]) -> None:
        """Add the work of one block."""
        for part in parts:
            key = part.way, () if part.way == "one pass" else part.facilities
            total = self._parts.setdefault(key, {"parts": 0, **dict.fromkeys(COUNTS, 0)})
            total["parts"] += 1
            for name in COUNTS:
                total[name] += getattr(part, name)

    def table(self) -> list[dict[str, Any]]:
        """One row per cyclic part, the most visited first, after one for all others."""
        rows = [{"way": way, "facilities": list(them), **total} for (way, them), total in self._parts.items()]
        return sorted(rows, key=lambda row: (bool(row["facilities"]), -row["visits"]))
