"""What one string carries by spacing of its stations and pressure: the planner's first sum, before any scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.gas_volumes import bcm_per_year_of_kg_per_s
from corridor_sim.gas.compressor import head
from corridor_sim.gas.pipe import flow_between
from corridor_sim.gas.properties import reference_gas

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

LOSS_IN_PA, LOSS_OUT_PA = 1.3e5, 1.2e5
"""Pressure lost before and behind the compressors of a station (filters, coolers)."""
AVAILABILITY = 0.92
"""Yearly flow over 365 times the largest daily one, a norm-type product 0.95 x 0.98 x 0.99."""


def span_capacity(
    pressure_pa: npt.ArrayLike,
    spacing_m: npt.ArrayLike,
    ratio: npt.ArrayLike,
    *,
    diameter_m: npt.ArrayLike = 1.387,
    roughness_m: npt.ArrayLike = 10e-6,
    temperature_k: float = 288.15,
) -> Floats:
    """Return the yearly capacity of one string with like stations at equal distances, bcm/yr.

    Parameters
    ----------
    pressure_pa
        Largest pressure, at the outlet of the compressors.
    spacing_m
        Distance of the stations.
    ratio
        Pressure ratio of the compressors.
    diameter_m, roughness_m, temperature_k
        Of the pipe and the gas.
    """
    arrival, inlet = arrival_pressure(pressure_pa, ratio), np.asarray(pressure_pa) - LOSS_OUT_PA
    flow = flow_between(inlet, arrival, diameter_m, spacing_m, roughness_m, temperature_k, reference_gas())
    return np.asarray(AVAILABILITY * bcm_per_year_of_kg_per_s(flow))


def arrival_pressure(pressure_pa: npt.ArrayLike, ratio: npt.ArrayLike) -> Floats:
    """Return the pressure before a station that brings it to ``pressure_pa`` with a ratio, losses included, Pa."""
    return np.asarray(np.asarray(pressure_pa) / np.asarray(ratio) + LOSS_IN_PA)


def station_power(
    pressure_pa: npt.ArrayLike, ratio: npt.ArrayLike, flow_kg_per_s: npt.ArrayLike, *, efficiency: float = 0.84
) -> Floats:
    """Return the shaft power of such a station, W."""
    suction = arrival_pressure(pressure_pa, ratio) - LOSS_IN_PA
    return np.asarray(np.asarray(flow_kg_per_s) * head(suction, ratio, 288.15, reference_gas()) / efficiency)
