import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from corridor_sim.plan.kinds import Cause
from corridor_sim.results.reductions.bins import Bins, Cells
from corridor_sim.results.reductions.calendars import closed_calendars
from corridor_sim.results.reductions.stages import STAGE_COLUMNS, StageHours
from corridor_sim.results.reductions.trips import follow
from tests.support.parts import Flow, Form, Formation, Gather, Hold, Place, Queue, Sail, Ship, Split, open_daily
from tests.support.plans import make_plan
from tests.support.running import TICK, run


@pytest.fixture
def rows(corridor):
    return [dict(zip(STAGE_COLUMNS, row, strict=True)) for row in corridor.summary.stages[0]]


def test_arrivals_and_departures_are_of_the_measured_time(rows):
    """One a day at every stage, 49 days of 59."""
    assert [(r["arrivals"], r["departures"]) for r in rows] == [(49, 49)] * 5 + [(1, 1)]


def test_means_are_of_those_delivered_in_the_measured_time(rows):
    assert [r["service_h"] for r in rows] == pytest.approx([2, 10, 5, 15, 6, 1])
    assert [r["closed_h"] for r in rows] == pytest.approx([0, 0, 16, 0, 0, 0])
    assert [r["queue_h"] for r in rows] == pytest.approx([0] * 6)
    assert [r["queue_p95_h"] for r in rows] == pytest.approx([0] * 6)


def test_stage_times_add_up_to_the_transit_time(rows, kpi):
    total = sum(r["queue_h"] + r["closed_h"] + r["service_h"] for r in rows[:5])
    assert total == pytest.approx(kpi("transit_mean_h", "flow:S"))


def test_queueing_and_closed_hours_of_a_flow_at_a_place(kpi):
    assert kpi("time_closed_h", "flow:S@post") == pytest.approx(16.0)
    assert kpi("time_queueing_h", "flow:S@post") == 0
    assert kpi("time_closed_h", "flow:S@crane") == 0
    assert kpi("time_closed_h", "flow:S@post") == pytest.approx(kpi("time_closed_h", "flow:S"))


def hours_of(flow, **more):
    """Hours of all consignments, and by cause."""
    done = run(get_engine("des"), make_plan(flows=[flow], **more))
    cells = Cells(1, Bins(np.array([0.0, done.plan.end_h])))
    trips = follow(done.plan, done.lanes, done.block, 0, cells)
    hours = StageHours(done.plan, closed_calendars(done.plan, done.lanes), cells)
    hours.begin(trips)
    for stage in trips.stages:
        hours.add(trips, stage, trips.times(stage))
    hours.finish(trips)
    return hours, {c: h for c in Cause if (h := float(hours.cause_h[:, c].sum()))}


def test_waiting_closed_and_serving_hours_at_a_post():
    """Arrive 4 h, open 8 to 16: 4 closed hours; the second waits 6 open hours more, and works over the night."""
    gate = Place("gate", calendar=open_daily(8, 16, 5))
    hours, causes = hours_of(Flow("A", at=[4, 4], stages=[Queue(gate, 6.0, cause=Cause.INSPECTION)]))
    assert hours.waiting_h.tolist() == [[0 + 6]]
    assert hours.waiting_p95_h.tolist() == [[pytest.approx(0.95 * 6)]]
    assert hours.closed_h.tolist() == [[4 + 20]]
    assert hours.serving_h.tolist() == [[6 + 6]]
    assert causes == {Cause.CLOSED: 24, Cause.QUEUEING: 6, Cause.INSPECTION: 12}


def test_elapsed_hours_are_from_release_to_departure():
    """Two of one lot, one after the other: 6 and 12 h at the gate, then both 5 h more."""
    hours, _ = hours_of(Flow("A", at=[4, 4], stages=[Queue(Place("gate"), 6.0), Hold(5.0)]))
    [[gate], [late]] = hours.elapsed_h[:, :, 0]
    assert [gate, late] == pytest.approx([6 + 0.05 * 6, 6 + 0.95 * 6])
    assert hours.elapsed_h[:, 0, 1] == pytest.approx([11 + 0.05 * 6, 11 + 0.95 * 6])


def test_elapsed_hours_do_not_depend_on_how_many_stages_are_sorted_at_once(monkeypatch):
    flow = Flow("A", at=[0, 1, 5], stages=[Hold(2.0), Queue(Place("gate"), 6.0), Hold(1.0)])
    together, _ = hours_of(flow)
    monkeypatch.setattr("corridor_sim.results.reductions.stages.MOST_KEYS", 3)
    one_by_one, _ = hours_of(flow)
    assert together.elapsed_h.tolist() == one_by_one.elapsed_h.tolist()


def test_slow_hours_are_open_hours():
    _, causes = hours_of(Flow("A", at=[0], stages=[Queue(Place("gate", calendar=[(0, 0.5)]), 3.0)]))
    assert causes == {Cause.HANDLING: 6}


def test_closed_hours_of_a_hold():
    _, causes = hours_of(Flow("A", at=[4], stages=[Hold(6.0, open_daily(8, 16, 5))]))
    assert causes == {Cause.CLOSED: 4, Cause.DOCUMENTS: 6}


def test_waiting_for_ships_and_trains_has_causes_of_its_own():
    """A ship's calendar scales its room: waiting for a departure is never closed hours."""
    ship = Ship("ship", (10.0, 20.0), 9.0, calendar=[(0, 0.0), (15, 1.0)])
    _, causes = hours_of(Flow("A", at=[1, 3], stages=[Form(Formation("f", 2, 9.0)), Sail(ship)]))
    assert causes == {Cause.FORMING: 2 + 2 * TICK, Cause.DEPARTURE: 17 + 17}


def test_a_split_consignment_waits_as_its_last_unit_does():
    stages = [Split(3), Queue(Place("crane"), 6.0), Gather(), Hold(1.0)]
    _, causes = hours_of(Flow("A", at=[0], stages=stages))
    assert causes == {Cause.HANDLING: 2 + 2 * TICK, Cause.QUEUEING: 4, Cause.DOCUMENTS: 1}


def test_those_on_the_way_have_no_causes():
    hours, causes = hours_of(Flow("A", at=[0, 9], stages=[Hold(4.0)]), end_h=10.0)
    assert causes == {Cause.DOCUMENTS: 4}
    assert hours.serving_h.tolist() == [[4]]


def test_where_nobody_was_delivered_there_is_no_percentile():
    hours, _ = hours_of(Flow("A", at=[9], stages=[Hold(4.0)]), end_h=10.0)
    assert np.isnan(hours.waiting_p95_h).all()
    assert np.isnan(hours.elapsed_h).all()
