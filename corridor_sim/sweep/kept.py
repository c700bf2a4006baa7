"""What is kept of the lanes of a case: the KPIs asked for, of the periods asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from corridor_sim.foundation.time_axis import ALL, is_month
from corridor_sim.results.reductions import Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    from corridor_sim.network import Network
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.reductions import LanesSummary
    from corridor_sim.scenario import Scenario
    from corridor_sim.sweep.file import Answer, SweepFile

    Floats = npt.NDArray[np.float64]


class Label(NamedTuple):
    """What a column of values is."""

    kpi: str
    subject: str
    period: str
    unit: str


Columns = tuple[tuple[Label, ...], "Floats"]
"""Labels and (n_lanes, n_labels) values."""
AFTERWARDS = ("cost_", "co2e_")
"""Beginnings of the KPIs that are worked out of a result, not of lanes."""
OF_GAS = ("gas_",)
"""Beginnings of the KPIs of the gas pipeline."""
FINENESS: dict[Literal["all", "years", "months"], int] = {"all": 0, "years": 1, "months": 2}


def fineness(period: str) -> int:
    """Return 0 for the whole measured time, 1 for a year, 2 for a month."""
    return 0 if period == ALL else 2 if is_month(period) else 1


@dataclass(frozen=True)
class Kept:
    """Which KPIs are kept.

    Attributes
    ----------
    kpis
        Those asked for, None: all of them.
    periods
        Of which periods: ``all`` the measured time as a whole; ``years``, ``months`` those, too. An answer that names
        a period of its own has it in any case.
    """

    kpis: tuple[Answer, ...] | None = None
    periods: Literal["all", "years", "months"] = "all"

    @classmethod
    def of(cls, file: SweepFile) -> Kept:
        """Return what a sweep file asks for."""
        return cls(None if file.kpis == "all" else tuple(file.kpis), file.periods)

    def has(self, kpi: str, subject: str, period: str) -> bool:
        """Whether a column is kept."""
        is_within = fineness(period) <= FINENESS[self.periods]
        if self.kpis is None:
            return is_within
        return any(
            a.kpi == kpi and a.subject in {None, subject} and (is_within or a.period == period) for a in self.kpis
        )

    def any_of(self, beginnings: tuple[str, ...]) -> bool:
        """Whether any KPI is kept whose name begins so."""
        return self.kpis is None or any(a.kpi.startswith(beginnings) for a in self.kpis)

    @property
    def finest(self) -> Literal["all", "years", "months"]:
        """Shortest periods that anything is kept of."""
        asked = max([FINENESS[self.periods], *(fineness(str(a.period)) for a in self.kpis or ())])
        return next(name for name, level in FINENESS.items() if level == asked)

    @property
    def wanted(self) -> Wanted:
        """What must be worked out of lanes of freight; what is worked out of a whole result needs all."""
        if self.kpis is None or self.any_of(AFTERWARDS):
            return Wanted()
        return Wanted(frozenset((str(a.kpi), None if a.subject is None else str(a.subject)) for a in self.kpis))


def freight_columns(summary: LanesSummary, kept: Kept, plan: Plan, scenario: Scenario, network: Network) -> Columns:
    """Return the columns of freight that are kept."""
    labels: list[Label] = []
    columns: list[Floats] = []
    for block in summary.blocks:
        for column, period in enumerate(block.periods):
            for row, subject in enumerate(block.subjects):
                if kept.has(block.kpi, subject, period):
                    labels.append(Label(block.kpi, subject, period, block.unit))
                    columns.append(block.values[:, row, column])
    n_lanes = len(summary.replications)
    values = np.stack(columns, axis=1) if columns else np.empty((n_lanes, 0))
    if not kept.any_of(AFTERWARDS):
        return tuple(labels), values
    more, others = _of_result(summary, kept, plan, scenario, network)
    return (*labels, *more), np.hstack([values, others])


def chosen_columns(labels: pd.DataFrame, values: Floats, kept: Kept, beginnings: Sequence[str] = ("",)) -> Columns:
    """Return the columns of a table of KPIs that are kept, of those whose names begin so."""
    rows = [Label(*row) for row in labels[list(Label._fields)].astype(str).itertuples(index=False, name=None)]
    chosen = [
        k
        for k, row in enumerate(rows)
        if row.kpi.startswith(tuple(beginnings)) and kept.has(row.kpi, row.subject, row.period)
    ]
    return tuple(rows[k] for k in chosen), np.asarray(values[:, chosen], dtype=np.float64)


def _of_result(summary: LanesSummary, kept: Kept, plan: Plan, scenario: Scenario, network: Network) -> Columns:
    """KPIs of cost and emissions, by the way that a run has them."""
    from corridor_sim.analysis.money_and_carbon import with_money_and_carbon
    from corridor_sim.results.collect import Collector

    collector = Collector(plan, kept.finest)
    collector.add(summary)
    result = with_money_and_carbon(collector.result({}), scenario, plan, network)
    return chosen_columns(result.labels, result.values, kept, AFTERWARDS)
