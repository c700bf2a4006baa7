"""A gas line as one writes it in pandapipes: a chain of pipes with the flow given, and the same in this package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.gas.pipe import outlet_pressure, resistance

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

BAR = 1e5
AMBIENT_BAR = 1.01325
TEMPERATURE_K = 283.15
DIAMETER_M, ROUGHNESS_M, INLET_BAR = 1.387, 1e-5, 98.0
LENGTHS_M = np.array([110e3, 110e3, 110e3, 110e3])


@dataclass(frozen=True)
class LinearGas:
    """A gas whose compressibility falls linearly with pressure, as in pandapipes' own nets."""

    density_0c_kg_per_m3: float = 0.740619
    viscosity_pa_s: float = 1.2e-5
    slope_per_bar: float = -0.0022

    @property
    def specific_constant_j_per_kg_k(self) -> float:
        """Gas constant over molar mass, with compressibility 1 at 0 degC and 1 atm."""
        return 101325 / (273.15 * self.density_0c_kg_per_m3)

    def z(self, pressure_pa: npt.ArrayLike, temperature_k: npt.ArrayLike) -> Floats:  # noqa: ARG002
        """Compressibility relative to that at 0 degC and 1 atm."""
        return np.asarray(1 + self.slope_per_bar * np.asarray(pressure_pa) / BAR)


def march(flow_kg_per_s: Floats, gas: LinearGas) -> Floats:
    """Return the pressures behind each pipe, (n_pipes, n_flows) Pa."""
    pressure, found = np.full(flow_kg_per_s.shape, INLET_BAR * BAR), []
    for length in LENGTHS_M:
        r = resistance(flow_kg_per_s, DIAMETER_M, length, ROUGHNESS_M, viscosity_pa_s=gas.viscosity_pa_s)
        pressure = outlet_pressure(pressure, flow_kg_per_s, r, TEMPERATURE_K, gas)
        found.append(pressure)
    return np.array(found)


def pandapipes_net(flow_kg_per_s: float, gas: LinearGas) -> Any:
    """Build the line in pandapipes."""
    import pandapipes as pp
    from pandapipes.properties import fluids

    net = pp.create_empty_network()
    linear = fluids.FluidPropertyLinear(gas.slope_per_bar, 1.0)
    net.fluid = fluids.Fluid(
        "linear", "gas",
        density=fluids.FluidPropertyConstant(gas.density_0c_kg_per_m3),
        viscosity=fluids.FluidPropertyConstant(gas.viscosity_pa_s),
        heat_capacity=fluids.FluidPropertyConstant(2200.0),
        compressibility=linear,
        der_compressibility=fluids.FluidPropertyConstant(gas.slope_per_bar),
    )  # fmt: skip
    nodes = [pp.create_junction(net, pn_bar=INLET_BAR, tfluid_k=TEMPERATURE_K) for _ in range(LENGTHS_M.size + 1)]
    pp.create_ext_grid(net, nodes[0], p_bar=INLET_BAR - AMBIENT_BAR, t_k=TEMPERATURE_K)
    pp.create_sink(net, nodes[-1], mdot_kg_per_s=flow_kg_per_s)
    for k, length in enumerate(LENGTHS_M):
        pp.create_pipe_from_parameters(
            net, nodes[k], nodes[k + 1], length / 1e3, inner_diameter_mm=DIAMETER_M * 1e3, k_mm=ROUGHNESS_M * 1e3
        )
    return net


def solve_pandapipes(net: Any) -> Floats:
    """Solve it and return the absolute pressures behind each pipe, Pa."""
    import pandapipes as pp

    pp.pipeflow(
        net, friction_model="colebrook", tol_p=1e-8, tol_m=1e-8, max_iter_hyd=200, max_iter_colebrook=200
    )  # fmt: skip
    return np.asarray((net.res_junction["p_bar"].to_numpy()[1:] + AMBIENT_BAR) * BAR)
