"""The stages of an itinerary make one way from the flow's origin to its destination."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.foundation.errors import nearest
from corridor_sim.scenario.itineraries import FormStage, GatherStage, SplitStage, TravelStage

if TYPE_CHECKING:
    from corridor_sim.scenario.checks.context import Context
    from corridor_sim.scenario.itineraries import Itinerary
    from corridor_sim.scenario.yaml_paths import Step


def check_stages(context: Context) -> None:
    """Check splits and gathers, the way from stage to stage, and both ends of every itinerary."""
    for key, itinerary in context.valid.itineraries.items():
        _check_split(context, key, itinerary)
        way_is_whole = _check_way(context, key, itinerary)
        _check_ends(context, key, itinerary, check_last=way_is_whole)


def _at(key: str, place: int, *more: Step) -> tuple[Step, ...]:
    return ("itineraries", key, "stages", place, *more)


def _check_split(context: Context, key: str, itinerary: Itinerary) -> None:
    """Check that every split is gathered into the same number before the next one."""
    opened: tuple[int, SplitStage] | None = None
    for place, stage in enumerate(itinerary.stages):
        if isinstance(stage, SplitStage):
            if opened is not None:
                message = f"splits again what stage {opened[0]} has split, expected a gather before it"
                context.report(_at(key, place, "split"), message)
            opened = (place, stage)
        elif isinstance(stage, GatherStage):
            if opened is None:
                context.report(_at(key, place, "gather"), "nothing is split here, expected a split before it")
            elif opened[1].split != stage.gather:
                message = f"gathers {stage.gather} units, but stage {opened[0]} splits into {opened[1].split}"
                context.report(_at(key, place, "gather"), message)
            opened = None
        elif isinstance(stage, FormStage) and opened is not None:
            context.report(_at(key, place, "form"), "split units cannot form a train, expected a gather before it")
    if opened is not None:
        context.report(_at(key, opened[0], "split"), f"the {opened[1].split} units are never gathered")


def _check_way(context: Context, key: str, itinerary: Itinerary) -> bool:
    """Check that each stage begins where the one before it ends; return whether the last one does."""
    joined = True
    here = itinerary.stages[0].at
    for place, stage in enumerate(itinerary.stages):
        joined = stage.at == here
        if not joined:
            where = _at(key, place, stage.mode, 0) if isinstance(stage, TravelStage) else _at(key, place, "at")
            if isinstance(stage, TravelStage) and stage.nodes is None:
                where = _at(key, place, stage.mode, "from")
            hint = (
                nearest(stage.at, [here]) or f"expected a rail, road or sea stage from {here} to {stage.at} before it"
            )
            context.report(where, f"the stage begins at {stage.at}, the one before it ends at {here}", hint)
        here = stage.to if isinstance(stage, TravelStage) else stage.at
    return joined


def _check_ends(context: Context, key: str, itinerary: Itinerary, *, check_last: bool) -> None:
    """Check that the itinerary leads from the origin of its flow to the destination."""
    flow = context.valid.flows.get(itinerary.flow)
    if flow is None:
        return
    first, last = itinerary.stages[0], itinerary.stages[-1]
    end = last.to if isinstance(last, TravelStage) else last.at
    place = len(itinerary.stages) - 1
    if first.at != flow.origin:
        where = _at(key, 0) if isinstance(first, TravelStage) else _at(key, 0, "at")
        context.report(where, f"begins at {first.at}, expected {flow.origin}, the origin of flow {itinerary.flow}")
    if end != flow.destination and check_last:
        where = _at(key, place) if isinstance(last, TravelStage) else _at(key, place, "at")
        context.report(where, f"ends at {end}, expected {flow.destination}, the destination of flow {itinerary.flow}")
