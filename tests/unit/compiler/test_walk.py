"""The walk through an itinerary: names of stages and of random streams, and where problems are reported."""

import pytest

import corridor_sim as cs
from corridor_sim.compiler.calendars import CalendarBook
from corridor_sim.compiler.context import Context
from corridor_sim.compiler.durations import DrawBook
from corridor_sim.compiler.facilities import build_facilities
from corridor_sim.compiler.walk import NO_TIME, StageRow, Walk
from corridor_sim.foundation.time_axis import TimeAxis
from corridor_sim.plan.kinds import Basis, Cause, StageKind
from corridor_sim.scenario.distributions import Distribution


@pytest.fixture
def walk() -> Walk:
    """Through the first itinerary of the tiny scenario."""
    scenario = cs.load_scenario("tiny")
    context = Context(scenario, cs.load_network(), TimeAxis(scenario.run.start, 744.0, 0.0))
    book = CalendarBook(context)
    name, itinerary = next(iter(scenario.itineraries.items()))
    return Walk(context, name, itinerary, 0, build_facilities(context, book), book, DrawBook())


HOLD = StageRow(kind=StageKind.HOLD, node="N", cause=Cause.DOCUMENTS)


def test_a_row_without_more_takes_no_time_and_acts_on_nothing():
    assert (HOLD.service, HOLD.occupancy) == (NO_TIME, NO_TIME)
    assert (HOLD.target, HOLD.side, HOLD.calendar, HOLD.n_units) == (-1, 0, -1, 1)


def test_stages_are_named_by_itinerary_position_kind_and_what_they_are_about(walk):
    walk.add("PAPERS", HOLD)
    walk.add("A-B/1", StageRow(kind=StageKind.SINGLE_TRACK, node="N", cause=Cause.MOVING, side=1))
    assert [row.id for row in walk.rows] == [f"{walk.name}/00/hold/PAPERS", f"{walk.name}/01/single_track/A-B/1"]
    assert [row.side for row in walk.rows] == [0, 1]


def test_rows_have_the_units_that_the_walk_has_at_that_point(walk):
    for n_units in (1, 3, 1):
        walk.n_units = n_units
        walk.add("PAPERS", HOLD)
    assert [row.n_units for row in walk.rows] == [1, 3, 1]


def test_streams_are_named_after_what_they_drive_and_numbered_by_use(walk):
    flow = walk.itinerary.flow
    found = [walk.stream(what) for what in ("Q", "V", "Q")]
    assert found == [f"{flow}/{walk.name}/Q#1", f"{flow}/{walk.name}/V#1", f"{flow}/{walk.name}/Q#2"]


def test_a_fixed_duration_draws_nothing_but_has_its_turn(walk):
    """A duration that becomes random later leaves the streams of the others as they are."""
    timing = walk.timing(Distribution("fixed", "h", mean=2.0), "Q", scale=1.5)
    assert (timing.mean_h, timing.basis, timing.draw) == (3.0, Basis.CONSIGNMENT, -1)
    random = walk.timing(Distribution("gamma", "h", mean=2.0, cv=0.5), "Q")
    assert (random.mean_h, random.draw) == (2.0, 0)
    assert walk.draws.table().stream == (f"{walk.itinerary.flow}/{walk.name}/Q#2",)


def test_problems_are_reported_at_the_stage(walk):
    walk.problem(1, "this does not fit", "try that")
    (problem,) = walk.context.problems.problems
    assert f"itineraries.{walk.name}.stages.1: this does not fit" in str(problem)
    assert "try that" in str(problem)
    assert problem.location is not None
