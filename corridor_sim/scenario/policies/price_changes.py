"""Price changes: transit fees, insurance, discounts that end; what is paid from a date on.

A charge of the scenario is multiplied by `factor`, or has `amount` added in the unit of its price, for what is released
between two dates (the price of the day of release), and where `countries` are named for the part of a leg there only.
Several changes of one charge act one after the other, in the order of the file.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from corridor_sim.scenario.base import Found, NonEmptyText, bad_value, check_exactly_one
from corridor_sim.scenario.itineraries import TravelStage
from corridor_sim.scenario.periods import UtcTime
from corridor_sim.scenario.policies.block import FlowBlock, Names
from corridor_sim.scenario.policies.phases import cut_at
from corridor_sim.scenario.quantities import FactorQ, FreeQ

if TYPE_CHECKING:
    from corridor_sim.scenario.itineraries import Itinerary
    from corridor_sim.scenario.scenario import Scenario


class PriceChange(FlowBlock):
    """Another price from a date on."""

    charges: Annotated[tuple[NonEmptyText, ...], Field(min_length=1)]
    """Keys of `charges` whose price it is."""

    countries: Names = ()
    """Only the part of legs in these countries, such as AZ; anywhere when absent. Not for charges at places."""

    from_: Annotated[UtcTime | None, Field(alias="from")] = None
    """First day of release at the new price, UTC, or a milestone; always when absent."""

    until: UtcTime | None = None
    """Last day, included; for good when absent."""

    factor: FactorQ | None = None
    """Factor on the price."""

    amount: FreeQ | None = None
    """What is added to the price, in its unit; may be negative."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_exactly_one({"factor": self.factor, "amount": self.amount}, what="new price")
        if self.from_ is not None and self.until is not None and self.until < self.from_:
            raise bad_value([Found(("until",), "is before the first day")])
        return self

    @property
    def edges(self) -> tuple[datetime, ...]:
        """Instants at which the price changes."""
        ends = (self.from_, None if self.until is None else self.until + timedelta(days=1))
        return tuple(e for e in ends if e is not None)

    def holds_for(self, charge: str, country: str, released: datetime) -> bool:
        """Whether it holds for a charge, in a country (empty at a place), for what is released at an instant."""
        return (
            charge in self.charges
            and (not self.countries or country in self.countries)
            and (self.from_ is None or self.from_ <= released)
            and (self.until is None or released < self.until + timedelta(days=1))
        )

    def applied(self, rate: float) -> float:
        """Return a price after the change."""
        return rate * self.factor.value if self.factor is not None else rate + float(self.amount or 0.0)


def price_of_day(changes: Iterable[PriceChange], rate: float, charge: str, country: str, released: datetime) -> float:
    """Return the price of a charge for what is released at an instant."""
    for change in changes:
        if change.holds_for(charge, country, released):
            rate = change.applied(rate)
    return rate


def with_price_phases(scenario: "Scenario") -> "Scenario":
    """Return the scenario with itineraries cut at the days on which a price that their flow pays changes."""
    changes = [change for change in scenario.price_changes.values() if change.enabled]
    start, end = scenario.run.start, scenario.run.end
    if not any(start < edge < end for change in changes for edge in change.edges):
        return scenario
    made: dict[str, Itinerary] = {}
    for name, itinerary in scenario.itineraries.items():
        flow = scenario.flows[itinerary.flow]
        felt = [c for c in changes if c.takes(itinerary.flow, flow) and _pays(scenario, itinerary, c.charges)]
        made |= dict(cut_at(name, itinerary, [e for c in felt for e in c.edges if start < e < end]))
    return scenario.model_copy(update={"itineraries": made})


def _pays(scenario: "Scenario", itinerary: "Itinerary", charges: Names) -> bool:
    """Whether an itinerary may pay one of some charges: it has legs of their mode, or uses what they are paid at."""
    modes = {stage.mode for stage in itinerary.stages if isinstance(stage, TravelStage)}
    used = {str(getattr(stage, stage.kind, "")) for stage in itinerary.stages}
    has_boxes = scenario.flows[itinerary.flow].consignment.teu.value > 0
    for rule in (scenario.charges[key] for key in charges):
        is_there = rule.on in modes or rule.during is not None or not used.isdisjoint(rule.at or ())
        if is_there and (rule.cargo is None or (rule.cargo == "boxes") == has_boxes):
            return True
    return False
