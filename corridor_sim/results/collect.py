"""Put the lanes of a run together to one labelled result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor_sim.plan.kinds import Cause, StageKind
from corridor_sim.results.reductions.flows import TRANSIT_BIN_H, subjects_of
from corridor_sim.results.reductions.network import JOURNEY_STATISTICS
from corridor_sim.results.reductions.stages import STAGE_COLUMNS
from corridor_sim.results.run_result import RunResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.reductions import LanesSummary

    Floats = npt.NDArray[np.float64]


def collect(
    plan: Plan,
    summaries: Sequence[LanesSummary],
    manifest: dict[str, Any],
    *,
    trace: pd.DataFrame | None = None,
    scenario_yaml: str = "",
) -> RunResult:
    """Put lanes together, in the order of their replications.

    Parameters
    ----------
    plan
        The plan that was run.
    summaries
        Of all replications, in blocks of any size and order.
    manifest
        What is known of the run.
    trace, scenario_yaml
        Passed through.
    """
    lanes = [_Lane(block, row) for block in summaries for row in range(len(block.replications))]
    lanes.sort(key=lambda lane: lane.replication)
    labels = _labels(summaries[0])
    values = np.array([lane.values for lane in lanes])
    return RunResult(
        manifest=manifest,
        labels=labels,
        values=values,
        replications=tuple(lane.replication for lane in lanes),
        stages=_stages(plan, lanes, labels, values),
        queues=_queues(plan, lanes),
        transit_times=_transit_times(plan, lanes),
        journeys=_journeys(plan, lanes),
        trace=trace,
        scenario_yaml=scenario_yaml,
    )


class _Lane:
    """One lane of a block."""

    def __init__(self, block: LanesSummary, row: int) -> None:
        self.replication = block.replications[row]
        self.values = np.concatenate([b.values[row].ravel() for b in block.blocks])
        self.stages, self.queues = block.stages[row], block.queues[row]
        self.transit_counts, self.journeys = block.transit_counts[row], block.journeys[row]


def _labels(block: LanesSummary) -> pd.DataFrame:
    parts = []
    for b in block.blocks:
        n_subjects, n_periods = b.values.shape[1:]
        parts.append(
            pd.DataFrame(
                {
                    "kpi": b.kpi,
                    "subject": np.repeat(np.array(b.subjects, dtype=object), n_periods),
                    "period": np.tile(np.array(b.periods, dtype=object), n_subjects),
                    "unit": b.unit,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _stages(plan: Plan, lanes: Sequence[_Lane], labels: pd.DataFrame, values: Floats) -> pd.DataFrame:
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
    at_place = {
        column: _of_places(labels, values, kpi)
        for column, kpi in (("utilisation_frac", "utilisation_frac"), ("longest_queue_n", "queue_longest_n"))
    }
    parts = []
    for row, lane in enumerate(lanes):
        table = fixed.copy()
        table.insert(0, "replication", lane.replication)
        for k, name in enumerate(STAGE_COLUMNS):
            table[name] = lane.stages[:, k]
        for column, by_place in at_place.items():
            table[column] = [by_place.get(f"place:{p}", {}).get(row, np.nan) for p in place]
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _of_places(labels: pd.DataFrame, values: Floats, kpi: str) -> dict[str, dict[int, float]]:
    chosen = labels[(labels["kpi"] == kpi) & (labels["period"] == "all")]
    columns = zip(chosen.index, chosen["subject"], strict=True)
    return {subject: dict(enumerate(values[:, k].tolist())) for k, subject in columns}


def _facility(plan: Plan, stage: int) -> tuple[str, str, str]:
    """Id, name and kind of what a stage waits for; empty texts where nothing can be waited for."""
    target = int(plan.stages.target_idx[stage])
    match StageKind(int(plan.stages.kind[stage])):
        case StageKind.QUEUE:
            return plan.places.id[target], plan.places.name[target], plan.places.kind[target]
        case StageKind.SAIL:
            return plan.services.id[target], f"sailings {plan.services.id[target]}", "sailing"
        case StageKind.FORM:
            return plan.formations.id[target], f"forming {plan.formations.id[target]}", "formation"
        case _:
            return "", "", ""


def _queues(plan: Plan, lanes: Sequence[_Lane]) -> pd.DataFrame:
    daily = np.array([lane.queues for lane in lanes], dtype=np.float64)
    n_places, n_days = daily.shape[1:]
    dates = pd.date_range(plan.time_axis.start, periods=n_days, freq="D", tz="UTC").tz_localize(None)
    low, high = np.percentile(daily, [5, 95], axis=0)
    return pd.DataFrame(
        {
            "place": np.repeat(np.array(plan.places.id, dtype=object), n_days),
            "date": np.tile(dates.to_numpy(), n_places),
            "mean": daily.mean(axis=0).ravel(),
            "p05": low.ravel(),
            "p95": high.ravel(),
        }
    )


def _transit_times(plan: Plan, lanes: Sequence[_Lane]) -> pd.DataFrame:
    names, _ = subjects_of(plan)
    counts = np.sum([lane.transit_counts for lane in lanes], axis=0)
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


def _journeys(plan: Plan, lanes: Sequence[_Lane]) -> pd.DataFrame:
    parts = [
        pd.DataFrame(lane.journeys, columns=list(JOURNEY_STATISTICS)).assign(
            replication=lane.replication, journey_id=list(plan.journeys.id)
        )
        for lane in lanes
    ]
    return pd.concat(parts, ignore_index=True)[["replication", "journey_id", *JOURNEY_STATISTICS]]
