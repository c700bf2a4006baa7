"""References between sections: every key that is named exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.foundation.errors import nearest
from corridor_sim.scenario.itineraries import (
    FormStage,
    GiveStage,
    HoldStage,
    QueueStage,
    SailStage,
    TakeStage,
    TravelStage,
)
from corridor_sim.scenario.yaml_paths import Step, follow

if TYPE_CHECKING:
    from corridor_sim.scenario.checks.context import Context
    from corridor_sim.scenario.disruptions import Disruption

TARGET_SECTIONS = ("queues", "train_paths", "single_tracks", "services")
_USED = ("queues", "holds", "services", "formations", "pools")
_WITH_CALENDAR = ("travel_classes", "holds", "queues", "train_paths", "single_tracks", "services")


def check_references(context: Context) -> None:
    """Check profiles, flows, stages, calendars and targets of disruptions."""
    scenario = context.valid
    _check_routes(context)
    for key, flow in scenario.flows.items():
        context.refer(("flows", key, "profile"), "month_profiles", flow.profile)
        context.refer(("flows", key, "parcel_profile"), "parcel_profiles", flow.parcel_profile)
    _check_processes(context)
    _check_rules(context)
    for key, itinerary in scenario.itineraries.items():
        context.refer(("itineraries", key, "flow"), "flows", itinerary.flow)
        for place, stage in enumerate(itinerary.stages):
            _check_stage(context, ("itineraries", key, "stages", place), stage)
    for section in _WITH_CALENDAR:
        for key, entry in getattr(scenario, section).items():
            context.refer((section, key, "calendar"), "calendars", entry.calendar)
    _check_upgrades(context)
    for key, disruption in scenario.disruptions.items():
        _check_targets(context, key, disruption)


def _check_routes(context: Context) -> None:
    """Check that demand by route names routes of flows."""
    demand = context.valid.demand
    routes = {flow.route for flow in context.valid.flows.values()}
    for route in demand.by_route if "flows" not in context.uncertain else ():
        if route not in routes:
            message = f"no flow takes a route '{route}'"
            context.report(("demand", "by_route", route), message, nearest(route, routes))


def _check_processes(context: Context) -> None:
    """Check the steps of border processes and gauge breaks, whether or not an itinerary takes them."""
    scenario = context.valid
    for section in ("chains", "border_processes"):
        for key, process in getattr(scenario, section).items():
            for place, step in enumerate(process.steps):
                _check_stage(context, (section, key, "steps", place), step)
    for key, gauge_break in scenario.gauge_breaks.items():
        for name, technology in gauge_break.technologies.items():
            steps: tuple[Step, ...] = ("gauge_breaks", key, "technologies", name)
            context.refer((*steps, "cost"), "costs", technology.cost)
            for place, step in enumerate(technology.steps):
                _check_stage(context, (*steps, "steps", place), step)


def _check_rules(context: Context) -> None:
    """Check what charges and emissions name: prices, factors, and what is used where they hold."""
    scenario = context.valid
    users = [name for section in _USED for name in context.ids(section)]
    for key, charge in scenario.charges.items():
        context.refer(("charges", key, "cost"), "costs", charge.cost)
        context.refer(("charges", key, "times"), "costs", charge.times)
    for key, emission in scenario.emissions.items():
        context.refer(("emissions", key, "factor"), "emission_factors", emission.factor)
    for section in ("charges", "emissions"):
        for key, rule in getattr(scenario, section).items():
            for place, name in enumerate(rule.at or ()):
                if name not in users and not context.uncertain.intersection(_USED):
                    message = f"no queue, hold, service, formation or pool '{name}'"
                    context.report((section, key, "at", place), message, nearest(name, users))


def _check_stage(context: Context, steps: tuple[Step, ...], stage: object) -> None:
    """Check the one entry that a stage names."""
    match stage:
        case HoldStage():
            context.refer((*steps, "hold"), "holds", stage.hold)
        case TravelStage():
            context.refer((*steps, "class"), "travel_classes", stage.travel_class)
        case QueueStage():
            context.refer((*steps, "queue"), "queues", stage.queue)
        case SailStage():
            if context.refer((*steps, "sail"), "services", stage.sail):
                _check_home(context, steps, "services", stage.sail, stage.at)
        case TakeStage():
            if context.refer((*steps, "take"), "pools", stage.take):
                _check_base(context, steps, stage.take, stage.at)
        case GiveStage():
            if context.refer((*steps, "give"), "pools", stage.give):
                _check_base(context, steps, stage.give, stage.at)
        case FormStage():
            if context.refer((*steps, "form"), "formations", stage.form):
                _check_home(context, steps, "formations", stage.form, stage.at)


def _check_base(context: Context, steps: tuple[Step, ...], key: str, at: str) -> None:
    """Check that a pool is used at one of its bases."""
    pool = context.valid.pools.get(key)
    if pool is not None and at not in [b.at for b in pool.bases]:
        context.report((*steps, "at"), f"'{key}' has its bases at {', '.join(b.at for b in pool.bases)}, not at {at}")


def _check_home(context: Context, steps: tuple[Step, ...], section: str, key: str, at: str) -> None:
    """Check that a service or formation is used at the node where it is."""
    entry = getattr(context.valid, section).get(key)
    if entry is not None and entry.at != at:
        context.report((*steps, "at"), f"'{key}' is at {entry.at}, not at {at}")


def _check_targets(context: Context, key: str, disruption: Disruption) -> None:
    known = [name for section in TARGET_SECTIONS for name in context.ids(section)]
    for place, target in enumerate(disruption.targets):
        if target.target in known or context.uncertain.intersection(TARGET_SECTIONS):
            continue
        steps = _steps_of_target(context, key, place, target.target)
        message = f"no queue, train path, single track or service '{target.target}'"
        context.report(steps, message, nearest(target.target, known))


def _check_upgrades(context: Context) -> None:
    known = [name for section in TARGET_SECTIONS for name in context.ids(section)]
    for key, upgrade in context.valid.upgrades.items():
        for place, target in enumerate(upgrade.targets):
            if target not in known and not context.uncertain.intersection(TARGET_SECTIONS):
                message = f"no queue, train path, single track or service '{target}'"
                context.report(("upgrades", key, "targets", place), message, nearest(target, known))


def _steps_of_target(context: Context, key: str, place: int, name: str) -> tuple[Step, ...]:
    """Path of a target as it was written: in a list, in a mapping inside the list, or in one mapping."""
    base: tuple[Step, ...] = ("disruptions", key, "targets")
    node, _ = follow(context.tree, base)
    if isinstance(node.value, dict):
        return (*base, name)
    child, taken = follow(node, (place,))
    return (*base, place, name) if taken and name in child.entries else (*base, place)
