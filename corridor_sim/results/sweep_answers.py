"""Answers of a sweep: the KPIs of one subject that its file names, in words and in the unit to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_sim.foundation.time_axis import ALL
from corridor_sim.foundation.units import unit_ratio
from corridor_sim.results.statistics import summarise

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from corridor_sim.results.sweep_result import SweepResult

    Floats = npt.NDArray[np.float64]

_SAME = {"fraction": "1", "frac": "1", "": "1"}


def shown_factor(unit: str, shown: str) -> float:
    """Return what a KPI is multiplied by to be shown in another unit; 1 where none is asked for.

    Raises
    ------
    ValueError
        When the units do not fit.
    """
    return unit_ratio(_SAME.get(unit, unit), shown) if shown else 1.0


@dataclass(frozen=True)
class SweepAnswer:
    """One answer: a KPI of one subject, case by case."""

    kpi: str
    subject: str
    period: str
    name: str
    unit: str
    better: str
    """``low``, ``high`` or nothing."""
    values: Floats
    """(n_cases, n_replications) in the unit shown."""

    @property
    def means(self) -> dict[str, Floats]:
        """Mean, interval and percentiles of every case, see `summarise`."""
        return summarise(self.values.T)


def answers_of(result: SweepResult) -> list[SweepAnswer]:
    """Read the answers that a sweep file names; none where it keeps all KPIs."""
    kpis = result.manifest["kpis"]
    if kpis == "all":
        return []
    units = result.labels.drop_duplicates("kpi").set_index("kpi")["unit"]
    found = []
    for asked in kpis:
        kpi, subject, shown = asked["kpi"], asked.get("subject"), asked.get("unit", "")
        if subject is None or kpi not in units:
            continue
        period = str(asked.get("period", ALL))
        values = result.values(kpi, subject, period) * shown_factor(str(units[kpi]), shown)
        name = asked.get("name") or f"{kpi} of {subject}" + (f" in {period}" if period != ALL else "")
        found.append(SweepAnswer(kpi, subject, period, name, shown or str(units[kpi]), asked.get("better", ""), values))
    return found
