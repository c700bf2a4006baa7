"""A line of sections and stations: what it carries at most under its pressure and power limits, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.gas.compressor import fuel_kg_per_j, head, ratio_of_head
from corridor_sim.gas.friction import LAWS
from corridor_sim.gas.pipe import FLOOR_PA, linepack, outlet_pressure, resistance
from corridor_sim.gas.properties import reference_gas

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.plan.gas import GasLine

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

BISECTIONS = 26
"""Halvings of the largest flow: the last is 1e-8 of it."""
ALL_BUT = 1e-6
"""Offtakes served but for this share are served."""
Z_STEPS = 4
"""Steps of the compressibility in a section: 1e-5 of the pressure where a third of it is lost."""
SPLIT_STEPS = 4
"""Steps of the split of a flow over unlike strings."""
MOST_FLOW_KG_PER_S = 8000.0
"""Beyond any line: 366 bcm a year."""


@dataclass(frozen=True, eq=False)
class LineStates:
    """What of a line is in service, for many days at once; the first axis is that of the days (states)."""

    open: Bools
    """(n, n_sections, n_slots)"""
    limit_pa: Floats
    """(n, n_sections)"""
    power_w: Floats
    """(n, n_sites) shaft power at hand."""
    ratio: Floats
    """(n, n_sites) largest pressure ratio, 1 where there is no station."""
    shaft_efficiency: Floats
    """(n, n_sites)"""
    driver_efficiency: Floats
    offtake_kg_per_s: Floats
    """(n, n_sites)"""
    ground_k: Floats
    """(n,)"""

    def __len__(self) -> int:
        return int(self.ground_k.size)


@dataclass(frozen=True, eq=False)
class Steady:
    """Steady flow through a line, for many states."""

    feasible: Bools
    delivered_kg_per_s: Floats
    intake_kg_per_s: Floats
    fuel_kg_per_s: Floats
    power_w: Floats
    """(n, n_sites)"""
    arrival_pa: Floats
    """(n, n_sites) before the station."""
    discharge_pa: Floats
    """(n, n_sites) behind it."""
    pack_kg: Floats
    """(n, n_sections)"""
    limited_by: Ints
    """(n, n_sites) what holds the discharge at each site: 0 pressure, 1 ratio, 2 power, -1 no station."""


def reach(states: LineStates) -> Bools:
    """Return, (n, n_sites), which sites gas can get to from the head."""
    is_open = states.open.any(axis=2)
    return np.concatenate([np.ones((len(states), 1), bool), np.logical_and.accumulate(is_open, axis=1)], axis=1)


def steady_flow(line: GasLine, states: LineStates, intake_kg_per_s: Floats, offtake_kg_per_s: Floats) -> Steady:
    """Follow a flow from the head to the end, every station at the largest discharge its limits allow.

    Parameters
    ----------
    line, states
        The line, and what of it is in service.
    intake_kg_per_s
        (n,) put in at the head.
    offtake_kg_per_s
        (n, n_sites) taken out on the way.
    """
    gas, n = reference_gas(), len(states)
    flow, pressure = intake_kg_per_s, np.full(n, line.feed_pa)
    shape = (n, line.n_sites)
    arrival, discharge, power = np.empty(shape), np.empty(shape), np.zeros(shape)
    limited = np.full(shape, -1, dtype=np.int64)
    pack, fuel = np.zeros((n, line.n_sections)), np.zeros(n)
    is_open = np.asarray(states.open.any(axis=2))
    feasible = np.ones(n, dtype=bool)
    for i in range(line.n_sites):
        arrival[:, i] = pressure
        feasible &= (pressure >= line.least_pa) | ~_used(is_open, i)
        flow = flow - offtake_kg_per_s[:, i]
        limit = np.maximum(states.limit_pa[:, min(i, line.n_sections - 1)], FLOOR_PA)
        pressure, power[:, i], limited[:, i] = _compress(line, states, i, flow, pressure, limit)
        burnt = power[:, i] * fuel_kg_per_j(states.driver_efficiency[:, i])
        fuel, flow = fuel + burnt, flow - burnt
        discharge[:, i] = pressure
        if i < line.n_sections:
            r, temperature = section_resistance(line, states, i, flow), states.ground_k
            end = outlet_pressure(pressure, flow, r, temperature, gas, rise_m=line.rise_m[i], steps=Z_STEPS)
            end = np.where(is_open[:, i], end, FLOOR_PA)
            volume = np.pi / 4 * (line.diameter_m**2 * states.open[:, i]).sum(axis=1) * line.length_m[i]
            pack[:, i] = linepack(pressure, end, volume, temperature, gas)
            pressure = end
    feasible &= (pressure >= line.delivery_pa) | ~np.all(is_open, axis=1)
    return Steady(
        feasible, np.maximum(flow, 0.0), intake_kg_per_s, fuel, power, arrival, discharge, pack, limited
    )  # fmt: skip


def _used(is_open: Bools, site: int) -> Bools:
    """Whether gas can get to a site at all."""
    return np.asarray(np.all(is_open[:, :site], axis=1))


def _compress(
    line: GasLine, states: LineStates, site: int, flow: Floats, arrival: Floats, limit: Floats
) -> tuple[Floats, Floats, Ints]:
    """Return discharge pressure, shaft power and what limits the discharge at a site."""
    most = states.ratio[:, site]
    out = np.minimum(arrival, limit)
    if np.all(most <= 1.0):
        return out, np.zeros_like(out), np.full(out.shape, -1, dtype=np.int64)
    gas, temperature = reference_gas(), states.ground_k
    suction = np.maximum(arrival - line.station_loss_in_pa, FLOOR_PA)
    work = states.power_w[:, site] * states.shaft_efficiency[:, site] / np.maximum(flow, 1e-3)
    by_power = ratio_of_head(suction, np.minimum(work, 1e6), temperature, gas)
    wanted = limit / suction
    ratios = np.stack([wanted, most, by_power])
    limited = np.argmin(ratios, axis=0)
    ratio = np.maximum(ratios.min(axis=0), 1.0)
    pressed = ratio * suction - line.station_loss_out_pa
    runs = (most > 1.0) & (pressed > arrival) & (flow > 0)
    head_j = head(suction, np.where(runs, ratio, 1.0), temperature, gas)
    power = np.maximum(flow, 0.0) * head_j / states.shaft_efficiency[:, site]
    return np.where(runs, pressed, out), power, np.where(most > 1.0, limited, -1)


def section_resistance(line: GasLine, states: LineStates, section: int, flow_kg_per_s: Floats) -> Floats:
    """Return the resistance of the open strings of a section together, 1/m^4.

    Strings share their ends, so 1/sqrt(r) adds up; the friction of each follows its share of the flow.
    """
    slots = np.flatnonzero(line.stands[:, section].any(axis=0))
    is_open = states.open[:, section, slots]
    n_open = np.maximum(is_open.sum(axis=1), 1)
    bore, rough, clean = line.diameter_m[slots], line.roughness_m[slots], line.efficiency[slots]
    law, viscosity, length = LAWS[line.friction], reference_gas().viscosity_pa_s, line.length_m[section]
    if np.ptp(bore) == np.ptp(rough) == np.ptp(clean) == 0:  # like strings share alike
        one = resistance(
            flow_kg_per_s / n_open, bore[0], length, rough[0], viscosity_pa_s=viscosity, efficiency=clean[0], law=law
        )
        return np.asarray(one / n_open**2)
    share = is_open / n_open[:, None]
    for _ in range(SPLIT_STEPS):
        each = resistance(
            flow_kg_per_s[:, None] * share, bore, length, rough,
            viscosity_pa_s=viscosity, efficiency=clean, law=law,
        )  # fmt: skip
        conductance = np.where(is_open, 1 / np.sqrt(each), 0.0)
        total = np.maximum(conductance.sum(axis=1), 1e-12)
        share = conductance / total[:, None]
    return np.asarray(1 / (total * total))


def largest_flow(line: GasLine, states: LineStates) -> tuple[Steady, Floats, Ints]:
    """Find the largest steady flow under the limits of pressure, ratio and power.

    Offtakes come first: they are served in full before anything is delivered at the end, and alike when they are not.

    Returns
    -------
    tuple
        The steady flow; (n,) the share of the offtakes that is served; (n,) what limits it: a section, or
        n_sections + site where a station's power is short, or n_sections + n_sites + site where its ratio is.
    """
    can = reach(states)
    offtake = states.offtake_kg_per_s * can
    wanted = offtake.sum(axis=1)
    low, high = np.zeros(len(states)), np.where(can[:, -1], 2.0, 1.0)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        fits = _flow_of(line, states, middle, offtake, wanted).feasible
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    low = np.where(low > 1 - ALL_BUT, np.maximum(low, 1.0), low)
    share = np.where(wanted > 0, np.minimum(low, 1.0), 1.0)
    best = _flow_of(line, states, low, offtake, wanted)
    beyond = _flow_of(line, states, high, offtake, wanted)
    return best, share, _limit(line, beyond, can)


def _flow_of(line: GasLine, states: LineStates, level: Floats, offtake: Floats, wanted: Floats) -> Steady:
    """Steady flow at a level: up to 1 that share of the offtakes, beyond it transit on top."""
    share = np.minimum(level, 1.0)
    transit = np.maximum(level - 1.0, 0.0) * MOST_FLOW_KG_PER_S
    return steady_flow(line, states, wanted * share + transit, offtake * share[:, None])


def _limit(line: GasLine, beyond: Steady, can: Bools) -> Ints:
    """Name what fails just beyond the largest flow."""
    n, sites = beyond.feasible.size, np.arange(line.n_sites)
    low = (beyond.arrival_pa < line.least_pa) & can
    low[:, -1] |= (beyond.discharge_pa[:, -1] < line.delivery_pa) & can[:, -1]
    failed = np.where(low.any(axis=1), low.argmax(axis=1), line.n_sites - 1)
    has_station = (beyond.limited_by >= 0) & ((sites < failed[:, None]) | (failed[:, None] == line.n_sites - 1))
    last = np.where(has_station.any(axis=1), line.n_sites - 1 - has_station[:, ::-1].argmax(axis=1), 0)
    rows = np.arange(n)
    by = beyond.limited_by[rows, last]
    lost = beyond.discharge_pa[:, :-1] - beyond.arrival_pa[:, 1:]
    between = (sites[:-1] >= np.minimum(last, failed - 1)[:, None]) & (sites[:-1] < failed[:, None])
    worst = np.where(between, lost, -1.0).argmax(axis=1)
    at_station = np.where(by == 2, line.n_sections + last, line.n_sections + line.n_sites + last)
    return np.asarray(np.where(by >= 1, at_station, worst))


def part_flow(line: GasLine, states: LineStates, best: Steady, share: Floats, fraction: float) -> Steady:
    """Return the steady flow at a fraction of the largest transit, offtakes as they are served.

    The fuel of the way is found in two rounds, so what is delivered is that fraction within 1e-4 of the fuel.
    """
    offtake = states.offtake_kg_per_s * reach(states) * share[:, None]
    aim = fraction * best.delivered_kg_per_s
    taken = offtake.sum(axis=1)
    found = steady_flow(line, states, aim + taken + best.fuel_kg_per_s * fraction, offtake)
    return steady_flow(line, states, aim + taken + found.fuel_kg_per_s, offtake)
