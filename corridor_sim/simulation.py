"""Run a scenario: compile it, draw and run its lanes, reduce them, put the result together."""

from __future__ import annotations

import multiprocessing
import platform
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from corridor_sim.engines.protocol import refuse_unsupported
from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.errors import EngineError
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from corridor_sim.results.reductions import reduce_lanes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from corridor_sim.network import Network
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results import RunResult
    from corridor_sim.results.reductions import LanesSummary
    from corridor_sim.scenario import Scenario

    Progress = Callable[[int, int], None]

PACKAGES = ("corridor-sim", "simpy", "numpy", "pandas", "geopandas", "shapely", "matplotlib", "pyarrow", "pydantic")


@dataclass(frozen=True)
class _Job:
    """One lane to run; sent to worker processes, so it holds plain data only."""

    plan: Plan
    engine: str
    seed: int
    replication: int
    keep_trace: bool


def simulate(
    scenario: Scenario,
    *,
    engine: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    trace: bool = False,
    progress: Progress | None = None,
    network: Network | None = None,
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
    progress
        Called with (lanes done, lanes in all) as lanes finish.
    network
        The network to run on; the shipped one by default.

    Raises
    ------
    ScenarioError
        When the scenario does not fit the network.
    EngineError
        When a lane fails, or a worker process dies.
    """
    from corridor_sim.analysis.calibration import with_calibration
    from corridor_sim.compiler import compile_plan
    from corridor_sim.results.collect import collect

    began = time.perf_counter()
    chosen = engine or scenario.run.engine
    plan = compile_plan(scenario, network=network)
    runner = get_engine(chosen)
    refuse_unsupported(runner, plan)
    seed = scenario.run.seed if seed is None else seed
    n = scenario.run.replications if replications is None else replications
    if n < 1:
        raise ValueError(f"replications must be at least 1, not {n}")
    jobs = [_Job(plan, runner.name, seed, r, trace) for r in range(n)]
    ran = time.perf_counter()
    lanes: list[LanesSummary] = []
    traces: dict[int, pd.DataFrame] = {}
    for done, (lane, events) in enumerate(_run_all(jobs, workers), start=1):
        lanes.append(lane)
        if events is not None:
            traces[lane.replications[0]] = events
        if progress is not None:
            progress(done, n)
    wall_s = time.perf_counter() - ran
    manifest = {
        **_what_was_run(scenario, plan),
        "engine": runner.name,
        "engine_asked": chosen,
        "seed": seed,
        "replications": n,
        "workers": workers,
        "set_up_s": round(ran - began, 3),
        "wall_s": round(wall_s, 3),
        "stage_events": sum(int(lane.n_events.sum()) for lane in lanes),
        "queue_events": sum(int(lane.n_queue_events.sum()) for lane in lanes),
        "stage_events_per_s": round(sum(int(lane.n_events.sum()) for lane in lanes) / wall_s),
        "python": platform.python_version(),
        "versions": _versions(),
    }
    result = collect(plan, lanes, manifest, trace=_join(traces), scenario_yaml=scenario.resolved_yaml())
    return with_calibration(result, scenario, plan)


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


def run_lane(job: _Job) -> tuple[LanesSummary, pd.DataFrame | None]:
    """Draw, run and reduce one lane."""
    lanes = draw_lanes(job.plan, RandomStreams(job.seed), [job.replication])
    events = get_engine(job.engine).run(job.plan, lanes)
    summary = reduce_lanes(job.plan, lanes, events)
    if not job.keep_trace:
        return summary, None
    from corridor_sim.results.trace import trace_table

    return summary, trace_table(job.plan, lanes.lane(job.plan, 0), events.lane(job.plan, lanes, 0))


def _run_all(jobs: list[_Job], workers: int) -> Iterator[tuple[LanesSummary, pd.DataFrame | None]]:
    """Run the lanes, in this process or in several, as they finish."""
    if workers <= 1 or len(jobs) == 1:
        yield from map(run_lane, jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=context) as pool:
        waiting = {pool.submit(run_lane, job) for job in jobs}
        has_begun = False
        try:
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
                    has_begun = True
        except BrokenProcessPool as error:
            reason = "a worker process died (killed, or out of memory); run again with fewer workers"
            if not has_begun:
                reason += "; a script that uses more than one needs if __name__ == '__main__':"
            raise EngineError(reason) from error
        except (KeyboardInterrupt, GeneratorExit):
            for child in multiprocessing.active_children():
                child.terminate()  # a lane takes seconds, and nobody waits for it any more
            raise
        finally:
            for future in waiting:
                future.cancel()


def _join(traces: dict[int, pd.DataFrame]) -> pd.DataFrame | None:
    if not traces:
        return None
    import pandas as pd

    return pd.concat([traces[r] for r in sorted(traces)], ignore_index=True)


def _versions() -> dict[str, Any]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
