"""Policies and shocks: the flows, routes, goods and places that they name exist."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from corridor_sim.foundation.errors import nearest
from corridor_sim.scenario.checks.references import TARGET_SECTIONS
from corridor_sim.scenario.policies.block import FlowBlock, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor_sim.scenario.checks.context import Context
    from corridor_sim.scenario.policies.price_changes import PriceChange
    from corridor_sim.scenario.policies.tariff_cuts import TariffCut
    from corridor_sim.scenario.yaml_paths import Step

FLOW_BLOCKS = ("payments", "tariff_cuts", "demand_shifts", "price_changes")
"""Sections whose entries choose flows."""
DISRUPTIONS = ("ice_winters", "scarcities")
"""Sections whose entries become disruptions of the same key."""


def check_policies(context: Context) -> None:
    """Check what the blocks name."""
    scenario = context.valid
    for section in FLOW_BLOCKS:
        for key, block in getattr(scenario, section).items():
            _check_choice(context, (section, key), block)
    for key, cut in scenario.tariff_cuts.items():
        _check_goods(context, key, cut)
    for key, change in scenario.price_changes.items():
        _refer(context, ("price_changes", key, "charges"), "charges", change.charges)
        _check_price(context, key, change)
    for key, scarcity in scenario.scarcities.items():
        _refer(context, ("scarcities", key, "charges"), "charges", scarcity.charges)
        _check_places(context, ("scarcities", key, "fleets"), scarcity.fleets)
    for key, level in scenario.sea_levels.items():
        _refer(context, ("sea_levels", key, "parcel_profiles"), "parcel_profiles", level.parcel_profiles)
    for key, ice in scenario.ice_winters.items():
        _check_places(context, ("ice_winters", key, "fleets"), ice.fleets)
        _check_places(context, ("ice_winters", key, "targets"), [t.target for t in ice.targets])
        context.refer(("ice_winters", key, "replaces"), "disruptions", ice.replaces)
    for section in DISRUPTIONS:
        for key in getattr(scenario, section).keys() & scenario.disruptions.keys():
            context.report_entry((section, key), "the key is taken by a disruption, which it would replace")


def _refer(context: Context, steps: tuple[Step, ...], section: str, names: Iterable[str]) -> None:
    for place, name in enumerate(names):
        context.refer((*steps, place), section, name)


def _check_goods(context: Context, key: str, cut: TariffCut) -> None:
    """Check that every good has one tariff."""
    named = list(chain.from_iterable(t.goods for t in cut.tariffs.values()))
    for twice in sorted({word for word in named if named.count(word) > 1}):
        context.report(("tariff_cuts", key, "tariffs"), f"'{twice}' stands in two of them, expected in one")


def _check_choice(context: Context, steps: tuple[Step, ...], block: FlowBlock) -> None:
    """Check that the flows, routes and goods are there, and that some flow feels the block."""
    _refer(context, (*steps, "flows"), "flows", block.flows)
    _refer(context, (*steps, "not"), "flows", block.not_)
    if "flows" in context.uncertain or any(section == "flows" for section, _ in context.broken):
        return
    flows = context.valid.flows
    known = {f.route for f in flows.values()}
    _check_names(context, (*steps, "routes"), block.routes, known, "flow takes a route")
    goods = {word for f in flows.values() for word in words_of(f)}
    _check_names(context, (*steps, "commodities"), block.commodities, goods, "flow carries")
    named = {*block.flows, *block.not_} <= set(flows) and set(block.routes) <= known and set(block.commodities) <= goods
    if named and not any(block.takes(key, flow) for key, flow in flows.items()):
        context.report_entry(steps, "no flow feels it: no flow is of all that is named")


def _check_price(context: Context, key: str, change: PriceChange) -> None:
    """Check that what is added is in the unit of every price that it is added to, and that countries mean something."""
    for place, name in enumerate(change.charges):
        charge = context.valid.charges.get(name)
        cost = context.valid.costs.get(charge.cost) if charge is not None else None
        if cost is not None and change.amount is not None and change.amount.unit != cost.rate.unit:
            message = f"is in {change.amount.unit}, but '{name}' is paid in {cost.rate.unit}"
            context.report(("price_changes", key, "amount"), message)
        if charge is not None and charge.on is None and change.countries:
            message = f"'{name}' is paid at places or by time; countries hold for legs only"
            context.report(("price_changes", key, "charges", place), message)


def _check_places(context: Context, steps: tuple[Step, ...], names: Iterable[str]) -> None:
    """Check that what works at another pace is a place or a service."""
    known = [name for section in TARGET_SECTIONS for name in context.ids(section)]
    if not context.uncertain.intersection(TARGET_SECTIONS):
        _check_names(context, steps, names, known, "queue, train path, single track or service")


def _check_names(
    context: Context, steps: tuple[Step, ...], names: Iterable[str], known: Iterable[Any], what: str
) -> None:
    for place, name in enumerate(names):
        if name not in known:
            context.report((*steps, place), f"no {what} '{name}'", nearest(name, known))
