"""The tables that the event loop reads: what `coupled` makes of single tracks and loops."""

import numpy as np
import pytest

from corridor_sim.engines.vectorised import loop_tables, ways
from corridor_sim.engines.vectorised.coupled import Coupled
from corridor_sim.engines.vectorised.graph import StageGraph
from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.kinds import StageKind
from corridor_sim.plan.lanes import draw_lanes
from tests.support.parts import Flow, Gather, Loop, Place, Queue, Run, Split, Track, open_daily
from tests.support.plans import make_plan

FIRST, SECOND = Loop("first", 2), Loop("second", 3)
WEST, MIDDLE = Track("west", far=FIRST, working=0.5), Track("middle", near=FIRST, far=SECOND, working=0.25)
EAST = Track("east", near=SECOND, calendar=open_daily(6, 22, 2))
LINE, GATE = [WEST, MIDDLE, EAST], Place("gate")


def tables_of(*flows, lanes=2):
    """The part with single tracks, and its tables: part, rows, pieces, agenda, wakes, state."""
    plan = make_plan(flows=flows, end_h=48.0, facilities=LINE)
    drawn, graph = draw_lanes(plan, RandomStreams(1), range(lanes)), StageGraph(plan)
    (part,) = (p for p in graph.parts if p.wakes)
    facilities = [graph.facilities[f] for f in part.facilities]

    def arrivals(s):
        release_h = drawn.itineraries[int(plan.stages.itinerary_idx[s])].release_h
        return np.repeat(release_h, int(plan.stages.n_units[s]), axis=1)

    coupled = Coupled(plan, drawn, graph, facilities, arrivals, Arena(), Arena())
    tables, rows = coupled._part(), coupled._rows()
    rest = coupled._calendars.pieces(), coupled._agenda(tables), coupled._wakes(tables), coupled._state(tables)
    return coupled, (tables, rows, *rest)


def both(at=(0.0, 1.0)):
    there = [Run(track, 1.0, 0.25) for track in LINE]
    back = [Run(track, 2.0, 0.25, back=True) for track in reversed(LINE)]
    return Flow("S", at=at, stages=[*there, Queue(GATE, 1.0)]), Flow("N", at=at, stages=[*back, Queue(GATE, 1.0)])


def by_row(coupled, column):
    """A column of facilities, by their rows in the plan."""
    return {f.row: x for f, x in zip(coupled.facilities, column, strict=True) if f.kind is StageKind.SINGLE_TRACK}


def test_every_step_on_the_way_has_a_kind():
    kinds = loop_tables.KINDS_OF_STEPS
    assert all(isinstance(getattr(ways, name), type) for name in kinds)
    assert len(set(kinds.values())) == len(kinds)


def test_tracks_know_their_working_time_and_their_loops():
    coupled, (part, *_) = tables_of(*both())
    assert by_row(coupled, part.track_working_h.tolist()) == {0: 0.5, 1: 0.25, 2: 0.0}
    assert by_row(coupled, part.track_loops.reshape(-1, 2).tolist()) == {0: [-1, 0], 1: [0, 1], 2: [1, -1]}
    assert part.loop_tracks.tolist() == [2, 3]


def test_loops_know_the_tracks_that_end_there():
    coupled, (part, *_) = tables_of(*both())
    rows = [coupled.facilities[f].row for f in part.loop_facility]
    first, second, end = part.loop_first.tolist()
    assert (sorted(rows[first:second]), sorted(rows[second:end]), end) == ([0, 1], [1, 2], 4)


def test_stages_know_their_direction_and_facilities_their_turn():
    coupled, (part, *_) = tables_of(*both())
    sides = dict(zip(coupled.stages, part.stage_line.tolist(), strict=True))
    assert sides == {0: 0, 1: 0, 2: 0, 4: 1, 5: 1, 6: 1}
    # among those that wake at one instant: places, services, tracks in the order of their rows, then formations
    turns = by_row(coupled, part.facility_order.tolist())
    assert [turns[row] for row in range(3)] == [1, 2, 3]


def test_tracks_have_their_calendars():
    coupled, (_, rows, pieces, *_) = tables_of(*both())
    numbers = by_row(coupled, rows.calendar[0].tolist())
    assert (numbers[0], numbers[1]) == (-1, -1)
    assert (
        pieces.times_h[pieces.first[numbers[2]] : pieces.first[numbers[2] + 1]].tolist()
        == EAST.calendar.times_h.tolist()
    )


def test_runs_and_headways_are_those_of_the_lane():
    coupled, (_, rows, *_) = tables_of(*both())
    for stage, hours in [(0, 1.0), (4, 2.0)]:
        assert rows.service_h[:, coupled.columns(stage)].tolist() == [[hours] * 2] * 2
        assert rows.occupancy_h[:, coupled.columns(stage)].tolist() == [[0.25] * 2] * 2


def test_ranks_go_up_from_flow_to_flow_and_from_unit_to_unit():
    units = Flow("U", at=[0.0, 1.0], stages=[Split(3), *both()[0].stages[:3], Gather()])
    plain, _ = both()
    _, (part, rows, *_) = tables_of(plain, units)
    assert part.unit_number.tolist() == [0, 0, 0, 1, 2, 0, 1, 2]
    assert (np.diff(rows.rank[0]) > 0).all()
    assert rows.rank.shape == (2, 8)


def test_a_state_has_room_for_all():
    coupled, (part, _, _, agenda, wakes, state) = tables_of(*both())
    n, n_units = len(coupled.facilities), part.unit_member.size
    assert state.line_first.size == state.line_last.size == part.facility_line[-1] == 2 * 3
    assert {x.size for x in (state.track_side, state.track_entered_h, state.track_gap_h, state.track_left_h)} == {n}
    assert {x.size for x in (state.loop_taken, state.loop_left_h, state.loop_n_left)} == {4}
    assert {wakes.at_h.size, wakes.order.size, wakes.heap.size, wakes.where.size} == {n}
    assert agenda.behind.size == state.stage.size == n_units


@pytest.mark.parametrize("name", ["Part", "Rows", "Pieces", "State"])
def test_tables_hold_nothing_but_numbers_and_arrays(name):
    """So that they can be compiled."""
    _, tables = tables_of(*both())
    (table,) = (t for t in tables if type(t).__name__ == name)
    for field, value in zip(table._fields, table, strict=True):
        assert isinstance(value, float | np.ndarray), field
        assert isinstance(value, float) or value.dtype in (np.float64, np.int64, np.bool_), field
