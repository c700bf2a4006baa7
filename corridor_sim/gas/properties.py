"""Properties of the reference gas: compressibility and isentropic exponent, from a table baked from GERG-2008.

References
----------
Kunz and Wagner (2012), The GERG-2008 wide-range equation of state for natural gases, J. Chem. Eng. Data 57.
The table is written by benchmarks/bake_gas_table.py.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from corridor_sim.foundation.gas_volumes import MOLAR_MASS_KG_PER_MOL

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

GAS_CONSTANT_J_PER_MOL_K = 8.314462618
VISCOSITY_PA_S = 1.2e-5
"""Dynamic viscosity of natural gas at line conditions (1.25e-5 for methane at 70 bar, 15 degC)."""
TABLE = Path(__file__).with_name("gerg-2008.npz")
CELSIUS_K = 273.15


class Gas(Protocol):
    """What the hydraulics need to know of a gas."""

    @property
    def specific_constant_j_per_kg_k(self) -> float:
        """Gas constant divided by the molar mass."""

    @property
    def viscosity_pa_s(self) -> float:
        """Dynamic viscosity."""

    def z(self, pressure_pa: npt.ArrayLike, temperature_k: npt.ArrayLike) -> Floats:
        """Compressibility factor."""


class ReferenceGas:
    """The gas of the corridor: methane 97, ethane 1.5, propane 0.4, butane 0.1, nitrogen 0.8, CO2 0.2 mol-%.

    Values between the points of the table (1 bar, 2.5 K) are bilinear, within 2e-5 of GERG-2008 at line conditions.
    """

    specific_constant_j_per_kg_k = GAS_CONSTANT_J_PER_MOL_K / MOLAR_MASS_KG_PER_MOL
    viscosity_pa_s = VISCOSITY_PA_S

    def __init__(self) -> None:
        with np.load(TABLE, allow_pickle=False) as table:
            self._pressure_step_pa = float(table["pressure_pa"][1])
            self._lowest_k = float(table["temperature_k"][0])
            self._temperature_step_k = float(table["temperature_k"][1]) - self._lowest_k
            self._z = np.ascontiguousarray(table["z"])
            self._exponent = np.ascontiguousarray(table["exponent"])

    def z(self, pressure_pa: npt.ArrayLike, temperature_k: npt.ArrayLike) -> Floats:
        """Compressibility factor; beyond the table (25 MPa, -20..80 degC) its edge holds."""
        return self._look_up(self._z, pressure_pa, temperature_k)

    def exponent(self, pressure_pa: npt.ArrayLike, temperature_k: npt.ArrayLike) -> Floats:
        """Real isentropic exponent, -(v/p)(dp/dv) at constant entropy."""
        return self._look_up(self._exponent, pressure_pa, temperature_k)

    def _look_up(self, table: Floats, pressure_pa: npt.ArrayLike, temperature_k: npt.ArrayLike) -> Floats:
        n_rows, n_columns = table.shape
        x = np.clip(np.asarray(pressure_pa) / self._pressure_step_pa, 0.0, n_rows - 1.0)
        y = np.clip((np.asarray(temperature_k) - self._lowest_k) / self._temperature_step_k, 0.0, n_columns - 1.0)
        row = np.minimum(x.astype(np.int64), n_rows - 2)
        column = np.minimum(y.astype(np.int64), n_columns - 2)
        fx, fy, at = x - row, y - column, row * n_columns + column
        flat = table.ravel()
        low = flat[at] * (1 - fy) + flat[at + 1] * fy
        high = flat[at + n_columns] * (1 - fy) + flat[at + n_columns + 1] * fy
        return np.asarray(low * (1 - fx) + high * fx)


@cache
def reference_gas() -> ReferenceGas:
    """Return the reference gas; its table is read once."""
    return ReferenceGas()


def papay_z(
    pressure_pa: npt.ArrayLike,
    temperature_k: npt.ArrayLike,
    critical_pressure_pa: float = 45.97e5,
    critical_temperature_k: float = 192.9,
) -> Floats:
    """Compressibility by Papay (1968): explicit, within 1.5 % of GERG-2008 up to 160 bar; for comparisons."""
    reduced_p = np.asarray(pressure_pa) / critical_pressure_pa
    reduced_t = np.asarray(temperature_k) / critical_temperature_k
    return np.asarray(
        1 - 3.52 * reduced_p * np.exp(-2.26 * reduced_t) + 0.274 * reduced_p**2 * np.exp(-1.878 * reduced_t)
    )
