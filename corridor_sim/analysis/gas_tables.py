"""Tables of a gas run beside its KPIs: days with bands, phases, profiles along the lines, feasibility of a string."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor_sim.foundation.gas_volumes import KG_PER_MCM, bcm_per_year_of_kg_per_s
from corridor_sim.gas.feasibility import AVAILABILITY, span_capacity, station_power
from corridor_sim.gas.operation import DAILY, limit_names
from corridor_sim.gas.steady import steady_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.gas.operation import GasYears
    from corridor_sim.gas.steady import SteadyLine
    from corridor_sim.plan.gas import GasLine, GasPlan

    Floats = npt.NDArray[np.float64]

FEASIBLE_PRESSURES_BAR = (54, 84, 98, 118)
FEASIBLE_RATIO = 1.40
"""Middle of what stations in practice do, 1.35 to 1.45."""


def daily_table(plan: GasPlan, parts: Sequence[GasYears]) -> pd.DataFrame:
    """Return a row per day and quantity: date, quantity, mean, p05, p50, p95 (mcm, mcm/d) over the lanes kept."""
    start = datetime.fromisoformat(plan.start).replace(tzinfo=None)
    dates = pd.date_range(start, periods=plan.n_days)
    frames = []
    for name in DAILY:
        lanes = np.concatenate([p.daily[name] for p in parts if p.daily]) / KG_PER_MCM
        low, middle, high = np.percentile(lanes, [5, 50, 95], axis=0)
        frames.append(
            pd.DataFrame(
                {
                    "date": dates,
                    "quantity": name,
                    "mean": lanes.mean(axis=0, dtype=np.float64),
                    "p05": low,
                    "p50": middle,
                    "p95": high,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def phase_table(plan: GasPlan, start_h: Floats) -> pd.DataFrame:
    """Return a row per phase: what was planned, when it starts, what the assets carry and what limits them."""
    lines, names = steady_lines(plan), limit_names(plan)
    start = datetime.fromisoformat(plan.start).replace(tzinfo=None)
    rows = []
    for k, phase in enumerate(plan.phases.id):
        capacity, limit = _phase_capacity(plan, lines, k + 1, names)
        low, middle, high = np.percentile(start_h[:, k], [5, 50, 95])
        planned_h = float(plan.phases.planned_h[k])
        rows.append(
            {
                "phase": phase,
                "title": plan.phases.title[k],
                "nameplate_bcm_per_year": float(bcm_per_year_of_kg_per_s(plan.phases.nameplate_kg_per_s[k])),
                "capacity_bcm_per_year": capacity,
                "limit": limit,
                "planned": start + timedelta(hours=planned_h),
                "decided": start + timedelta(hours=planned_h - float(plan.phases.lead_h[k])),
                "start_p05": start + timedelta(hours=float(low)),
                "start_p50": start + timedelta(hours=float(middle)),
                "start_p95": start + timedelta(hours=float(high)),
                "within_half_year_frac": float((start_h[:, k] <= planned_h + 4383.0).mean()),
                "installed_mw": sum(float(s.installed_w[k + 1]) for s in lines) / 1e6,
                "new_pipe_km": sum(_pipe_km(line, k + 1) - _pipe_km(line, 0) for line in plan.lines),
                "capex_musd": float(plan.phases.capex_usd[: k + 1].sum()) / 1e6,
            }
        )
    return pd.DataFrame(rows)


def _phase_capacity(plan: GasPlan, lines: list[SteadyLine], state: int, names: tuple[str, ...]) -> tuple[float, str]:
    """Mean of the months of what lines and meters let through, with everything in service; and its limit."""
    total = np.sum([s.capacity_kg_per_s[state] for s in lines], axis=0)
    meters = plan.meter_kg_per_s[:, state] if len(plan.meters) else np.array([np.inf])
    capacity = np.minimum(total, meters.min())
    mean = float(bcm_per_year_of_kg_per_s(capacity.mean()))
    if meters.min() < total.mean():
        return mean, names[1 + int(meters.argmin())]
    best = int(np.argmax([s.capacity_kg_per_s[state].mean() for s in lines]))
    base = 1 + len(plan.meters) + sum(x.n_sections + 2 * x.n_sites for x in plan.lines[:best])
    found = lines[best].limit[state]
    code = int(np.bincount(found[found >= 0]).argmax()) if (found >= 0).any() else -1
    return mean, names[base + code] if code >= 0 else names[0]


def _pipe_km(line: GasLine, state: int) -> float:
    return float((line.stands[state].sum(axis=1) * line.length_m).sum()) / 1e3


def profile_table(plan: GasPlan) -> pd.DataFrame:
    """Return a row per phase, line and site in January: pressures (bar), linepack so far (mcm) at the largest flow."""
    rows: list[dict[str, Any]] = []
    for line, steady in zip(plan.lines, steady_lines(plan), strict=True):
        for k, phase in enumerate(plan.phases.id):
            row = 12 * (k + 1)
            if steady.capacity_kg_per_s[k + 1, 0] <= 0:
                continue
            pack = np.concatenate([[0.0], np.cumsum(steady.flow.pack_kg[row])]) / KG_PER_MCM
            rows += [
                {
                    "line": line.id, "phase": phase, "site": plan.sites[s], "km": float(plan.site_km[s]),
                    "arrival_bar": float(steady.flow.arrival_pa[row, i]) / 1e5,
                    "discharge_bar": float(steady.flow.discharge_pa[row, i]) / 1e5,
                    "linepack_mcm": float(pack[i]), "power_mw": float(steady.flow.power_w[row, i]) / 1e6,
                    "flow_bcm_per_year": float(bcm_per_year_of_kg_per_s(steady.capacity_kg_per_s[k + 1, 0])),
                }
                for i, s in enumerate(line.site_idx)
            ]  # fmt: skip
    return pd.DataFrame(rows)


def feasibility_table() -> pd.DataFrame:
    """Return what one string of 1420 mm carries by pressure and spacing: bcm/yr, and MW working at each station."""
    spacing_km = np.arange(60.0, 301.0, 10.0)
    frames = []
    for bar in FEASIBLE_PRESSURES_BAR:
        carried = span_capacity(bar * 1e5, spacing_km * 1e3, FEASIBLE_RATIO)
        flow = carried / AVAILABILITY / bcm_per_year_of_kg_per_s(1.0)
        power = station_power(bar * 1e5, FEASIBLE_RATIO, flow) / 1e6
        frames.append(
            pd.DataFrame(
                {"pressure_bar": bar, "spacing_km": spacing_km, "carried_bcm_per_year": carried, "station_mw": power}
            )
        )
    return pd.concat(frames, ignore_index=True)
