"""KPIs of a gas run: one column per indicator, subject and period, one row per lane."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridor_sim.foundation.gas_volumes import CO2_KG_PER_KG, DAYS_PER_GAS_YEAR, KG_PER_BCM
from corridor_sim.foundation.time_axis import H_PER_YEAR
from corridor_sim.gas.operation import SHORTFALL_CAUSES, limit_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from corridor_sim.gas.operation import GasYears
    from corridor_sim.plan.gas import GasPlan

    Floats = npt.NDArray[np.float64]

KG_PER_T = 1e3
METHANE_MASS_FRAC = 0.97 * 16.043 / 16.559
"""Share of methane in the mass of the reference gas."""
VOLUMES = {
    "nominated": "gas_nominated_bcm",
    "delivered": "gas_delivered_bcm",
    "shortfall": "gas_shortfall_bcm",
    "intake": "gas_intake_bcm",
    "offtake": "gas_offtake_bcm",
    "fuel": "gas_fuel_bcm",
    "loss": "gas_loss_bcm",
    "swap": "gas_swap_bcm",
    "swap_lost": "gas_swap_lost_bcm",
}
"""KPIs that are volumes of `corridor_sim.gas.operation.SUMS`."""


@dataclass(frozen=True)
class _Column:
    """One KPI: its label and its values by lane."""

    kpi: str
    subject: str
    period: str
    unit: str
    values: Floats


def gas_kpis(plan: GasPlan, parts: Sequence[GasYears], *, every_limit: bool = False) -> tuple[pd.DataFrame, Floats]:
    """Return labels (kpi, subject, period, unit) and values (n_lanes, n_kpis), lanes in order.

    Parameters
    ----------
    plan
        What was run.
    parts
        All blocks, in the order of their lanes.
    every_limit
        Whether limits that never bind have a column, too: the columns are then the same for any lanes.
    """
    columns = list(_columns(plan, parts, every_limit=every_limit))
    labels = pd.DataFrame(
        {name: [getattr(c, name) for c in columns] for name in ("kpi", "subject", "period", "unit")}, dtype=str
    )
    return labels, np.stack([c.values for c in columns], axis=1)


def joined(parts: Sequence[GasYears], name: str) -> Floats:
    """Put an array of all blocks together, lanes first."""
    return np.concatenate([getattr(part, name) for part in parts])


def _columns(plan: GasPlan, parts: Sequence[GasYears], *, every_limit: bool) -> Iterator[_Column]:
    sums = {name: np.concatenate([part.sums_kg[name] for part in parts]) for name in parts[0].sums_kg}
    years = np.arange(plan.year[0], plan.year[-1] + 1)
    days = np.array([(plan.year == y).sum() for y in years])
    capacity, short = joined(parts, "capacity_kg"), joined(parts, "short_days")
    by_cause, limits = joined(parts, "shortfall_kg"), joined(parts, "limit_days")
    by_line, cost = joined(parts, "line_delivered_kg"), _cost(plan, parts, sums["fuel"], days)
    for period, which in [("all", slice(None)), *((str(y), slice(i, i + 1)) for i, y in enumerate(years))]:
        at = {name: values[:, which].sum(axis=1) for name, values in sums.items()}
        yield from _volumes(at, period)
        yield from _ratios(at, capacity[:, which].sum(axis=1), float(days[which].sum()), period)
        yield from _emissions(at, period, plan.gwp_methane)
        yield _Column("gas_cost_usd", "gas", period, "USD", cost[:, which].sum(axis=1))
        yield _Column("gas_short_days", "gas", period, "d", short[:, which].sum(axis=1))
        for k, cause in enumerate(SHORTFALL_CAUSES):
            lost = by_cause[:, which, k].sum(axis=1) / KG_PER_BCM
            yield _Column("gas_shortfall_bcm", f"cause:{cause}", period, "bcm", lost)
        for k, line in enumerate(plan.lines):
            given = by_line[:, which, k].sum(axis=1) / KG_PER_BCM
            yield _Column("gas_delivered_bcm", f"line:{line.id}", period, "bcm", given)
        for k, name in enumerate(limit_names(plan)):
            if every_limit or limits[:, :, k].any():
                yield _Column("gas_limit_days", f"limit:{name}", period, "d", limits[:, which, k].sum(axis=1))
    yield from _phases(plan, joined(parts, "start_h"))


def _volumes(at: dict[str, Floats], period: str) -> Iterator[_Column]:
    for name, kpi in VOLUMES.items():
        yield _Column(kpi, "gas", period, "bcm", at[name] / KG_PER_BCM)
    short = (at["offtake_wanted"] - at["offtake"]) / KG_PER_BCM
    yield _Column("gas_offtake_short_bcm", "gas", period, "bcm", np.maximum(short, 0.0))


def _ratios(at: dict[str, Floats], capacity: Floats, n_days: float, period: str) -> Iterator[_Column]:
    yearly = capacity / KG_PER_BCM * DAYS_PER_GAS_YEAR / n_days
    yield _Column("gas_capacity_bcm_per_year", "gas", period, "bcm/yr", yearly)
    yield _Column("gas_utilisation_frac", "gas", period, "fraction", _share(at["delivered"], capacity))
    yield _Column("gas_served_frac", "gas", period, "fraction", _share(at["delivered"], at["nominated"]))


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0))


def _emissions(at: dict[str, Floats], period: str, gwp: float) -> Iterator[_Column]:
    carbon, methane = at["fuel"] * CO2_KG_PER_KG / KG_PER_T, at["loss"] * METHANE_MASS_FRAC / KG_PER_T
    yield _Column("gas_co2_t", "gas", period, "t", carbon)
    yield _Column("gas_methane_t", "gas", period, "t", methane)
    yield _Column("gas_co2e_t", "gas", period, "t", carbon + gwp * methane)


def _cost(plan: GasPlan, parts: Sequence[GasYears], fuel_kg: Floats, days: npt.NDArray[np.int64]) -> Floats:
    """Return (n_lanes, n_years) dollars: phases in the year they start, then running them, and fuel."""
    start_h = joined(parts, "start_h")
    ends_h = 24.0 * np.cumsum(days)
    begun_h = np.concatenate([[0.0], ends_h[:-1]])
    cost: Floats = fuel_kg * plan.fuel_usd_per_kg
    for k, capex in enumerate(plan.phases.capex_usd):
        start = start_h[:, k : k + 1]
        cost = cost + capex * ((start >= begun_h) & (start < ends_h))
        running_h = np.clip(ends_h - np.maximum(start, begun_h), 0.0, ends_h - begun_h)
        cost = cost + capex * plan.opex_frac_per_year * running_h / H_PER_YEAR
    return np.asarray(cost)


def _phases(plan: GasPlan, start_h: Floats) -> Iterator[_Column]:
    first = datetime.fromisoformat(plan.start).year
    for k, name in enumerate(plan.phases.id):
        start = start_h[:, k]
        yield _Column("gas_phase_start_year", f"phase:{name}", "all", "yr", first + start / 8766.0)
        yield _Column("gas_phase_delay_d", f"phase:{name}", "all", "d", (start - plan.phases.planned_h[k]) / 24.0)
