"""Compile a scenario beside one that was compiled before: only the tables that read what differs are built again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corridor_sim.compiler.compile import compile_plan, new_context
from corridor_sim.compiler.facilities import with_servers
from corridor_sim.compiler.flows import build_flows
from corridor_sim.compiler.itineraries import with_shares
from corridor_sim.foundation.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor_sim.network import Network
    from corridor_sim.plan.plan import Plan
    from corridor_sim.scenario import Scenario

FLOWS, PLACES, ITINERARIES = "flows", "places", "itineraries"


def recompile(plan: Plan, scenario: Scenario, paths: Iterable[str], *, network: Network) -> Plan:
    """Compile a scenario that differs at some dotted paths from the one that a plan was compiled of.

    Numbers of servers, factors on demand and on shares of itineraries stand in one table of the plan each, which is
    built again; anything else is compiled as a whole.

    Parameters
    ----------
    plan
        Of the other scenario, on the same network.
    scenario
        What to compile.
    paths
        Where it differs.
    network
        The network of both.

    Raises
    ------
    ScenarioError
        As `compile_plan`.
    """
    tables = {_table_of(path) for path in paths}
    if None in tables:
        return compile_plan(scenario, network=network)
    context = new_context(scenario, network)
    built: dict[str, Any] = {}
    if FLOWS in tables:
        built["flows"] = build_flows(context)
    if PLACES in tables:
        built["places"] = with_servers(context, plan.places)
    if ITINERARIES in tables:
        built["itineraries"] = with_shares(context, plan.itineraries)
    context.problems.raise_if_any(ScenarioError)
    return replace(plan, **built)


def _table_of(path: str) -> str | None:
    """Name of the only table that reads a path, None where several may."""
    first, *rest = path.split(".")
    if first == "queues" and len(rest) == 2 and rest[1] == "servers":
        return PLACES
    if path.startswith("demand.by_itinerary"):
        return ITINERARIES
    if first in {"demand", "parcel_profiles"}:
        return FLOWS
    return None
