"""Friction factors (Darcy) of turbulent flow in pipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Law = Callable[[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike], Floats]

LEAST_REYNOLDS = 4000.0
"""Below it flow is not turbulent; a line at rest is given this one's friction, its pressure drop is nothing anyway."""
COLEBROOK_STEPS = 3
"""From the start below the third step already changes nothing beyond 1e-11."""
START = 10.0
"""1/sqrt(f) of large pipes, about, with which the start is worked out."""


def reynolds(mass_flow_kg_per_s: npt.ArrayLike, diameter_m: npt.ArrayLike, viscosity_pa_s: float) -> Floats:
    """Reynolds number of a mass flow in a round pipe, at least `LEAST_REYNOLDS`."""
    number = 4 * np.abs(mass_flow_kg_per_s) / (np.pi * np.asarray(diameter_m) * viscosity_pa_s)
    return np.asarray(np.maximum(number, LEAST_REYNOLDS))


def colebrook(reynolds_number: npt.ArrayLike, diameter_m: npt.ArrayLike, roughness_m: npt.ArrayLike) -> Floats:
    """Colebrook (1939) and White: 1/sqrt(f) = -2 log10(e/3.71D + 2.51/(Re sqrt(f))), by Newton's method."""
    rough = np.asarray(roughness_m) / (3.71 * np.asarray(diameter_m))
    smooth = 2.51 / np.asarray(reynolds_number)
    per_log = 2 / np.log(10)
    x = -per_log * np.log(rough + START * smooth)
    for _ in range(COLEBROOK_STEPS):
        inside = rough + smooth * x
        x = x - (x + per_log * np.log(inside)) / (1 + per_log * smooth / inside)
    return np.asarray(1 / (x * x))


def hofer(reynolds_number: npt.ArrayLike, diameter_m: npt.ArrayLike, roughness_m: npt.ArrayLike) -> Floats:
    """Hofer's (1973) explicit form of Colebrook's equation."""
    number = np.asarray(reynolds_number)
    rough = np.asarray(roughness_m) / (3.71 * np.asarray(diameter_m))
    return np.asarray((2 * np.log10(4.518 / number * np.log10(number / 7) + rough)) ** -2.0)


def nikuradse_rough(reynolds_number: npt.ArrayLike, diameter_m: npt.ArrayLike, roughness_m: npt.ArrayLike) -> Floats:
    """Nikuradse (1933), fully rough: 1/sqrt(f) = 2 log10(D/e) + 1.14, whatever the Reynolds number."""
    ratio = np.asarray(diameter_m) / np.asarray(roughness_m)
    return np.asarray((2 * np.log10(ratio) + 1.14) ** -2.0 + 0.0 * np.asarray(reynolds_number))


def swamee_jain(reynolds_number: npt.ArrayLike, diameter_m: npt.ArrayLike, roughness_m: npt.ArrayLike) -> Floats:
    """Swamee and Jain (1976), explicit."""
    rough = np.asarray(roughness_m) / (3.7 * np.asarray(diameter_m))
    return np.asarray(0.25 / np.log10(rough + 5.74 / np.asarray(reynolds_number) ** 0.9) ** 2)


def russian_norm(reynolds_number: npt.ArrayLike, diameter_m: npt.ArrayLike, roughness_m: npt.ArrayLike) -> Floats:
    """Norm of technological design of gas pipelines: f = 0.067 (158/Re + 2k/D)^0.2, efficiency 1.

    The efficiency of the norm, about 0.95, is that of the pipe (`corridor_sim.gas.pipe.resistance`).
    """
    rough = 2 * np.asarray(roughness_m) / np.asarray(diameter_m)
    return np.asarray(0.067 * (158 / np.asarray(reynolds_number) + rough) ** 0.2)


LAWS: dict[str, Law] = {
    "colebrook": colebrook,
    "hofer": hofer,
    "nikuradse": nikuradse_rough,
    "swamee-jain": swamee_jain,
    "russian-norm": russian_norm,
}
"""Friction laws by the names that scenarios use."""
