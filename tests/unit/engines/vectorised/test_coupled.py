"""Tables of a cyclic part: what the event loop reads is what the plan says."""

import numpy as np

from corridor_sim.engines.vectorised.coupled import Calendars, Coupled, starts
from corridor_sim.engines.vectorised.graph import StageGraph
from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from tests.support.parts import Flow, Gather, Hold, Place, Queue, Servers, Split, open_daily
from tests.support.plans import make_plan

HOURS = open_daily(6, 22, 3)
P, Q = Place("P", calendar=HOURS), Place("Q", (Servers(1, 9.0), Servers(1, 0.0, 5.0), Servers(1)))


def coupled(*flows, end_h=48.0, lanes=2):
    plan = make_plan(flows=flows, end_h=end_h)
    drawn = draw_lanes(plan, RandomStreams(1), range(lanes))
    graph = StageGraph(plan)
    (part,) = (p for p in graph.parts if p.is_cyclic)
    facilities = [graph.facilities[f] for f in part.facilities]
    first = {int(s): i for i, s in enumerate(plan.itineraries.first_stage_idx)}

    def arrivals(s):
        return drawn.itineraries[first[s]].release_h

    return plan, Coupled(plan, drawn, graph, facilities, arrivals, Arena(), Arena())


CIRCLE = [Queue(P, 1.0), Hold(2.0), Split(3), Queue(Q, 0.5), Gather(), Queue(P, 0.25)]


def test_columns_of_a_stage_are_its_visits_unit_by_unit():
    plan, part = coupled(Flow("A", at=[0.0, 1.0], stages=CIRCLE))
    widths = {s: part.columns(s).stop - part.columns(s).start for s in part.stages}
    assert [widths[s] for s in sorted(widths)] == [2, 6, 2]
    assert part.start_h.shape == part.depart_h.shape == (2, 10)
    assert [plan.stages.kind[s] for s in part.stages] == [2, 2, 2]


def test_what_ran_is_in_those_columns():
    _, part = coupled(Flow("A", at=[7.0, 8.0], stages=CIRCLE))
    assert part.run() == 2 * 10
    first, units, last = (part.columns(s) for s in sorted(part.stages))
    assert part.start_h[0, first].tolist() == [7.0, 8.0]
    assert np.floor(part.start_h[0, units]).tolist() == [10.0, 10.0, 10.0, 11.0, 11.0, 11.0]
    assert (part.start_h[:, last] > part.depart_h[:, units].reshape(2, 2, 3).max(axis=2)).all()


def test_steps_carry_their_hours_in_columns_of_their_own():
    _, part = coupled(Flow("A", at=[0.0, 1.0], stages=CIRCLE))
    tables, rows = part._part(), part._rows()
    assert tables.step_hours[-1] == rows.hours.shape[1]
    assert (np.diff(tables.step_hours) >= 0).all()
    assert tables.stage_step[-1] == tables.step_kind.size == tables.step_units.size == tables.step_calendar.size


def test_units_know_their_member_and_number():
    _, part = coupled(Flow("A", at=[0.0, 1.0], stages=CIRCLE))
    tables = part._part()
    assert tables.unit_member.tolist() == [0, 0, 0, 1, 1, 1]
    assert tables.unit_number.tolist() == [0, 1, 2, 0, 1, 2]
    assert tables.entry_unit.tolist() == [0, 3]


def test_servers_stand_in_the_order_in_which_they_close():
    _, part = coupled(Flow("A", at=[0.0, 1.0], stages=CIRCLE))
    tables, rows = part._part(), part._rows()
    of_q = slice(*tables.facility_server[-2:]) if tables.facility_closes[-1] else slice(*tables.facility_server[:2])
    assert rows.until[:, of_q].tolist() == [[5.0, np.inf, np.inf]] * 2
    assert rows.free[:, of_q].tolist() == [[0.0, 0.0, 9.0]] * 2


def test_ranks_follow_the_number_of_the_consignment_over_flows():
    flows = [Flow("A", at=[0.0, 1.0], stages=CIRCLE), Flow("B", at=[0.0], stages=CIRCLE)]
    _, part = coupled(*flows)
    rank = part._rows().rank[0]
    assert (np.diff(rank) > 0).all()
    assert rank.size == part._part().unit_member.size


def test_a_calendar_is_kept_once_and_the_always_open_one_not_at_all():
    calendars, hours = Calendars(), Calendar([0.0, 5.0], [1.0, 0.5])
    assert [calendars.number(c) for c in (hours, ALWAYS_OPEN, hours, Calendar([0.0], [0.5]))] == [0, -1, 0, 1]
    pieces = calendars.pieces()
    assert pieces.first.tolist() == [0, 2, 3]
    assert pieces.times_h.tolist() == [0.0, 5.0, 0.0]
    assert pieces.rates.tolist() == [1.0, 0.5, 0.5]


def test_without_any_calendar_there_is_still_a_table():
    assert Calendars().pieces().first.tolist() == [0, 1]


def test_starts_end_with_the_total():
    assert starts([2, 0, 3]).tolist() == [0, 2, 2, 5]
    assert starts([]).tolist() == [0]
