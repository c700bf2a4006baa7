"""Itineraries cut at dates."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from corridor_sim.scenario.policies.phases import cut_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor_sim.scenario import Scenario


def day(month: int, number: int) -> datetime:
    return datetime(2025, month, number, tzinfo=UTC)


def test_phases_follow_each_other_without_gap_or_overlap(plain: Callable[..., Scenario]) -> None:
    whole = plain().itineraries["FI"].model_copy(update={"valid_until": day(9, 30)})
    phases = cut_at("FI", whole, [day(7, 1), day(3, 1), day(3, 1), day(10, 1), day(12, 1)])
    assert [name for name, _ in phases] == ["FI", "FI--2025-03-01", "FI--2025-07-01"]
    for k in range(1, 300):
        moment = datetime.fromtimestamp(day(1, 1).timestamp() + k * 86_400, tz=UTC)
        assert sum(phase.is_valid_at(moment) for _, phase in phases) == whole.is_valid_at(moment), moment


def test_without_dates_inside_it_stays_whole(plain: Callable[..., Scenario]) -> None:
    itinerary = plain().itineraries["FI"]
    assert cut_at("FI", itinerary, []) == [("FI", itinerary)]
