"""What consignments use and wait for: travel classes, holds, queues, train paths, services, border posts."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from corridor_sim.scenario.base import Form, Found, NonEmptyText, Sourced, bad_value, check_exactly_one
from corridor_sim.scenario.distributions import DurationDist, ServiceDist, SpeedDist
from corridor_sim.scenario.periods import UtcTime
from corridor_sim.scenario.quantities import (
    CapacityQ,
    MassQ,
    PerDayQ,
    PositiveTimeQ,
    Quantity,
    ReservedQ,
    TeuQ,
    TimeQ,
)

QueueKind = Literal[
    "border lanes",
    "customs",
    "phytosanitary",
    "unloading track",
    "crane",
    "reloading front",
    "gauge change",
    "berth",
    "pilotage",
    "truck fleet",
    "ship fleet",
    "other",
]
Cause = Literal["documents", "handling", "forming", "equipment", "departure", "dwell"]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class TravelClass(Sourced):
    """How fast a kind of traffic moves."""

    speed: SpeedDist
    """Commercial speed with all stops of the run itself, km/h: a number, or lognormal {mean, cv}.

    The time of a leg is its km by the mean speed, times a lognormal factor of mean 1 and that cv, drawn once per leg.
    """

    calendar: str | None = None
    """Key of `calendars`: when it moves; always when absent."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.speed.family not in {"fixed", "lognormal"} or self.speed.clip_high is not None:
            raise bad_value([Found(("speed",), "a speed is a number, or lognormal {mean, cv}")])
        return self


class Hold(Sourced):
    """A standing time that takes no capacity."""

    duration: DurationDist
    """How long it takes, h."""

    cause: Cause
    """Heading in the report: documents, handling, forming, equipment (wagons), departure (ship, slot), dwell (port)."""

    calendar: str | None = None
    """Key of `calendars`: when the time runs; always when absent."""


class ServerGroup(Sourced):
    """Servers of a queue that are there between two dates."""

    n: Count
    """Number of servers."""

    from_: Annotated[UtcTime | None, Field(alias="from")] = None
    """First day they are there, from 00:00 UTC; always when absent."""

    until: UtcTime | None = None
    """Last day they are there, included; always when absent."""

    range: tuple[Count, Count] | None = None
    """Lowest and highest plausible number of servers."""

    def is_there(self, moment: datetime) -> bool:
        """Whether the servers are there at an instant."""
        return (self.from_ is None or self.from_ <= moment) and (
            self.until is None or moment < self.until + timedelta(days=1)
        )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.range is not None and not self.range[0] <= self.n <= self.range[1]:
            low, high = self.range
            raise bad_value([Found(("range",), f"the value {self.n} lies outside its own range [{low}, {high}]")])
        return self


def _server_groups(raw: Any) -> Any:
    """Turn a bare number of servers into one group."""
    if isinstance(raw, int | float | str) and not isinstance(raw, bool):
        return [{"n": raw}]
    return [raw] if isinstance(raw, dict) else raw


_SERVERS_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 1},
        {"x-model": "ServerGroup"},
        {"type": "array", "items": {"x-model": "ServerGroup"}, "minItems": 1},
    ]
}


class Queue(Sourced):
    """A place with servers: border lanes, customs, cranes, berths, fleets."""

    name: Annotated[str, Field(min_length=1)]
    """What it is, in words."""

    at: NonEmptyText
    """Node where it stands (a fleet: its home)."""

    kind: QueueKind
    """Kind of place, for the reports."""

    servers: Annotated[
        tuple[ServerGroup, ...],
        Field(min_length=1),
        Form("whole number, or a list of {n, from, until, range, source, grade, note}"),
        BeforeValidator(_server_groups),
        WithJsonSchema(_SERVERS_SCHEMA),
    ]
    """Number of servers: a whole number, or dated groups [{n: 4}, {n: 1, from: 2025-12-27}] that add up."""

    service: ServiceDist
    """Time a consignment is served: h per consignment, or h/t, h/TEU, h/unit (split unit or truck group)."""

    occupancy: ServiceDist | None = None
    """Time the server is taken, h or h per t, TEU, unit; as long as the service (the same draw) when absent."""

    reserved: ReservedQ = Quantity(0.0, "fraction")
    """Share of the servers' time that traffic outside the flows takes, 0 to below 1."""

    calendar: str | None = None
    """Key of `calendars`: opening hours and slack days; always open when absent."""

    by_priority: bool = False
    """Whether those of a smaller `priority` are served first, without interrupting a service; else who came first."""

    ageing: PositiveTimeQ | None = None
    """Waiting that makes up for one class of priority, h, so that nobody waits for ever; nothing does when absent."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.ageing is not None and not self.by_priority:
            raise bad_value([Found(("ageing",), "ageing has an effect with by_priority: true only")])
        return self


class TrainPath(Sourced):
    """The train paths of one section in one direction; the key is FROM>TO."""

    trains_per_day: PerDayQ
    """Trains a day that the section carries in this direction, 1/d."""

    reserved: ReservedQ = Quantity(0.0, "fraction")
    """Share of the paths that traffic outside the flows takes, 0 to below 1."""

    train_net: MassQ
    """Net load of one train, t: a consignment takes load / train_net paths."""

    train_teu: TeuQ | None = None
    """Containers of one train, TEU: a container consignment takes teu / train_teu paths."""

    calendar: str | None = None
    """Key of `calendars`: works and slack days; always open when absent."""

    single_track: bool = False
    """Whether both directions share one track; for the record, trains run on directed paths either way."""

    valid_from: UtcTime | None = None
    """First day the paths exist, UTC; always when absent."""

    valid_until: UtcTime | None = None
    """Last day the paths exist, UTC, included; always when absent."""


class Service(Sourced):
    """A ship or train with dated departures and a capacity."""

    at: NonEmptyText
    """Node of departure."""

    capacity: CapacityQ
    """Room of one departure, TEU or t (the unit says which; a number alone is TEU)."""

    reserved: ReservedQ = Quantity(0.0, "fraction")
    """Share of the room that other cargo takes, 0 to below 1."""

    every: PositiveTimeQ | None = None
    """Time from one departure to the next, h."""

    first: UtcTime | None = None
    """First departure, UTC; with `every`."""

    departures: Annotated[tuple[UtcTime, ...], Field(min_length=1)] | None = None
    """Departures one by one, UTC; instead of `every` and `first`."""

    calendar: str | None = None
    """Key of `calendars`: when it may leave; always when absent."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_exactly_one({"every": self.every, "departures": self.departures}, what="timetable of the service")
        if self.every is not None and self.first is None:
            raise bad_value([Found((), "key 'first' is missing beside 'every', expected the first departure")])
        return self


class Formation(Sourced):
    """How many consignments form one train or convoy."""

    at: NonEmptyText
    """Node where it is formed."""

    size: Annotated[int, Field(ge=1, le=10_000)]
    """Number of consignments that make it full."""

    max_wait: TimeQ
    """Longest wait of the first consignment, h; then it leaves as it is."""


class BorderPost(Sourced):
    """Nodes that count as one border crossing in the reports."""

    name: NonEmptyText
    """Name of the crossing."""

    mode: Literal["rail", "road", "sea"]
    """Mode of the crossing."""

    nodes: Annotated[tuple[NonEmptyText, ...], Field(min_length=1)]
    """Nodes on both sides."""
