"""A scenario with its policies and shocks worked into the things that a plan is compiled of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.scenario.policies.payments import with_payments

if TYPE_CHECKING:
    from corridor_sim.scenario.scenario import Scenario

_STEPS = (with_payments,)
"""In order; each returns the scenario itself where it has no such block."""


def with_policies(scenario: Scenario) -> Scenario:
    """Return the scenario with every block that is enabled worked in.

    The blocks stay where they are, for those that read them at compile time; the file, its changes and its digest are
    those of the scenario as written.
    """
    for step in _STEPS:
        scenario = step(scenario)
    return scenario
