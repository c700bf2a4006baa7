"""Itineraries: the ordered stages by which a share of a flow travels."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from corridor_sim.scenario.base import Form, Found, Model, NonEmptyText, Sourced, bad_value, check_exactly_one
from corridor_sim.scenario.periods import UtcTime
from corridor_sim.scenario.quantities import FractionQ, Quantity, TimeQ

Mode = Literal["rail", "road", "sea"]
MODES: tuple[Mode, ...] = ("rail", "road", "sea")


class HoldStage(Model):
    """Standing for a drawn time, without using any resource."""

    kind: ClassVar[Literal["hold"]] = "hold"

    hold: NonEmptyText
    """Key of `holds`."""

    at: NonEmptyText
    """Node where the consignment stands."""

    share: FractionQ | None = None
    """Only this share of the consignments, 0 to 1; all of them when absent."""

    lane: NonEmptyText | None = None
    """In a border process: only for consignments of this lane."""


class RouteEnds(Model):
    """Two nodes between which the route is found on the graph, by shortest km."""

    from_: Annotated[NonEmptyText, Field(alias="from")]
    """Node where the run starts."""

    to: NonEmptyText
    """Node where the run ends."""


NodeList = Annotated[tuple[NonEmptyText, ...], Field(min_length=2)]
"""Nodes passed one after another, at least two."""


def _route_form(raw: Any) -> str:
    return "<ends>" if isinstance(raw, dict | RouteEnds) else "<nodes>"


Route = Annotated[
    Annotated[NodeList, Tag("<nodes>")] | Annotated[RouteEnds, Tag("<ends>")],
    Discriminator(_route_form),
    Form("list of two or more nodes, or {from, to}"),
]
"""Nodes one by one, or the two ends."""


class TravelStage(Model):
    """A run over one or more sections, by one of rail, road and sea; on rail each section first takes a train path."""

    kind: ClassVar[Literal["travel"]] = "travel"

    rail: Route | None = None
    """Nodes passed by rail, or {from, to} to find the shortest way."""

    road: Route | None = None
    """Nodes passed by road, or {from, to}."""

    sea: Route | None = None
    """Nodes passed by sea, or {from, to}."""

    travel_class: Annotated[NonEmptyText, Field(alias="class")]
    """Key of `travel_classes`."""

    via: str | None = None
    """Tag that picks one of parallel sections: suez or cape."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_exactly_one({"rail": self.rail, "road": self.road, "sea": self.sea}, what="mode of travel")
        route = self.route
        for place, (a, b) in enumerate(pairwise(route)) if isinstance(route, tuple) else ():
            if a == b:
                raise bad_value([Found((self.mode, place + 1), f"node '{b}' follows itself")])
        return self

    @property
    def mode(self) -> Mode:
        """Mode of travel."""
        return "rail" if self.rail is not None else "road" if self.road is not None else "sea"

    @property
    def route(self) -> tuple[str, ...] | RouteEnds:
        """Nodes one by one, or the two ends."""
        found = self.rail or self.road or self.sea
        assert found is not None  # noqa: S101 - checked when the stage was read
        return found

    @property
    def nodes(self) -> tuple[str, ...] | None:
        """Nodes passed, or None when only the two ends are given."""
        return self.route if isinstance(self.route, tuple) else None

    @property
    def from_(self) -> str:
        """Node where the run starts."""
        return self.route[0] if isinstance(self.route, tuple) else self.route.from_

    @property
    def to(self) -> str:
        """Node where the run ends."""
        return self.route[-1] if isinstance(self.route, tuple) else self.route.to

    @property
    def at(self) -> str:
        """Node where the stage begins."""
        return self.from_


Priority = Annotated[int, Field(ge=0, le=9)]


class QueueStage(Model):
    """Waiting for a server of a queue, and being served."""

    kind: ClassVar[Literal["queue"]] = "queue"

    queue: NonEmptyText
    """Key of `queues`."""

    at: NonEmptyText
    """Node where it happens."""

    occupancy: TimeQ | None = None
    """Mean time that the server is taken, h, instead of the queue's own (such as a ship's round trip)."""

    share: FractionQ | None = None
    """Only this share of the consignments, 0 to 1; all of them when absent."""

    lane: NonEmptyText | None = None
    """In a border process: only for consignments of this lane."""

    priority: Priority | None = None
    """Class at a queue that serves by priority, 0 first; that of the flow when absent."""


class SplitStage(Model):
    """One consignment becomes several units."""

    kind: ClassVar[Literal["split"]] = "split"

    split: Annotated[int, Field(ge=2, le=4_000)]
    """Number of units."""

    at: NonEmptyText
    """Node where it happens."""


class GatherStage(Model):
    """The units of a split consignment wait for each other and become one again."""

    kind: ClassVar[Literal["gather"]] = "gather"

    gather: Annotated[int, Field(ge=2, le=4_000)]
    """Number of units, as in the split before."""

    at: NonEmptyText
    """Node where it happens."""


class FormStage(Model):
    """Several consignments form one train or convoy that leaves together."""

    kind: ClassVar[Literal["form"]] = "form"

    form: NonEmptyText
    """Key of `formations`."""

    at: NonEmptyText
    """Node where it happens."""


class SailStage(Model):
    """Waiting for a departure of a service with room on board."""

    kind: ClassVar[Literal["sail"]] = "sail"

    sail: NonEmptyText
    """Key of `services`."""

    at: NonEmptyText
    """Node of departure."""


class TakeStage(Model):
    """Waiting for equipment of a pool, or for room in a yard, which is kept until it is given back."""

    kind: ClassVar[Literal["take"]] = "take"

    take: NonEmptyText
    """Key of `pools`."""

    at: NonEmptyText
    """Node; a base of the pool."""

    n: Annotated[int, Field(ge=1, le=100_000)] = 1
    """How much a consignment (or one of its units) takes."""

    holds_server: bool = False
    """Whether the server of the queue just before stays taken until then: the crane that cannot put down."""


class GiveStage(Model):
    """Equipment is given back, or a yard is left."""

    kind: ClassVar[Literal["give"]] = "give"

    give: NonEmptyText
    """Key of `pools`."""

    at: NonEmptyText
    """Node; a base of the pool."""

    n: Annotated[int, Field(ge=1, le=100_000)] = 1
    """How much; as much as was taken."""


class BorderStage(Model):
    """The steps of a border process, worked in here."""

    kind: ClassVar[Literal["border"]] = "border"

    border: NonEmptyText
    """Key of `border_processes`."""

    at: NonEmptyText
    """Node of its first step."""

    lane: NonEmptyText | None = None
    """Lane of the consignments there; that of the flow when absent, else the first that the process names."""


class ChainStage(Model):
    """The steps of a chain, worked in here."""

    kind: ClassVar[Literal["chain"]] = "chain"

    chain: NonEmptyText
    """Key of `chains`."""

    at: NonEmptyText
    """Node of its first step."""


class GaugeStage(Model):
    """A change of gauge by one or several technologies, worked in here."""

    kind: ClassVar[Literal["gauge"]] = "gauge"

    gauge: NonEmptyText
    """Key of `gauge_breaks`."""

    at: NonEmptyText
    """Node of its first step."""

    by: NonEmptyText | dict[str, Annotated[float, Field(gt=0, le=1)]] | None = None
    """Technology, or technologies with shares that sum to 1; the first that the cargo may use when absent."""


STAGES: dict[str, type[Model]] = {
    "hold": HoldStage,
    "rail": TravelStage,
    "road": TravelStage,
    "sea": TravelStage,
    "queue": QueueStage,
    "split": SplitStage,
    "gather": GatherStage,
    "form": FormStage,
    "sail": SailStage,
    "take": TakeStage,
    "give": GiveStage,
    "chain": ChainStage,
    "border": BorderStage,
    "gauge": GaugeStage,
}
"""Stage model by the key that names the stage."""


def _stage_tag(raw: Any) -> str | None:
    """Tell the kind of stage by its key; None when there is none."""
    if isinstance(raw, Model):
        return f"<{getattr(raw, 'kind', '')}>"
    if isinstance(raw, dict):
        for key in raw:
            if key in STAGES:
                kind = STAGES[key].__dict__["kind"]
                return f"<{kind}>"
    return None


Stage = Annotated[
    Annotated[HoldStage, Tag("<hold>")]
    | Annotated[TravelStage, Tag("<travel>")]
    | Annotated[QueueStage, Tag("<queue>")]
    | Annotated[SplitStage, Tag("<split>")]
    | Annotated[GatherStage, Tag("<gather>")]
    | Annotated[FormStage, Tag("<form>")]
    | Annotated[SailStage, Tag("<sail>")]
    | Annotated[TakeStage, Tag("<take>")]
    | Annotated[GiveStage, Tag("<give>")]
    | Annotated[ChainStage, Tag("<chain>")]
    | Annotated[BorderStage, Tag("<border>")]
    | Annotated[GaugeStage, Tag("<gauge>")],
    Discriminator(
        _stage_tag,
        custom_error_type="stage",
        custom_error_message="no such stage, expected one of " + ", ".join(STAGES),
    ),
]
"""One step of an itinerary."""


class Itinerary(Sourced):
    """How a share of a flow travels, stage by stage."""

    flow: NonEmptyText
    """Key of `flows`."""

    share: FractionQ = Quantity(1.0, "fraction")
    """Share of the flow, 0 to 1; the shares of a flow's itineraries valid on a day sum to 1."""

    valid_from: UtcTime | None = None
    """First day (UTC) on which consignments may be released on it; always when absent."""

    valid_until: UtcTime | None = None
    """Last day (UTC), included; always when absent."""

    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    """The stages in order."""

    def is_valid_between(self, start: datetime, end: datetime) -> bool:
        """Whether consignments may be released on it at some time in [start, end), UTC."""
        begins = self.valid_from is None or self.valid_from < end
        return begins and (self.valid_until is None or self.valid_until + timedelta(days=1) > start)

    def is_valid_at(self, time: datetime) -> bool:
        """Whether a consignment released at this instant, UTC, may travel on it."""
        return self.is_valid_between(time, time + timedelta.resolution)
