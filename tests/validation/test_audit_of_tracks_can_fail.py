"""The audit sees every kind of fault on a single track: a sound trace of two lines is spoilt in one way at a time."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.kinds import StageKind
from tests.support.audit import audit
from tests.support.audit_table import Table
from tests.support.parts import Flow, Loop, Track, gamma, open_daily
from tests.support.parts import Run as Over
from tests.support.plans import make_plan
from tests.support.running import Run, run

GAP, WORKING = 0.25, 0.5
LOOP = Loop("loop")
WEST = Track("west", far=LOOP, working=WORKING, calendar=open_daily(4, 22, 20))
EAST, ALONE = Track("east", near=LOOP, working=WORKING), Track("alone", working=WORKING)
HOURS = gamma(1.0, 0.6)


def both_ways(name, line, every):
    """Two trains at once each way, of which the fast catch up with the slow; in the end some one way only."""
    at = [k // 2 * every for k in range(60)]
    there = [Over(track, HOURS, GAP) for track in line]
    back = [Over(track, HOURS, GAP, back=True) for track in line[::-1]]
    return [
        Flow(f"{name}S", at=[*at, 400.0, 400.0, 400.0], stages=there),
        Flow(f"{name}N", at=at, stages=back, direction="north"),
    ]


@pytest.fixture(scope="module")
def done(engine) -> Run:
    return run(
        engine, make_plan(flows=[*both_ways("L", [WEST, EAST], 8.0), *both_ways("A", [ALONE], 4.0)], end_h=480.0)
    )


@dataclass
class Spoilt:
    """A copy of the trace, to be spoilt."""

    done: Run
    trace: pd.DataFrame

    def entries(self, track: Track) -> list[int]:
        """Rows of the trace in the order of entry."""
        t = Table.of(self.done.plan, self.done.lane, self.trace)
        rows = np.flatnonzero((t.target == self.done.plan.tracks.id.index(track.id)) & ~np.isnan(t.start))
        return rows[np.argsort(t.start[rows])].tolist()

    def side(self, row: int) -> int:
        stage = self.done.plan.stages.id.index(self.trace.loc[row, "stage_id"])
        return int(self.done.plan.stages.side[stage])

    def pair(self, track: Track, *, same_way: bool) -> tuple[int, int]:
        """One train and the next, which waited for it."""
        entries = self.entries(track)
        for a, b in pairwise(entries[5:]):
            waited = self.at(b, "start_h") > self.at(b, "arrive_h")
            if (self.side(a) == self.side(b)) == same_way and waited:
                return a, b
        raise LookupError("no such pair: choose other flows")

    def held(self, track: Track) -> int:
        """A train that left a headway after the one before it, on the same way."""
        pairs = pairwise(self.entries(track))
        same_way = ((a, b) for a, b in pairs if self.side(a) == self.side(b))
        return next(b for a, b in same_way if self.at(b, "depart_h") == self.at(a, "depart_h") + GAP)

    def at(self, row: int, column: str) -> float:
        return float(self.trace.loc[row, column])

    def put(self, row: int, **times: float) -> None:
        for initial, time_h in times.items():
            self.trace.loc[row, {"s": "start_h", "d": "depart_h"}[initial]] = time_h

    @property
    def faults(self) -> str:
        return "\n".join(audit(self.done.plan, self.done.lane, self.trace))


@pytest.fixture
def spoilt(done) -> Spoilt:
    return Spoilt(done, done.trace)


def test_the_sound_trace_passes_and_has_trains_that_wait(done, spoilt):
    assert spoilt.faults == ""
    assert (spoilt.trace["start_h"] > spoilt.trace["arrive_h"]).sum() > 100
    assert done.plan.stage_kinds() == {StageKind.SINGLE_TRACK}
    assert spoilt.held(WEST) != spoilt.held(ALONE)


def test_a_train_against_another_is_seen(spoilt):
    a, b = spoilt.pair(WEST, same_way=False)
    spoilt.put(b, s=spoilt.at(a, "depart_h") - TICK_H)
    assert "enters against a train on the track" in spoilt.faults


def test_an_entry_together_with_another_is_seen(spoilt):
    a, b = spoilt.pair(ALONE, same_way=True)
    spoilt.put(b, s=spoilt.at(a, "start_h"))
    assert "enters together with another" in spoilt.faults


def test_an_entry_before_the_track_is_worked_is_seen(spoilt):
    a, b = spoilt.pair(EAST, same_way=False)
    spoilt.put(b, s=spoilt.at(a, "depart_h") + WORKING - TICK_H)
    assert "enters before the track is worked for the other way" in spoilt.faults


def test_followers_that_come_too_close_are_seen(spoilt):
    a, b = spoilt.pair(ALONE, same_way=True)
    spoilt.put(b, s=spoilt.at(a, "start_h") + GAP - TICK_H)
    assert "enters less than a headway behind" in spoilt.faults


def test_overtaking_is_seen(spoilt):
    b = spoilt.held(EAST)
    spoilt.put(b, d=spoilt.at(b, "depart_h") - TICK_H)
    assert "leaves less than a headway behind" in spoilt.faults


def test_another_order_than_that_of_arrival_is_seen(spoilt):
    a, b = spoilt.pair(WEST, same_way=True)
    spoilt.put(b, s=spoilt.at(a, "start_h") - TICK_H)
    assert "enters before one the same way who came earlier" in spoilt.faults


def test_one_that_pushes_in_from_the_other_end_is_seen(spoilt):
    a, b = spoilt.pair(ALONE, same_way=False)
    spoilt.put(b, s=spoilt.at(a, "start_h") - TICK_H)
    assert "enters before one the other way who came earlier" in spoilt.faults


@pytest.mark.parametrize("by", [-TICK_H, TICK_H, 0.5])
def test_a_run_of_another_length_is_seen(spoilt, by):
    row = spoilt.entries(ALONE)[0]
    spoilt.put(row, d=spoilt.at(row, "depart_h") + by)
    assert "does not run for its time" in spoilt.faults


def test_a_train_that_is_held_up_but_faster_than_it_can_run_is_seen(spoilt):
    row = spoilt.held(EAST)
    spoilt.put(row, s=spoilt.at(row, "depart_h") - 2 * TICK_H)
    assert "runs faster than it can" in spoilt.faults


def test_a_run_that_never_ends_is_seen(spoilt):
    spoilt.put(spoilt.entries(ALONE)[-1], d=np.nan)
    assert "is under way though its run is over" in spoilt.faults


def test_entry_and_exit_in_closed_hours_are_seen(spoilt):
    row = spoilt.entries(WEST)[7]
    night = 24.0 * (spoilt.at(row, "start_h") // 24.0) + 23.0
    spoilt.put(row, d=night)
    assert "leaves in closed hours" in spoilt.faults
    spoilt.put(row, s=night, d=night + 1.0)
    assert "enters in closed hours" in spoilt.faults


def test_a_track_that_lies_idle_is_seen(spoilt):
    row = spoilt.entries(ALONE)[-1]
    spoilt.put(row, s=spoilt.at(row, "start_h") + TICK_H, d=spoilt.at(row, "depart_h") + TICK_H)
    assert "waits though the track is free" in spoilt.faults
    spoilt.put(row, s=np.nan, d=np.nan)
    assert "waits though the track is free" in spoilt.faults


def southbound(spoilt: Spoilt, track: Track) -> list[int]:
    return [row for row in spoilt.entries(track) if spoilt.side(row) == 0]


def test_two_of_one_direction_at_a_loop_of_two_tracks_are_seen(spoilt):
    """The next one set out for the loop when the first went on from it; a tick later it was too early."""
    goes, comes = southbound(spoilt, EAST)[-3], southbound(spoilt, WEST)[-2]
    spoilt.put(goes, s=spoilt.at(comes, "start_h"))
    assert "takes more of a loop than one direction may" in spoilt.faults
    assert "sets out for a loop that is full" not in spoilt.faults


def test_a_loop_that_is_full_is_seen(spoilt):
    """One stays there while trains of both directions come and go."""
    goes = southbound(spoilt, EAST)[9]
    spoilt.put(goes, s=spoilt.at(goes, "start_h") + 24.0)
    assert "sets out for a loop that is full" in spoilt.faults
