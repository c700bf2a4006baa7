"""What is charged and what is emitted where: rules that pick stages and say which price or factor holds there."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from corridor_sim.scenario.base import Found, NonEmptyText, Sourced, bad_value, check_exactly_one
from corridor_sim.scenario.itineraries import Mode

ChargeKind = Literal["transport", "handling", "border", "equipment", "time"]
Cargo = Literal["boxes", "bulk"]
Names = tuple[NonEmptyText, ...]


class Rule(Sourced):
    """Picks stages: legs of a mode, stages that use certain things, or the whole time of a trip."""

    on: Mode | None = None
    """Legs of this mode. Of the rules for legs the first that fits holds, beside those that are `also`."""

    at: Annotated[Names, Field(min_length=1)] | None = None
    """Stages that use one of these: queues, holds, services or pools. Per hour: the hours waited there."""

    during: Literal["trip", "standing"] | None = None
    """The hours of the whole trip, or of it without moving; of these rules, too, the first that fits holds."""

    also: bool = False
    """Whether it holds beside the first rule that fits."""

    countries: Names = ()
    """Countries of a leg's ends, such as RU; half of a leg over a border counts for each; any when absent."""

    electrified: bool | None = None
    """Whether the section is electrified all along; either when absent."""

    cargo: Cargo | None = None
    """boxes: consignments with TEU; bulk: all others; any when absent."""

    commodities: Names = ()
    """Commodities of the flow; any when absent."""

    routes: Names = ()
    """Routes of the flow; any when absent."""

    direction: Literal["south", "north"] | None = None
    """Direction of the flow; either when absent."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_exactly_one({"on": self.on, "at": self.at, "during": self.during}, what="choice of stages")
        if self.on is None and (self.countries or self.electrified is not None):
            raise bad_value([Found((), "countries and electrified have an effect with `on` only")])
        if self.also and self.at is not None:
            raise bad_value([Found(("also",), "all rules with `at` hold; also has an effect with `on` or `during`")])
        return self


class Charge(Rule):
    """A price that consignments pay somewhere."""

    cost: NonEmptyText
    """Key of `costs`; its unit says what it is paid for: USD/tkm, USD/TEU-km, USD/t, USD/TEU, USD/box, ..."""

    times: NonEmptyText | None = None
    """Key of `costs` with a fraction that it is multiplied by: a discount (negative), or empty returns."""

    kind: ChargeKind
    """Heading in the report."""


class Emission(Rule):
    """An emission factor that holds somewhere."""

    factor: NonEmptyText
    """Key of `emission_factors`; its unit says what it is multiplied by: g/tkm, kg/t, kg/move, kg/truck-h, ...
    A `fraction` is multiplied by what the other rules say a leg emits: empty running."""
