"""Volumes of gas: cubic metres of every reference state, and mass, converted in this place only.

A bcm is 1e9 m3 at 20 degC and 101.325 kPa (the cubic metre of Gazprom's contracts), a gas year has 365 days. Densities
are those of the reference gas (mole fractions in benchmarks/bake_gas_table.py) by GERG-2008.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Value = TypeVar("Value", float, "npt.NDArray[np.float64]")

DENSITY_20C_KG_PER_M3 = 0.689714
DENSITY_15C_KG_PER_M3 = 0.701769
DENSITY_0C_KG_PER_M3 = 0.740619
DENSITY_60F_KG_PER_M3 = 0.700409
MOLAR_MASS_KG_PER_MOL = 16.558853e-3
M3_PER_SCF = 0.028316846592
"""Cubic metres in a cubic foot; a standard cubic foot is taken at 60 degF and 14.696 psi."""
S_PER_DAY = 86400.0
DAYS_PER_GAS_YEAR = 365.0
LHV_J_PER_KG = 33.76e6 / 0.6897
"""Lower heating value: 33.76 MJ per m3 at 20 degC."""
HHV_J_PER_KG = 37.45e6 / 0.6897
CO2_KG_PER_KG = 1.866 / 0.6897
"""Carbon dioxide of burning the gas."""
KG_PER_BCM = 1e9 * DENSITY_20C_KG_PER_M3
KG_PER_MCM = 1e6 * DENSITY_20C_KG_PER_M3

M3_20C_PER: dict[str, float] = {
    "m3": 1.0,
    "mcm": 1e6,
    "bcm": 1e9,
    "m3_15C": DENSITY_15C_KG_PER_M3 / DENSITY_20C_KG_PER_M3,
    "mcm_15C": 1e6 * DENSITY_15C_KG_PER_M3 / DENSITY_20C_KG_PER_M3,
    "bcm_15C": 1e9 * DENSITY_15C_KG_PER_M3 / DENSITY_20C_KG_PER_M3,
    "Nm3": DENSITY_0C_KG_PER_M3 / DENSITY_20C_KG_PER_M3,
    "bcm_0C": 1e9 * DENSITY_0C_KG_PER_M3 / DENSITY_20C_KG_PER_M3,
    "scf": M3_PER_SCF * DENSITY_60F_KG_PER_M3 / DENSITY_20C_KG_PER_M3,
    "MMscf": 1e6 * M3_PER_SCF * DENSITY_60F_KG_PER_M3 / DENSITY_20C_KG_PER_M3,
}
"""Cubic metres at 20 degC with the same mass of gas as one of each unit; mcm is a million."""


def kg_per_s_of_bcm_per_year(flow: Value) -> Value:
    """Return the mass flow of a volume flow in bcm (20 degC) per year of 365 days."""
    return flow * (KG_PER_BCM / (DAYS_PER_GAS_YEAR * S_PER_DAY))


def bcm_per_year_of_kg_per_s(flow: Value) -> Value:
    """Return the volume flow in bcm (20 degC) per year of 365 days of a mass flow."""
    return flow * (DAYS_PER_GAS_YEAR * S_PER_DAY / KG_PER_BCM)


def mcm_per_day_of_kg_per_s(flow: Value) -> Value:
    """Return the volume flow in million m3 (20 degC) a day of a mass flow."""
    return flow * (S_PER_DAY / KG_PER_MCM)
