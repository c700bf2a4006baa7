"""Compressors: head by the real isentropic exponent, power, fuel, and the pressure that a given power reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.gas_volumes import LHV_J_PER_KG

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.gas.properties import ReferenceGas

    Floats = npt.NDArray[np.float64]

RATING_TEMPERATURE_K = 288.15
"""ISO conditions, for which drivers are rated."""
RATING_PER_K = 0.006
"""Share of the rating that a gas turbine loses per kelvin above ISO conditions (0.5-0.7 %)."""


def head(suction_pa: npt.ArrayLike, ratio: npt.ArrayLike, temperature_k: npt.ArrayLike, gas: ReferenceGas) -> Floats:
    """Return the isentropic head, J/kg: k/(k-1) Z R T (r^((k-1)/k) - 1), k the real exponent at suction.

    Within 0.15 % of the difference of enthalpies by GERG-2008 up to a ratio of 1.6.
    """
    factor, power = _terms(suction_pa, temperature_k, gas)
    return np.asarray(factor * (np.asarray(ratio) ** power - 1))


def ratio_of_head(
    suction_pa: npt.ArrayLike, head_j_per_kg: npt.ArrayLike, temperature_k: npt.ArrayLike, gas: ReferenceGas
) -> Floats:
    """Return the pressure ratio that a head reaches: `head` the other way."""
    factor, power = _terms(suction_pa, temperature_k, gas)
    return np.asarray((1 + np.asarray(head_j_per_kg) / factor) ** (1 / power))


def _terms(suction_pa: npt.ArrayLike, temperature_k: npt.ArrayLike, gas: ReferenceGas) -> tuple[Floats, Floats]:
    exponent = gas.exponent(suction_pa, temperature_k)
    rt = gas.specific_constant_j_per_kg_k * np.asarray(temperature_k)
    power = (exponent - 1) / exponent
    return np.asarray(gas.z(suction_pa, temperature_k) * rt / power), np.asarray(power)


def fuel_kg_per_j(driver_efficiency: npt.ArrayLike) -> Floats:
    """Return the gas burnt per shaft energy, kg/J."""
    return np.asarray(1 / (np.asarray(driver_efficiency) * LHV_J_PER_KG))


def site_rating(ambient_k: npt.ArrayLike) -> Floats:
    """Return the share of the ISO rating that a gas turbine has at an ambient temperature; 1 when it is cold."""
    return np.asarray(np.clip(1 - RATING_PER_K * (np.asarray(ambient_k) - RATING_TEMPERATURE_K), 0.0, 1.0))
