"""Random small plans, full of ties: times are whole and half hours, and many set out at the same instants.

They cover what the model has: dated servers, several servers with unequal occupancies, services of no length, calendars
closed, slow and fast, disruptions drawn per lane, loads that vary by date, routes that open and close, trains and ships
that all share, both directions through the same places and over the same single track, units through several queues,
classes of priority, pools that are taken from and given back to at several bases, servers held until a yard has room.
"""

import math
from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.foundation.distributions import Distribution, Family
from corridor_sim.plan.kinds import Basis
from corridor_sim.plan.plan import Plan
from tests.support.parts import (
    Base,
    Disruption,
    Flow,
    Form,
    Formation,
    Gather,
    Give,
    Hold,
    Hours,
    Loop,
    Place,
    Pool,
    Queue,
    Route,
    Run,
    Sail,
    Servers,
    Ship,
    Split,
    Stage,
    Take,
    Track,
    Travel,
    exponential,
    gamma,
    open_daily,
    poisson_flow,
)
from tests.support.plans import make_plan

END_H = 120.0

half_hours = st.integers(0, 60).map(lambda n: n / 2)
short = st.integers(0, 12).map(lambda n: n / 2)
hours: st.SearchStrategy[Hours] = st.one_of(short, st.sampled_from([exponential(1.5), gamma(2.0, 0.5)]))
equal: st.SearchStrategy[Hours] = st.sampled_from([0.0, 1.0, 1.0, 2.0])
"""Few durations: those who set out together meet again and again."""
bases = st.sampled_from([Basis.UNIT, Basis.UNIT, Basis.CONSIGNMENT, Basis.TONNE, Basis.TEU, Basis.PATH])


@st.composite
def calendars(draw: st.DrawFn, rates: tuple[float, ...] = (0.0, 0.0, 1.0, 1.0, 0.5, 1.25, 2.0, 0.3)) -> Calendar:
    """Up to six pieces on whole hours, open in the end at a rate above 0."""
    times = sorted(draw(st.sets(st.integers(1, 100), max_size=5)))
    pieces = [draw(st.sampled_from(rates)) for _ in times]
    return Calendar([0.0, *times], [*pieces, draw(st.sampled_from([r for r in rates if r > 0.0]))])


shut_or_open = calendars(rates=(0.0, 1.0))
any_calendar = st.one_of(
    st.just(ALWAYS_OPEN), st.just(open_daily(8, 16, 5)), shut_or_open, calendars()
)  # fmt: skip


@st.composite
def servers(draw: st.DrawFn) -> int | tuple[Servers, ...]:
    if draw(st.booleans()):
        return draw(st.integers(1, 3))
    groups = []
    for _ in range(draw(st.integers(1, 3))):
        since = draw(st.sampled_from([0.0, 0.0, 5.0, 12.0]))
        lasts = draw(st.sampled_from([math.inf, math.inf, 3.0, 8.0, 20.0, 60.0]))
        groups.append(Servers(draw(st.integers(1, 2)), since, since + lasts))
    return tuple(groups)


@st.composite
def places(draw: st.DrawFn, name: str) -> Place:
    ageing = draw(st.sampled_from([math.inf, math.inf, 0.5, 3.0]))
    return Place(name, draw(servers()), calendar=draw(any_calendar), ageing=ageing)


@st.composite
def ships(draw: st.DrawFn, name: str) -> Ship:
    departures = sorted(draw(st.sets(st.integers(1, 110), max_size=8)))
    capacity = draw(st.sampled_from([2.0, 4.0, 10.0]))
    counts_teu = draw(st.booleans())
    return Ship(name, tuple(float(d) for d in departures), capacity, counts_teu, calendar=draw(any_calendar))


@st.composite
def lines(draw: st.DrawFn) -> list[Track]:
    """Single tracks one behind the other, with loops between them."""
    loops: list[Loop | None] = [Loop(f"loop{i}", draw(st.integers(2, 3))) for i in range(draw(st.integers(0, 2)))]
    ends = [None, *loops, None]
    return [
        Track(f"track{i}", near, far, draw(st.sampled_from([0.0, 0.5])), draw(any_calendar))
        for i, (near, far) in enumerate(pairwise(ends))
    ]


@st.composite
def pools(draw: st.DrawFn, name: str) -> Pool:
    n = draw(st.integers(1, 3))
    stocks, keeps = st.sampled_from([0.0, 1.0, 3.0]), st.sampled_from([0.0, 1.0, math.inf])
    homes = st.integers(-1, n - 1)
    return Pool(name, tuple(Base(draw(stocks), draw(keeps), draw(homes), draw(short)) for _ in range(n)))


class Shared:
    """What all flows of a plan share, and how long things take there."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.places = [draw(places(f"P{i}")) for i in range(3)]
        self.ships = [draw(ships(f"ship{i}")) for i in range(2)]
        self.trains = [Formation(f"train{i}", draw(st.integers(1, 4)), draw(short)) for i in range(2)]
        self.line = draw(lines())
        self.pools = [draw(pools(f"pool{i}")) for i in range(2)]
        self.by_priority = draw(st.sampled_from([[], [], self.places[:1], self.places]))
        self.hours = draw(st.sampled_from([hours, equal]))

    @property
    def facilities(self) -> list[Place | Ship | Formation | Track]:
        return [*self.places, *self.ships, *self.trains, *self.line]


@st.composite
def queues(draw: st.DrawFn, shared: Shared) -> Queue:
    service, taken = draw(shared.hours), draw(st.one_of(st.none(), shared.hours))
    basis, taken_basis = draw(bases), draw(st.one_of(st.none(), bases))
    place = draw(st.sampled_from(shared.places))
    priority = draw(st.sampled_from([0, 0, 1, 2])) if place in shared.by_priority else 0
    return Queue(place, service, taken, basis, taken_basis, path_t=0.8, path_teu=1.5, priority=priority)


@st.composite
def single(draw: st.DrawFn, shared: Shared) -> Stage:
    """A stage that leaves a unit what it is."""
    match draw(st.sampled_from(["queue", "queue", "queue", "hold", "travel", "form", "sail"])):
        case "hold":
            return Hold(draw(shared.hours), calendar=draw(any_calendar), basis=draw(bases))
        case "travel":
            return Travel(draw(shared.hours), calendar=draw(any_calendar))
        case "form":
            return Form(draw(st.sampled_from(shared.trains)))
        case "sail":
            return Sail(draw(st.sampled_from(shared.ships)))
        case _:
            return draw(queues(shared))


@st.composite
def legs(draw: st.DrawFn, shared: Shared) -> list[Stage]:
    """One stage, a run over the line, or a split with what its units pass and the gather."""
    match draw(st.integers(0, 9)):
        case 0:
            inner = draw(st.lists(st.one_of(single(shared).map(lambda s: [s]), runs(shared)), max_size=3))
            return [Split(draw(st.integers(1, 4))), *(stage for leg in inner for stage in leg), Gather()]
        case 1:
            return draw(runs(shared))
        case 2:
            return draw(borrowed(shared))
        case _:
            return [draw(single(shared))]


@st.composite
def borrowed(draw: st.DrawFn, shared: Shared) -> list[Stage]:
    """Take from a pool, perhaps while a server is held, and give back some time later, here or elsewhere."""
    pool, amount = draw(st.sampled_from(shared.pools)), draw(st.sampled_from([1.0, 1.0, 2.0]))
    bases = st.integers(0, len(pool.bases) - 1)
    blocks = draw(st.booleans())
    before = [draw(queues(shared))] if blocks else []
    inner = draw(st.lists(single(shared), max_size=2))
    return [*before, Take(pool, amount, draw(bases), blocks), *inner, Give(pool, amount, draw(bases))]


@st.composite
def runs(draw: st.DrawFn, shared: Shared) -> list[Stage]:
    """Over all of the line, one way or the other."""
    back, takes, gap = draw(st.booleans()), draw(shared.hours), draw(st.sampled_from([0.0, 0.5, 1.0]))
    return [Run(track, takes, gap, back) for track in (reversed(shared.line) if back else shared.line)]


def turned(leg: list[Stage]) -> list[Stage]:
    """The same leg on the way back."""
    if isinstance(leg[0], Run):
        return [replace(s, back=not s.back) for s in reversed(leg) if isinstance(s, Run)]
    return leg


@st.composite
def trips(draw: st.DrawFn, shared: Shared) -> list[list[Stage]]:
    return draw(st.lists(legs(shared), min_size=1, max_size=5))


@st.composite
def routes(draw: st.DrawFn, trip: list[list[Stage]]) -> Route:
    since, until = draw(st.sampled_from([(-math.inf, math.inf)] * 3 + [(10.0, math.inf), (-math.inf, 20.0)]))
    return Route([stage for leg in trip for stage in leg], 0.5, since, until)


@st.composite
def flows(draw: st.DrawFn, name: str, rush: list[float], trips: list[list[list[Stage]]]) -> Flow:
    """A timetable of its own, one of the hours at which all set out, or at random; perhaps nobody at all."""
    more = {
        "routes": [draw(routes(trip)) for trip in trips],
        "load_t": draw(st.sampled_from([0.5, 1.0, 2.0])),
        "load_teu": draw(st.sampled_from([0.0, 1.0])),
        "load_factors": draw(st.sampled_from([[(0.0, 1.0)], [(0.0, 1.0), (15.0, 0.5), (40.0, 2.0)]])),
    }
    match draw(st.sampled_from(["timetable", "rush", "rush", "poisson", "even"])):
        case "timetable":
            return Flow(name, at=draw(st.lists(half_hours, max_size=8)), **more)
        case "rush":
            return Flow(name, at=draw(st.lists(st.sampled_from(rush), max_size=12)), **more)
        case "poisson":
            return poisson_flow(name, draw(st.sampled_from([0.0, 0.01, 0.1, 0.3])), END_H, **more)
        case _:
            return Flow(name, expected=[(0.0, 0.0), (END_H, draw(st.sampled_from([0.4, 3.0, 12.0])))], poisson=False,
                        **more)  # fmt: skip


@st.composite
def disruptions(draw: st.DrawFn, name: str, shared: Shared) -> Disruption:
    """Events in windows of which one began before the horizon; each lane draws its own."""
    names = [f.id for f in (*shared.places, *shared.ships, *shared.line)]
    lengths: list[Hours] = [6.0, exponential(8.0), Distribution(Family.UNIFORM, 1.0, 30.0)]
    factors: list[Hours] = [0.0, 0.0, 0.5, 1.5, Distribution(Family.UNIFORM, 0.0, 1.0)]
    return Disruption(
        name,
        windows=draw(st.sampled_from([[(0.0, END_H)], [(-10.0, 5.0)], [(20.0, 40.0), (60.0, 60.0)]])),
        duration=draw(st.sampled_from(lengths)),
        factor=draw(st.sampled_from(factors)),
        targets=draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)),
        rate_per_h=draw(st.sampled_from([None, 0.02, 0.1])),
        choose_one=draw(st.booleans()),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Up to six flows through three places, two ships and two trains that they share, in any order and direction.

    A flow may go the way of the one before in the other direction.
    """
    shared = Shared(draw)
    rush = draw(st.lists(st.integers(0, 20).map(float), min_size=1, max_size=3))
    made: list[Flow] = []
    before: list[list[list[Stage]]] = []
    for i in range(draw(st.integers(1, 6))):
        if before and draw(st.booleans()):
            ways = [[turned(leg) for leg in trip[::-1]] for trip in before]
        else:
            ways = [draw(trips(shared)) for _ in range(draw(st.integers(1, 2)))]
        made.append(draw(flows(f"F{i}", rush, ways)))
        before = ways
    hit = [draw(disruptions(f"D{i}", shared)) for i in range(draw(st.sampled_from([0, 0, 1, 2])))]
    return make_plan(flows=made, end_h=END_H, facilities=shared.facilities, disruptions=hit)
