"""Bake the property table of the reference gas from GERG-2008; run once, when the gas or the grid changes.

    pip install pyaga8 && python benchmarks/bake_gas_table.py

Writes corridor_sim/gas/gerg-2008.npz and prints the densities that stand in foundation/gas_volumes.py. pyaga8 is the
code of AGA 8 (2017) by NIST; it is needed here only.
"""

from pathlib import Path

import numpy as np
import pyaga8

MOLE_FRACTIONS = {
    "methane": 0.97, "ethane": 0.015, "propane": 0.004, "n_butane": 0.001, "nitrogen": 0.008, "carbon_dioxide": 0.002,
}  # fmt: skip
PRESSURES_PA = np.linspace(0.0, 25e6, 251)
TEMPERATURES_K = np.linspace(253.15, 353.15, 41)
REFERENCES = {"0 degC": 273.15, "15 degC": 288.15, "60 degF": 288.705555556, "20 degC": 293.15}
TARGET = Path(__file__).parents[1] / "corridor_sim" / "gas" / "gerg-2008.npz"


def gas_at(pressure_pa: float, temperature_k: float) -> "pyaga8.Gerg2008":
    """GERG-2008 with all properties worked out at one state."""
    composition = pyaga8.Composition()
    for name, share in MOLE_FRACTIONS.items():
        setattr(composition, name, share)
    gas = pyaga8.Gerg2008()
    gas.set_composition(composition)
    gas.pressure, gas.temperature = max(pressure_pa, 1.0) / 1e3, temperature_k
    gas.calc_density(0)
    gas.calc_properties()
    return gas


def main() -> None:
    """Write the table."""
    shape = PRESSURES_PA.size, TEMPERATURES_K.size
    z, exponent = np.empty(shape), np.empty(shape)
    for i, j in np.ndindex(shape):
        gas = gas_at(PRESSURES_PA[i], TEMPERATURES_K[j])
        z[i, j], exponent[i, j] = gas.z, gas.kappa
    np.savez_compressed(TARGET, pressure_pa=PRESSURES_PA, temperature_k=TEMPERATURES_K, z=z, exponent=exponent)
    for name, temperature_k in REFERENCES.items():
        gas = gas_at(101325.0, temperature_k)
        print(f"{name}: {gas.d * gas.mm:.6f} kg/m3, molar mass {gas.mm:.6f} g/mol, Z {gas.z:.6f}")


if __name__ == "__main__":
    main()
