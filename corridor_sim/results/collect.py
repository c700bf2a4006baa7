"""Put the lanes of a run together to one labelled result, as they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from corridor_sim.foundation.time_axis import is_month
from corridor_sim.plan.kinds import Cause, StageKind
from corridor_sim.results.kpi_values import KpiValues, column_slices
from corridor_sim.results.reductions.flows import TRANSIT_BIN_H, subjects_of
from corridor_sim.results.reductions.network import JOURNEY_STATISTICS
from corridor_sim.results.reductions.stages import STAGE_COLUMNS
from corridor_sim.results.run_result import RunResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.reductions import LanesSummary
    from corridor_sim.results.reductions.blocks import Block

    Floats = npt.NDArray[np.float64]

Keep = Literal["months", "years", "all"]
"""Periods whose KPIs are kept of every replication: all of them, years and the whole, the whole alone."""
MOST_WITH_MONTHS = 1000
"""Replications up to which more than the whole is kept."""
LONGEST_WITH_MONTHS_H = 5 * 8766.0
"""Measured time up to which months are kept: nobody reads the months of decades one by one, and there are many."""
DETAILED = 200
"""Replications, the first by number, whose stages, journeys and daily queues are kept."""


def default_keep(n_replications: int, measured_h: float) -> Keep:
    """Return the periods to keep: months up to five years, else years; the whole alone beyond 1,000 replications."""
    if n_replications > MOST_WITH_MONTHS:
        return "all"
    return "months" if measured_h <= LONGEST_WITH_MONTHS_H else "years"


class Collector:
    """Takes the lanes of a run in any order and blocks of any size; the result does not depend on either.

    Memory is bounded: KPI values beyond 256 MiB go to a temporary file, and only the first 200 replications keep
    their stages, journeys and daily queues. KPIs and transit times are of all replications.

    Parameters
    ----------
    plan
        The plan that is run.
    keep
        Periods whose KPIs are kept, see `Keep`; the others are dropped as they come.
    n_replications
        How many will come, where that is known: room on the disk is then looked for when the first one comes.

    Raises
    ------
    ValueError
        When there is no such ``keep``.
    """

    def __init__(self, plan: Plan, keep: Keep = "months", *, n_replications: int | None = None) -> None:
        if keep not in get_args(Keep):
            raise ValueError(f"keep must be one of {', '.join(get_args(Keep))}, not {keep!r}")
        self._plan, self._keep, self._n_expected = plan, keep, n_replications
        self._replications: set[int] = set()
        self._labels = pd.DataFrame()
        self._values: KpiValues | None = None
        self._detailed: dict[int, _Details] = {}
        self._transit_counts: npt.NDArray[np.int64] | int = 0

    def add(self, summary: LanesSummary) -> None:
        """Take some lanes.

        Raises
        ------
        ValueError
            When a replication comes twice.
        ResultError
            When there is no room for the values on the disk.
        """
        twice = self._replications.intersection(summary.replications)
        if twice:
            raise ValueError(f"replications {sorted(twice)} were added before")
        if self._values is None:
            self._labels = _labels(summary, self._keep)
            self._values = KpiValues(len(self._labels), self._n_expected)
        kept = [b.values[:, :, _kept(b, self._keep)].reshape(len(b.values), -1) for b in summary.blocks]
        for row, replication in enumerate(summary.replications):
            self._values.put(replication, np.concatenate([values[row] for values in kept]))
            self._keep_details(replication, summary, row)
        self._replications.update(summary.replications)
        self._transit_counts = self._transit_counts + summary.transit_counts.sum(axis=0)

    def _keep_details(self, replication: int, summary: LanesSummary, row: int) -> None:
        if len(self._detailed) == DETAILED:
            last = max(self._detailed)
            if replication > last:
                return
            del self._detailed[last]
        tables = (summary.stages[row], summary.queues[row], summary.journeys[row])
        self._detailed[replication] = _Details(*(table.copy() for table in tables))

    def result(
        self, manifest: dict[str, Any], *, trace: pd.DataFrame | None = None, scenario_yaml: str = ""
    ) -> RunResult:
        """Put everything together, in the order of replications. Nothing can be added afterwards.

        Parameters
        ----------
        manifest
            What is known of the run; which periods and how many detailed replications were kept is added to it.
        trace, scenario_yaml
            Passed through.
        """
        if self._values is None:
            raise ValueError("no replication was added")
        replications = sorted(self._replications)
        values = self._values.finish(replications)
        first = sorted(self._detailed)
        details = [self._detailed[replication] for replication in first]
        return RunResult(
            manifest={**manifest, "periods_kept": self._keep, "detailed_replications": len(first)},
            labels=self._labels,
            values=values,
            replications=tuple(replications),
            stages=_stages(self._plan, first, details, self._labels, np.asarray(values[: len(first)])),
            queues=_queues(self._plan, details),
            transit_times=_transit_times(self._plan, np.asarray(self._transit_counts)),
            journeys=_journeys(self._plan, first, details),
            trace=trace,
            scenario_yaml=scenario_yaml,
        )


@dataclass(frozen=True, eq=False)
class _Details:
    """What is kept of one of the first replications beside its KPIs, see `LanesSummary`."""

    stages: Floats
    queues: npt.NDArray[np.float32]
    journeys: Floats


def _kept(block: Block, keep: Keep) -> list[int]:
    """Periods of a block that are kept."""
    shortest = ("all", "years", "months").index(keep)
    return [k for k, period in enumerate(block.periods) if (period != "all") + is_month(period) <= shortest]


def _labels(summary: LanesSummary, keep: Keep) -> pd.DataFrame:
    parts = []
    for b in summary.blocks:
        periods = [b.periods[k] for k in _kept(b, keep)]
        parts.append(
            pd.DataFrame(
                {
                    "kpi": b.kpi,
                    "subject": np.repeat(np.array(b.subjects, dtype=object), len(periods)),
                    "period": np.tile(np.array(periods, dtype=object), len(b.subjects)),
                    "unit": b.unit,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _stages(
    plan: Plan, replications: Sequence[int], details: Sequence[_Details], labels: pd.DataFrame, values: Floats
) -> pd.DataFrame:
    stages = plan.stages
    facilities = [_facility(plan, s) for s in range(len(stages))]
    place = np.array([f[0] for f in facilities], dtype=object)
    itinerary = stages.itinerary_idx
    fixed = pd.DataFrame(
        {
            "stage_id": stages.id,
            "itinerary_id": [plan.itineraries.id[i] for i in itinerary],
            "flow_id": [plan.flows.id[int(plan.itineraries.flow_idx[i])] for i in itinerary],
            "flow_name": [plan.flows.name[int(plan.itineraries.flow_idx[i])] for i in itinerary],
            "kind": [StageKind(k).name.lower() for k in stages.kind],
            "cause": [Cause(c).name.lower() for c in stages.cause],
            "place_id": place,
            "place_name": [f[1] for f in facilities],
            "place_kind": [f[2] for f in facilities],
            "node": stages.node,
            "to_node": stages.to_node,
            "mode": stages.mode,
            "km": stages.km,
            "n_units": stages.n_units,
        }
    )
    n_stages = len(fixed)
    table = fixed.iloc[np.tile(np.arange(n_stages), len(details))].reset_index(drop=True)
    table.insert(0, "replication", np.repeat(np.asarray(replications, dtype=np.int64), n_stages))
    hours = np.concatenate([lane.stages for lane in details])
    for k, name in enumerate(STAGE_COLUMNS):
        table[name] = hours[:, k]
    for name, kpi in (("utilisation_frac", "utilisation_frac"), ("longest_queue_n", "queue_longest_n")):
        table[name] = _at_places(labels, values, kpi, place).ravel()
    return table


def _at_places(labels: pd.DataFrame, values: Floats, kpi: str, place: npt.NDArray[np.object_]) -> Floats:
    """Return (n_replications, n_stages) a KPI of the whole time at the place of each stage; nan where it has none."""
    chosen = labels[(labels["kpi"] == kpi) & (labels["period"] == "all")]
    column = dict(zip(chosen["subject"], chosen.index, strict=True))
    columns = np.array([column.get(f"place:{p}", -1) for p in place], dtype=np.int64)
    return np.where(columns >= 0, values[:, columns], np.nan)


def _facility(plan: Plan, stage: int) -> tuple[str, str, str]:
    """Id, name and kind of what a stage waits for; empty texts where nothing can be waited for."""
    target = int(plan.stages.target_idx[stage])
    match StageKind(int(plan.stages.kind[stage])):
        case StageKind.QUEUE:
            return plan.places.id[target], plan.places.name[target], plan.places.kind[target]
        case StageKind.SINGLE_TRACK:
            return plan.tracks.id[target], plan.tracks.name[target], "single track"
        case StageKind.TAKE | StageKind.GIVE:
            return plan.pools.id[target], plan.pools.name[target], plan.pools.kind[target]
        case StageKind.SAIL:
            return plan.services.id[target], f"sailings {plan.services.id[target]}", "sailing"
        case StageKind.FORM:
            return plan.formations.id[target], f"forming {plan.formations.id[target]}", "formation"
        case _:
            return "", "", ""


def _queues(plan: Plan, details: Sequence[_Details]) -> pd.DataFrame:
    n_places, n_days = details[0].queues.shape
    dates = pd.date_range(plan.time_axis.start, periods=n_days, freq="D", tz="UTC").tz_localize(None)
    mean, low, high = np.empty((3, n_places * n_days))
    for cells in column_slices(len(details), n_places * n_days):
        daily = np.array([lane.queues.ravel()[cells] for lane in details], dtype=np.float64)
        mean[cells] = daily.mean(axis=0)
        low[cells], high[cells] = np.percentile(daily, [5, 95], axis=0)
    return pd.DataFrame(
        {
            "place": np.repeat(np.array(plan.places.id, dtype=object), n_days),
            "date": np.tile(dates.to_numpy(), n_places),
            "mean": mean,
            "p05": low,
            "p95": high,
        }
    )


def _transit_times(plan: Plan, counts: npt.NDArray[np.int64]) -> pd.DataFrame:
    names, _ = subjects_of(plan)
    n_bins = counts.shape[1]
    low = np.tile(np.arange(n_bins) * TRANSIT_BIN_H, len(names))
    table = pd.DataFrame(
        {
            "subject": np.repeat(np.array(names, dtype=object), n_bins),
            "low_h": low,
            "high_h": low + TRANSIT_BIN_H,
            "count": counts.ravel(),
        }
    )
    return table[table["count"] > 0].reset_index(drop=True)


def _journeys(plan: Plan, replications: Sequence[int], details: Sequence[_Details]) -> pd.DataFrame:
    parts = [
        pd.DataFrame(lane.journeys, columns=list(JOURNEY_STATISTICS)).assign(
            replication=replication, journey_id=list(plan.journeys.id)
        )
        for replication, lane in zip(replications, details, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)[["replication", "journey_id", *JOURNEY_STATISTICS]]
