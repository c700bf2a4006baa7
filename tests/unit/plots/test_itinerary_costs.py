"""An itinerary's bill along its course: sums by hand, and bands that do what they say."""

from dataclasses import replace

import numpy as np
import pytest

from corridor_sim.plots.itinerary_costs import N_DRAWS, _triangular, cost_course
from corridor_sim.plots.itinerary_times import mean_course
from corridor_sim.plots.result_view import ResultView


def test_the_bill_is_the_kpi(charged):
    """Every dollar of the flow's cost is somewhere on the way."""
    course = mean_course(charged, "TIMBER_RAIL")
    cost = cost_course(charged, course)
    assert cost.end_usd == pytest.approx(charged.means("cost_usd_per_t", "flow")["TIMBER"], rel=0.01)
    assert cost.end_usd == pytest.approx(sum(cost.by_kind.values()))
    assert cost.by_kind["border"] == pytest.approx(5.0), "100 USD a lot of 20 t"
    [border] = [s for s in cost.stops if "border" in s.usd]
    assert border.node == "AZ_YAL"


def test_stops_join(charged):
    cost = cost_course(charged, mean_course(charged, "TIMBER_RAIL"))
    for stop, after in zip(cost.stops, cost.stops[1:], strict=False):
        assert after.arrive_usd > stop.arrive_usd + stop.total_usd


def test_prices_without_a_range_have_the_band_of_the_hours(charged):
    """Rate by the hour times the percentiles of the hours: all else is certain."""
    course = mean_course(charged, "TIMBER_RAIL")
    bills = charged.result.bills
    certain = bills.assign(usd_low=bills["usd"], usd_high=bills["usd"])
    cost = cost_course(ResultView(replace(charged.result, bills=certain), charged.network), course)
    own = bills[(bills["itinerary_id"] == "TIMBER_RAIL") & bills["by_hour"]]
    rate = float((own["usd"] / own["load_t"]).sum())
    spread = [rate * (h - course.end_h) for h in course.end_band_h]
    assert [b - cost.end_usd for b in cost.end_band_usd] == pytest.approx(spread, rel=0.1)


def test_a_wider_range_has_a_wider_band(charged):
    course = mean_course(charged, "TIMBER_RAIL")
    narrow = cost_course(charged, course).end_band_usd
    bills = charged.result.bills
    wider = bills.assign(usd_low=0.5 * bills["usd"], usd_high=2.0 * bills["usd"])
    wide = cost_course(ResultView(replace(charged.result, bills=wider), charged.network), course).end_band_usd
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_triangular_quantiles():
    """Mean (low + mode + high) / 3; half of an even triangle lies below its mode."""
    u = (np.arange(N_DRAWS) + 0.5) / N_DRAWS
    drawn = _triangular(u, 1.0, 2.0, 6.0)
    assert drawn.mean() == pytest.approx(3.0, rel=1e-3)
    assert (np.diff(drawn) >= 0).all()
    assert drawn.min() >= 1
    assert drawn.max() <= 6
    assert np.median(_triangular(u, -1.0, 0.0, 1.0)) == pytest.approx(0.0, abs=0.01)
    assert (_triangular(u, 3.0, 3.0, 3.0) == 3.0).all()


def test_no_bill(view, charged):
    course = mean_course(view, "TIMBER_RAIL")
    assert cost_course(view, course) is None
    assert cost_course(charged, replace(course, itinerary="no such one")) is None
