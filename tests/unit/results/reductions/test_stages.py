import pytest

from corridor_sim.results.reductions.stages import STAGE_COLUMNS


@pytest.fixture
def rows(corridor):
    return [dict(zip(STAGE_COLUMNS, row, strict=True)) for row in corridor.summary.stages]


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
