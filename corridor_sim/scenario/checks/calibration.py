"""Calibration measures that refer to what the scenario has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.foundation.errors import nearest
from corridor_sim.scenario.itineraries import TravelStage
from corridor_sim.scenario.observations import (
    DwellAt,
    FlowVolume,
    ItineraryWindow,
    MeanDwell,
    QueueCapacity,
    QueueVolume,
    Tariff,
    WinterDwell,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.scenario.checks.context import Context
    from corridor_sim.scenario.itineraries import Itinerary
    from corridor_sim.scenario.yaml_paths import Step


def check_calibration(context: Context) -> None:
    """Check the itineraries, nodes, queues, holds, flows and costs that measures name."""
    for key, target in context.valid.calibration.items():
        steps: tuple[Step, ...] = ("calibration", key, "measure", target.measure.kind)
        match target.measure.of:
            case ItineraryWindow() as window:
                _check_window(context, steps, window)
            case DwellAt() as dwell:
                _check_dwell(context, steps, dwell)
            case MeanDwell() as mean:
                for place, dwell in enumerate(mean.of):
                    _check_dwell(context, (*steps, "of", place), dwell)
            case WinterDwell() as winter:
                context.refer((*steps, "queue"), "queues", winter.queue)
                context.refer((*steps, "hold"), "holds", winter.hold)
            case QueueVolume() | QueueCapacity() as queues:
                for place, name in enumerate(queues.queues):
                    context.refer((*steps, "queues", place), "queues", name)
            case FlowVolume() as volume:
                _check_flows(context, steps, volume)
            case Tariff() as tariff:
                context.refer((*steps, "cost"), "costs", tariff.cost)


def _check_window(context: Context, steps: tuple[Step, ...], window: ItineraryWindow) -> None:
    context.refer((*steps, "itinerary"), "itineraries", window.itinerary)
    for name, node in (("from", window.from_), ("to", window.to)):
        if node is not None:
            _check_node(context, (*steps, name), window.itinerary, node)


def _check_dwell(context: Context, steps: tuple[Step, ...], dwell: DwellAt) -> None:
    context.refer((*steps, "itinerary"), "itineraries", dwell.itinerary)
    for place, node in enumerate(dwell.nodes):
        _check_node(context, (*steps, "nodes", place), dwell.itinerary, node)


def _check_node(context: Context, steps: tuple[Step, ...], key: str, node: str) -> None:
    """Check that an itinerary passes a node, when its nodes are all given."""
    itinerary = context.valid.itineraries.get(key)
    nodes = _nodes_of(itinerary) if itinerary is not None else None
    if nodes is not None and node not in nodes:
        context.report(steps, f"itinerary {key} does not pass {node}", nearest(node, nodes))


def _nodes_of(itinerary: Itinerary) -> list[str] | None:
    """List the nodes of an itinerary; None when a stage finds its way on the graph."""
    nodes: dict[str, None] = {}
    for stage in itinerary.stages:
        if isinstance(stage, TravelStage):
            if stage.nodes is None:
                return None
            nodes.update(dict.fromkeys(stage.nodes))
        else:
            nodes[stage.at] = None
    return list(nodes)


def _check_flows(context: Context, steps: tuple[Step, ...], volume: FlowVolume) -> None:
    """Check that the conditions of a selection fit at least one flow each."""
    flows = context.valid.flows.values()
    routes = sorted({flow.route for flow in flows})
    unsure = "flows" in context.uncertain or any(section == "flows" for section, _ in context.broken)
    for place, route in enumerate(volume.where.route or ()):
        if route not in routes and not unsure:
            hint = nearest(route, routes) or f"routes are {', '.join(routes)}"
            context.report((*steps, "where", "route", place), f"no flow has the route '{route}'", hint)
    _check_all(context, (*steps, "where", "flow"), volume.where.flow or ())
    for place, name in enumerate(volume.where.counts_in or ()):
        if name not in {"i", "ii", "iii"}:
            context.report((*steps, "where", "counts_in", place), f"found '{name}', expected i, ii or iii")


def _check_all(context: Context, steps: tuple[Step, ...], names: Sequence[str]) -> None:
    for place, name in enumerate(names):
        context.refer((*steps, place), "flows", name)
