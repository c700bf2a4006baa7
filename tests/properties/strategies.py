"""Random small plans, full of ties: times are whole and half hours."""

from hypothesis import strategies as st

from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.plan.kinds import Basis
from corridor_sim.plan.plan import Plan
from tests.support.parts import (
    Flow,
    Form,
    Formation,
    Gather,
    Hold,
    Hours,
    Place,
    Queue,
    Route,
    Sail,
    Servers,
    Ship,
    Split,
    Stage,
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


@st.composite
def calendars(draw: st.DrawFn, rates: tuple[float, ...] = (0.0, 0.0, 1.0, 1.0, 0.5, 1.25, 2.0, 0.3)) -> Calendar:
    """Up to six pieces on whole hours, open in the end."""
    times = sorted(draw(st.sets(st.integers(1, 100), max_size=5)))
    pieces = [draw(st.sampled_from(rates)) for _ in times]
    return Calendar([0.0, *times], [*pieces, 1.0] if times else [1.0])


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
        lasts = draw(st.sampled_from([float("inf"), float("inf"), 3.0, 20.0]))
        groups.append(Servers(draw(st.integers(1, 2)), since, since + lasts))
    return tuple(groups)


@st.composite
def places(draw: st.DrawFn, name: str) -> Place:
    return Place(name, draw(servers()), calendar=draw(any_calendar))


@st.composite
def trips(draw: st.DrawFn, shared: list[Place], ship: Ship, train: Formation) -> list[Stage]:
    stages: list[Stage] = []

    def queue() -> Queue:
        taken = draw(st.one_of(st.none(), hours))
        return Queue(draw(st.sampled_from(shared)), draw(hours), taken, basis=Basis.UNIT)

    for _ in range(draw(st.integers(1, 5))):
        match draw(st.sampled_from(["queue", "queue", "queue", "hold", "travel", "split", "form", "sail"])):
            case "queue":
                stages.append(queue())
            case "hold":
                stages.append(Hold(draw(hours), calendar=draw(any_calendar)))
            case "travel":
                stages.append(Travel(draw(hours), calendar=draw(any_calendar)))
            case "split":
                inner = [queue() for _ in range(draw(st.integers(0, 2)))]
                stages += [Split(draw(st.integers(1, 4))), *inner, Gather()]
            case "form":
                stages.append(Form(train))
            case "sail":
                stages.append(Sail(ship))
    return stages


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Up to four flows through three places, a ship and a train that they share, in any order and direction."""
    shared = [draw(places(f"P{i}")) for i in range(3)]
    departures = sorted(draw(st.sets(st.integers(1, 110), min_size=1, max_size=6)))
    ship = Ship("ship", tuple(float(d) for d in departures), 4.0, calendar=draw(any_calendar))
    train = Formation("train", draw(st.integers(1, 4)), draw(short))
    flows = []
    for i in range(draw(st.integers(1, 4))):
        routes = [Route(draw(trips(shared, ship, train)), share=0.5) for _ in range(draw(st.integers(1, 2)))]
        load = draw(st.sampled_from([0.5, 1.0, 2.0]))
        if draw(st.booleans()):
            flows.append(Flow(f"F{i}", at=draw(st.lists(half_hours, max_size=8)), routes=routes, load_t=load))
        else:
            flows.append(poisson_flow(f"F{i}", 0.1, END_H, routes=routes, load_t=load))
    return make_plan(flows=flows, end_h=END_H, facilities=[*shared, ship, train])
