import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from tests.support.parts import Flow, Gather, Place, Queue, Servers, Split
from tests.support.plans import make_plan
from tests.support.running import run


class TestKpis:
    """A day post with two consignments a day that wait for nobody, and a crane: the corridor of conftest.py."""

    def test_throughput(self, kpi):
        assert kpi("throughput_consignments", "place:post") == 49
        assert kpi("throughput_t", "place:crane") == 49 * 50
        assert kpi("throughput_teu", "place:post", "2025-02") == 28 * 2

    def test_work_and_utilisation(self, kpi):
        """5 h of 8 a day at the post; 6 h of two cranes' 24."""
        assert kpi("utilisation_frac", "place:post", "2025-01") == pytest.approx(5 / 8)
        assert kpi("utilisation_frac", "place:crane", "2025-01") == pytest.approx(6 / 48)
        assert kpi("offered_load_frac", "place:post") == pytest.approx(5 / 8)

    def test_nobody_waited(self, kpi):
        assert kpi("queue_mean_h", "place:post") == 0
        assert kpi("queue_longest_n", "place:post") == 0
        assert kpi("queue_growth_per_year", "place:post") == 0

    def test_a_visit_includes_closed_hours(self, kpi):
        assert kpi("visit_mean_h", "place:post") == pytest.approx(21.0)


@pytest.fixture(scope="module")
def gate():
    """Four arrive at 0 on the first of January, one server of 6 h; measured from 9 h on; a second server from 20 h."""
    place = Place("gate", (Servers(1), Servers(1, since=20.0)))
    done = run(
        get_engine("des"),
        make_plan(flows=[Flow("A", at=[0, 0, 0, 0], stages=[Queue(place, 6.0)])], end_h=48.0, warm_up_h=9.0),
    )
    return {b.kpi: b.values[0, 0] for b in done.kpis if "place:gate" in b.subjects}


def test_kpis_of_the_measured_time_only(gate):
    """Starts at 0, 6, 12, 18; the last two are measured, they waited 12 and 18 h."""
    assert gate["queue_mean_h"] == 15
    assert gate["queue_p95_h"] == pytest.approx(12 + 0.95 * 6)
    assert gate["queue_longest_n"] == 2
    assert gate["queue_end_n"] == 0
    assert gate["queue_mean_n"] == pytest.approx((3 + 9) / 39)
    assert gate["throughput_consignments"] == 3


def test_utilisation_counts_servers_while_they_are_there(gate):
    """Busy from 9 to 24 h, of 39 h of the first and 28 h of the second server."""
    assert gate["utilisation_frac"] == pytest.approx(15 / (39 + 28))
    assert gate["offered_load_frac"] == 0


def test_growth_of_a_queue():
    flow = Flow("A", at=np.arange(0.0, 1416.0, 0.5), stages=[Queue(Place("gate"), 1.0)])
    done = run(get_engine("des"), make_plan(flows=[flow], end_h=1416.0))
    by_kpi = {b.kpi: dict(zip(b.periods, b.values[0], strict=True)) for b in done.kpis if "place:gate" in b.subjects}
    assert by_kpi["offered_load_frac"]["2025"] == 2
    assert by_kpi["queue_growth_per_year"]["2025"] == pytest.approx(8760.0, rel=1e-3)
    assert by_kpi["queue_mean_h"]["2025-02"] > by_kpi["queue_mean_h"]["2025-01"] > 100


def test_reserved_traffic_takes_its_share_of_the_servers():
    """A quarter is reserved, so 3 h of work take 4 h of a day of 24: 6 h go to the reserved traffic, 3 h to ours."""
    place = Place("gate", reserved=0.25)
    flow = Flow("A", at=24.0 * np.arange(31), stages=[Queue(place, 3.0, occupancy=4.0)])
    done = run(get_engine("des"), make_plan(flows=[flow], end_h=744.0))
    by_kpi = {b.kpi: b.values[0, 0] for b in done.kpis if "place:gate" in b.subjects}
    assert by_kpi["utilisation_frac"] == pytest.approx(0.25 + 3 / 24)


def test_units_count_as_parts_of_a_consignment():
    stages = [Split(4), Queue(Place("gate"), 4.0), Gather()]
    done = run(get_engine("des"), make_plan(flows=[Flow("A", at=[0, 9], stages=stages, load_t=8.0)]))
    by_kpi = {b.kpi: b.values[0, 0] for b in done.kpis if "place:gate" in b.subjects}
    assert (by_kpi["throughput_consignments"], by_kpi["throughput_units"], by_kpi["throughput_t"]) == (2, 8, 16)


def test_a_queue_that_forms_at_midnight_belongs_to_the_new_month():
    flow = Flow("A", at=[744.0] * 10, stages=[Queue(Place("gate"), 1.0)])
    done = run(get_engine("des"), make_plan(flows=[flow], end_h=1416.0))
    block = next(b for b in done.kpis if b.kpi == "queue_longest_n")
    assert dict(zip(block.periods, block.values[0], strict=True)) == {"all": 9, "2025": 9, "2025-01": 0, "2025-02": 9}


def test_nothing_is_used_more_than_wholly():
    place = Place("gate", (Servers(1, until=10.0),))
    done = run(get_engine("des"), make_plan(flows=[Flow("A", at=[9.5], stages=[Queue(place, 20.0)])], end_h=48.0))
    assert next(b for b in done.kpis if b.kpi == "utilisation_frac").values[0, 0] <= 1
