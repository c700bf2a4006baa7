"""The corridor of conftest.py: 59 consignments of 54 h, of which those delivered from 10 January on are measured."""

import numpy as np
import pytest

from corridor_sim.plan.kinds import Cause
from corridor_sim.results.reductions.flows import subjects_of
from tests.unit.results.reductions.conftest import TRANSIT_H

DELIVERED = {"all": 49, "2025": 49, "2025-01": 21, "2025-02": 28}
"""One a day is delivered at 6 h, from 3 January on; the first ten days are warm-up, the last two are not done."""


def test_subjects(corridor):
    names, made_of = subjects_of(corridor.plan)
    assert names == (
        "flow:S", "flow:L", "route:background", "route:background/north", "route:west", "route:west/south", "all",
    )  # fmt: skip
    assert made_of.astype(int).tolist() == [[1, 0], [0, 1], [0, 1], [0, 1], [1, 0], [1, 0], [1, 0]]


@pytest.mark.parametrize(("period", "n"), DELIVERED.items())
def test_throughput_is_what_was_delivered(kpi, period, n):
    assert kpi("throughput_consignments", "flow:S", period) == n
    assert kpi("throughput_t", "route:west", period) == 50 * n
    assert kpi("throughput_teu", "all", period) == 2 * n


def test_background_traffic_is_no_cargo_of_the_corridor(kpi):
    assert kpi("throughput_t", "flow:L") == 7
    assert kpi("throughput_t", "route:background/north", "2025-01") == 7
    assert kpi("throughput_t", "all") == 49 * 50


def test_released_in_the_measured_time(kpi):
    assert kpi("released_t", "flow:S") == 49 * 50
    assert kpi("released_t", "flow:S", "2025-02") == 28 * 50


@pytest.mark.parametrize("name", ["transit_mean_h", "transit_p50_h", "transit_p80_h", "transit_p95_h"])
def test_transit_time(kpi, name):
    assert kpi(name, "flow:S") == pytest.approx(TRANSIT_H, abs=1e-9)
    assert kpi(name, "all", "2025-01") == pytest.approx(TRANSIT_H, abs=1e-9)
    assert np.isnan(kpi(name, "flow:L", "2025-02"))


def test_time_by_cause_adds_up(kpi):
    hours = {c: kpi(f"time_{c.name.lower()}_h", "flow:S") for c in Cause}
    expected = {Cause.DOCUMENTS: 2.0, Cause.MOVING: 25.0, Cause.CLOSED: 16.0, Cause.HANDLING: 11.0}
    assert hours == pytest.approx({c: expected.get(c, 0.0) for c in Cause}, abs=1e-9)
    assert sum(hours.values()) == pytest.approx(TRANSIT_H, abs=1e-9)


def test_speed_with_and_without_delay(kpi):
    assert kpi("speed_without_delay_km_per_h", "flow:S") == pytest.approx(1000 / 25)
    assert kpi("speed_with_delay_km_per_h", "flow:S") == pytest.approx(1000 / 54)


def test_stock_at_the_end_of_each_period(kpi):
    """At midnight those of the last two days and of no other are on the way (the third was delivered at 6 h)."""
    for period in ("all", "2025-01", "2025-02"):
        assert kpi("stock_end_consignments", "flow:S", period) == 2
        assert kpi("stock_end_t", "all", period) == 100


def test_transit_times_are_counted_in_bins(corridor):
    names, _ = subjects_of(corridor.plan)
    counts = corridor.summary.transit_counts[0]
    assert counts[names.index("flow:S")].nonzero()[0].tolist() == [4]
    assert counts[names.index("all"), 4] == 49
    assert counts[names.index("flow:L"), 0] == 1
