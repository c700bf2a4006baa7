"""What a run takes of the machine: memory, workers; and how soon it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_sim.bench.figures import Figure, skipped
from corridor_sim.bench.memory import peak_mib
from corridor_sim.bench.sides import BOTH, REFERENCE, VECTOR, Side
from corridor_sim.bench.timing import time_in_turn
from corridor_sim.bench.workloads import BASELINE, SHORT_END, baseline, baseline_changes, network
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corridor_sim.bench.scale import Scale
    from corridor_sim.bench.workloads import Workload

MANY_LANES = 10_000
MOST_MIB = 1024.0
SPEED_UP = 1.8
START_S = {"--help": 0.4, "import corridor_sim": 0.4, "validate": 1.0, "run": 60.0}
"""Targets: a few tenths of a second; under a second; well under a minute."""
COMMAND = "import sys; from corridor_sim.cli.app import main; main(sys.argv[1:])"


def measure_memory(scale: Scale) -> Iterator[Figure]:
    """Peak memory of runs of the baseline, each in a process of its own; it must not grow with the lanes."""
    workload = baseline(short=scale.is_quick)
    for engine in BOTH:
        block = Side(engine, workload, scale).block
        sizes = (4 * block, 20 * block) if engine != REFERENCE else (1, 3)
        peaks = [peak_mib(run_baseline, engine, n, scale.is_quick) for n in sizes]
        for n, peak in zip(sizes, peaks, strict=True):
            target = MOST_MIB if engine != REFERENCE and n == sizes[-1] else None
            yield Figure("memory", f"baseline, {engine}", f"{workload.size} x {n}", peak, "MiB", target)


def measure_many_lanes(scale: Scale) -> Iterator[Figure]:
    """Peak memory of 10,000 lanes of the baseline, run in full: minutes; not part of the default groups."""
    workload = baseline(short=scale.is_quick)
    peak = peak_mib(run_baseline, VECTOR, MANY_LANES, scale.is_quick)
    yield Figure("many-lanes", "baseline, vector", f"{workload.size} x {MANY_LANES}", peak, "MiB", MOST_MIB)


def run_baseline(engine: str, replications: int, is_short: bool, workers: int = 1) -> None:
    """Run the baseline as a user does; what the other processes run."""
    scenario = load_scenario(BASELINE, overrides=baseline_changes(short=is_short))
    simulate(scenario, engine=engine, replications=replications, workers=workers, network=network())


def measure_workers(scale: Scale) -> Iterator[Figure]:
    """How many times faster two workers are than one, their start included."""
    if (os.cpu_count() or 1) < 2:
        yield skipped("workers", "two workers", "needs two cores")
        return
    workload = baseline(short=scale.is_quick)
    for engine in BOTH:
        n = _lanes_for(engine, workload, scale)
        work: dict[str, Callable[[], object]] = {
            str(k): partial(run_baseline, engine, n, scale.is_quick, workers=k) for k in (1, 2)
        }
        timed = time_in_turn(work, scale.long_repeats, warm_up=False)
        size = f"{workload.size}, about {scale.worker_s:g} s"
        speed_up = timed.ratio("1", "2")
        yield Figure("workers", f"baseline, {engine}, two workers", size, speed_up, "times one", SPEED_UP, "higher")


def _lanes_for(engine: str, workload: Workload, scale: Scale) -> int:
    """Return how many lanes one worker runs in about the time that is wanted; an even number of blocks."""
    block = Side(engine, workload, scale).block
    run = partial(run_baseline, engine, block, scale.is_quick)
    seconds = time_in_turn({"it": run}, 1, warm_up=False).median_s("it")
    return 2 * block * max(1, round(scale.worker_s / seconds / 2))


def measure_start(scale: Scale) -> Iterator[Figure]:
    """How long commands take from a fresh interpreter, as a user waits for them."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out")
        short = ["--set", f"run.end={SHORT_END}", "--set", "run.warm_up=10 d", "--replications", "2"]
        work = {
            "import corridor_sim": partial(_fresh, "import corridor_sim"),
            "--help": partial(_fresh, COMMAND, "--help"),
            "validate": partial(_fresh, COMMAND, "validate", BASELINE),
        }
        timed = time_in_turn(work, scale.repeats)
        for what in work:
            yield Figure("start", what, _of(what), timed.median_s(what), "s", START_S[what])
        run = partial(_fresh, COMMAND, "run", BASELINE, "--out", out, "-q", *(short if scale.is_quick else ()))
        seconds = time_in_turn({"run": run}, 1, warm_up=False).median_s("run")
        size = "2 months x 2" if scale.is_quick else f"as shipped x {load_scenario(BASELINE).run.replications}"
        yield Figure("start", "run baseline, with figures", size, seconds, "s", START_S["run"])


def _of(what: str) -> str:
    return BASELINE if what == "validate" else ""


def _fresh(code: str, *arguments: str) -> None:
    """Run code in a fresh interpreter."""
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)  # noqa: S603
