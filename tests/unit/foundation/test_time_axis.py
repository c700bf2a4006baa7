from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from corridor_sim.foundation.time_axis import TimeAxis


def axis(start, end, warm_up_h=0.0):
    return TimeAxis(start, (end - start) / timedelta(hours=1), warm_up_h)


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_hours_and_moments_are_inverse():
    a = axis(at(2024, 9, 1), at(2026, 1, 1))
    assert a.hours(at(2024, 9, 2, 12)) == 36
    assert a.hours(at(2024, 8, 31)) == -24
    assert a.moment(36) == at(2024, 9, 2, 12)
    assert a.end == at(2026, 1, 1)


def test_a_leap_day_counts():
    assert axis(at(2024, 2, 1), at(2024, 3, 1)).end_h == 29 * 24


def test_instants_of_other_zones_are_understood():
    tehran = timezone(timedelta(hours=3, minutes=30))
    assert axis(at(2025, 1, 1), at(2025, 2, 1)).hours(datetime(2025, 1, 1, 3, 30, tzinfo=tehran)) == 0


def test_month_starts_include_the_one_after_the_end():
    starts = axis(at(2024, 11, 15), at(2025, 2, 1)).month_starts()
    assert starts == [at(2024, 11, 1), at(2024, 12, 1), at(2025, 1, 1), at(2025, 2, 1)]


def test_periods_are_all_then_years_then_months():
    periods = axis(at(2024, 9, 1), at(2026, 1, 1), warm_up_h=122 * 24.0).periods()
    names = [p.name for p in periods]
    assert names == ["all", "2025", *(f"2025-{m:02d}" for m in range(1, 13))]
    assert periods[0].length_h == periods[1].length_h == 8760
    assert sum(p.length_h for p in periods[2:]) == 8760


def test_periods_are_cut_to_the_measured_time():
    periods = {p.name: p for p in axis(at(2025, 1, 10), at(2025, 3, 5), warm_up_h=24.0).periods()}
    assert set(periods) == {"all", "2025", "2025-01", "2025-02", "2025-03"}
    assert periods["2025-01"].start_h == 24
    assert periods["2025-01"].end_h == 22 * 24
    assert periods["2025-03"].length_h == 4 * 24


@pytest.mark.parametrize("warm_up_d", [0, 40])
def test_months_share_their_borders(warm_up_d):
    months = [p for p in axis(at(2025, 1, 1), at(2025, 7, 1), warm_up_d * 24.0).periods() if len(p.name) == 7]
    assert all(a.end_h == b.start_h for a, b in pairwise(months))
