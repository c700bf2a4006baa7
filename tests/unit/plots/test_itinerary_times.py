"""The mean course of an itinerary: distances, stands and their causes."""

import pytest

from corridor_sim.plan.kinds import Cause
from corridor_sim.plots.itinerary_times import main_itinerary, mean_course


def test_main_itinerary_is_where_most_cargo_is_under_way(view):
    tonne_hours = view.means("throughput_t", "flow") * view.means("transit_mean_h", "flow")
    assert main_itinerary(view, "samur") == f"{tonne_hours.idxmax()}_RAIL"
    assert main_itinerary(view, "no such route") is None


@pytest.mark.parametrize(("itinerary", "flow"), [("BOXES_RAIL", "BOXES"), ("TIMBER_RAIL", "TIMBER")])
def test_course_takes_the_mean_transit_time(view, itinerary, flow):
    """Every hour of the KPI is somewhere on the staircase."""
    course = mean_course(view, itinerary)
    assert course.end_h == pytest.approx(view.means("transit_mean_h", "flow")[flow], rel=0.01)
    queueing = sum(stop.hours.get(Cause.QUEUEING, 0.0) for stop in course.stops)
    assert queueing == pytest.approx(view.means("time_queueing_h", "flow")[flow], rel=0.03)
    assert course.end_km == pytest.approx(242, abs=1)
    assert course.flow == flow


def test_stops_are_in_order_and_join(view):
    course = mean_course(view, "BOXES_RAIL")
    assert [s.node for s in course.stops] == ["RU_DER", "RU_SAM", "AZ_YAL", "AZ_SUM", "AZ_BIL"]
    for stop, after in zip(course.stops, course.stops[1:], strict=False):
        assert after.km > stop.km
        assert after.arrive_h > stop.arrive_h + stop.total_h
    yalama = course.stops[2]
    assert set(yalama.hours) >= {Cause.QUEUEING, Cause.CLOSED, Cause.INSPECTION}
    assert yalama.places["CUSTOMS"] == pytest.approx(yalama.hours[Cause.QUEUEING] + yalama.hours[Cause.CLOSED], rel=0.2)


def test_nobody_arrived(view):
    assert mean_course(view, "no such itinerary") is None
