"""Scarcities: a fleet at a part of its pace and dearer, for some days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import corridor_sim as cs
from corridor_sim.analysis.chains import NO_HOURS, build_chains
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.network import load_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor_sim.scenario import Scenario

NETWORK = load_network()
BLOCK = """
queues:
  SHIPS: {name: ships, at: RU_ASP, kind: ship fleet, servers: 1, service: 1 h}
costs: {VOYAGE: {item: freight, rate: 50 USD/t}}
charges: {freight: {cost: VOYAGE, kind: transport, "on": sea}}
scarcities:
  WAR: {name: owners stay away, during: 2025-03-01..2025-03-10, fleets: [SHIPS], left: 0.4,
        charges: [freight], cost_factor: 3}
"""


def test_less_of_the_fleet_and_dearer_in_those_days(plain: Callable[..., Scenario]) -> None:
    scenario = plain(BLOCK)
    plan = cs.compile_plan(scenario, network=NETWORK)
    calendar = plan.facility_calendars[0]
    assert [calendar.rate_at(d * 24.0) for d in (58.9, 59, 68.9, 69)] == [1, 0.4, 0.4, 1]
    chains = build_chains(scenario, plan, NETWORK)
    paid = {c.itinerary: c.usd(NO_HOURS)["transport"] / c.load.t for c in chains if c.flow == "F"}
    assert paid == {"FI": 50, "FI--2025-03-01": 150, "FI--2025-03-11": 50}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scarcities.WAR.fleets": ["SHIP"]}, "no queue, train path, single track or service 'SHIP'"),
        ({"scarcities.WAR.charges": ["fright"]}, "no charge 'fright'; did you mean 'freight'?"),
        ({"scarcities.WAR.during": "03-01..03-10"}, "has no year"),
        ({"scarcities.WAR.fleets": [], "scarcities.WAR.charges": []}, "changes nothing"),
    ],
)
def test_what_cannot_be(plain: Callable[..., Scenario], change: dict[str, object], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        plain(BLOCK, overrides=change)
    assert any(message in str(p) for p in caught.value.problems), [str(p) for p in caught.value.problems]
