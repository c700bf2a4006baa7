"""What is kept of the lanes of a case: the KPIs asked for, over the whole measured time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.network import Network
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.reductions import LanesSummary
    from corridor_sim.results.reductions.blocks import Block
    from corridor_sim.scenario import Scenario
    from corridor_sim.sweep.file import Answer

    Floats = npt.NDArray[np.float64]

Label = tuple[str, str, str]
"""KPI, subject and unit."""
Kept = tuple[tuple[Label, ...], "Floats"]
ALL: Literal["all"] = "all"
AFTERWARDS = ("cost_", "co2e_")
"""Beginnings of the KPIs that are worked out of a result, not of lanes."""


def kept_kpis(
    summary: LanesSummary, kpis: Sequence[Answer] | None, plan: Plan, scenario: Scenario, network: Network
) -> Kept:
    """Return labels and (n_lanes, n_kpis) values of the KPIs that are kept; None keeps all."""
    labels, values = _of_lanes(summary, kpis)
    if kpis is not None and not any(a.kpi.startswith(AFTERWARDS) for a in kpis):
        return labels, values
    more, others = _of_result(summary, kpis, plan, scenario, network)
    return (*labels, *more), np.hstack([values, others])


def _of_lanes(summary: LanesSummary, kpis: Sequence[Answer] | None) -> Kept:
    labels: list[Label] = []
    columns: list[Floats] = []
    for block in summary.blocks:
        for row in _subjects_kept(block, kpis):
            labels.append((block.kpi, block.subjects[row], block.unit))
            columns.append(block.values[:, row, block.periods.index(ALL)])
    n_lanes = len(summary.replications)
    return tuple(labels), np.stack(columns, axis=1) if columns else np.empty((n_lanes, 0))


def _subjects_kept(block: Block, kpis: Sequence[Answer] | None) -> list[int]:
    if ALL not in block.periods:
        return []
    return [k for k, subject in enumerate(block.subjects) if is_kept(block.kpi, subject, kpis)]


def is_kept(kpi: str, subject: str, kpis: Sequence[Answer] | None) -> bool:
    """Whether a KPI of a subject is among those asked for."""
    return kpis is None or any(a.kpi == kpi and a.subject in {None, subject} for a in kpis)


def _of_result(
    summary: LanesSummary, kpis: Sequence[Answer] | None, plan: Plan, scenario: Scenario, network: Network
) -> Kept:
    """KPIs of cost and emissions, by the way that a run has them."""
    from corridor_sim.analysis.money_and_carbon import with_money_and_carbon
    from corridor_sim.results.collect import Collector

    collector = Collector(plan, ALL)
    collector.add(summary)
    result = with_money_and_carbon(collector.result({}), scenario, plan, network)
    rows = result.labels[["kpi", "subject", "unit"]].astype(str).itertuples(index=False, name=None)
    chosen = [(k, row) for k, row in enumerate(rows) if row[0].startswith(AFTERWARDS) and is_kept(row[0], row[1], kpis)]
    return tuple(row for _, row in chosen), np.asarray(result.values[:, [k for k, _ in chosen]], dtype=np.float64)
