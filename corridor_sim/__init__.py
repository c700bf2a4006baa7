"""corridor_sim: freight simulator of the North-South corridor.

    import corridor_sim as cs
    scenario = cs.load_scenario("scenarios/baseline-2025.yaml", overrides={"demand.growth": 1.1})
    result = cs.simulate(scenario, replications=10, seed=7)
    result.summary()

Names are loaded when first used, so importing the package is silent and fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_sim.analysis.comparison import compare
    from corridor_sim.choice import Equilibrium, find_equilibrium
    from corridor_sim.compiler import compile_plan
    from corridor_sim.network import load_network
    from corridor_sim.results import RunResult, SweepResult, load_result, load_sweep
    from corridor_sim.scenario import load_scenario
    from corridor_sim.simulation import simulate
    from corridor_sim.sweep import run_sweep
    from corridor_sim.verification import verify

__version__ = "0.1.0"

__all__ = [
    "Equilibrium",
    "RunResult",
    "SweepResult",
    "__version__",
    "compare",
    "compile_plan",
    "find_equilibrium",
    "load_network",
    "load_result",
    "load_scenario",
    "load_sweep",
    "run_sweep",
    "simulate",
    "verify",
]

_HOMES = {
    "Equilibrium": "choice",
    "RunResult": "results",
    "SweepResult": "results",
    "compare": "analysis.comparison",
    "compile_plan": "compiler",
    "find_equilibrium": "choice",
    "load_network": "network",
    "load_result": "results",
    "load_scenario": "scenario",
    "load_sweep": "results",
    "run_sweep": "sweep",
    "simulate": "simulation",
    "verify": "verification",
}


def __getattr__(name: str) -> object:
    """Load a public name from its home when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'corridor_sim' has no attribute '{name}'")
    value = getattr(import_module(f"corridor_sim.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
