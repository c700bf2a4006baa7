"""Published and third-party gas cases (data/gas_cases.csv), and the gases they were computed with."""

import csv
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from corridor_sim.gas.friction import colebrook, swamee_jain
from corridor_sim.gas.properties import reference_gas

FILE = Path(__file__).parent / "data" / "gas_cases.csv"
BAR = 1e5
Z_NORMAL = 0.997507
"""Z at 0 degC, 1 atm, by which pandapipes' K = Z/Z0 is made."""


@dataclass(frozen=True)
class CaseGas:
    """A gas whose compressibility is given as K(p) = Z/Z0, with the normal density."""

    rho0_kg_m3: float
    viscosity_pa_s: float
    kind: str
    slope_per_bar: float = 0.0
    table_bar: tuple[float, ...] = ()
    table_k: tuple[float, ...] = ()

    @property
    def specific_constant_j_per_kg_k(self) -> float:
        return 101325 / (273.15 * self.rho0_kg_m3)

    def z(self, pressure_pa, temperature_k):
        if self.kind == "linear":
            return 1 + self.slope_per_bar * np.asarray(pressure_pa) / BAR
        if self.kind == "table":
            return np.interp(np.asarray(pressure_pa) / BAR, self.table_bar, self.table_k)
        return reference_gas().z(pressure_pa, temperature_k) / Z_NORMAL


def nikuradse_of_pandapipes(reynolds_number, diameter_m, roughness_m):
    """pandapipes' "nikuradse": fully rough, and the laminar term on top."""
    return (2 * np.log10(diameter_m / roughness_m) + 1.14) ** -2.0 + 64 / reynolds_number


LAWS = {"colebrook": colebrook, "nikuradse": nikuradse_of_pandapipes, "swamee-jain": swamee_jain}


@dataclass(frozen=True)
class Case:
    id: str
    kind: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]

    @property
    def gas(self) -> CaseGas:
        if self.kind == "stanet":
            k = self.inputs["K_at_p_bar_abs"]
            return CaseGas(
                self.inputs["rho0_kg_m3"], self.inputs["mu_Pa_s"], "table",
                table_bar=tuple(map(float, k)), table_k=tuple(k.values()),
            )  # fmt: skip
        fluid = self.inputs["fluid"]
        kind = "linear" if fluid["K_model"] == "linear" else "gerg"
        return CaseGas(fluid["rho0_kg_m3"], fluid["mu_Pa_s"], kind, fluid["K_slope_per_bar"] or 0.0)

    @property
    def temperature_k(self) -> float:
        return self.inputs.get("T_K") or self.inputs["fluid"]["T_K"]

    @property
    def law(self):
        return LAWS[self.inputs["friction"]]


@lru_cache
def all_cases() -> tuple[Case, ...]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Case(r["case_id"], r["kind"], json.loads(r["inputs"]), json.loads(r["outputs"]))
            for r in csv.DictReader(file)
        )


def cases_of(kind: str) -> list[Case]:
    return [case for case in all_cases() if case.kind == kind]
