"""Policies and shocks as blocks of a scenario, and how they are worked into what a run is compiled of."""

from __future__ import annotations

from corridor_sim.scenario.policies.expansion import with_policies

__all__ = ["with_policies"]
