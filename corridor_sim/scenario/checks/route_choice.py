"""What route choice and the flows say about each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.scenario.route_choice import PER_TEU

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor_sim.scenario.checks.context import Context
    from corridor_sim.scenario.quantities import Quantity
    from corridor_sim.scenario.route_choice import Market
    from corridor_sim.scenario.yaml_paths import Step


def check_route_choice(context: Context) -> None:
    """Check that markets name flows or itineraries, each in one place only, and prices per container for containers."""
    for section, of in (("by_flow", "flows"), ("by_itinerary", "itineraries")):
        for key in getattr(context.valid.demand, section):
            context.refer(("demand", section, key), of, key)
    choice = context.valid.route_choice
    homes: dict[str, str] = {}
    for name, market in choice.markets.items() if choice is not None else ():
        for route, alternative in market.alternatives.items():
            section = "flows" if alternative.flows else "itineraries"
            for place, key in enumerate(alternative.simulated):
                steps = (*_steps(name), "alternatives", route, section, place)
                if context.refer(steps, section, key):
                    _check_home(context, steps, name, key, homes)
        _check_whole_flows(context, name, market)
        _check_containers(context, name, market)


def _check_home(context: Context, steps: tuple[Step, ...], market: str, key: str, homes: dict[str, str]) -> None:
    """Check that a flow, or the flow of an itinerary, is in one market only."""
    itinerary = context.valid.itineraries.get(key)
    flow = key if steps[-2] == "flows" or itinerary is None else itinerary.flow
    if homes.setdefault(flow, market) != market:
        context.report(steps, f"flow '{flow}' is in market '{homes[flow]}' already")


def _check_whole_flows(context: Context, name: str, market: Market) -> None:
    """Check that a flow some of whose itineraries are named has all of them in the market, and is not named itself."""
    itineraries = context.valid.itineraries
    named = {i for a in market.alternatives.values() for i in a.itineraries or () if i in itineraries}
    as_flows = {flow for a in market.alternatives.values() for flow in a.flows or ()}
    for flow in dict.fromkeys(itineraries[i].flow for i in sorted(named)):
        missing = [key for key, item in itineraries.items() if item.flow == flow and key not in named]
        if flow in as_flows:
            message = f"flow '{flow}' is named beside some of its itineraries"
            context.report((*_steps(name), "alternatives"), message, "name either")
        elif missing:
            message = f"of flow '{flow}' the itineraries {', '.join(missing)} have no route"
            context.report((*_steps(name), "alternatives"), message, "every itinerary of the flow belongs to one")


def _steps(market: str) -> tuple[Step, ...]:
    return ("route_choice", "markets", market)


def _check_containers(context: Context, name: str, market: Market) -> None:
    """Prices and values per container need containers in every flow of the market."""
    flows = context.valid.flows
    own = market.flows_in(context.valid.itineraries)
    without = [f for f in own if f in flows and flows[f].consignment.teu.value == 0]
    if not without:
        return
    for steps, quantity in _prices(market):
        if quantity.unit in PER_TEU:
            message = f"is in {quantity.unit}, but the consignments of flow {without[0]} have no containers"
            context.report((*_steps(name), *steps), message, "give it per tonne")


def _prices(market: Market) -> Iterator[tuple[tuple[Step, ...], Quantity]]:
    for key in ("value_of_time", "value_of_reliability"):
        yield (key,), getattr(market, key)
    for route, alternative in market.alternatives.items():
        if alternative.reference is not None:
            yield ("alternatives", route, "reference", "price"), alternative.reference.price
