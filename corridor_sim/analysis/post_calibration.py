"""Fitting a border post to what was observed there: a mean and a percentile of the hours that consignments spend."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.foundation.errors import Problem, ScenarioError, nearest
from corridor_sim.scenario.itineraries import HoldStage, QueueStage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corridor_sim.scenario import Scenario
    from corridor_sim.scenario.distributions import Distribution

    Run = Callable[[Scenario], tuple[float, float]]
    """Returns the simulated mean and percentile, h."""

PERCENTILES = (50, 80, 95)
CV_BOUNDS = (0.05, 2.5)
"""Coefficients of variation that are tried: beyond them a time is either fixed or hardly a time."""
SCALE_BOUNDS = (0.1, 10.0)
"""Factors that are tried where nothing has a range."""
CLOSE_ENOUGH = 0.02
"""Largest relative misfit of both observations at which the search stops."""
MOST_RUNS = 50
SPREAD_FAMILIES = ("gamma", "lognormal")
"""Families whose spread can be fitted by itself."""


@dataclass(frozen=True)
class Observed:
    """What was seen of a post in one direction."""

    post: str
    direction: str
    mean_h: float
    percentile: int
    percentile_h: float


@dataclass(frozen=True)
class PostFit:
    """A fitted post.

    Attributes
    ----------
    scale
        Factor on the mean of every time that was fitted.
    cv
        Their coefficient of variation; nan when none has one.
    before_h, after_h
        Simulated mean and percentile before and after, h.
    changes
        Fitted durations by dotted path, as a scenario's `changes:` takes them.
    at_bound
        Words for each bound that the search ended at: the observation asks for more than the ranges allow.
    n_runs
        Runs that the search took.
    """

    observed: Observed
    scale: float
    cv: float
    before_h: tuple[float, float]
    after_h: tuple[float, float]
    changes: dict[str, dict[str, object]]
    at_bound: tuple[str, ...]
    n_runs: int

    @property
    def misfit_frac(self) -> float:
        """Largest relative distance of the two simulated values from the observed ones."""
        return max(map(abs, _misfit(self.after_h, self.observed)))


def times_at_post(scenario: Scenario, post: str, direction: str) -> dict[str, Distribution]:
    """Return the durations of holds and queues that consignments of a direction meet at a post, by dotted path.

    Raises
    ------
    ScenarioError
        When there is no such post, or nobody meets anything there.
    """
    if post not in scenario.border_posts:
        known = scenario.border_posts
        hint = nearest(post, known) or f"posts are {', '.join(known)}"
        raise ScenarioError([Problem("border_posts", f"no border post '{post}'", None, hint)])
    nodes = scenario.border_posts[post].nodes
    found: dict[str, Distribution] = {}
    for itinerary in scenario.itineraries.values():
        if scenario.flows[itinerary.flow].direction != direction:
            continue
        for stage in itinerary.stages:
            if stage.at not in nodes:
                continue
            match stage:
                case HoldStage():
                    found[f"holds.{stage.hold}.duration"] = scenario.holds[stage.hold].duration
                case QueueStage():
                    found[f"queues.{stage.queue}.service"] = scenario.queues[stage.queue].service
    found = {path: time for path, time in found.items() if time.mean_value > 0}
    if not found:
        raise ScenarioError([Problem(f"border_posts.{post}", f"nothing going {direction} takes time there")])
    return found


def calibrate_post(
    scenario: Scenario, observed: Observed, run: Run, *, progress: Callable[[int, int], None] | None = None
) -> PostFit:
    """Fit the times at a post to an observed mean and percentile.

    All times at the post are multiplied by one factor, within their ranges, and given one coefficient of variation. The
    two are searched by the simplex method of Nelder and Mead on the squared logarithms of simulated over observed;
    every run uses the same random numbers, so that the same values give the same misfit.

    Parameters
    ----------
    scenario
        Its post is fitted under the traffic and the hours that the scenario has.
    observed
        Post, direction, mean and percentile, h.
    run
        Simulates a scenario and returns mean and percentile at the post.
    progress
        Called with (runs done, most runs).

    Raises
    ------
    ScenarioError
        As `times_at_post`; when nobody crosses in the measured time.
    """
    from scipy.optimize import minimize

    times = times_at_post(scenario, observed.post, observed.direction)
    low, high = _scale_bounds(times)
    cvs = [t.cv for t in times.values() if t.family in SPREAD_FAMILIES and t.cv]
    before = run(scenario)
    if math.isnan(before[0]):
        raise ScenarioError([Problem(f"border_posts.{observed.post}", "nobody crosses there in the measured time")])
    tried: dict[tuple[float, float], tuple[float, float]] = {}

    def loss(x: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        scale = float(np.clip(math.exp(x[0]), low, high))
        cv = float(np.clip(math.exp(x[1]), *CV_BOUNDS)) if cvs else math.nan
        tried[scale, cv] = run(with_times(scenario, _fitted(times, scale, cv)))
        if progress is not None:
            progress(len(tried), MOST_RUNS)
        misfit = _misfit(tried[scale, cv], observed)
        if max(map(abs, misfit)) < CLOSE_ENOUGH:
            raise _FoundError
        beyond = abs(x[0] - math.log(scale)) + (abs(x[1] - math.log(cv)) if cvs else 0.0)
        return float(sum(m * m for m in misfit) + beyond)

    start = np.array([min(max(observed.mean_h / before[0], low), high), float(np.mean(cvs)) if cvs else 1.0])
    simplex = np.log(start) + np.array([[0.0, 0.0], [-0.25, 0.0], [0.0, 0.35]])
    options = {"maxfev": MOST_RUNS - 1, "initial_simplex": simplex, "xatol": 1e-3, "fatol": 1e-6}
    with contextlib.suppress(_FoundError):
        minimize(loss, np.log(start), method="Nelder-Mead", options=options)
    (scale, cv), after = min(tried.items(), key=lambda item: sum(m * m for m in _misfit(item[1], observed)))
    at_bound = _bounds_met(scale, cv, (low, high))
    changes = {path: _written(time) for path, time in _fitted(times, scale, cv).items()}
    return PostFit(observed, scale, cv, before, after, changes, at_bound, len(tried) + 1)


class _FoundError(Exception):
    """Ends the search."""


def _misfit(simulated: tuple[float, float], observed: Observed) -> tuple[float, float]:
    wanted = (observed.mean_h, observed.percentile_h)
    first, second = (math.log(max(s, 1e-9) / w) for s, w in zip(simulated, wanted, strict=True))
    return first, second


def _scale_bounds(times: Mapping[str, Distribution]) -> tuple[float, float]:
    """Return the factors that keep every mean within its range."""
    low, high = SCALE_BOUNDS
    for time in times.values():
        if time.range is not None:
            low, high = max(low, time.range[0] / time.mean_value), min(high, time.range[1] / time.mean_value)
    return low, high


def _bounds_met(scale: float, cv: float, bounds: tuple[float, float]) -> tuple[str, ...]:
    words = []
    if math.isclose(scale, bounds[0], rel_tol=1e-3) or math.isclose(scale, bounds[1], rel_tol=1e-3):
        words.append(f"the factor on the means, {bounds[0]:.3g} to {bounds[1]:.3g} by their ranges")
    if any(math.isclose(cv, bound, rel_tol=1e-3) for bound in CV_BOUNDS):
        words.append(f"the coefficient of variation, {CV_BOUNDS[0]:g} to {CV_BOUNDS[1]:g}")
    return tuple(words)


def _fitted(times: Mapping[str, Distribution], scale: float, cv: float) -> dict[str, Distribution]:
    """Return the times with their means multiplied and, where they have one, another coefficient of variation."""
    found = {}
    for path, time in times.items():
        spread: dict[str, Any] = {"cv": cv} if time.family in SPREAD_FAMILIES and time.cv else {}
        found[path] = time.scaled(scale, **spread)
    return found


def with_times(scenario: Scenario, times: Mapping[str, Distribution]) -> Scenario:
    """Return the scenario with other durations, given by dotted path (``queues.Q.service``, ``holds.H.duration``)."""
    sections: dict[str, dict[str, object]] = {"queues": dict(scenario.queues), "holds": dict(scenario.holds)}
    for path, time in times.items():
        section, key, name = path.split(".")
        sections[section][key] = getattr(scenario, section)[key].model_copy(update={name: time})
    return scenario.model_copy(update=sections)


def _written(time: Distribution) -> dict[str, object]:
    """Write a distribution as a scenario file takes it."""
    unit = time.unit if time.per != "consignment" else "h"
    names = {"gamma": ("mean",), "lognormal": ("mean",), "exponential": ("mean",), "uniform": ("low", "high")}
    names["triangular"] = ("low", "mode", "high")
    if time.family == "fixed":
        written: dict[str, object] = {"value": float(f"{time.mean_value:.5g}"), "unit": unit}
    else:
        numbers = {name: f"{getattr(time, name):.5g} {unit}" for name in names[time.family]}
        spread = {"cv": float(f"{time.cv:.4g}")} if time.cv else {}
        written = {time.family: {**numbers, **spread}}
    if time.range is not None:
        written["range"] = [float(f"{bound:.6g}") for bound in time.range]
    return {**written, "source": "fitted to the observed time at the post", "grade": "C"}
