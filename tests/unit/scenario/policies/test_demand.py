"""Demand over time: blocks that overlap multiply, and pieces cover the time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from corridor_sim.scenario.policies.demand import demand_pieces

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor_sim.scenario import Scenario

BLOCKS = """
demand_shifts:
  A: {name: less, during: 2025-03-10..2025-03-19, factor: 0.5}
  B: {name: more, during: 2025-03-15..2025-03-24, factor: 3, routes: [sea]}
  C: {name: switched off, during: 2025-03-01..2025-03-31, factor: 0, enabled: false}
"""
MARCH = (datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC))


def test_what_overlaps_multiplies(plain: Callable[..., Scenario]) -> None:
    scenario = plain(BLOCKS)
    pieces = demand_pieces(scenario, "F", *MARCH)
    assert [(p.day, p.month) for p, _ in pieces] == [(10, 3), (15, 3), (20, 3), (25, 3), (1, 4)]
    assert [f for _, f in pieces] == pytest.approx([1, 0.5, 1.5, 3, 1])
    assert [f for _, f in demand_pieces(scenario, "G", *MARCH)] == pytest.approx([1, 0.5, 1])


def test_without_blocks_it_is_one_piece(plain: Callable[..., Scenario]) -> None:
    assert demand_pieces(plain(), "F", *MARCH) == [(MARCH[1], 1)]
