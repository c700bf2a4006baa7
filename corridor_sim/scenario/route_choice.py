"""Route choice: markets whose tonnes spread over routes by what these cost, take and risk."""

import math
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from corridor_sim.scenario.base import Found, Model, NonEmptyText, Sourced, bad_value, check_exactly_one
from corridor_sim.scenario.itineraries import Itinerary
from corridor_sim.scenario.quantities import Dimension, FractionQ, MoneyPerMassQ, PositiveTimeQ, Quantity, TimeQ

PriceQ = Annotated[Quantity, Dimension("money_per_mass", others=("money_per_teu",))]
"""Price per tonne or per container; the unit says which."""
ConstantQ = Annotated[Quantity, Dimension("money_per_mass", minimum=-math.inf)]
"""Money per tonne, of either sign, USD/t."""
TimeValueQ = Annotated[Quantity, Dimension("money_per_mass_day", others=("money_per_teu_day",))]
"""Money per day, of a tonne or of a container; the unit says which."""
LogitScaleQ = Annotated[Quantity, Dimension("per_money_per_mass", above_zero=True)]
"""Scale of a logit on costs per tonne, t/USD, above 0."""
ElasticityQ = Annotated[Quantity, Dimension("factor", minimum=-10.0, maximum=0.0)]
"""Elasticity, from -10 to 0."""

PER_TEU = ("USD/TEU", "USD/TEU/d")
"""Units of prices and values that are per container."""


class ReferenceRoute(Sourced):
    """A route that is not simulated: what it costs and how long it takes is stated."""

    price: PriceQ
    """All that is paid from door to door, USD/t or USD/TEU."""

    mean: PositiveTimeQ
    """Mean time from door to door, h."""

    p95: PositiveTimeQ
    """Time that one in twenty exceeds, h."""

    share: FractionQ = Quantity(0.0, "fraction")
    """Share of the whole market that takes it in the volumes of the scenario, 0 to below 1."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.p95.value < self.mean.value:
            raise bad_value([Found(("p95",), "is below the mean")])
        return self


class Alternative(Sourced):
    """One route of a market: flows that are simulated, or a reference route."""

    flows: Annotated[tuple[NonEmptyText, ...], Field(min_length=1)] | None = None
    """Keys of `flows` that carry the market's goods by this route; they share its tonnes as their own tonnes do."""

    itineraries: Annotated[tuple[NonEmptyText, ...], Field(min_length=1)] | None = None
    """Keys of `itineraries`, where one flow may go by several routes; they share its tonnes as their own shares do."""

    reference: ReferenceRoute | None = None
    """Stated price and time, for a route that is not simulated."""

    constant: ConstantQ = Quantity(0.0, "USD/t")
    """What shippers dislike of the route beside money and time, USD/t; below 0: what they like."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        given: dict[str, object] = {"flows": self.flows, "itineraries": self.itineraries, "reference": self.reference}
        check_exactly_one(given, what="alternative")
        return self

    @property
    def simulated(self) -> tuple[str, ...]:
        """Keys of what is simulated of it: flows or itineraries; none of a reference route."""
        return self.flows or self.itineraries or ()


class Market(Sourced):
    """Goods that may take one route or another between the same ends."""

    name: NonEmptyText
    """What is sent from where to where, in words."""

    value_of_time: TimeValueQ
    """What a day of the mean time is worth, USD/t/d or USD/TEU/d; charges of kind time do not count beside it."""

    value_of_reliability: TimeValueQ
    """What a day between the mean and the time that one in twenty exceeds is worth, USD/t/d or USD/TEU/d."""

    scale: LogitScaleQ
    """Scale of the logit, t/USD: 0.05 makes a route that is 20 USD/t dearer be chosen 2.7 times less."""

    elasticity: ElasticityQ = Quantity(0.0, "1")
    """Elasticity of the market's tonnes with respect to its composite cost, at the reference cost."""

    reference_cost: MoneyPerMassQ | None = None
    """Composite cost at which the market has the tonnes of the scenario, USD/t; needed beside an elasticity."""

    alternatives: Annotated[dict[str, Alternative], Field(min_length=2)]
    """Routes by name, such as western, transcaspian, eastern, suez, cape."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        found = []
        if self.elasticity.value and not (self.reference_cost and self.reference_cost.value > 0):
            found.append(Found((), "an elasticity needs a reference_cost above 0"))
        if not any(a.simulated for a in self.alternatives.values()):
            found.append(Found(("alternatives",), "all are reference routes, expected one at least that is simulated"))
        if sum(a.reference.share.value for a in self.alternatives.values() if a.reference) >= 1:
            found.append(Found(("alternatives",), "the shares of the reference routes leave nothing to be simulated"))
        named = [key for a in self.alternatives.values() for key in a.simulated]
        twice = sorted({key for key in named if named.count(key) > 1})
        found += [Found(("alternatives",), f"'{key}' stands in two alternatives") for key in twice]
        if found:
            raise bad_value(found)
        return self

    def routes_of(self, itineraries: Mapping[str, Itinerary]) -> dict[str, str]:
        """Return the route of every itinerary of the market, by its key; ``itineraries`` are all of the scenario."""
        found: dict[str, str] = {}
        for route, alternative in self.alternatives.items():
            own = alternative.flows or ()
            named = alternative.itineraries or ()
            found |= {key: route for key, item in itineraries.items() if item.flow in own or key in named}
        return found

    def flows_in(self, itineraries: Mapping[str, Itinerary]) -> tuple[str, ...]:
        """Return all flows of the market, each once."""
        return tuple(dict.fromkeys(itineraries[key].flow for key in self.routes_of(itineraries)))


class RouteChoice(Model):
    """Which markets choose their routes, and how the equilibrium is looked for."""

    enabled: bool = True
    """Whether a run looks for the equilibrium; where not, everyone keeps his route."""

    period: Literal["month", "year"] = "month"
    """Periods with shares of their own: those released in one choose by the times met in it."""

    gap: FractionQ = Quantity(0.01, "fraction")
    """Share of all tonnes that may still want to change when the search stops."""

    iterations: Annotated[int, Field(ge=1, le=1000)] = 30
    """Runs of the engine at most."""

    replications: Annotated[int, Field(ge=1, le=10_000)] = 4
    """Replications of each of these runs; the run that follows has its own."""

    settle: TimeQ = Quantity(1440.0, "h")
    """Time simulated beyond the end in these runs, so that the last released arrive, h."""

    smallest_sample: Annotated[int, Field(ge=2, le=100_000)] = 20
    """Consignments that times are taken of at least; where a period has fewer, its neighbours count, too."""

    markets: Annotated[dict[str, Market], Field(min_length=1)]
    """Markets, by key."""
