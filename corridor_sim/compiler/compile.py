"""Compile a scenario on a network to a plan, or name everything that does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.compiler.calendars import CalendarBook
from corridor_sim.compiler.context import Context
from corridor_sim.compiler.disruptions import build_disruptions
from corridor_sim.compiler.durations import DrawBook
from corridor_sim.compiler.facilities import build_facilities
from corridor_sim.compiler.flows import build_flows
from corridor_sim.compiler.gas import check_deliveries, compile_gas
from corridor_sim.compiler.itineraries import build_itineraries
from corridor_sim.compiler.observations import build_border_posts, build_journeys
from corridor_sim.foundation.errors import ScenarioError, nearest
from corridor_sim.plan.plan import Plan
from corridor_sim.scenario.policies import with_policies

if TYPE_CHECKING:
    from corridor_sim.network import Network
    from corridor_sim.scenario import Scenario


def compile_plan(scenario: Scenario, *, network: Network | None = None) -> Plan:
    """Compile a scenario.

    Parameters
    ----------
    scenario
        A loaded scenario.
    network
        The network it runs on; the shipped one by default.

    Raises
    ------
    ScenarioError
        With every place where the scenario does not fit the network or itself.
    """
    if network is None:
        from corridor_sim.network import load_network

        network = load_network()
    context = new_context(scenario, network)
    _check_nodes(context)
    book, draws = CalendarBook(context), DrawBook()
    flows = build_flows(context)
    check_deliveries(context, flows)
    facilities = build_facilities(context, book)
    itineraries, stages = build_itineraries(context, facilities, book, draws)
    disruptions = build_disruptions(context, facilities)
    posts = build_border_posts(context)
    journeys = build_journeys(context, facilities, itineraries, stages)
    context.problems.raise_if_any(ScenarioError)
    return Plan(
        name=scenario.name,
        start=scenario.run.start.isoformat(),
        end_h=context.axis.end_h,
        warm_up_h=context.axis.warm_up_h,
        trucks_per_unit=float(scenario.trucks_per_unit),
        flows=flows,
        itineraries=itineraries,
        stages=stages,
        draws=draws.table(),
        places=facilities.places,
        services=facilities.services,
        formations=facilities.formations,
        loops=facilities.lines.loops,
        tracks=facilities.lines.tracks,
        pools=facilities.pools,
        calendars=book.table(),
        disruptions=disruptions,
        border_posts=posts,
        journeys=journeys,
        gas=compile_gas(scenario) if scenario.gas is not None else None,
    )


def new_context(scenario: Scenario, network: Network) -> Context:
    """Begin a compilation, with policies and shocks worked into the scenario."""
    scenario = with_policies(scenario)
    return Context(scenario, network, scenario.run.time_axis)


def _check_nodes(context: Context) -> None:
    """Origins and destinations must be nodes of the network."""
    nodes = context.network.node_ids
    for name, flow in context.scenario.flows.items():
        for end in ("origin", "destination"):
            node = getattr(flow, end)
            if node not in nodes:
                context.problem(f"flows.{name}.{end}", f"the network has no node '{node}'", nearest(node, nodes))
