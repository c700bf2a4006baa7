"""Run a sweep: cases to a runner, outcomes to the store, all of it resumable."""

from __future__ import annotations

import hashlib
import shutil
import time
from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridor_sim.analysis.sensitivity import require_salib
from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.errors import EngineError, Problem, ProblemList, ScenarioError, nearest
from corridor_sim.foundation.time_axis import ALL
from corridor_sim.results.sweep_answers import shown_factor
from corridor_sim.results.sweep_folder import KIND, finished_replications, read_failures, read_manifest, read_parts
from corridor_sim.results.sweep_result import POINT, SweepResult, load_sweep
from corridor_sim.scenario.quantities import Quantity
from corridor_sim.scenario.variants import Variants
from corridor_sim.sweep.case_lanes import CaseLanes
from corridor_sim.sweep.cases import model_version
from corridor_sim.sweep.designs import kind_of
from corridor_sim.sweep.file import Until
from corridor_sim.sweep.kept import Kept, fineness
from corridor_sim.sweep.load import Sweep, load_sweep_file
from corridor_sim.sweep.precision import enough, shortfall
from corridor_sim.sweep.runners import InProcess, Processes
from corridor_sim.sweep.store import Store
from corridor_sim.sweep.worker import Setup, Task

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence

    from corridor_sim.scenario import Scenario
    from corridor_sim.sweep.cases import Case
    from corridor_sim.sweep.file import Precision
    from corridor_sim.sweep.kept import Label
    from corridor_sim.sweep.parameters import Value
    from corridor_sim.sweep.runners import Runner
    from corridor_sim.sweep.worker import Outcome

    Progress = Callable[[int, int, int], None]


def run_sweep(  # noqa: PLR0913  # one argument per choice
    path: str | os.PathLike[str] | Sweep,
    *,
    out: str | os.PathLike[str] | None = None,
    workers: int = 1,
    dask: str | None = None,
    resume: bool = False,
    replace: bool = False,
    recompute: bool = False,
    yes: bool = False,
    fail_fast: bool = False,
    progress: Progress | None = None,
) -> SweepResult:
    """Run a sweep file and return its result; what is finished is in the store at once.

    Parameters
    ----------
    path
        The sweep file, the name of a shipped one, or a sweep that was loaded before.
    out
        Folder of the store; ``results/sweeps/NAME`` by default.
    workers
        Processes, on this machine or of a local Dask cluster. The numbers do not depend on it.
    dask
        Address of a Dask scheduler to run on, or ``local`` for a cluster of this machine.
    resume
        Go on in a store that is there: run what is missing or has failed.
    replace
        Begin anew where a store is.
    recompute
        When going on, compute everything anew if the version of the model has changed.
    yes
        Run more cases than the file's `max_cases`, too.
    fail_fast
        Stop at the first case that fails.
    progress
        Called with (cases done, cases in all, cases failed).

    Raises
    ------
    ScenarioError
        When the sweep file, its base or a value cannot be used; nothing was run.
    ResultError
        When the store is another sweep's, or cannot be written.
    EngineError
        At the first failed case, with ``fail_fast``.
    """
    sweep = path if isinstance(path, Sweep) else load_sweep_file(path)
    folder = Path(out) if out is not None else Path("results") / "sweeps" / sweep.file.name
    _check_size(sweep, yes=yes)
    sweep = replace_fields(sweep, variants=Variants(settled_base(sweep.variants.base, sweep.seed)))
    if kind_of(sweep.file.design) in {"morris", "saltelli"}:
        require_salib()
    setup = _setup(sweep, workers)
    _check_kpis(sweep, setup)
    manifest = _manifest(sweep)
    if replace:
        _remove(folder)
    store = _opened(folder, manifest, sweep, resume=resume, recompute=recompute)
    try:
        cases = list(sweep.cases())
        store.write_cases(_case_table(cases))
        tasks = _missing(cases, setup, folder)
        store.drop_failures(task.case_id for task in tasks)
        tally = _Tally(len(cases), len(cases) - len(tasks), progress)
        runner = _runner(workers, dask, len(tasks))
        _run(runner, setup, tasks, store, tally, fail_fast=fail_fast)
    finally:
        store.close()
    _finish(store, manifest, tally, folder, setup.precision)
    return load_sweep(folder)


def _check_size(sweep: Sweep, *, yes: bool) -> None:
    n, limit = sweep.n_cases, sweep.file.max_cases
    if n > limit and not yes:
        text = f"the design has {n:,} cases of up to {sweep.at_most} replications, more than max_cases, {limit:,}"
        raise ScenarioError([Problem("design", text, hint="confirm with --yes")])


def settled_base(base: Scenario, seed: int) -> Scenario:
    """Give a base whose warm-up is `auto` the one that it needs; all cases are then measured over the same time."""
    from corridor_sim.simulation import settled

    scenario, found = settled(base, seed=seed)
    return Variants(base).make({"run.warm_up": f"{scenario.run.warm_up_h:g} h"}).scenario if found else base


def _setup(sweep: Sweep, workers: int) -> Setup:
    asked = sweep.file.replications
    precision = asked.precision if isinstance(asked, Until) else None
    engine = get_engine(sweep.variants.base.run.engine).name
    digest = hashlib.sha256(f"{sweep.text} {sweep.variants.base.digest} {workers}".encode()).hexdigest()
    return Setup(sweep.variants.base, Kept.of(sweep.file), engine, sweep.at_most, precision, workers, digest)


def _known_kpis(sweep: Sweep, setup: Setup) -> tuple[Label, ...]:
    """KPIs that a case will have, from two days of the base scenario."""
    from corridor_sim.compiler import compile_plan
    from corridor_sim.network import load_network

    base, network = sweep.variants.base, load_network()
    end = min(base.run.end, base.run.start + pd.Timedelta(days=2))
    days = base.run.model_copy(update={"end": end, "warm_up": Quantity(0.0, "h")})
    gas = None if base.gas is None else base.gas.model_copy(update={"deliveries": {}})  # they take years
    short = base.model_copy(update={"run": days, "gas": gas})
    plan = compile_plan(short, network=network)
    return CaseLanes(short, plan, network, setup.engine, sweep.seed, Kept(periods="months")).run([0])[0]


def _check_kpis(sweep: Sweep, setup: Setup) -> None:
    """Check that the KPIs asked for exist, in the periods asked for, and can be shown in their units."""
    if setup.kept.kpis is None and setup.precision is None:
        return
    labels, problems = _known_kpis(sweep, setup), ProblemList()
    asked = [(f"kpis.{k}", a.kpi, a.subject, a.period) for k, a in enumerate(setup.kept.kpis or ())]
    if setup.precision is not None:
        p = setup.precision
        asked.append(("replications.precision", p.kpi, p.subject, ALL))
        if not setup.kept.has(p.kpi, p.subject, ALL):
            problems.add("replications.precision", f"{p.kpi} of {p.subject} is not among the KPIs that are kept")
    periods = _periods(sweep)
    for where, kpi, subject, period in asked:
        _check_kpi(where, kpi, subject, period, labels, periods, problems)
    units = {label.kpi: label.unit for label in labels}
    for k, a in enumerate(setup.kept.kpis or ()):
        try:
            shown_factor(units.get(a.kpi, ""), str(a.unit))
        except ValueError as error:
            problems.add(f"kpis.{k}.unit", str(error))
    problems.raise_if_any(ScenarioError)


def _periods(sweep: Sweep) -> list[str]:
    """Names of the periods of the base's measured time."""
    return [p.name for p in sweep.variants.base.run.time_axis.periods()]


def _check_kpi(
    where: str,
    kpi: str,
    subject: str | None,
    period: str,
    labels: Sequence[Label],
    periods: Sequence[str],
    problems: ProblemList,
) -> None:
    """Check one KPI; the periods known are those of two days, so only their kind is compared."""
    known: dict[str, dict[str, set[int]]] = {}
    for label in labels:
        known.setdefault(label.kpi, {}).setdefault(label.subject, set()).add(fineness(label.period))
    if kpi not in known:
        hint = nearest(kpi, known) or f"KPIs are {', '.join(known)}"
        problems.add(f"{where}.kpi", f"there is no KPI '{kpi}'", hint=hint)
        return
    if subject is not None and subject not in known[kpi]:
        hint = nearest(subject, known[kpi]) or f"subjects are {', '.join([*known[kpi]][:12])}, ..."
        problems.add(f"{where}.subject", f"{kpi} has no subject '{subject}'", hint=hint)
        return
    if period not in periods:
        hint = f"{ALL}, or a year or month of the measured time, {periods[1]} to {periods[-1]}"
        problems.add(f"{where}.period", f"there is no period '{period}'", hint=nearest(period, periods) or hint)
    elif not any(fineness(period) in of_one for of_one in known[kpi].values()):
        kind = "by year" if fineness(period) == 1 else "by month"
        problems.add(f"{where}.period", f"{kpi} is not known {kind}", hint=f"leave period out, or: {ALL}")


def _manifest(sweep: Sweep) -> dict[str, Any]:
    from corridor_sim.simulation import versions

    file = sweep.file
    kpis: Any = file.kpis if file.kpis == "all" else [a.model_dump(exclude_defaults=True) for a in file.kpis]
    return {
        "kind": KIND,
        "name": file.name,
        "title": str(file.title),
        "base": sweep.variants.base.name,
        "base_digest": sweep.variants.base.digest,
        "parameters": [
            {
                "id": p.id,
                "name": p.name,
                "unit": p.unit,
                "scale": p.scale,
                "levels": list(p.levels),
                "paths": list(p.paths),
                "distribution": None if p.spread is None else p.spread.model_dump(exclude_none=True),
            }
            for p in sweep.parameters
        ],
        "design": kind_of(file.design),
        "design_options": None if isinstance(file.design, str) else file.design.model_dump(exclude_none=True),
        "n_cases": sweep.n_cases,
        "replications": file.replications if isinstance(file.replications, int) else file.replications.model_dump(),
        "seed": sweep.seed,
        "common_random_numbers": file.common_random_numbers,
        "kpis": kpis,
        "periods": file.periods,
        "model_version": model_version(),
        "versions": versions(),
        "complete": False,
    }


def _remove(folder: Path) -> None:
    """Remove a store; anything else that is in the way stays, and is refused later."""
    if not folder.exists():
        return
    read_manifest(folder)
    shutil.rmtree(folder)


def _opened(folder: Path, manifest: dict[str, Any], sweep: Sweep, *, resume: bool, recompute: bool) -> Store:
    if resume and folder.exists():
        return Store.resume(folder, manifest, recompute=recompute)
    files = {"sweep.yaml": sweep.text, "scenario.resolved.yaml": sweep.variants.base.resolved_yaml()}
    return Store.create(folder, manifest, files)


def _case_table(cases: Sequence[Case]) -> pd.DataFrame:
    head = {"case": [c.number for c in cases], "case_id": [c.id for c in cases], "seed": [c.seed for c in cases]}
    names = list(cases[0].values)
    values = {name: _column([c.values[name] for c in cases]) for name in names}
    places = {f"{POINT}{name}": [c.point[k] for c in cases] for k, name in enumerate(names) if cases[0].point}
    return pd.DataFrame(head | values | places)


def _column(values: list[Value]) -> list[Value]:
    """Values of a parameter as a column of one type: all as text where one is."""
    return list(map(str, values)) if any(isinstance(v, str) for v in values) else values


def _missing(cases: Sequence[Case], setup: Setup, folder: Path) -> list[Task]:
    """Tasks for what the store does not hold; cases of the same content are run once."""
    there = finished_replications(folder)
    known = _known_values(folder, setup.precision)
    tasks: dict[str, Task] = {}
    for case in cases:
        have = there.get(case.id, set())
        values: tuple[float, ...] = ()
        todo = tuple(r for r in range(setup.replications) if r not in have)
        if setup.precision is not None and have:
            values = known.get(case.id, ())
            todo = () if enough(values, setup.precision) else todo
        if todo:
            tasks.setdefault(case.id, Task(case.number, case.id, case.changes, case.seed, todo, values))
    return list(tasks.values())


def _known_values(folder: Path, precision: Precision | None) -> dict[str, tuple[float, ...]]:
    """Values of the KPI of the precision by case, in the order of replications."""
    if precision is None:
        return {}
    rows = read_parts(
        folder, ["case_id", "replication", "value"], kpi=precision.kpi, subject=precision.subject, period=ALL
    )
    rows = rows.sort_values("replication")
    return {str(i): tuple(group["value"]) for i, group in rows.groupby("case_id", observed=True)}


def _runner(workers: int, dask: str | None, n_tasks: int) -> Runner:
    if dask is not None:
        from corridor_sim.sweep.dask_runner import DaskRunner

        return DaskRunner(None if dask == "local" else dask, workers)
    return InProcess() if workers == 1 or n_tasks < 2 else Processes(min(workers, n_tasks))


@dataclass
class _Tally:
    """Counts of a sweep while it is run."""

    n_cases: int
    done: int
    progress: Progress | None
    failed: int = 0
    computed: int = 0
    core_s: float = 0.0
    other_s: float = 0.0
    began: float = field(default_factory=time.perf_counter)

    def add(self, outcome: Outcome) -> None:
        """Count an outcome."""
        self.done += 1
        self.failed += bool(outcome.error)
        self.computed += not outcome.error
        self.core_s += outcome.core_s
        self.other_s += outcome.other_s
        self.tell()

    def tell(self) -> None:
        """Report how far it has got."""
        if self.progress is not None:
            self.progress(self.done, self.n_cases, self.failed)

    def counts(self) -> dict[str, Any]:
        """Return what the manifest says of the work."""
        n = max(self.computed, 1)
        return {
            "cases_computed": self.computed,
            "cases_failed": self.failed,
            "wall_s": round(time.perf_counter() - self.began, 3),
            "core_s_per_case": round(self.core_s / n, 4),
            "other_s_per_case": round(self.other_s / n, 4),
        }


def _run(runner: Runner, setup: Setup, tasks: Iterable[Task], store: Store, tally: _Tally, *, fail_fast: bool) -> None:
    tally.tell()
    for outcome in runner.run(setup, tasks):
        store.add(outcome)
        tally.add(outcome)
        if outcome.error and fail_fast:
            raise EngineError(f"case {outcome.number} failed: {outcome.error}; its traceback is in failures.jsonl")


def _finish(store: Store, manifest: dict[str, Any], tally: _Tally, folder: Path, precision: Precision | None) -> None:
    short = {} if precision is None else _short_of(folder, precision)
    n_failed = len(read_failures(folder))
    store.write_manifest({**manifest, **tally.counts(), "complete": n_failed == 0, "precision_missed": short})


def _short_of(folder: Path, precision: Precision) -> dict[str, str]:
    """Sentences on the cases whose precision was not reached, by case id."""
    values = _known_values(folder, precision)
    found = {case_id: shortfall(own, precision) for case_id, own in values.items()}
    return {case_id: text for case_id, text in found.items() if text}
