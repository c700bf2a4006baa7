"""Servers that open or close at a date."""

from tests.support.parts import Flow, Hold, Place, Queue, Servers, open_daily
from tests.support.plans import make_plan
from tests.support.running import run


def starts(engine, servers, at, service, occupancy=None, **place):
    plan = make_plan(flows=[Flow("A", at=at, stages=[Queue(Place("gate", servers, **place), service, occupancy)])])
    return run(engine, plan).stage(0)


def test_the_first_start_is_when_the_server_opens(engine):
    assert starts(engine, (Servers(1, since=10.0),), [0, 20], 2.0) == [(0, 10, 12), (20, 20, 22)]


def test_a_second_server_joins(engine):
    servers = (Servers(1), Servers(1, since=3.0))
    assert starts(engine, servers, [0, 0, 0, 0], 5.0) == [(0, 0, 5), (0, 3, 8), (0, 5, 10), (0, 8, 13)]


def test_a_server_starts_nothing_at_or_after_its_end_but_finishes_what_it_began(engine):
    servers = (Servers(1, until=4.0),)
    assert starts(engine, servers, [0, 0, 0], 3.0) == [(0, 0, 3), (0, 3, 6), (0, None, None)]
    assert starts(engine, (Servers(1, until=3.0),), [0, 0], 3.0) == [(0, 0, 3), (0, None, None)]


def test_one_server_takes_over_from_another(engine):
    servers = (Servers(1, until=3.0), Servers(1, since=10.0))
    assert starts(engine, servers, [0, 0, 0], 3.0) == [(0, 0, 3), (0, 10, 13), (0, 13, 16)]


def test_fewer_servers_from_a_date(engine):
    servers = (Servers(1), Servers(2, until=2.0))
    assert starts(engine, servers, [0, 0, 0, 1, 1, 1], 2.0) == [
        (0, 0, 2), (0, 0, 2), (0, 0, 2), (1, 2, 4), (1, 4, 6), (1, 6, 8),
    ]  # fmt: skip


def test_the_server_that_frees_first_is_taken(engine):
    """The one that has stood idle longest takes the long job, so the other is there when the first has closed."""
    long_job, short_job = 100.0, 2.0
    gate = Place("gate", (Servers(1, until=10.0), Servers(1, since=1.0)))
    flows = [
        Flow("long", at=[5], stages=[Queue(gate, 1.0, occupancy=long_job)]),
        Flow("short", at=[6, 12], stages=[Queue(gate, 1.0, occupancy=short_job)]),
    ]
    done = run(engine, make_plan(flows=flows))
    assert done.stage(1) == [(6, 6, 7), (12, 12, 13)]


def test_nobody_is_served_once_all_servers_have_ended(engine):
    gate = Place("gate", (Servers(2, until=5.0),))
    plan = make_plan(flows=[Flow("A", at=[0, 1, 5, 6, 7], stages=[Hold(0.5), Queue(gate, 1.0), Hold(1.0)])])
    done = run(engine, plan)
    assert done.stage(1) == [(0.5, 0.5, 1.5), (1.5, 1.5, 2.5), *((t, None, None) for t in (5.5, 6.5, 7.5))]
    assert done.stage(2) == [(1.5, 1.5, 2.5), (2.5, 2.5, 3.5), *[(None, None, None)] * 3]
    by_name = {b.kpi: b for b in done.kpis if "flow:A" in b.subjects}
    assert by_name["stock_end_consignments"].values[0, 0] == 3
    assert by_name["throughput_consignments"].values[0, 0] == 2


def test_no_servers_at_all(engine):
    assert starts(engine, (), [0, 1], 1.0) == [(0, None, None), (1, None, None)]


def test_a_server_that_opens_in_closed_hours_waits_for_the_opening(engine):
    day_shift = open_daily(8, 16, days=5)
    assert starts(engine, (Servers(1, since=20.0),), [0], 2.0, calendar=day_shift) == [(0, 32, 34)]


def test_a_server_that_ends_in_closed_hours_has_done_all_that_day(engine):
    day_shift = open_daily(8, 16, days=5)
    until_night = (Servers(1, until=20.0),)
    assert starts(engine, until_night, [8, 8, 8], 4.0, calendar=day_shift) == [
        (8, 8, 12), (8, 12, 16), (8, None, None),
    ]  # fmt: skip


def test_a_server_that_ends_goes_on_with_its_work_after_closing_time(engine):
    day_shift = open_daily(8, 16, days=5)
    assert starts(engine, (Servers(1, until=16.0),), [15], 2.0, calendar=day_shift) == [(15, 15, 33)]
