"""The words in which a test describes a corridor: places, ships, stages, flows. `make_plan` turns them into a plan.

Hours may be numbers or distributions.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.foundation.distributions import Distribution, Family
from corridor_sim.plan.kinds import Basis, Cause, StageKind

Hours = float | Distribution
Pieces = Calendar | Sequence[tuple[float, float]]
"""A calendar, or its pieces (start_h, rate), the first at 0."""
NEVER = math.inf


def exponential(mean: float) -> Distribution:
    return Distribution(Family.EXPONENTIAL, mean)


def gamma(mean: float, cv: float) -> Distribution:
    return Distribution(Family.GAMMA, mean, cv)


def open_daily(open_h: float, close_h: float, days: int) -> Calendar:
    """Open from ``open_h`` to ``close_h`` on each of so many days, then always."""
    edges = [0.0] if open_h > 0 else []
    rates = [0.0] if open_h > 0 else []
    for day in range(days):
        edges += [24.0 * day + open_h, 24.0 * day + close_h]
        rates += [1.0, 0.0]
    return Calendar([*edges, 24.0 * days + open_h], [*rates, 1.0])


@dataclass(frozen=True)
class Servers:
    """``n`` servers that may start work from one instant until another, h."""

    n: int
    since: float = 0.0
    until: float = NEVER


@dataclass(frozen=True)
class Place:
    id: str
    servers: int | tuple[Servers, ...] = 1
    calendar: Pieces = ALWAYS_OPEN
    kind: str = "other"
    node: str = "N"
    reserved: float = 0.0
    ageing: float = NEVER

    @property
    def dated(self) -> list[tuple[float, float]]:
        groups = (Servers(self.servers),) if isinstance(self.servers, int) else self.servers
        return [(g.since, g.until) for g in groups for _ in range(g.n)]


@dataclass(frozen=True)
class Ship:
    id: str
    departures: tuple[float, ...]
    capacity: float
    counts_teu: bool = False
    calendar: Pieces = ALWAYS_OPEN


@dataclass(frozen=True)
class Formation:
    id: str
    size: int
    max_wait: float


@dataclass(frozen=True)
class Loop:
    id: str
    tracks: int = 2


@dataclass(frozen=True)
class Track:
    """A single track; None at an end: a station."""

    id: str
    near: Loop | None = None
    far: Loop | None = None
    working: float = 0.0
    calendar: Pieces = ALWAYS_OPEN


@dataclass(frozen=True)
class Base:
    stock: float
    keep: float = NEVER
    home: int = -1
    empty: float = 0.0


@dataclass(frozen=True)
class Pool:
    """A closed pool with its bases; a yard has one, whose stock is its room."""

    id: str
    bases: tuple[Base, ...]


@dataclass(frozen=True)
class Hold:
    hours: Hours
    calendar: Pieces = ALWAYS_OPEN
    cause: Cause = Cause.DOCUMENTS
    basis: Basis = Basis.CONSIGNMENT
    node: str = "N"


@dataclass(frozen=True)
class Travel:
    hours: Hours
    km: float = 100.0
    calendar: Pieces = ALWAYS_OPEN
    mode: str = "rail"
    a: str = "N"
    b: str = "M"


@dataclass(frozen=True)
class Queue:
    """``occupancy`` is the same draw as the service unless it is given."""

    place: Place
    service: Hours
    occupancy: Hours | None = None
    basis: Basis = Basis.CONSIGNMENT
    occupancy_basis: Basis | None = None
    cause: Cause = Cause.HANDLING
    path_t: float = 1.0
    path_teu: float = 1.0
    priority: int = 0


@dataclass(frozen=True)
class Split:
    n: int


@dataclass(frozen=True)
class Gather:
    pass


@dataclass(frozen=True)
class Form:
    formation: Formation


@dataclass(frozen=True)
class Sail:
    ship: Ship


@dataclass(frozen=True)
class Run:
    """Along a single track, or back; ``gap`` is the headway to the next train."""

    track: Track
    hours: Hours
    gap: Hours = 0.0
    back: bool = False


@dataclass(frozen=True)
class Take:
    """From a pool at a base; ``blocks``: the server of the stage before is held until it is there."""

    pool: Pool
    amount: float = 1.0
    base: int = 0
    blocks: bool = False


@dataclass(frozen=True)
class Give:
    pool: Pool
    amount: float = 1.0
    base: int = 0


Stage = Hold | Travel | Queue | Split | Gather | Form | Sail | Run | Take | Give
KINDS = {
    Hold: StageKind.HOLD, Travel: StageKind.TRAVEL, Queue: StageKind.QUEUE, Split: StageKind.SPLIT,
    Gather: StageKind.GATHER, Form: StageKind.FORM, Sail: StageKind.SAIL, Run: StageKind.SINGLE_TRACK,
    Take: StageKind.TAKE, Give: StageKind.GIVE,
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    """One itinerary of a flow."""

    stages: Sequence[Stage]
    share: float = 1.0
    since: float = -NEVER
    until: float = NEVER


@dataclass(frozen=True)
class Flow:
    """Demand: a timetable ``at``, or ``expected`` consignments by pieces [(hour, cumulative number), ...]."""

    id: str
    stages: Sequence[Stage] = ()
    routes: Sequence[Route] = ()
    at: Sequence[float] | None = None
    expected: Sequence[tuple[float, float]] = ()
    poisson: bool = True
    load_t: float = 1.0
    load_teu: float = 0.0
    load_factors: Sequence[tuple[float, float]] = ((0.0, 1.0),)
    route: str = "test"
    direction: str = "south"

    @property
    def itineraries(self) -> Sequence[Route]:
        return self.routes or (Route(self.stages),)


def poisson_flow(flow_id: str, rate_per_h: float, end_h: float, **more: Any) -> Flow:
    """A Poisson flow of constant rate from 0 to ``end_h``."""
    return Flow(flow_id, expected=[(0.0, 0.0), (end_h, rate_per_h * end_h)], **more)


@dataclass(frozen=True)
class Disruption:
    """Drawn events; targets are ids of places and ships."""

    id: str
    windows: Sequence[tuple[float, float]]
    duration: Hours
    factor: Hours
    targets: Sequence[str]
    rate_per_h: float | None = None
    """None: exactly one event in each window."""
    choose_one: bool = False
    base: float = 0.0
    slope: float = 1.0
