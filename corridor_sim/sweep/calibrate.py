"""Calibration of a scenario: uncertain numbers fitted within their ranges to what its calibration section observed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from corridor_sim.analysis.calibration import OVER_TRIPS, STATISTIC
from corridor_sim.analysis.fitting import fit, scaled_misses
from corridor_sim.analysis.spread import LEAST_CASES, share_out
from corridor_sim.foundation.errors import Problem, ScenarioError
from corridor_sim.foundation.units import split_quantity
from corridor_sim.scenario.distributions import Distribution
from corridor_sim.scenario.quantities import Quantity
from corridor_sim.scenario.uncertain import chosen_numbers, uncertain_numbers, value_at, with_values
from corridor_sim.scenario.yaml_paths import find
from corridor_sim.sweep.probe import as_changes, run_case, run_probes

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from corridor_sim.analysis.fitting import Fit
    from corridor_sim.scenario import Scenario
    from corridor_sim.scenario.uncertain import Uncertain
    from corridor_sim.scenario.yaml_tree import Node

    Floats = npt.NDArray[np.float64]
    Told = Callable[[str, int], None]
    """Called with what is being done, and how many cases were run so far."""

CANDIDATES = ("holds", "queues", "travel_classes")
"""Sections whose grade C times and speeds are looked through when no parameters are named."""
MULTIPLIED = ("mean", "median", "low", "mode", "high")
"""Parameters of distributions that are multiplied with their mean."""
SOURCE = "fitted to the calibration targets"


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Attributes
    ----------
    parameters
        One row per fitted number: path, name, unit, grade, low, high, before, after, known, decile, is_at_bound.
    targets
        One row per target: what was observed, is_fitted (whether it was fitted to), and P5, P50, P95, mean and inside
        before and after.
    changes
        Dotted paths and values, as an override takes them.
    fit
        Losses and points.
    about
        Scenario, cases, replications, seed.
    """

    parameters: pd.DataFrame
    targets: pd.DataFrame
    changes: dict[str, str]
    fit: Fit
    about: dict[str, Any]


@dataclass(frozen=True)
class Effort:
    """How much is simulated."""

    cases: int = 80
    """Of the Latin hypercube."""
    screening: int = 120
    """Cases that choose parameters, when none are named."""
    most_parameters: int = 12
    """Parameters that are chosen at most."""
    steps: int = 8
    replications: int = 2
    final_replications: int = 10
    """Of the table before and after."""


def calibrate(
    scenario: Scenario,
    names: list[str] | None = None,
    *,
    effort: Effort | None = None,
    seed: int | None = None,
    workers: int = 1,
    told: Told | None = None,
) -> Calibration:
    """Fit uncertain numbers to the times and speeds that were observed.

    Targets of the set `calibration` that measure trips are fitted; volumes hold by construction and tariffs are
    inputs, so they, and cross-checks, are only shown.

    Parameters
    ----------
    scenario
        With calibration targets.
    names
        Dotted paths of the numbers to fit; when absent, the grade C times and speeds on which the misses rest most,
        chosen by a screening.
    effort, seed, workers
        How much is simulated, the seed of all draws, processes; the numbers do not depend on the workers.
    told
        Progress.

    Raises
    ------
    ScenarioError
        When there is nothing to fit to, a path is wrong, or a number lies outside its range.
    """
    effort = effort or Effort()
    seed = scenario.run.seed if seed is None else seed
    run = _Runs(scenario, effort.replications, seed, workers, told)
    fitted_to = _fitted_targets(scenario)
    if names is None:
        numbers = _screened(run, [n for n in uncertain_numbers(scenario) if _is_candidate(n)], fitted_to, effort)
    else:
        numbers = chosen_numbers(scenario, names)
    start = np.array([(n.value - n.low) / (n.high - n.low) for n in numbers])
    points = np.asarray(qmc.LatinHypercube(len(numbers), rng=np.random.default_rng(seed)).random(effort.cases))
    found = fit(lambda p: run.misses(numbers, p, fitted_to, "fitting"), start, points, most_steps=effort.steps)
    after = {path: n.at(float(u)) for n, u in zip(numbers, found.best, strict=True) for path in n.paths}
    about = {
        "scenario": scenario.name, "cases": effort.cases, "replications": effort.replications, "seed": seed,
        "final_replications": effort.final_replications, "points": run.n_cases,
    }  # fmt: skip
    table = _target_table(scenario, with_values(scenario, after), fitted_to, effort.final_replications, seed)
    return Calibration(_parameter_table(numbers, found), table, changes_of(scenario, after), found, about)


@dataclass
class _Runs:
    """Simulates points."""

    scenario: Scenario
    replications: int
    seed: int
    workers: int
    told: Told | None
    n_cases: int = 0

    def misses(self, numbers: list[Uncertain], points: Floats, fitted_to: list[str], what: str) -> Floats:
        """Return (n_points, n_targets) scaled misses."""
        before = self.n_cases

        def progress(done: int, _: int) -> None:
            if self.told is not None:
                self.told(what, before + done)

        values = run_probes(
            self.scenario, as_changes(numbers, points), replications=self.replications, seed=self.seed,
            workers=self.workers, progress=progress,
        )[:, 0]  # fmt: skip
        self.n_cases += len(points)
        targets = self.scenario.calibration
        columns = [list(targets).index(name) for name in fitted_to]
        low, mid, high = (
            np.array([np.nan if (v := getattr(targets[name], end)) is None else v for name in fitted_to], dtype=float)
            for end in ("low", "mid", "high")
        )
        return scaled_misses(values[:, columns], low, mid, high)


def _fitted_targets(scenario: Scenario) -> list[str]:
    names = [
        name
        for name, target in scenario.calibration.items()
        if target.set != "crosscheck" and target.measure.kind in OVER_TRIPS
    ]
    if not names:
        text = f"{scenario.name} has no target of the set calibration that measures trips"
        raise ScenarioError([Problem("calibration", text, None, "see scenarios/base/calibration.yaml")])
    return names


def _is_candidate(number: Uncertain) -> bool:
    section, *_, field = number.path.split(".")
    is_time = field != "reserved" and not number.is_whole
    return number.grade == "C" and section in CANDIDATES and is_time and number.is_stated


def _screened(run: _Runs, numbers: list[Uncertain], fitted_to: list[str], effort: Effort) -> list[Uncertain]:
    """Choose the numbers on which the targets rest most, those that miss counting more."""
    points = np.asarray(qmc.LatinHypercube(len(numbers), rng=np.random.default_rng(run.seed)).random(
        max(effort.screening, LEAST_CASES)))  # fmt: skip
    start = np.array([[(n.value - n.low) / (n.high - n.low) for n in numbers]])
    base = run.misses(numbers, start, fitted_to, "as stated")[0]
    misses = run.misses(numbers, points, fitted_to, "screening")
    weight = np.zeros(len(numbers))
    for k, miss in enumerate(base):
        if np.isnan(misses[:, k]).all() or np.isnan(miss):
            continue
        found = share_out(points, misses[:, k : k + 1], [0] * len(numbers), 1)
        weight += found.share * min(abs(miss), 3.0)
    order = np.argsort(-weight, kind="stable")[: effort.most_parameters]
    chosen = [numbers[i] for i in sorted(order) if weight[i] > 0]
    if not chosen:
        raise ScenarioError([Problem("", "no grade C time or speed with a range moves any target; name --parameters")])
    return chosen


def _parameter_table(numbers: list[Uncertain], found: Fit) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "path": n.path, "name": n.name, "unit": n.unit, "grade": n.grade, "low": n.low, "high": n.high,
                "before": n.value, "after": n.at(float(u)), "known": known, "decile": decile,
                "is_at_bound": not 0.01 < u < 0.99,
            }
            for n, u, known, decile in zip(numbers, found.best, found.known, found.decile, strict=True)
        ]
    )  # fmt: skip


def _target_table(scenario: Scenario, after: Scenario, fitted_to: list[str], n: int, seed: int) -> pd.DataFrame:
    """Every target, before and after."""
    tables = {name: run_case(s, n, seed).calibration for name, s in (("before", scenario), ("after", after))}
    own = ["mean", "p05", "p50", "p95", "inside"]
    table = pd.DataFrame()
    for name, one in tables.items():
        assert one is not None  # noqa: S101  # there are targets
        table = one.drop(columns=own) if table.empty else table
        for column in own:
            table[f"{column}_{name}"] = one[column]
        table[f"compared_{name}"] = [row[STATISTIC[str(row["statistic"])]] for _, row in one.iterrows()]
    table["is_fitted"] = table["target"].isin(fitted_to)
    return table


def changes_of(scenario: Scenario, values: dict[str, float]) -> dict[str, str]:
    """Write values as an override takes them: only the number, in the unit it was written in, as its range is."""
    changes: dict[str, str] = {}
    for path, value in values.items():
        part = value_at(scenario, path)
        node = find(scenario.tree, path).node
        is_mapping = isinstance(node.value, dict)
        if isinstance(part, Distribution):
            factor = value / part.mean_value
            if is_mapping and part.family in node.entries:
                given = node.entries[part.family].entries
                at = {f"{path}.{part.family}.{k}": n for k, n in given.items() if k in MULTIPLIED}
            else:
                at = {f"{path}.value": node.entries["value"]} if is_mapping else {path: node}
            changes |= {where: _written(number, factor) for where, number in at.items()}
        elif isinstance(part, Quantity):
            where, number = (f"{path}.value", node.entries["value"]) if is_mapping else (path, node)
            changes[where] = _written(number, value / part.value)
        else:
            changes[f"{path}.n"] = f"{round(value)}"
        if is_mapping:
            changes[f"{path}.source"] = SOURCE
    return changes


def _written(node: Node, factor: float) -> str:
    """Multiply a number as it stands in the file; its unit stays."""
    if isinstance(node.value, str):
        number, unit = split_quantity(node.value)
        return f"{number * factor:.6g} {unit}".strip()
    return f"{float(node.value) * factor:.6g}"  # type: ignore[arg-type]  # what was read as a number
