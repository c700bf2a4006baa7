"""Blocks of KPIs: one KPI for many lanes, subjects and periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Block:
    """One KPI of several lanes: ``values[lane, subject, period]``, nan where it does not exist."""

    kpi: str
    unit: str
    subjects: tuple[str, ...]
    periods: tuple[str, ...]
    values: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        n_subjects, n_periods = len(self.subjects), len(self.periods)
        if self.values.ndim != 3 or self.values.shape[1:] != (n_subjects, n_periods):
            expected = f"(n_lanes, {n_subjects}, {n_periods})"
            raise ValueError(f"KPI {self.kpi}: values of shape {self.values.shape}, expected {expected}")


def safe_ratio(over: npt.ArrayLike, under: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Divide; nan where the divisor is zero."""
    a, b = np.asarray(over, dtype=np.float64), np.asarray(under, dtype=np.float64)
    a, b = np.broadcast_arrays(a, b)
    return np.asarray(np.divide(a, b, out=np.full(a.shape, np.nan), where=b != 0))
