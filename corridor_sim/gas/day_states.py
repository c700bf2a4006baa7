"""States in which a line stands on the days of many lanes, each solved once: its largest flow, and what flows take.

A line meets few states (phase, month, cold, closed strings, sets out) on very many days, so the hydraulics are worked
out for each state that occurs, never day by day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.gas.compressor import site_rating
from corridor_sim.gas.line import LineStates, largest_flow, part_flow, reach
from corridor_sim.gas.pipe import linepack
from corridor_sim.gas.properties import reference_gas

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.gas.draws import GasLanes
    from corridor_sim.plan.gas import GasLine, GasPlan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

N_PARTS = 12
"""Flows below the largest at which fuel and linepack are worked out; between them they are taken as straight."""
N_COLD, N_MONTHS = 2, 12


@dataclass(frozen=True, eq=False)
class SolvedStates:
    """Solved states of one line; rows of ``of_day``."""

    of_day: npt.NDArray[np.int32]
    """(n_lanes, n_days) row of each day's state."""
    capacity_kg_per_s: Floats
    """(n,) at the end."""
    intake_kg_per_s: Floats
    """(n,) most that the head takes in."""
    offtake_kg_per_s: Floats
    """(n,) taken out on the way, as far as it can be served."""
    offtake_wanted_kg_per_s: Floats
    fuel_kg_per_s: Floats
    """(n, N_PARTS + 1) from rest to the largest flow."""
    pack_kg: Floats
    """(n, N_PARTS + 1) gas in the line, packed as far as the flow allows."""
    least_pack_kg: Floats
    """(n,) gas that must stay for the flow to go on; of a cut line, with what lies behind the cut let down."""
    limit: Ints
    """(n,) see `corridor_sim.gas.line.largest_flow`."""
    power_w: Floats
    """(n,) shaft power at the largest flow."""
    is_short_of_sets: Bools
    """(n,) whether more sets are out than there are spare ones."""


def solve_days(plan: GasPlan, line_idx: int, lanes: GasLanes) -> SolvedStates:
    """Find the states that occur and solve each."""
    line = plan.lines[line_idx]
    key, parts = _keys(plan, line, lanes, line_idx)
    _, first, of_day = np.unique(key, return_index=True, return_inverse=True)
    occurring = [part.reshape(-1, *part.shape[2:])[first] for part in parts]
    states, wanted = make_states(plan, line, occurring)
    is_short = np.asarray(occurring[-1].any(axis=1))
    return _solve(line, states, of_day.reshape(lanes.state.shape).astype(np.int32), wanted, is_short)


def _keys(plan: GasPlan, line: GasLine, lanes: GasLanes, line_idx: int) -> tuple[Ints, list[npt.NDArray[Any]]]:
    """Return a number for the state of every lane and day, and what it is made of."""
    month = np.broadcast_to(plan.month, lanes.state.shape)
    closed = lanes.closed[line_idx] & line.stands.reshape(line.stands.shape[0], -1)[lanes.state]
    short = lanes.units_out[line_idx] - line.n_spare.astype(np.int16)
    np.clip(short, 0, (line.n_units - line.n_spare).astype(np.int16), out=short)
    short *= line.station_phase <= lanes.state[:, :, None]
    columns: list[tuple[npt.NDArray[Any], int]] = [(month, N_MONTHS), (lanes.cold, N_COLD)]
    columns += [(closed[:, :, k], 2) for k in range(closed.shape[2])]
    columns += [(short[:, :, k], int(line.n_units[k]) + 1) for k in range(short.shape[2])]
    size = plan.meter_kg_per_s.shape[1] * float(np.prod([float(n) for _, n in columns]))
    if size > 2.0**62:
        raise OverflowError(f"line {line.id} has too many strings and sets to number its states")
    key = lanes.state.astype(np.int64)
    for values, n in columns:
        key *= n
        if values.any():
            key += values
    key = np.where(line.exists[lanes.state], key, -1 - lanes.state)
    return key, [lanes.state, month, lanes.cold, closed, short]


def make_states(plan: GasPlan, line: GasLine, parts: list[npt.NDArray[Any]]) -> tuple[LineStates, Floats]:
    """Make the states of what they are made of: phase, month, cold, closed strings, sets short."""
    phase, month, cold, closed, short = parts
    n = phase.size
    is_open = line.stands[phase] & ~closed.reshape(n, line.n_sections, -1).astype(bool)
    rating = site_rating(plan.ambient_k[month])
    shape = (n, line.n_sites)
    power, ratio = np.zeros(shape), np.ones(shape)
    shaft, driver = np.full(shape, 0.84), np.full(shape, 0.34)
    for s, site in enumerate(line.station_site):
        there = line.station_phase[s] <= phase
        duty = line.n_units[s] - line.n_spare[s] - short[:, s]
        power[:, site] += np.where(there, duty * line.unit_power_w[s] * rating, 0.0)
        ratio[:, site] = np.where(there, np.maximum(ratio[:, site], line.max_ratio[s]), ratio[:, site])
        shaft[:, site], driver[:, site] = line.compressor_efficiency[s], line.driver_efficiency[s]
    wanted = np.zeros(shape)
    factor = np.where(cold.astype(bool), plan.cold_offtake_factor, 1.0)
    for k, site in enumerate(line.offtake_site):
        wanted[:, site] += line.offtake_kg_per_s[k][phase, month] * factor
    states = LineStates(
        is_open, line.limit_pa[phase], power, ratio, shaft, driver, wanted, np.asarray(plan.ground_k[month])
    )
    return states, wanted.sum(axis=1)


def _solve(
    line: GasLine, states: LineStates, of_day: npt.NDArray[np.int32], wanted: Floats, is_short: Bools
) -> SolvedStates:
    """Solve the states in which the line exists; where it does not, it carries and holds nothing."""
    n, built = len(states), states.limit_pa.min(axis=1) > 0
    one, many = ("capacity_kg_per_s", "intake_kg_per_s", "offtake_kg_per_s", "least_pack_kg", "power_w"), (
        "fuel_kg_per_s", "pack_kg",
    )  # fmt: skip
    found = {name: np.zeros(n) for name in one} | {name: np.zeros((n, N_PARTS + 1)) for name in many}
    limit = np.full(n, -1)
    if built.any():
        solved, limit[built] = _solve_built(line, _rows(states, built))
        for name, values in solved.items():
            found[name][built] = values
    return SolvedStates(of_day=of_day, offtake_wanted_kg_per_s=wanted, limit=limit, is_short_of_sets=is_short, **found)


def _solve_built(line: GasLine, states: LineStates) -> tuple[dict[str, Floats], Ints]:
    best, share, limit = largest_flow(line, states)
    can = reach(states)
    through = can[:, -1] & (share >= 1.0)
    offtake = (states.offtake_kg_per_s * can).sum(axis=1) * share
    fuel, pack = [], []
    for k in range(N_PARTS + 1):
        at = part_flow(line, states, best, share, k / N_PARTS)
        fuel.append(at.fuel_kg_per_s)
        pack.append(at.pack_kg.sum(axis=1))
    least_cut = best.pack_kg * can[:, 1:] + _let_down(line, states) * ~can[:, 1:]
    least = np.where(can[:, -1], best.pack_kg.sum(axis=1), least_cut.sum(axis=1))
    return {
        "capacity_kg_per_s": np.where(through, best.delivered_kg_per_s, 0.0),
        "intake_kg_per_s": best.intake_kg_per_s,
        "offtake_kg_per_s": offtake,
        "fuel_kg_per_s": np.stack(fuel, axis=1),
        "pack_kg": np.stack(pack, axis=1),
        "least_pack_kg": least,
        "power_w": best.power_w.sum(axis=1),
    }, limit


def _let_down(line: GasLine, states: LineStates) -> Floats:
    """Gas left in each section at the least pressure, kg."""
    volume = np.pi / 4 * (states.open * line.diameter_m**2).sum(axis=2) * line.length_m
    least = np.full(volume.shape, max(line.least_pa, line.delivery_pa))
    return linepack(least, least, volume, states.ground_k[:, None], reference_gas())


def _rows(states: LineStates, which: Bools) -> LineStates:
    return LineStates(*(getattr(states, name)[which] for name in LineStates.__dataclass_fields__))
