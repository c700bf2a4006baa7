"""A scenario with its policies and shocks worked into the things that a plan is compiled of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.scenario.policies.ice_winters import with_ice
from corridor_sim.scenario.policies.payments import with_payments
from corridor_sim.scenario.policies.price_changes import with_price_phases
from corridor_sim.scenario.policies.scarcities import with_scarcities

if TYPE_CHECKING:
    from corridor_sim.scenario.scenario import Scenario

_STEPS = (with_scarcities, with_ice, with_price_phases, with_payments)
"""In order; each returns the scenario itself where it has no such block."""


def with_policies(scenario: Scenario) -> Scenario:
    """Return the scenario with every block that is enabled worked in.

    Ice and scarcities become disruptions, scarcities prices, too; prices and payments cut itineraries. What changes
    demand and the load of ships stays a block that the flows are compiled with. Working in twice is as once.
    """
    for step in _STEPS:
        scenario = step(scenario)
    return scenario
