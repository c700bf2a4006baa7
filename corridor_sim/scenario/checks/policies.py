"""Policies and shocks: the flows, routes, goods and places that they name exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor_sim.foundation.errors import nearest
from corridor_sim.scenario.policies.block import FlowBlock, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor_sim.scenario.checks.context import Context
    from corridor_sim.scenario.yaml_paths import Step

FLOW_BLOCKS = ("payments",)
"""Sections whose entries choose flows."""


def check_policies(context: Context) -> None:
    """Check what the blocks name."""
    for section in FLOW_BLOCKS:
        for key, block in getattr(context.valid, section).items():
            _check_choice(context, (section, key), block)


def _check_choice(context: Context, steps: tuple[Step, ...], block: FlowBlock) -> None:
    """Check that the flows, routes and goods are there, and that some flow feels the block."""
    for word in ("flows", "not"):
        for place, name in enumerate(getattr(block, word.replace("not", "not_"))):
            context.refer((*steps, word, place), "flows", name)
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


def _check_names(
    context: Context, steps: tuple[Step, ...], names: Iterable[str], known: Iterable[Any], what: str
) -> None:
    for place, name in enumerate(names):
        if name not in known:
            context.report((*steps, place), f"no {what} '{name}'", nearest(name, known))
