"""Single tracks in the event loop: step by step as they are written, and compiled on whole lines."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from corridor_sim.engines.vectorised.agenda import NOBODY, let_sleep
from corridor_sim.foundation.time_grid import TICK_H
from tests.support.parts import (
    Flow,
    Gather,
    Hold,
    Loop,
    Place,
    Queue,
    Run,
    Split,
    Track,
    exponential,
    gamma,
    open_daily,
    poisson_flow,
)
from tests.support.plans import make_plan
from tests.unit.engines.vectorised.test_event_loop import agree
from tests.unit.engines.vectorised.test_loop_tables import both, by_row, tables_of

ROOT = Path(__file__).parents[4]
END_H = 150.0


class Loose:
    """Trains on the line of `test_loop_tables`, moved by hand."""

    def __init__(self, tracks):
        self.of = tracks
        self.coupled, tables = tables_of(*both((0.0, 1.0, 2.0)))
        self.part, rows, self.pieces, self.agenda, self.wakes, self.state = tables
        self.row = next(type(rows)(*row) for row in zip(*rows, strict=True))
        self.facility = by_row(self.coupled, range(len(self.coupled.facilities)))
        self.stage = {s: k for k, s in enumerate(self.coupled.stages)}
        let_sleep(self.wakes)
        tracks.clear_tracks(self.state)

    def ask(self, unit, stage, now_h):
        """A unit (0 to 2 southbound, 3 to 5 northbound) comes to a stage of the plan; returns its track."""
        self.state.stage[unit], self.agenda.due_h[unit] = self.stage[stage], now_h
        f = self.part.stage_facility[self.stage[stage]]
        self.of.stand_in_line(self.part, self.agenda, self.wakes, self.state, f, unit, now_h)
        return f

    def let_in(self, f, now_h):
        return self.of.let_in(
            self.part, self.row, self.pieces, self.agenda, self.wakes, self.state, f, now_h
        )  # fmt: skip

    def wakes_h(self, row):
        return float(self.wakes.at_h[self.facility[row]])


@pytest.fixture
def loose(as_written) -> Loose:
    return Loose(as_written)


WEST_S, MIDDLE_S, EAST_S, EAST_N, MIDDLE_N, WEST_N = 0, 1, 2, 4, 5, 6


def test_an_empty_line_has_nobody_on_it(loose):
    assert (loose.state.line_first == NOBODY).all()
    assert (loose.state.track_side == -1).all()
    assert (loose.state.loop_taken == 0).all()


def test_who_asks_stands_in_line_and_wakes_the_track(loose):
    f = loose.ask(0, WEST_S, 5.0)
    loose.ask(1, WEST_S, 5.0)
    assert loose.wakes_h(0) == 5.0
    line = loose.part.facility_line[f]
    assert (loose.state.line_first[line], loose.agenda.behind[0], loose.agenda.behind[1]) == (0, 1, NOBODY)
    assert loose.state.line_first[line + 1] == NOBODY


def test_who_is_let_in_has_its_times_written_down_and_a_place_at_the_loop_ahead(loose):
    f = loose.ask(0, WEST_S, 5.0)
    assert loose.let_in(f, 5.0) == 0
    column = loose.coupled.columns(WEST_S).start
    assert (loose.row.start_h[column], loose.row.depart_h[column]) == (5.0, 6.0)
    assert loose.state.loop_taken.tolist() == [1, 0, 0, 0]
    assert (loose.state.track_side[f], loose.state.track_left_h[f], loose.state.track_gap_h[f]) == (0, 6.0, 0.25)


def test_a_place_given_back_wakes_the_tracks_at_the_loop_a_tick_later(loose):
    loose.let_in(loose.ask(0, WEST_S, 5.0), 5.0)
    let_sleep(loose.wakes)
    loose.let_in(loose.ask(0, MIDDLE_S, 6.0), 6.0)
    assert loose.state.loop_taken.tolist() == [0, 0, 1, 0]
    assert loose.state.loop_left_h[0] == 6.0
    assert loose.wakes_h(0) == 6.0 + TICK_H


def test_nobody_is_let_in_where_there_is_no_room_until_a_tick_after_one_has_left(loose):
    west = loose.ask(0, WEST_S, 5.0)
    loose.let_in(west, 5.0)
    loose.ask(1, WEST_S, 5.5)
    assert loose.let_in(west, 5.5) == NOBODY
    loose.let_in(loose.ask(0, MIDDLE_S, 6.0), 6.0)
    assert loose.let_in(west, 6.0) == NOBODY
    assert loose.let_in(west, 6.0 + TICK_H) == 1


def test_one_the_other_way_is_woken_for_when_the_track_is_clear(loose):
    west = loose.ask(0, WEST_S, 5.0)
    loose.let_in(west, 5.0)
    let_sleep(loose.wakes)
    loose.state.loop_taken[1] = 1  # it has a place there, as it comes from the loop
    loose.ask(3, WEST_N, 5.25)
    let_sleep(loose.wakes)
    assert loose.let_in(west, 5.25) == NOBODY
    assert loose.wakes_h(0) == 6.5
    assert loose.let_in(west, 6.5) == 3
    assert loose.state.loop_taken.tolist() == [1, 0, 0, 0]


def test_of_both_ways_the_earlier_request_is_first_and_of_one_instant_the_rank(loose):
    east = loose.ask(3, EAST_N, 7.0)
    loose.ask(0, EAST_S, 7.25)
    assert loose.let_in(east, 7.5) == 3
    again = Loose(loose.of)
    east = again.ask(3, EAST_N, 7.0)
    again.ask(0, EAST_S, 7.0)
    assert again.let_in(east, 7.5) == 0


def test_in_closed_hours_it_wakes_at_the_opening(loose):
    east = loose.ask(0, EAST_S, 3.0)
    let_sleep(loose.wakes)
    assert loose.let_in(east, 3.0) == NOBODY
    assert loose.wakes_h(2) == 6.0
    assert loose.let_in(east, 6.0) == 0


def test_with_nobody_in_line_it_sleeps_on(loose):
    assert loose.let_in(loose.facility[0], 4.0) == NOBODY
    assert loose.wakes.n[0] == 0


def line_of(n_loops, tracks=2, **more):
    ends = [None, *(Loop(f"loop{i}", tracks) for i in range(n_loops)), None]
    return [Track(f"track{i}", near, far, 0.25, **more) for i, (near, far) in enumerate(pairwise(ends))]


def there_and_back(line, hours, rate_per_h=0.3, units=0):
    ways = [Run(t, hours, 0.25) for t in line], [Run(t, hours, 0.25, back=True) for t in reversed(line)]
    wrapped = [[Split(units), *way, Gather()] if units else way for way in ways]
    yard, flows = Place("yard"), []
    for name, way in zip("SN", wrapped, strict=True):
        flows.append(poisson_flow(name, rate_per_h, END_H, stages=[Hold(0.5), *way, Queue(yard, 0.5)]))
    return make_plan(flows=flows, end_h=END_H)


LINES = {
    "one track": there_and_back(line_of(0), gamma(1.0, 0.5)),
    "loops of two tracks": there_and_back(line_of(3), exponential(1.0)),
    "loops of three tracks": there_and_back(line_of(3, 3), exponential(1.0)),
    "equal trains, all at once": make_plan(
        flows=[
            Flow("S", at=[0.0] * 9, stages=[Run(t, 1.0, 0.25) for t in line_of(2)]),
            Flow("N", at=[0.0] * 9, stages=[Run(t, 1.0, 0.25, back=True) for t in reversed(line_of(2))]),
        ],
        end_h=END_H,
    ),
    "open by day": there_and_back(line_of(2, calendar=open_daily(6, 22, 6)), gamma(1.0, 0.5)),
    "slow and fast": there_and_back(
        [Track("t", working=0.25, calendar=[(0, 1.0), (40, 0.3), (60, 0), (70, 1.7)])], gamma(1.0, 0.5)
    ),
    "several trains each": there_and_back(line_of(2), gamma(0.5, 0.5), 0.1, units=3),
}


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("seed", range(4))
def test_lines_have_the_times_of_the_reference(name, seed):
    assert agree(LINES[name], seed)


def test_without_numba_lines_have_the_same_times():
    script = """
import sys
sys.modules["numba"] = None
from tests.unit.engines.vectorised.test_loop_tracks import LINES, agree
from corridor_sim.engines.vectorised import jit
assert not jit.IS_THERE
assert all(agree(plan, 1) for plan in LINES.values())
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
