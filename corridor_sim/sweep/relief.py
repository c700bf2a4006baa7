"""Bottleneck relief: what ten per cent more capacity at one place gains, place by place, and where the queue moves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor_sim.analysis.comparison import paired_differences
from corridor_sim.foundation.errors import Problem, ResultError, ScenarioError
from corridor_sim.results.sweep_result import load_sweep
from corridor_sim.scenario.yaml_paths import find
from corridor_sim.sweep.file import Answer
from corridor_sim.sweep.load import Sweep
from corridor_sim.sweep.parameters import scaled
from corridor_sim.sweep.run import run_sweep, settled_base

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from corridor_sim.results.sweep_result import SweepResult
    from corridor_sim.scenario import Scenario

    Floats = npt.NDArray[np.float64]
    Changes = dict[str, object]

AS_IT_IS = "as it is"
"""Case that nothing is changed of."""
MORE = 0.10
"""Capacity that is added."""
KEPT = ("transit_mean_h", "throughput_t", "throughput_units", "queue_mean_n")
LEFT_OUT = ("route:background", "route:sea_reference")
"""Routes that are no corridor cargo."""
LEAST_T = 1.0
"""Cargo that waits more somewhere, t, from which on a queue is said to move."""
H_PER_DAY, H_PER_YEAR = 24.0, 8766.0


@dataclass(frozen=True, eq=False)
class Relief:
    """What relief gains.

    Attributes
    ----------
    table
        One row per place, the best first: place, name, days (gained by a tonne of corridor cargo on average),
        days_half (half of its 95 % interval, paired on common random numbers), tonnes_per_year, tonnes_half, route (the
        one that gains most), route_days, moves_to (place where surely more waits then), moves_t (how much more).
    sweep
        The runs behind it.
    """

    table: pd.DataFrame
    sweep: SweepResult


def run_relief(  # noqa: PLR0913  # one argument per choice
    scenario: Scenario,
    *,
    out: str | Path | None = None,
    replications: int | None = None,
    places: int | None = 40,
    more: float = MORE,
    workers: int = 1,
    resume: bool = False,
    replace: bool = False,
    progress: Callable[[int, int, int], None] | None = None,
) -> Relief:
    """Give every place some more capacity, one at a time, and see what that gains.

    Capacity means pace: times of service and occupancy get shorter, train paths more, trains on single track faster
    and closer, sailings larger, fleets and yards larger by whole units. Places are those where cargo waits in the
    scenario as it stands, and all lines with meets, sailings, fleets and yards.

    Parameters
    ----------
    scenario
        A loaded scenario.
    out
        Folder; ``results/relief-NAME`` by default. It is a sweep's store.
    replications
        Of every case; the scenario's own by default.
    places
        How many places at most, those with most cargo waiting; None for all places.
    more
        Share of capacity that is added.
    workers, resume, replace, progress
        As in `run_sweep`.

    Raises
    ------
    ScenarioError
        When the scenario carries no freight.
    ResultError
        When a folder is in the way.
    """
    if not scenario.flows:
        raise ScenarioError([Problem("flows", f"{scenario.name} carries no freight, whose places relief looks at")])
    folder = Path(out) if out is not None else Path("results") / f"relief-{scenario.name}"
    n = replications or scenario.run.replications
    scenario = settled_base(scenario, scenario.run.seed)
    cases = relief_cases(scenario, more)
    make = partial(_sweep_of, scenario, n, more)
    first = run_sweep(make({AS_IT_IS: {}}), out=folder, workers=workers, resume=resume, replace=replace)
    chosen = _chosen(first, cases, places)
    sweep = run_sweep(make({AS_IT_IS: {}} | chosen), out=folder, workers=workers, resume=True, progress=progress)
    relief = Relief(relief_table(sweep, scenario), sweep)
    try:
        relief.table.to_csv(folder / "relief.csv", index=False)
    except OSError as error:
        raise ResultError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return relief


def relief_cases(scenario: Scenario, more: float) -> dict[str, Changes]:
    """Return the changes that give each place more capacity, by its key."""
    tree, slower, faster = scenario.named_tree, 1.0 / (1.0 + more), 1.0 + more

    def times(path: str, factor: float) -> Changes:
        place = find(tree, path)
        return {} if place.rest else {path: scaled(place.node, factor)}

    cases: dict[str, Changes] = {}
    for key in scenario.queues:
        cases[key] = times(f"queues.{key}.service", slower) | times(f"queues.{key}.occupancy", slower)
    lines = {key for key, line in scenario.single_tracks.items() if line.meets}
    for key in scenario.train_paths:
        a, _, b = key.partition(">")
        if not {f"{a}-{b}", f"{b}-{a}"} & lines:
            cases[key] = times(f"train_paths.{key}.trains_per_day", faster)
    for key in sorted(lines):
        at = f"single_tracks.{key}"
        cases[key] = times(f"{at}.run_speed", faster) | times(f"{at}.run_speed_back", faster)
        cases[key] |= times(f"{at}.headway", slower) | times(f"{at}.working", slower)
    for key in scenario.services:
        cases[key] = times(f"services.{key}.capacity", faster)
    for key, pool in scenario.pools.items():
        more_units = {k: math.ceil(base.n * faster) for k, base in enumerate(pool.bases) if base.n}
        cases[key] = {f"pools.{key}.bases.{k}.n": n for k, n in more_units.items()}
    return cases


def _sweep_of(scenario: Scenario, n: int, more: float, cases: Mapping[str, Changes]) -> Sweep:
    """Make the sweep whose only parameter is which place is relieved."""
    return Sweep.of_options(
        scenario,
        "place",
        cases,
        name=f"relief-{scenario.name}",
        title=f"{scenario.name}: {100 * more:g} % more capacity, one place at a time",
        replications=n,
        kpis=[Answer(kpi=kpi) for kpi in KEPT],
    )


def _waiting_t(sweep: SweepResult, case: int = 0) -> pd.Series[float]:
    """Cargo waiting on average at each place, t."""
    number, load = _means(sweep, "queue_mean_n", case), _load_t(sweep)
    return (number * load.reindex(number.index)).fillna(0.0)


def _load_t(sweep: SweepResult) -> pd.Series[float]:
    """Mean load of what passes each place in the case that nothing is changed of, t."""
    units = _means(sweep, "throughput_units", 0)
    return _means(sweep, "throughput_t", 0).reindex(units.index) / units.where(units > 0)


def _means(sweep: SweepResult, kpi: str, case: int) -> pd.Series[float]:
    cube, subjects = _cube(sweep, kpi)
    with np.errstate(invalid="ignore"):
        there = ~np.isnan(cube[case]).all(axis=0)
    means: Any = np.nanmean(cube[case][:, there], axis=0)
    return pd.Series(means, index=[s for s, has_value in zip(subjects, there, strict=True) if has_value])


def _cube(sweep: SweepResult, kpi: str) -> tuple[Floats, list[str]]:
    """(n_cases, n_replications, n_subjects) of one KPI, and its subjects."""
    found = sweep.to_xarray(kpi=kpi).transpose("place", "replication", "kpi", "subject")
    return np.asarray(found.values[:, :, 0, :], dtype=np.float64), [str(s) for s in found["subject"].values]


def _chosen(first: SweepResult, cases: Mapping[str, Changes], places: int | None) -> dict[str, Changes]:
    """Cases to run: of places with queues those with most cargo waiting."""
    if places is None:
        return dict(cases)
    waiting = _waiting_t(first)
    waiting.index = [s.removeprefix("place:") for s in waiting.index]
    worst = waiting[waiting > 0].sort_values(ascending=False, kind="stable").index[:places]
    return {key: changes for key, changes in cases.items() if key in set(worst) or key not in waiting.index}


def relief_table(sweep: SweepResult, scenario: Scenario) -> pd.DataFrame:
    """Work out what every case gains over the first one, see `Relief`."""
    hours, flows = _cube(sweep, "transit_mean_h")
    tonnes, subjects = _cube(sweep, "throughput_t")
    run = scenario.run
    years = ((run.end - run.start).total_seconds() / 3600.0 - run.warm_up_h) / H_PER_YEAR
    whole = tonnes[:, :, subjects.index("all")] / years
    days = _days_of_all(hours, tonnes, flows, subjects, scenario)
    routes = [s for s in flows if s.startswith("route:") and "/" not in s and s not in LEFT_OUT]
    by_route = hours[:, :, [flows.index(r) for r in routes]] / H_PER_DAY
    number, places = _cube(sweep, "queue_mean_n")
    waiting = number * _load_t(sweep).reindex(places).to_numpy()
    rows = []
    for k, place in enumerate(sweep.cases["place"]):
        if k == 0 or np.isnan(days[k]).all():
            continue
        gain, more = _paired(days[k], days[0]), _paired(whole[0], whole[k])
        gains = np.nanmean(by_route[0] - by_route[k], axis=0)
        best = int(np.nanargmax(gains))
        to, to_t = _moved_to(waiting[0], waiting[k], places, str(place))
        rows.append(
            {
                "place": place,
                "name": place_name(scenario, str(place)),
                "days": gain[0],
                "days_half": gain[1],
                "tonnes_per_year": more[0],
                "tonnes_half": more[1],
                "route": routes[best].removeprefix("route:"),
                "route_days": float(gains[best]),
                "moves_to": to,
                "moves_t": to_t,
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values("days", ascending=False, ignore_index=True) if rows else table


def _days_of_all(
    hours: Floats, tonnes: Floats, flows: Sequence[str], subjects: Sequence[str], scenario: Scenario
) -> Floats:
    """(n_cases, n_replications) days of a tonne of corridor cargo, flows weighted as in the first case.

    Weights stay, so that a case is not faster for carrying less of what takes long.
    """
    own = [
        key
        for key, flow in scenario.flows.items()
        if flow.counts_in and f"flow:{key}" in flows and f"flow:{key}" in subjects
    ] or [s.removeprefix("flow:") for s in flows if s.startswith("flow:")]
    columns = [flows.index(f"flow:{key}") for key in own]
    weights = tonnes[0][:, [subjects.index(f"flow:{key}") for key in own]]
    known = ~np.isnan(hours[:, :, columns]).any(axis=0)  # a flow that one case has no value of counts in none
    w = np.where(known, np.nan_to_num(weights), 0.0)
    total = np.where(known, np.nan_to_num(hours[:, :, columns]) * w, 0.0).sum(axis=2)
    return np.asarray(total / w.sum(axis=1) / H_PER_DAY, dtype=np.float64)


def _paired(reference: Floats, case: Floats) -> tuple[float, float]:
    """Mean of case - reference, and half of its interval."""
    found = paired_differences(reference[:, None], case[:, None])
    return float(found["difference"][0]), float((found["ci_high"][0] - found["ci_low"][0]) / 2)


def _moved_to(before: Floats, after: Floats, subjects: Sequence[str], relieved: str) -> tuple[str, float]:
    """Place where surely more cargo waits than before, the most, t; an empty text where there is none."""
    found = paired_differences(before, after)
    more = np.where(found["differs"].astype(bool) & (found["difference"] > 0), found["difference"], 0.0)
    more[[s == f"place:{relieved}" for s in subjects]] = 0.0
    k = int(np.argmax(more))
    return (subjects[k].removeprefix("place:"), float(more[k])) if more[k] >= LEAST_T else ("", 0.0)


def place_name(scenario: Scenario, key: str) -> str:
    """Name of a place in words."""
    if key in scenario.queues:
        return scenario.queues[key].name
    if key in scenario.pools:
        return str(scenario.pools[key].name)
    if key in scenario.services:
        return f"sailings {key}"
    a, sign, b = key.partition(">")
    return f"train paths {a} to {b}" if sign else f"single track {key.replace('-', ' - ')}"


def load_relief(folder: str | Path) -> Relief:
    """Open what was written by `run_relief`."""
    path = Path(folder)
    try:
        table: Any = pd.read_csv(path / "relief.csv", keep_default_na=False)
    except OSError as error:
        raise ResultError(f"{path}: holds no relief") from error
    return Relief(table, load_sweep(path))
