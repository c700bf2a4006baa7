"""Payments: consignments that wait at their origin until the money has come, by a linked payment system or by banks.

A consignment of a flow that must be paid first stands for a drawn settlement time before anything else happens to it.
With probability `share` it settles over the linked systems (SEPAM-SPFS), else through banks of third countries::

    mean wait = share x mean(linked) + (1 - share) x mean(unlinked)

The share may rise by dated steps. In the plan an itinerary becomes one itinerary per step and way, with that part of
its share and a hold `documents` in front; everything behind the hold keeps its random draws.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from corridor_sim.scenario.base import Form, Found, Sourced, bad_value
from corridor_sim.scenario.distributions import DurationDist
from corridor_sim.scenario.itineraries import HoldStage, Itinerary
from corridor_sim.scenario.periods import UtcTime
from corridor_sim.scenario.policies.block import FlowBlock
from corridor_sim.scenario.policies.phases import cut_at
from corridor_sim.scenario.quantities import FractionQ, Quantity
from corridor_sim.scenario.resources import Hold

if TYPE_CHECKING:
    from corridor_sim.scenario.scenario import Scenario

LINKED, UNLINKED = "linked", "unlinked"
"""What tells the two ways apart in the ids of holds and itineraries."""


class LinkShare(Sourced):
    """Share of consignments that settle over the linked systems, from a date on."""

    share: FractionQ
    """Share of the consignments, 0 to 1."""

    from_: Annotated[UtcTime | None, Field(alias="from")] = None
    """First day, UTC, or a milestone; from the beginning when absent."""


def _steps(raw: Any) -> Any:
    """Turn a bare share, or one with its provenance, into one step."""
    if isinstance(raw, list | tuple):
        return raw
    return [raw] if isinstance(raw, dict) and "share" in raw else [{"share": raw}]


_STEPS_SCHEMA = {
    "anyOf": [
        {"type": ["number", "string"]},
        {"type": "object"},
        {"type": "array", "items": {"type": "object"}, "minItems": 1},
    ]
}


class Payment(FlowBlock):
    """Consignments that leave when they are paid."""

    linked: DurationDist
    """Settlement over the linked payment systems, h."""

    unlinked: DurationDist
    """Settlement through banks of third countries, h."""

    share: Annotated[
        tuple[LinkShare, ...],
        Field(min_length=1),
        Form("a share 0 to 1, or a list of {share, from}"),
        BeforeValidator(_steps),
        WithJsonSchema(_STEPS_SCHEMA),
    ]
    """Share of the consignments that settles over the link: a number, or [{share: 0.3}, {share: 0.8, from: DATE}]."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        dates = [step.from_ for step in self.share]
        later = [d for d in dates[1:] if d is not None]
        if dates[0] is not None:
            raise bad_value([Found(("share", 0, "from"), "the first step holds from the beginning, expected no date")])
        if len(later) < len(dates) - 1 or later != sorted(set(later)):
            raise bad_value([Found(("share",), "steps after the first need dates in order")])
        return self


class _Way(NamedTuple):
    hold: str
    share: float


def with_payments(scenario: "Scenario") -> "Scenario":
    """Return the scenario with the settlement of payments as holds at the start of itineraries."""
    blocks = {key: block for key, block in scenario.payments.items() if block.enabled}
    if not blocks:
        return scenario
    holds, itineraries = dict(scenario.holds), dict(scenario.itineraries)
    for key, block in blocks.items():
        for way, duration in ((LINKED, block.linked), (UNLINKED, block.unlinked)):
            holds[_hold(key, way)] = Hold(duration=duration, cause="documents", note=block.name)
        made: dict[str, Itinerary] = {}
        for name, itinerary in itineraries.items():
            flow = scenario.flows[itinerary.flow]
            made |= _paid(key, block, name, itinerary) if block.takes(itinerary.flow, flow) else {name: itinerary}
        itineraries = made
    return scenario.model_copy(update={"holds": holds, "itineraries": itineraries, "payments": {}})


def _hold(key: str, way: str) -> str:
    return f"{key}-{way}"


def _paid(key: str, block: Payment, name: str, itinerary: Itinerary) -> dict[str, Itinerary]:
    """Return the itineraries that one becomes, by the share that holds at their release and by way."""
    dates = [step.from_ for step in block.share if step.from_ is not None]
    made = {}
    for phase_name, phase in cut_at(name, itinerary, dates):
        for way, part in _ways(key, share_at(block.share, phase.valid_from)):
            first = HoldStage(hold=way, at=phase.stages[0].at)
            share = Quantity(phase.share.value * part, phase.share.unit)
            made[f"{phase_name}--{way}"] = phase.model_copy(update={"share": share, "stages": (first, *phase.stages)})
    return made


def _ways(key: str, linked: float) -> Iterator[_Way]:
    for way, share in ((LINKED, linked), (UNLINKED, 1.0 - linked)):
        if share > 0:
            yield _Way(_hold(key, way), share)


def share_at(steps: tuple[LinkShare, ...], moment: datetime | None) -> float:
    """Share of the link at an instant; of the first step where there is none."""
    holds = [s for s in steps if s.from_ is None or (moment is not None and s.from_ <= moment)]
    return holds[-1].share.value
