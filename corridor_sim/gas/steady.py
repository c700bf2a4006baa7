"""What the lines carry phase by phase when everything that stands is in service: capacity, limit, power, profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.gas.day_states import make_states
from corridor_sim.gas.line import largest_flow

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.gas.line import Steady
    from corridor_sim.plan.gas import GasPlan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SteadyLine:
    """One line with everything in service; rows are state x 12 + month."""

    flow: Steady
    capacity_kg_per_s: Floats
    """(n_states, 12)"""
    limit: Ints
    """(n_states, 12) see `corridor_sim.gas.line.largest_flow`; -1 where the line does not stand yet."""
    installed_w: Floats
    """(n_states,) shaft power of all sets."""


def steady_lines(plan: GasPlan) -> list[SteadyLine]:
    """Solve every line for every phase and month."""
    n_states = len(plan.phases.id) + 1
    phase, month = np.repeat(np.arange(n_states), 12), np.tile(np.arange(12), n_states)
    found = []
    for line in plan.lines:
        none = np.zeros(phase.size, dtype=np.int64)
        closed = np.zeros((phase.size, line.n_sections * len(line.strings)), dtype=bool)
        short = np.zeros((phase.size, len(line.stations)), dtype=np.int64)
        states, _ = make_states(plan, line, [phase, month, none, closed, short])
        flow, share, limit = largest_flow(line, states)
        stands = line.exists[phase]
        capacity = np.where(stands & (share >= 1), flow.delivered_kg_per_s, 0.0)
        installed = np.array(
            [(line.n_units * line.unit_power_w)[line.station_phase <= p].sum() for p in range(n_states)]
        )
        found.append(
            SteadyLine(
                flow, capacity.reshape(n_states, 12), np.where(stands, limit, -1).reshape(n_states, 12), installed
            )
        )
    return found
