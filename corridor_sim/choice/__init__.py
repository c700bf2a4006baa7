"""Route choice: tonnes by route that meet the times they choose by."""

from __future__ import annotations

from corridor_sim.choice.constants import fit_constants
from corridor_sim.choice.equilibrium import Equilibrium, find_equilibrium

__all__ = ["Equilibrium", "find_equilibrium", "fit_constants"]
