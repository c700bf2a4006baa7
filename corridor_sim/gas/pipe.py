"""One stretch of pipe: steady isothermal flow between two pressures, with elevation, and the gas it holds.

Inertia is left out: it is below a thousandth of the pressure drop in transmission lines.

References
----------
Koch, Hiller, Pfetsch and Schewe (eds., 2015), Evaluating Gas Network Capacities, SIAM, chapter 2.
Menon (2005), Gas Pipeline Hydraulics, Taylor and Francis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.gas.friction import colebrook, reynolds

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.gas.friction import Law
    from corridor_sim.gas.properties import Gas

    Floats = npt.NDArray[np.float64]

GRAVITY_M_PER_S2 = 9.80665
Z_STEPS = 12
"""Steps of the compressibility at the mean pressure, until nothing changes beyond 1e-10 in lines that are far from
their limit."""
FLOW_STEPS = 6
"""Steps of the friction factor when the flow is asked for."""
FLOOR_PA = 1.0e3
"""Pressure that stands for "the gas does not get there"."""


def resistance(
    mass_flow_kg_per_s: npt.ArrayLike,
    diameter_m: npt.ArrayLike,
    length_m: npt.ArrayLike,
    roughness_m: npt.ArrayLike,
    *,
    viscosity_pa_s: float,
    efficiency: npt.ArrayLike = 1.0,
    loss_coefficient: npt.ArrayLike = 0.0,
    law: Law = colebrook,
) -> Floats:
    """Return r of p1^2 - p2^2 = r Z R T m^2, in 1/m^4: (friction x length/diameter + losses)/(area x efficiency)^2.

    ``loss_coefficient`` is the sum of those of bends and fittings, in velocity heads.
    """
    diameter = np.asarray(diameter_m)
    friction = law(reynolds(mass_flow_kg_per_s, diameter, viscosity_pa_s), diameter, roughness_m)
    area_m2 = np.pi / 4 * diameter**2
    heads = friction * np.asarray(length_m) / diameter + np.asarray(loss_coefficient)
    return np.asarray(heads / (area_m2 * np.asarray(efficiency)) ** 2)


def mean_pressure(inlet_pa: npt.ArrayLike, outlet_pa: npt.ArrayLike) -> Floats:
    """Return the mean pressure along a pipe, Pa: 2/3 (p1 + p2 - p1 p2/(p1 + p2))."""
    a, b = np.asarray(inlet_pa), np.asarray(outlet_pa)
    return np.asarray(2 / 3 * (a + b - a * b / (a + b)))


def outlet_pressure(
    inlet_pa: npt.ArrayLike,
    mass_flow_kg_per_s: npt.ArrayLike,
    resistance_per_m4: npt.ArrayLike,
    temperature_k: npt.ArrayLike,
    gas: Gas,
    *,
    rise_m: npt.ArrayLike = 0.0,
    steps: int = Z_STEPS,
) -> Floats:
    """Return the pressure at the end of a pipe, Pa.

    Parameters
    ----------
    inlet_pa
        Pressure at its beginning, absolute.
    mass_flow_kg_per_s
        Flow; against the direction of the pipe when negative.
    resistance_per_m4
        See `resistance`.
    temperature_k
        Temperature along the pipe.
    gas
        Its properties.
    rise_m
        Height of the end above the beginning.
    steps
        Steps of the compressibility at the mean pressure; 4 are within 1e-5 where a third of the pressure is lost.

    Returns
    -------
    Array of the common shape; `FLOOR_PA` where the gas does not get there.
    """
    inlet = np.asarray(inlet_pa, dtype=np.float64)
    flow = np.asarray(mass_flow_kg_per_s)
    rt = gas.specific_constant_j_per_kg_k * np.asarray(temperature_k)
    drop = np.asarray(resistance_per_m4) * flow * np.abs(flow) * rt
    is_level = bool(np.all(np.asarray(rise_m) == 0))
    outlet = inlet
    for _ in range(steps):
        z = gas.z(mean_pressure(inlet, outlet), temperature_k)
        squared = inlet**2 - drop * z if is_level else _with_rise(inlet, drop * z, z * rt, np.asarray(rise_m))
        outlet = np.sqrt(np.maximum(squared, FLOOR_PA**2))
    return np.asarray(outlet)


def _with_rise(inlet_pa: Floats, drop_pa2: Floats, zrt: Floats, rise_m: Floats) -> Floats:
    """Return the square of the outlet pressure with elevation: p1^2 - e^s p2^2 = drop (e^s - 1)/s."""
    s = 2 * GRAVITY_M_PER_S2 * rise_m / zrt
    stretch = np.where(np.abs(s) < 1e-9, 1.0, np.expm1(s) / np.where(np.abs(s) < 1e-9, 1.0, s))
    return np.asarray((inlet_pa**2 - drop_pa2 * stretch) * np.exp(-s))


def flow_between(  # noqa: PLR0913  # a pipe, its ends and the gas
    inlet_pa: npt.ArrayLike,
    outlet_pa: npt.ArrayLike,
    diameter_m: npt.ArrayLike,
    length_m: npt.ArrayLike,
    roughness_m: npt.ArrayLike,
    temperature_k: npt.ArrayLike,
    gas: Gas,
    *,
    efficiency: npt.ArrayLike = 1.0,
    law: Law = colebrook,
) -> Floats:
    """Return the flow of a level pipe between two pressures, kg/s; 0 where the outlet's is not below the inlet's."""
    inlet, outlet = np.asarray(inlet_pa, dtype=np.float64), np.asarray(outlet_pa, dtype=np.float64)
    zrt = (
        gas.z(mean_pressure(inlet, outlet), temperature_k)
        * gas.specific_constant_j_per_kg_k
        * np.asarray(temperature_k)
    )
    push = np.maximum(inlet**2 - outlet**2, 0.0) / zrt
    flow = np.full(np.broadcast(push, diameter_m).shape, 100.0)
    for _ in range(FLOW_STEPS):
        r = resistance(
            flow, diameter_m, length_m, roughness_m,
            viscosity_pa_s=gas.viscosity_pa_s, efficiency=efficiency, law=law,
        )  # fmt: skip
        flow = np.sqrt(push / r)
    return np.asarray(flow)


def linepack(
    inlet_pa: npt.ArrayLike, outlet_pa: npt.ArrayLike, volume_m3: npt.ArrayLike, temperature_k: npt.ArrayLike, gas: Gas
) -> Floats:
    """Return the mass of gas in a pipe, kg: p_m V/(Z_m R T) at the mean pressure."""
    mean = mean_pressure(inlet_pa, outlet_pa)
    zrt = gas.z(mean, temperature_k) * gas.specific_constant_j_per_kg_k * np.asarray(temperature_k)
    return np.asarray(mean * np.asarray(volume_m3) / zrt)
