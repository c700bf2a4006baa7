"""Shares and weights that must sum to 1."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from corridor_sim.scenario.yaml_paths import follow

if TYPE_CHECKING:
    from datetime import datetime

    from corridor_sim.scenario.checks.context import Context
    from corridor_sim.scenario.itineraries import Itinerary

TOLERANCE = 1e-6
"""Largest distance from 1 of a sum of shares or weights."""
_DAY = timedelta(days=1)


def check_profiles(context: Context) -> None:
    """Check that the weights of each month profile sum to 1, and that parcel factors are above 0."""
    for key, profile in context.valid.month_profiles.items():
        total = sum(profile.months)
        if abs(total - 1) > TOLERANCE:
            context.report_entry(("month_profiles", key), f"the weights of the months sum to {total:.6g}, expected 1")
    for key, profile in context.valid.parcel_profiles.items():
        if min(profile.months) <= 0:
            context.report_entry(("parcel_profiles", key), "a factor is 0, expected all twelve above 0")


def check_shares(context: Context) -> None:
    """Check for every flow that the shares of its itineraries sum to 1 whenever some are valid within the run."""
    scenario, run = context.valid, context.run
    by_flow: dict[str, dict[str, Itinerary]] = {}
    for key, itinerary in scenario.itineraries.items():
        by_flow.setdefault(itinerary.flow, {})[key] = itinerary
    skip, elsewhere = _unsure_flows(context)
    if elsewhere:
        return
    for flow in context.ids("flows"):
        if flow in skip or (flow not in by_flow and context.uncertain):
            continue
        own = by_flow.get(flow)
        if not own:
            context.report_entry(("flows", flow), "no itinerary carries this flow", "add one under itineraries")
        elif run is not None and run.start < run.end:
            _check_flow(context, flow, own, run.start, run.end)


def _unsure_flows(context: Context) -> tuple[set[str], bool]:
    """Flows of itineraries that could not be read, and whether some itinerary's flow is not known at all."""
    flows: set[str] = set()
    ids = set(context.ids("flows"))
    for key in context.ids("itineraries"):
        node, taken = follow(context.tree, ("itineraries", key, "flow"))
        name = str(node.value) if taken == 3 else ""
        if name not in ids:
            return flows, True
        if ("itineraries", key) in context.broken:
            flows.add(name)
    return flows, "itineraries" in context.uncertain


def _check_flow(context: Context, flow: str, own: dict[str, Itinerary], start: datetime, end: datetime) -> None:
    """Sum the shares on each stretch of the run between two changes of validity."""
    edges = {start}
    for itinerary in own.values():
        edges.update(edge for edge in _validity(itinerary) if edge is not None and start <= edge < end)
    wrong: dict[tuple[str, ...], tuple[datetime, float]] = {}
    valid_once = False
    gaps: list[datetime] = []
    for day in sorted(edges):
        valid = {key: item for key, item in own.items() if item.is_valid_at(day)}
        total = sum(item.share.value for item in valid.values())
        valid_once = valid_once or bool(valid)
        if not valid:
            gaps.append(day)
        elif abs(total - 1) > TOLERANCE:
            wrong.setdefault(tuple(valid), (day, total))
    if not valid_once:
        context.report_entry(("flows", flow), f"none of its itineraries ({', '.join(own)}) is valid during the run")
    elif gaps:
        text = f"none of its itineraries is valid from {gaps[0]:%Y-%m-%d}"
        context.report_entry(("flows", flow), text, "extend one of them, or add one that carries on")
    for keys, (day, total) in wrong.items():
        since = f" from {day:%Y-%m-%d}" if len(edges) > 1 else ""
        listed = " + ".join(f"{key} {own[key].share.value:g}" for key in keys)
        message = f"the shares of flow {flow} sum to {total:.6g}{since}, expected 1: {listed}"
        context.report(("itineraries", keys[0], "share"), message)


def _validity(itinerary: Itinerary) -> tuple[datetime | None, datetime | None]:
    """First instant at which an itinerary is valid and the one at which it no longer is."""
    until = itinerary.valid_until
    return itinerary.valid_from, None if until is None else until + _DAY
