"""Probes: the scenario run with other values of its uncertain numbers, many times, on the same random numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.analysis.calibration import with_calibration
from corridor_sim.analysis.money_and_carbon import with_money_and_carbon
from corridor_sim.blocks import lanes_at_once, run_lanes
from corridor_sim.compiler import compile_plan
from corridor_sim.engines.protocol import refuse_unsupported
from corridor_sim.engines.registry import get_engine
from corridor_sim.network import load_network
from corridor_sim.results.collect import Collector
from corridor_sim.scenario.uncertain import with_values
from corridor_sim.workers import run_jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from corridor_sim.network import Network
    from corridor_sim.results import RunResult
    from corridor_sim.scenario import Scenario
    from corridor_sim.scenario.uncertain import Uncertain

    Floats = npt.NDArray[np.float64]
    Progress = Callable[[int, int], None]

CASES_OF_A_JOB = 4
"""Cases that a worker is given at once: few, so that the last ones end together."""


@dataclass(frozen=True)
class Probe:
    """Some cases for a worker; plain data."""

    first: int
    """Number of the first case."""
    scenario: Scenario
    cases: tuple[Mapping[str, float], ...]
    """Values by path, case by case."""
    replications: int
    seed: int
    wanted: tuple[tuple[str, str], ...] | None
    """KPI and subject of what is read; None: the calibration targets instead."""


def run_case(scenario: Scenario, replications: int, seed: int, network: Network | None = None) -> RunResult:
    """Run a scenario for its numbers alone: no manifest, no text, no pipeline."""
    network = _network() if network is None else network
    plan = compile_plan(scenario, network=network)
    engine = get_engine(scenario.run.engine)
    refuse_unsupported(engine, plan)
    collector = Collector(plan)
    at_once = lanes_at_once(plan, engine, replications, 1, max_memory_mib=None, chunk=None)
    for first in range(0, replications, at_once):
        lanes = range(first, min(first + at_once, replications))
        collector.add(run_lanes(plan, engine.name, seed, lanes))
    result = with_calibration(collector.result({}), scenario, plan)
    return with_money_and_carbon(result, scenario, plan, network)


def run_probes(
    scenario: Scenario,
    cases: Sequence[Mapping[str, float]],
    *,
    replications: int,
    seed: int,
    wanted: Sequence[tuple[str, str]] | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Floats:
    """Run cases and return what was asked of each; the numbers do not depend on the workers.

    Returns
    -------
    (n_cases, n_replications, n_wanted) array
        KPIs over the whole measured time; without ``wanted`` (n_cases, 1, n_targets), what is compared of each target.
    """
    asked = None if wanted is None else tuple(wanted)
    jobs = [
        Probe(k, scenario, tuple(cases[k : k + CASES_OF_A_JOB]), replications, seed, asked)
        for k in range(0, len(cases), CASES_OF_A_JOB)
    ]
    found: dict[int, Floats] = {}
    done = 0
    for first, values in run_jobs(_run_probe, jobs, workers):
        found[first] = values
        done += len(values)
        if progress is not None:
            progress(done, len(cases))
    return np.concatenate([found[first] for first in sorted(found)])


def as_changes(numbers: Sequence[Uncertain], points: Floats) -> list[dict[str, float]]:
    """Values by path of points in the unit cube, (n_cases, n_numbers)."""
    return [
        {path: number.at(float(u)) for number, u in zip(numbers, point, strict=True) for path in number.paths}
        for point in points
    ]


def _run_probe(probe: Probe) -> tuple[int, Floats]:
    return probe.first, np.stack(list(_values(probe)))


def _values(probe: Probe) -> Iterator[Floats]:
    from corridor_sim.analysis.calibration import STATISTIC

    for values in probe.cases:
        result = run_case(with_values(probe.scenario, values), probe.replications, probe.seed)
        if probe.wanted is not None:
            yield kpi_columns(result, probe.wanted)
            continue
        table = result.calibration
        assert table is not None  # noqa: S101  # the caller has checked that there are targets
        rows = zip(table["statistic"], table[["mean", "p50"]].to_dict("records"), strict=True)
        yield np.array([[row[STATISTIC[str(statistic)]] for statistic, row in rows]], dtype=np.float64)


def kpi_columns(result: RunResult, wanted: Sequence[tuple[str, str]]) -> Floats:
    """Return (n_replications, n_wanted) values of KPIs over the whole measured time; nan where there are none."""
    labels = result.labels
    whole = labels[labels["period"] == "all"]
    column = {(str(kpi), str(s)): k for k, kpi, s in zip(whole.index, whole["kpi"], whole["subject"], strict=True)}
    n = result.values.shape[0]
    missing = np.full(n, np.nan)
    return np.column_stack([result.values[:, column[w]] if w in column else missing for w in wanted])


@cache
def _network() -> Network:
    return load_network()
