"""Capacity against delay of a single-track line: the line alone, swept from few trains a day to more than it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.analysis.line_capacity import scott_trains_per_day
from corridor_sim.compiler.lines import loops_at
from corridor_sim.foundation.errors import Problem, ScenarioError, nearest
from corridor_sim.results.statistics import summarise
from corridor_sim.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.network import Network
    from corridor_sim.results import RunResult
    from corridor_sim.scenario.lines import SingleTrack

    Floats = npt.NDArray[np.float64]

LOADS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
"""Departures as parts of what the line takes at most."""
MORE_THAN_IT_TAKES = 3.0
"""Departures, in Scott's trains a day, that keep trains waiting at both ends all the time."""
WARM_UP_D, MEASURED_D = 10.0, 90.0
TRAIN_T = 1000.0
"""Load of a train on the line alone, t: any, it only counts trains."""
ALONE = "LINE_ALONE"
DAYS_A_YEAR = 365.0


@dataclass(frozen=True)
class DelayCurve:
    """Delays on a line alone.

    Attributes
    ----------
    line
        FROM-TO.
    trains_per_day
        (n,) departures, both directions together.
    delay_mean_h, ci_low_h, ci_high_h, delay_p95_h
        (n,) hours that a train takes longer than without any other: mean, its 95 % interval, 95th percentile.
    capacity_trains_per_day
        Trains a day that get through when there are always more.
    scott_trains_per_day
        By Scott's formula, for the longest stretch.
    free_h
        Hours of a run without any other train, mean of both directions.
    """

    line: str
    trains_per_day: Floats
    delay_mean_h: Floats
    ci_low_h: Floats
    ci_high_h: Floats
    delay_p95_h: Floats
    capacity_trains_per_day: float
    scott_trains_per_day: float
    free_h: float


def find_line(scenario: Scenario, line: str) -> tuple[str, SingleTrack]:
    """Return a line with meets by its key, in either direction.

    Raises
    ------
    ScenarioError
        When there is none.
    """
    known = {key: model for key, model in scenario.single_tracks.items() if model.meets}
    backwards = "-".join(reversed(line.split("-")))
    for key in (line, backwards):
        if key in known:
            return key, known[key]
    hint = nearest(line, known) or (f"lines are {', '.join(known)}" if known else "the scenario has none")
    raise ScenarioError([Problem("single_tracks", f"no single-track line with meets '{line}'", None, hint)])


def scott_of(scenario: Scenario, network: Network, line: str) -> float:
    """Trains a day by Scott's formula for the longest stretch, with the time that other traffic leaves."""
    key, model = find_line(scenario, line)
    length_km = _length_km(network, key)
    ends = [0.0, *loops_at(model, length_km), length_km]
    longest_km = max(b - a for a, b in pairwise(ends))
    back = (model.run_speed_back or model.run_speed).value
    busy = 1.0 - model.reserved.value
    there, return_h = longest_km / model.run_speed.value, longest_km / back
    return busy * scott_trains_per_day(there, model.working.value, run_back_h=return_h)


def line_alone(scenario: Scenario, line: str, trains_per_day: float) -> Scenario:
    """Return a scenario of one line with nothing on it but trains at random times, half of them each way.

    The line keeps its loops, speeds, headway, working time and reserved share; works and slack days are left out.
    """
    key, model = find_line(scenario, line)
    a, _, b = key.partition("-")
    speeds = (model.run_speed.value, (model.run_speed_back or model.run_speed).value)
    ways = {f"{ALONE}_{k}": (ends, speed) for k, (ends, speed) in enumerate(zip(((a, b), (b, a)), speeds, strict=True))}
    return Scenario.model_validate(
        {
            "schema_version": 1,
            "name": "line-alone",
            "run": {
                "start": scenario.run.start,
                "warm_up": f"{WARM_UP_D} d",
                "end": scenario.run.start + timedelta(days=WARM_UP_D + MEASURED_D),
                "seed": scenario.run.seed,
            },
            "single_tracks": {key: model.model_copy(update={"calendar": None})},
            # exactly as fast as the runs between loops: whatever takes longer is delay
            "travel_classes": {name: {"speed": speed} for name, (_, speed) in ways.items()},
            "itineraries": {
                name: {"flow": name, "stages": [{"rail": list(ends), "class": name}]}
                for name, (ends, _) in ways.items()
            },
            "flows": {
                name: {
                    "name": f"trains {start} to {end}",
                    "origin": start,
                    "destination": end,
                    "direction": "south" if start == a else "north",
                    "commodity": "trains",
                    "route": ALONE,
                    "annual": trains_per_day / 2 * DAYS_A_YEAR * TRAIN_T,
                    "consignment": {"kind": "train", "load": TRAIN_T},
                }
                for name, ((start, end), _) in ways.items()
            },
        }
    )


def departures(scott: float, capacity: float | None = None) -> list[float]:
    """Trains a day that are tried: far more than the line takes to find its capacity, then parts of that."""
    return [MORE_THAN_IT_TAKES * scott] if capacity is None else [load * capacity for load in LOADS]


def carried_per_day(result: RunResult) -> float:
    """Trains a day that got through in the measured time, mean of the replications."""
    rows = result.labels.query(f"kpi == 'throughput_consignments' and subject == 'route:{ALONE}' and period == 'all'")
    return float(result.values[:, rows.index[0]].mean()) / MEASURED_D


def delay_curve(
    scenario: Scenario,
    network: Network,
    line: str,
    capacity: float,
    tried: Sequence[float],
    results: Sequence[RunResult],
) -> DelayCurve:
    """Read the delays of a sweep.

    Parameters
    ----------
    scenario, network, line
        As for `line_alone`.
    capacity
        Trains a day that get through when there are always more.
    tried
        Departures, trains a day.
    results
        One result for each.
    """
    key, model = find_line(scenario, line)
    length_km = _length_km(network, key)
    back = (model.run_speed_back or model.run_speed).value
    free_h = (length_km / model.run_speed.value + length_km / back) / 2
    columns: dict[str, list[float]] = {"mean": [], "ci_low": [], "ci_high": [], "p95": []}
    for result in results:
        rows = result.labels.query(f"subject == 'route:{ALONE}' and period == 'all'")
        at = {kpi: k for k, kpi in zip(rows.index, rows["kpi"], strict=True)}
        found = summarise(result.values[:, [at["transit_mean_h"], at["transit_p95_h"]]])
        for name in ("mean", "ci_low", "ci_high"):
            columns[name].append(float(found[name][0]) - free_h)
        columns["p95"].append(float(found["mean"][1]) - free_h)
    arrays = {name: np.array(values) for name, values in columns.items()}
    return DelayCurve(
        key, np.array(tried), arrays["mean"], arrays["ci_low"], arrays["ci_high"], arrays["p95"], capacity,
        scott_of(scenario, network, line), free_h,
    )  # fmt: skip


def _length_km(network: Network, key: str) -> float:
    a, _, b = key.partition("-")
    section = network.section(a, b, "rail")
    if section is None:
        message = f"the network has no rail section between {a} and {b}"
        raise ScenarioError([Problem(f"single_tracks.{key}", message)])
    return section.km
