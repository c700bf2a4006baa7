"""Demand shifts: tonnes released in some days, and none moved to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import corridor_sim as cs
from corridor_sim.foundation.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor_sim.scenario import Scenario

BLOCK = """
demand_shifts:
  STOP: {name: bookings stop, routes: [sea], during: 2025-02-27..2025-04-07, factor: 0.3}
"""


def test_only_those_days_have_less(plain: Callable[..., Scenario]) -> None:
    before, after = cs.compile_plan(plain()).flows, cs.compile_plan(plain(BLOCK)).flows
    days = 40  # both ends included
    assert after.release_cum[0][-1] == pytest.approx(before.release_cum[0][-1] - 0.7 * days)
    assert 57 * 24 in after.release_t_h[0]  # its first day cuts February
    assert after.release_cum[0][list(after.release_t_h[0]).index(57 * 24)] == pytest.approx(57)
    assert after.release_cum[1].tolist() == before.release_cum[1].tolist()


def test_trains_of_a_fixed_timetable_are_lighter_instead(plain: Callable[..., Scenario]) -> None:
    timetable = {"flows.F.release": {"timetable": {"every": "7 d", "first": "2025-01-03"}}}
    flows = cs.compile_plan(plain(BLOCK, overrides=timetable)).flows
    assert flows.release_t_h[0].tolist() == cs.compile_plan(plain(overrides=timetable)).flows.release_t_h[0].tolist()
    day = {57: 0.3, 90: 0.3, 97: 1.0, 300: 1.0, 10: 1.0}
    for d, factor in day.items():
        piece = [f for h, f in zip(flows.load_from_h[0], flows.load_factor[0], strict=True) if h <= d * 24][-1]
        assert piece == pytest.approx(factor), d


def test_it_happens_once(plain: Callable[..., Scenario]) -> None:
    with pytest.raises(ScenarioError, match="has no year"):
        plain(BLOCK, overrides={"demand_shifts.STOP.during": "02-27..04-07"})
