"""The stages of an itinerary make one way from the flow's origin to its destination."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.foundation.errors import nearest
from corridor_sim.scenario.itineraries import (
    FormStage,
    GatherStage,
    GiveStage,
    QueueStage,
    SplitStage,
    TakeStage,
    TravelStage,
)

if TYPE_CHECKING:
    from corridor_sim.scenario.checks.context import Context
    from corridor_sim.scenario.itineraries import Itinerary, Stage
    from corridor_sim.scenario.yaml_paths import Step


def check_stages(context: Context) -> None:
    """Check splits and gathers, pools, and the way from origin to destination, of every itinerary."""
    for key, itinerary in context.valid.itineraries.items():
        _check_split(context, key, itinerary)
        _check_pools(context, key, itinerary)
        _check_way(context, key, itinerary)


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


def _check_pools(context: Context, key: str, itinerary: Itinerary) -> None:
    """Check that what is taken from a pool is given back, and that a server is held only just after a queue."""
    out: dict[str, tuple[int, int]] = {}
    n_units = 1
    before: object = None
    for place, stage in enumerate(itinerary.stages):
        match stage:
            case SplitStage():
                n_units = stage.split
            case GatherStage():
                n_units = 1
            case TakeStage():
                if stage.holds_server and not isinstance(before, QueueStage):
                    message = "no server can be held here, expected a queue just before"
                    context.report(_at(key, place, "holds_server"), message)
                out[stage.take] = (out.get(stage.take, (0, 0))[0] + stage.n * n_units, place)
            case GiveStage():
                out[stage.give] = (out.get(stage.give, (0, 0))[0] - stage.n * n_units, place)
        before = stage
    for pool, (left, place) in out.items():
        if left:
            word = "take" if isinstance(itinerary.stages[place], TakeStage) else "give"
            more = f"{left} more are taken than given back" if left > 0 else f"{-left} more are given back than taken"
            context.report(_at(key, place, word), f"of '{pool}' {more}: a pool is closed")


def _check_way(context: Context, key: str, itinerary: Itinerary) -> None:
    """Check that the stages lead from the origin of the flow to its destination, each from where the last one ends."""
    flow = context.valid.flows.get(itinerary.flow)
    stages = itinerary.stages
    here = stages[0].at if flow is None else flow.origin
    for place, stage in enumerate(stages):
        ahead = stages[place + 1].at if place + 1 < len(stages) else flow.destination if flow else None
        joined = stage.at == here
        if not joined and place == 0 and nearest(here, [stage.at]):
            text = f"'{here}' is not where its itinerary {key} begins"
            context.report(("flows", itinerary.flow, "origin"), text, nearest(here, [stage.at]))
        elif not joined and place == 0:
            _report_end(context, key, place, f"begins at {stage.at}, expected {here}, the origin", itinerary.flow)
        elif not joined:
            _report_gap(context, key, place, stage, here)
        if joined or isinstance(stage, TravelStage) or ahead != here:  # else this stage alone is out of place
            here = stage.to if isinstance(stage, TravelStage) else stage.at
    if flow is not None and here != flow.destination and joined and nearest(flow.destination, [here]):
        text = f"'{flow.destination}' is not where its itinerary {key} ends"
        context.report(("flows", itinerary.flow, "destination"), text, nearest(flow.destination, [here]))
    elif flow is not None and here != flow.destination and joined:
        place = len(stages) - 1
        _report_end(
            context, key, place, f"ends at {here}, expected {flow.destination}, the destination", itinerary.flow
        )


def _report_gap(context: Context, key: str, place: int, stage: Stage, here: str) -> None:
    if isinstance(stage, TravelStage):
        where = _at(key, place, stage.mode, "from" if stage.nodes is None else 0)
    else:
        where = _at(key, place, "at")
    hint = nearest(stage.at, [here]) or f"expected a rail, road or sea stage from {here} to {stage.at} before it"
    context.report(where, f"the stage begins at {stage.at}, the one before it ends at {here}", hint)


def _report_end(context: Context, key: str, place: int, message: str, flow: str) -> None:
    stage = context.valid.itineraries[key].stages[place]
    where = _at(key, place) if isinstance(stage, TravelStage) else _at(key, place, "at")
    context.report(where, f"{message} of flow {flow}")
