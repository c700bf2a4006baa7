"""Open hours: at places and on the way. Day shift: 8 to 16."""

import pytest

from tests.support.parts import Flow, Hold, Place, Queue, Travel, open_daily
from tests.support.plans import make_plan
from tests.support.running import TICK, run

DAY_SHIFT = open_daily(8, 16, days=10)


def at_gate(engine, at, service, calendar, occupancy=None, servers=1):
    gate = Place("gate", servers, calendar=calendar)
    return run(engine, make_plan(flows=[Flow("A", at=at, stages=[Queue(gate, service, occupancy)])])).stage(0)


def held(engine, at, stage):
    return run(engine, make_plan(flows=[Flow("A", at=at, stages=[stage])])).stage(0)


def test_work_waits_for_the_opening(engine):
    assert at_gate(engine, [4], 2.0, DAY_SHIFT) == [(4, 8, 10)]


def test_work_pauses_over_night(engine):
    assert at_gate(engine, [15], 2.0, DAY_SHIFT) == [(15, 15, 33)]


def test_an_end_at_closing_time_takes_the_first_instant_and_the_next_start_the_last(engine):
    assert at_gate(engine, [14, 14], 2.0, DAY_SHIFT) == [(14, 14, 16), (14, 32, 34)]


@pytest.mark.parametrize(("arrive", "start"), [(8, 8), (16, 32), (16 - TICK, 16 - TICK), (20, 32), (32, 32)])
def test_edges_of_opening_hours(engine, arrive, start):
    assert at_gate(engine, [arrive], TICK, DAY_SHIFT)[0] == (arrive, start, start + TICK)


def test_service_over_several_days(engine):
    assert at_gate(engine, [8], 20.0, DAY_SHIFT) == [(8, 8, 60)]


def test_servers_are_taken_in_open_time(engine):
    """Occupied for 10 open hours from 8: until 10 on the next day."""
    assert at_gate(engine, [8, 8], 1.0, DAY_SHIFT, occupancy=10.0) == [(8, 8, 9), (8, 34, 35)]


def test_arrivals_of_the_night_start_in_order_when_it_opens(engine):
    assert at_gate(engine, [17, 18, 19], 1.0, DAY_SHIFT, servers=2) == [(17, 32, 33), (18, 32, 33), (19, 33, 34)]


@pytest.mark.parametrize(("rate", "depart"), [(0.5, 6), (1.0, 4), (2.0, 3), (0.25, 10)])
def test_a_rate_stretches_or_shortens_work(engine, rate, depart):
    assert at_gate(engine, [2], 2.0, [(0, rate)]) == [(2, 2, depart)]


def test_a_rate_changes_while_work_is_going_on(engine):
    assert at_gate(engine, [9], 2.0, [(0, 1.0), (10, 0.5), (20, 1.0)]) == [(9, 9, 12)]
    assert at_gate(engine, [9], 2.0, [(0, 1.0), (10, 2.0)]) == [(9, 9, 10.5)]


def test_occupancy_runs_at_the_rate_too(engine):
    assert at_gate(engine, [0, 0], 1.0, [(0, 0.5)], occupancy=3.0) == [(0, 0, 2), (0, 6, 8)]


def test_works_on_a_line_close_it_for_a_while(engine):
    works = [(0, 1.0), (10, 0.0), (30, 1.0)]
    assert at_gate(engine, [9, 9, 12], 2.0, works) == [(9, 9, 31), (9, 31, 33), (12, 33, 35)]


def test_a_hold_begins_at_once_even_when_closed(engine):
    assert held(engine, [4, 14, 15, 16, 20], Hold(2.0, DAY_SHIFT)) == [
        (4, 4, 10), (14, 14, 16), (15, 15, 33), (16, 16, 34), (20, 20, 34),
    ]  # fmt: skip


def test_travel_runs_in_open_time(engine):
    night_ban = [(0, 1.0), (22, 0.0), (30, 1.0)]
    assert held(engine, [20], Travel(5.0, calendar=night_ban)) == [(20, 20, 33)]
    assert held(engine, [20], Travel(5.0, calendar=[(0, 1.0), (22, 0.5)])) == [(20, 20, 28)]


@pytest.mark.parametrize("stage", [Hold(0.0), Travel(0.0), Queue(Place("gate"), 0.0)])
def test_nothing_takes_no_time(engine, stage):
    assert held(engine, [3], stage) == [(3, 3, 3 + TICK)]


def test_a_hold_of_no_length_in_closed_hours_ends_a_tick_after_the_opening(engine):
    assert held(engine, [4], Hold(0.0, DAY_SHIFT)) == [(4, 4, 8 + TICK)]


def test_a_fast_calendar_still_takes_a_tick(engine):
    assert held(engine, [3], Hold(0.0, [(0, 1000.0)])) == [(3, 3, 3 + TICK)]
    assert at_gate(engine, [3], 0.0, [(0, 1000.0)]) == [(3, 3, 3 + TICK)]


def test_durations_are_rounded_to_the_tick(engine):
    assert held(engine, [0], Hold(1.0 + 0.4 * TICK)) == [(0, 0, 1)]
    assert held(engine, [0], Hold(1.0 + 0.6 * TICK)) == [(0, 0, 1 + TICK)]
