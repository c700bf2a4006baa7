"""Steady flow in any network of pipes, meshed or not: Newton's method on the squares of the pressures.

Each pipe obeys p1^2 - p2^2 = r Z R T m |m|. A step solves the balances of all free nodes with every pipe's law
linearised at its flow; friction and compressibility follow between steps.

References
----------
Isaacs and Mills (1980), Linear theory methods for pipe network analysis, J. Hydraulics Division ASCE 106.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.gas.friction import colebrook
from corridor_sim.gas.pipe import FLOOR_PA, mean_pressure, resistance

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.gas.friction import Law
    from corridor_sim.gas.properties import Gas

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

MOST_STEPS = 100
TOLERANCE = 1e-12
LEAST_FLOW = 1e-9
"""Share of the demand that a pipe without flow is linearised at: its law has no slope at rest."""


@dataclass(frozen=True, eq=False)
class Pipes:
    """Pipes of a network, one element of each array per pipe."""

    start: Ints
    """Node at which each begins."""
    end: Ints
    diameter_m: Floats
    length_m: Floats
    roughness_m: Floats
    loss_coefficient: Floats
    """Bends and fittings, velocity heads."""


@dataclass(frozen=True, eq=False)
class NetworkState:
    """Pressures and flows that balance."""

    pressure_pa: Floats
    """(n_nodes,)"""
    flow_kg_per_s: Floats
    """(n_pipes,) positive from start to end."""


def solve_network(
    pipes: Pipes,
    fixed_pa: Floats,
    demand_kg_per_s: Floats,
    temperature_k: float,
    gas: Gas,
    *,
    law: Law = colebrook,
) -> NetworkState:
    """Solve a network of level pipes.

    Parameters
    ----------
    pipes
        The pipes; every node is joined to one of given pressure.
    fixed_pa
        (n_nodes,) pressures that are given, Pa absolute; nan where free.
    demand_kg_per_s
        (n_nodes,) taken out at each node (negative: put in); not used where the pressure is given.
    temperature_k
        Of all pipes.
    gas, law
        Properties, friction law.

    Raises
    ------
    ArithmeticError
        When no flow balances: the demand cannot be met from the given pressures.
    """
    free = np.flatnonzero(np.isnan(fixed_pa))
    known = np.where(np.isnan(fixed_pa), np.nanmax(fixed_pa), fixed_pa)
    squared, flow = known**2, np.full(pipes.start.size, max(float(np.abs(demand_kg_per_s).max()), 1e-3))
    rt = gas.specific_constant_j_per_kg_k * temperature_k
    least = LEAST_FLOW * float(flow[0])
    for _ in range(MOST_STEPS):
        pressure = np.sqrt(np.maximum(squared, FLOOR_PA**2))
        z = gas.z(mean_pressure(pressure[pipes.start], pressure[pipes.end]), temperature_k)
        r = resistance(
            flow, pipes.diameter_m, pipes.length_m, pipes.roughness_m,
            viscosity_pa_s=gas.viscosity_pa_s, loss_coefficient=pipes.loss_coefficient, law=law,
        )  # fmt: skip
        new, solved = _step(pipes, free, squared, flow, demand_kg_per_s, r * z * rt, least)
        change = np.abs(new - flow).max() / np.abs(new).max(initial=least)
        change = max(change, np.abs(solved - squared).max() / np.abs(solved).max())
        flow, squared = new, solved
        if change < TOLERANCE:
            break
    if squared[free].min(initial=np.inf) <= FLOOR_PA**2 or not change < 1e-6:
        raise ArithmeticError("no flow balances: the demand cannot be met from the given pressures")
    return NetworkState(np.sqrt(squared), flow)


def _step(
    pipes: Pipes, free: Ints, squared: Floats, flow: Floats, demand: Floats, k: Floats, least: float
) -> tuple[Floats, Floats]:
    """One Newton step on p1^2 - p2^2 = k m |m|: m_new = m/2 + (p1^2 - p2^2)/(2 k |m|)."""
    slope = 1 / (2 * k * np.maximum(np.abs(flow), least))
    n = squared.size
    conductance = np.zeros((n, n))
    np.add.at(conductance, (pipes.start, pipes.start), slope)
    np.add.at(conductance, (pipes.end, pipes.end), slope)
    np.add.at(conductance, (pipes.start, pipes.end), -slope)
    np.add.at(conductance, (pipes.end, pipes.start), -slope)
    leaving = demand.astype(np.float64).copy()
    np.add.at(leaving, pipes.start, flow / 2)
    np.add.at(leaving, pipes.end, -flow / 2)
    given = np.setdiff1d(np.arange(n), free)
    right = -leaving[free] - conductance[np.ix_(free, given)] @ squared[given]
    solved = squared.copy()
    solved[free] = np.linalg.solve(conductance[np.ix_(free, free)], right)
    return flow / 2 + slope * (solved[pipes.start] - solved[pipes.end]), solved
