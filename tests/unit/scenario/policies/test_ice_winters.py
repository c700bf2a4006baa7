"""Ice winters: severity in days, pace and ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import corridor_sim as cs
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario.policies import with_policies

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor_sim.scenario import Scenario

BLOCK = """
queues:
  CANAL: {name: canal, at: RU_ASP, kind: pilotage, servers: 1, service: 1 h}
  BERTH: {name: berth, at: RU_ASP, kind: berth, servers: 1, service: 1 h}
  SHIPS: {name: ships, at: RU_ASP, kind: ship fleet, servers: 1, service: 1 h}
disruptions:
  OLD: {start_window: 12-06..12-13, duration: 90 d, factor: 0.5, targets: [CANAL]}
ice_winters:
  ICE:
    name: ice
    severity: 0.75
    mild: {days: 80 d, pace: 0.65}
    severe: {days: 100 d, pace: 0.25}
    spread: 4 d
    start_window: 12-06..12-13
    targets: [CANAL, {BERTH: {base: 0.6, slope: 0.4}}]
    fleets: [SHIPS]
    ice_class: 0.4
    replaces: OLD
"""
PACE = 0.65 - 0.75 * 0.4


def test_severity_lies_between_the_two_winters(plain: Callable[..., Scenario]) -> None:
    scenario = with_policies(plain(BLOCK))
    ice = scenario.disruptions["ICE"]
    assert not scenario.disruptions["OLD"].enabled
    assert ice.factor.mean_value == pytest.approx(PACE)
    assert ice.duration is not None
    assert (ice.duration.low, ice.duration.high) == pytest.approx(((95 - 4) * 24, (95 + 4) * 24))
    share = {t.target: t.base + t.slope * PACE for t in ice.targets}
    assert share == pytest.approx({"CANAL": PACE, "BERTH": 0.6 + 0.4 * PACE, "SHIPS": 0.4 + 0.6 * PACE})


def test_the_plan_draws_it_once_every_winter(plain: Callable[..., Scenario]) -> None:
    table = cs.compile_plan(plain(BLOCK)).disruptions
    assert table.id == ("ICE",)
    assert len(table.window_from_h[0]) == 2  # that of December 2024 stands into the year, and that of December 2025


def test_worked_in_twice_is_as_once(plain: Callable[..., Scenario]) -> None:
    once = with_policies(plain(BLOCK))
    assert with_policies(once) == once


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ice_winters.ICE.replaces": "OLDER"}, "no disruption 'OLDER'"),
        ({"ice_winters.ICE.fleets": ["SHIP"]}, "no queue, train path, single track or service 'SHIP'"),
        ({"ice_winters.ICE.targets": ["KANAL"]}, "'KANAL'"),
        ({"ice_winters.ICE.severity": 1.5}, "ice_winters.ICE.severity"),
        ({"ice_winters.OLD": {"template": "x"}}, "OLD"),
    ],
)
def test_what_cannot_be(plain: Callable[..., Scenario], change: dict[str, object], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        plain(BLOCK, overrides=change)
