"""Servers with different closing dates: which of them is taken when several are free."""

from tests.support.parts import Flow, Place, Queue, Servers
from tests.support.plans import make_plan
from tests.support.running import run


def long_then_short(engine, servers, at, first=()):
    """Starts of one who takes a server for 100 h at an instant, then of one who comes at hour 12."""
    gate = Place("gate", servers)
    flows = [
        Flow("first", at=first, stages=[Queue(gate, 1.0, occupancy=5.0)]),
        Flow("long", at=[at], stages=[Queue(gate, 1.0, occupancy=100.0)]),
        Flow("short", at=[12], stages=[Queue(gate, 1.0)]),
    ]
    done = run(engine, make_plan(flows=flows))
    return done.starts(1)[0], done.starts(2)[0]


def test_of_two_servers_that_are_free_the_one_that_closes_first_is_taken(engine):
    """So the other is still there at hour 12, in whichever order they are listed."""
    for servers in ((Servers(1, until=10.0), Servers(1)), (Servers(1), Servers(1, until=10.0))):
        assert long_then_short(engine, servers, at=3) == (3, 12)
    three = (Servers(1, until=8.0), Servers(1), Servers(1, until=6.0))
    assert long_then_short(engine, three, at=3) == (3, 12)


def test_servers_that_free_at_the_same_instant_are_taken_by_their_closing_date(engine):
    """Both are taken from 0 to 5."""
    for servers in ((Servers(1, until=10.0), Servers(1)), (Servers(1), Servers(1, until=10.0))):
        assert long_then_short(engine, servers, at=4, first=[0, 0]) == (5, 12)


def test_who_came_first_gets_the_last_start_before_a_closing(engine):
    """Two servers, one until 4: third in line takes it at 3, the fourth the other, all later wait for that one."""
    gate = Place("gate", (Servers(1), Servers(1, until=4.0)))
    plan = make_plan(flows=[Flow("A", at=[0] * 5, stages=[Queue(gate, 3.0)])])
    assert run(engine, plan).stage(0) == [
        (0, 0, 3), (0, 0, 3), (0, 3, 6), (0, 3, 6), (0, 6, 9),
    ]  # fmt: skip
