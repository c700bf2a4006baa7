"""Periods of choice, and the months simulated beyond the end."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np

from corridor_sim.choice.periods import ChoicePeriods
from corridor_sim.scenario.run import Run


def scenario(start: datetime, end: datetime) -> SimpleNamespace:
    return SimpleNamespace(run=Run.model_construct(start=start, end=end))


def test_months_and_those_beyond_the_end() -> None:
    own = scenario(datetime(2024, 12, 10, tzinfo=UTC), datetime(2025, 2, 10, tzinfo=UTC))
    found = ChoicePeriods.of(own, "month", 40 * 24.0, 22 * 24.0)  # type: ignore[arg-type]
    assert found.names == ("2024-12", "2025-01", "2025-02")
    assert found.is_measured == (False, True, True)
    assert found.months == ("2024-12", "2025-01", "2025-02", "2025-03")
    np.testing.assert_array_equal(found.of_month, [0, 1, 2, 2])
    np.testing.assert_array_equal(found.of_hours(np.array([0.0, 21.9 * 24, 22 * 24, 85 * 24])), [0, 0, 1, 2])
    np.testing.assert_array_equal(found.total({"2024-12": 1.0, "2025-02": 3.0, "2025-03": 4.0}), [1, 0, 7])


def test_years() -> None:
    found = ChoicePeriods.of(
        scenario(datetime(2024, 9, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)), "year", 24.0, 122 * 24.0  # type: ignore[arg-type]
    )  # fmt: skip
    assert found.names == ("2024", "2025")
    assert found.is_measured == (False, True)
    assert found.months[-1] == "2026-01"
    assert found.of_month.tolist() == [0] * 4 + [1] * 13
