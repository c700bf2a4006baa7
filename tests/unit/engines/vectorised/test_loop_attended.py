"""Places that choose in the event loop: step by step as they are written, and compiled on whole plans."""

import pytest

from corridor_sim.engines.vectorised import loop_attended
from corridor_sim.engines.vectorised.agenda import NOBODY, let_sleep
from corridor_sim.foundation.time_grid import TICK_H
from tests.support.parts import (
    Base,
    Flow,
    Gather,
    Give,
    Hold,
    Place,
    Pool,
    Queue,
    Servers,
    Split,
    Take,
    exponential,
    gamma,
    open_daily,
    poisson_flow,
)
from tests.support.plans import make_plan
from tests.unit.engines.vectorised.test_event_loop import agree
from tests.unit.engines.vectorised.test_loop_tables import tables_of

END_H = 150.0
FIRST, SECOND = 0, 1


class Loose:
    """Three of class 0 (units 0 to 2) and three of class 1 (3 to 5) at a place, moved by hand."""

    def __init__(self, tracks, gate, service=2.0, occupancy=None):
        self.of = tracks
        self.coupled, tables = tables_of(
            *(
                Flow(name, at=[0.0, 1.0, 2.0], stages=[Queue(gate, service, occupancy, priority=priority)])
                for priority, name in enumerate("AB")
            )
        )
        self.part, rows, self.pieces, self.agenda, self.wakes, self.state = tables
        self.row = next(type(rows)(*row) for row in zip(*rows, strict=True))
        let_sleep(self.wakes)
        tracks.clear_tracks(self.state)
        self.state.free[:], self.state.until[:], self.state.is_held[:] = self.row.free, self.row.until, False

    def ask(self, unit, stage, now_h):
        self.state.stage[unit], self.agenda.due_h[unit] = stage, now_h
        self.of.stand_in_line(self.part, self.agenda, self.wakes, self.state, 0, unit, now_h)

    def serve(self, now_h):
        """Who is served now, with a wake of its own."""
        let_sleep(self.wakes)
        return loop_attended.serve_next(
            self.part, self.row, self.pieces, self.agenda, self.wakes, self.state, 0, now_h
        )  # fmt: skip

    def times(self, unit):
        return float(self.row.start_h[unit]), float(self.row.depart_h[unit])


@pytest.fixture
def loose(as_written):
    return lambda *gate, **more: Loose(as_written, *gate, **more)


def test_with_nobody_in_line_it_sleeps_on(loose):
    at = loose(Place("gate"))
    assert at.serve(1.0) == NOBODY
    assert at.wakes.n[0] == 0


def test_classes_have_lines_of_their_own(loose):
    at = loose(Place("gate"))
    for unit, stage in ((0, FIRST), (3, SECOND), (1, FIRST)):
        at.ask(unit, stage, 5.0)
    assert at.state.line_first.tolist() == [0, 3]
    assert (at.agenda.behind[0], at.agenda.behind[1]) == (1, NOBODY)
    assert at.wakes.at_h[0] == 5.0


def test_the_smaller_class_is_served_and_its_times_are_written_down(loose):
    at = loose(Place("gate"), occupancy=3.0)
    at.ask(3, SECOND, 4.0)
    at.ask(0, FIRST, 5.0)
    assert at.serve(5.0) == 0
    assert at.times(0) == (5.0, 7.0)
    assert at.state.free.tolist() == [8.0]
    assert at.state.line_first.tolist() == [NOBODY, 3]


def test_who_was_served_leaves_a_wake_for_the_next_at_that_instant(loose):
    at = loose(Place("gate", 2))
    at.ask(0, FIRST, 5.0)
    at.ask(3, SECOND, 5.0)
    assert at.serve(5.0) == 0
    assert at.wakes.at_h[0] == 5.0
    assert at.serve(5.0) == 3


def test_while_all_are_busy_it_wakes_when_the_first_gets_free(loose):
    at = loose(Place("gate"))
    at.ask(0, FIRST, 5.0)
    at.ask(3, SECOND, 5.0)
    at.serve(5.0)
    assert at.serve(5.0) == NOBODY
    assert at.wakes.at_h[0] == 7.0
    assert at.serve(7.0) == 3
    assert at.times(3) == (7.0, 9.0)


@pytest.mark.parametrize(("ageing", "next_is"), [(2.0, 3), (3.0, 0), (4.0, 0)])
def test_waiting_makes_up_for_a_class_and_of_equals_the_rank_decides(loose, ageing, next_is):
    at = loose(Place("gate", ageing=ageing))
    at.ask(3, SECOND, 5.0)
    at.ask(0, FIRST, 8.0)
    assert at.serve(9.0) == next_is


def test_in_closed_hours_it_wakes_at_the_opening(loose):
    at = loose(Place("gate", calendar=open_daily(8, 16, 2)))
    at.ask(3, SECOND, 5.0)
    assert at.serve(5.0) == NOBODY
    assert at.wakes.at_h[0] == 8.0


def test_a_service_of_no_length_takes_a_tick(loose):
    at = loose(Place("gate"), service=0.0)
    at.ask(0, FIRST, 5.0)
    at.serve(5.0)
    assert at.times(0) == (5.0, 5.0 + TICK_H)


def test_a_held_server_is_not_given_away(loose):
    at = loose(Place("gate", 2))
    at.state.is_held[0] = True
    at.ask(0, FIRST, 5.0)
    at.ask(1, FIRST, 5.0)
    assert (at.serve(5.0), at.serve(5.0)) == (0, NOBODY)
    assert at.state.free.tolist() == [0.0, 7.0]
    at.state.is_held[1] = True
    assert at.serve(7.0) == NOBODY
    assert at.wakes.n[0] == 0


def test_a_server_that_closed_serves_nobody(loose):
    at = loose(Place("gate", (Servers(1, 0.0, 5.0), Servers(1, 30.0))))
    at.ask(0, FIRST, 6.0)
    assert at.serve(6.0) == NOBODY
    assert at.wakes.at_h[0] == 30.0


def classes(place, hours, rate_per_h=0.25, *, units=0, then=()):
    """Three classes at a place that come from it and to it again."""
    flows = []
    for priority, name in enumerate("ABC"):
        visit = [Queue(place, hours, priority=priority), *then]
        inside = [Split(units), *visit, Gather()] if units else visit
        stages = [*inside, Hold(gamma(3.0, 0.5)), Queue(place, 0.5, priority=2 - priority)]
        flows.append(poisson_flow(name, rate_per_h, END_H, stages=stages))
    return make_plan(flows=flows, end_h=END_H)


YARD = Pool("yard", (Base(2.0),))
PLANS = {
    "one server": classes(Place("gate"), exponential(0.8)),
    "three servers": classes(Place("gate", 3), exponential(2.5)),
    "ageing": classes(Place("gate", ageing=2.0), exponential(0.8)),
    "open by day": classes(Place("gate", calendar=open_daily(6, 22, 6), ageing=5.0), gamma(0.6, 0.5)),
    "slow and fast": classes(Place("gate", 2, calendar=[(0, 1.0), (40, 0.3), (60, 0), (70, 1.7)]), gamma(1.0, 0.5)),
    "servers that close": classes(Place("gate", (Servers(2, 0.0, 70.0), Servers(1, 20.0))), gamma(1.0, 0.5)),
    "units": classes(Place("gate"), exponential(0.4), 0.1, units=3),
    "equal ones": classes(Place("gate", 2, ageing=1.0), 1.0),
    "held": classes(Place("gate", 2), 0.5, then=[Take(YARD, blocks=True), Hold(exponential(2.0)), Give(YARD)]),
}


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("seed", range(3))
def test_plans_have_the_times_of_the_reference(name, seed):
    assert agree(PLANS[name], seed)
