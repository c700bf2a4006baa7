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
    """Check that markets name flows, each flow in one market only, and prices per container for containers only."""
    for flow in context.valid.demand.by_flow:
        context.refer(("demand", "by_flow", flow), "flows", flow)
    choice = context.valid.route_choice
    homes: dict[str, str] = {}
    for name, market in choice.markets.items() if choice is not None else ():
        for route, alternative in market.alternatives.items():
            for place, flow in enumerate(alternative.flows or ()):
                steps = (*_steps(name), "alternatives", route, "flows", place)
                context.refer(steps, "flows", flow)
                if homes.setdefault(flow, name) != name:
                    context.report(steps, f"flow '{flow}' is in market '{homes[flow]}' already")
        _check_containers(context, name, market)


def _steps(market: str) -> tuple[Step, ...]:
    return ("route_choice", "markets", market)


def _check_containers(context: Context, name: str, market: Market) -> None:
    """Prices and values per container need containers in every flow of the market."""
    flows = context.valid.flows
    without = [f for f in market.flows if f in flows and flows[f].consignment.teu.value == 0]
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
