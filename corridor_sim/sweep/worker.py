"""What a worker does: it is told the sweep once, keeps base and network, and turns cases into tables of KPIs."""

from __future__ import annotations

import os
import socket
import time
import traceback
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.compiler import compile_plan
from corridor_sim.compiler.recompile import recompile
from corridor_sim.drawn import DrawnLanes
from corridor_sim.foundation.errors import CorridorSimError
from corridor_sim.foundation.time_axis import ALL
from corridor_sim.network import load_network
from corridor_sim.scenario.variants import Variants
from corridor_sim.sweep.case_lanes import CaseLanes
from corridor_sim.sweep.precision import enough

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from corridor_sim.network import Network
    from corridor_sim.plan.plan import Plan
    from corridor_sim.scenario import Scenario
    from corridor_sim.sweep.file import Precision
    from corridor_sim.sweep.kept import Kept, Label

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Setup:
    """What every worker is told once."""

    base: Scenario
    kept: Kept
    """KPIs that are kept."""
    engine: str
    replications: int
    """Of every case; with a precision, at most."""
    precision: Precision | None
    workers: int
    digest: str
    """Tells one sweep from another."""


@dataclass(frozen=True)
class Task:
    """One case to run, or what is missing of it."""

    number: int
    case_id: str
    changes: Mapping[str, object]
    seed: int
    replications: tuple[int, ...]
    """Replications to run; with a precision, those that may be run."""
    known: tuple[float, ...] = ()
    """Values of the KPI of the precision in the replications that are there already."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What comes back of a case: its KPIs, or why there are none."""

    number: int
    case_id: str
    worker: str
    replications: tuple[int, ...] = ()
    labels: tuple[Label, ...] = ()
    """What every column of ``values`` is."""
    values: Floats = field(default_factory=lambda: np.empty((0, 0)))
    """(n_replications, n_kpis) nan where a replication has no value."""
    error: str = ""
    """Last line of what went wrong; empty when nothing did."""
    trace: str = ""
    """All of it."""
    core_s: float = 0.0
    """Time in the engine, draws and reductions included."""
    other_s: float = 0.0
    """Time for all else: scenario, plan, choice of KPIs."""


class Bench:
    """A worker's place: base scenario and network are kept from case to case."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.variants = Variants(setup.base)
        self.network: Network = load_network()
        self.base_plan = compile_plan(setup.base, network=self.network)
        self.drawn = DrawnLanes()

    def run(self, task: Task) -> Outcome:
        """Run a case; an error is part of the outcome."""
        began = time.perf_counter()
        try:
            return self._run(task, began)
        except (CorridorSimError, ValueError, ArithmeticError, LookupError, MemoryError) as error:
            lines = str(error).splitlines() or [""]
            text = f"{type(error).__name__}: {lines[0]}"
            return Outcome(task.number, task.case_id, worker_name(), error=text, trace=traceback.format_exc())

    def plan(self, changes: Mapping[str, object]) -> tuple[Scenario, Plan]:
        """Make the scenario of a case, and compile it."""
        scenario = self.variants.make(changes).scenario
        return scenario, recompile(self.base_plan, scenario, changes, network=self.network)

    def _run(self, task: Task, began: float) -> Outcome:
        setup = self.setup
        scenario, plan = self.plan(task.changes)
        case = CaseLanes(scenario, plan, self.network, setup.engine, task.seed, setup.kept, self.drawn)
        at_once = case.at_once(len(task.replications), setup.workers)
        parts: list[Floats] = []
        labels: tuple[Label, ...] = ()
        known, todo = list(task.known), list(task.replications)
        while todo and not (setup.precision is not None and enough(known, setup.precision)):
            batch = todo[: self._batch(len(known), at_once)]
            labels, values = case.run(batch)
            if setup.precision is not None:
                known += values[:, _column(labels, setup.precision)].tolist()
            parts.append(values)
            todo = todo[len(batch) :]
        done = task.replications[: sum(len(p) for p in parts)]
        values = np.concatenate(parts) if parts else np.empty((0, 0))
        other_s = time.perf_counter() - began - case.core_s
        return Outcome(
            task.number, task.case_id, worker_name(), done, labels, values, core_s=case.core_s, other_s=other_s
        )  # fmt: skip

    def _batch(self, n_known: int, at_once: int) -> int:
        """Replications to run next; with a precision, one round of them."""
        precision = self.setup.precision
        if precision is None:
            return at_once
        return max(precision.at_least - n_known, 1) if n_known < precision.at_least else precision.at_least


def _column(labels: Sequence[Label], precision: Precision) -> int:
    asked = precision.kpi, precision.subject, ALL
    return next(k for k, label in enumerate(labels) if label[:3] == asked)


@cache
def worker_name() -> str:
    """Name of this process among all workers on all machines."""
    return f"{socket.gethostname()}-{os.getpid()}"


_BENCHES: dict[str, Bench] = {}


def run_task(setup: Setup, task: Task) -> Outcome:
    """Run a task at this process's bench, which is set up when a sweep's first task comes."""
    if setup.digest not in _BENCHES:
        _BENCHES.clear()
        _BENCHES[setup.digest] = Bench(setup)
    return _BENCHES[setup.digest].run(task)


def bench_of(setup: Setup) -> Any:
    """Set up this process's bench before the first task comes."""
    _BENCHES.clear()
    _BENCHES[setup.digest] = Bench(setup)
    return _BENCHES[setup.digest]
