"""Tariff cuts: the demand that follows, by its formula, in the plan."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridor_sim as cs
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario.policies.tariff_cuts import TariffCut

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor_sim.scenario import Scenario

BLOCK = """
tariff_cuts:
  CUT:
    name: agreement
    routes: [sea]
    from: 2025-04-01
    full_after: 2 yr
    covered: 0.9
    tariffs:
      grain: {goods: [grain], tariff_before: 0.1, tariff_after: 0, elasticity: 1.5}
      wood: {goods: [timber, paper], tariff_before: 0.2, tariff_after: 0.05, elasticity: 0.8}
"""
GRAIN = cs.load_scenario("baseline-2025").flows["TC01"]
FULL = (1.1**1.5 + (1.2 / 1.05) ** 0.8) / 2  # the flow is half grain, half timber
DAY_H = 24.0


def released(scenario: Scenario, flow: int, until: str) -> float:
    """Tonnes expected to be released up to a date, in parcels of 1000 t."""
    plan = cs.compile_plan(scenario)
    hours = (datetime.fromisoformat(until).replace(tzinfo=UTC) - scenario.run.start).total_seconds() / 3600
    return float(np.interp(hours, plan.flows.release_t_h[flow], plan.flows.release_cum[flow])) * 1000


def test_demand_follows_the_formula_from_its_day_on(plain: Callable[..., Scenario]) -> None:
    before, after = plain(), plain(BLOCK)
    assert released(after, 0, "2025-04-01") == pytest.approx(released(before, 0, "2025-04-01"))
    # 275 of 730.5 days of the ramp lie in the year: on the mean of them half of that has been reached
    ramp = 275 / 730.5 / 2
    extra = 275 * 1000 * 0.9 * ramp * (FULL - 1)
    assert released(after, 0, "2026-01-01") - released(before, 0, "2026-01-01") == pytest.approx(extra, rel=1e-9)
    assert released(after, 1, "2026-01-01") == released(before, 1, "2026-01-01")


def test_once_trade_has_followed_it_is_the_whole_factor(plain: Callable[..., Scenario]) -> None:
    early = {"tariff_cuts.CUT.from": "2020-01-01"}
    assert released(plain(BLOCK, overrides=early), 0, "2026-01-01") == pytest.approx(
        released(plain(), 0, "2026-01-01") * (1 + 0.9 * (FULL - 1))
    )
    never = {"tariff_cuts.CUT.from": "9999-01-01"}
    assert released(plain(BLOCK, overrides=never), 0, "2026-01-01") == released(plain(), 0, "2026-01-01")


def test_a_rise_of_tariffs_takes_demand_away(plain: Callable[..., Scenario]) -> None:
    rise = {"tariff_cuts.CUT.tariffs.grain.tariff_after": 0.3, "tariff_cuts.CUT.from": "2025-01-01"}
    assert plain(BLOCK, overrides=rise).tariff_cuts["CUT"].tariffs["grain"].full_factor == pytest.approx(
        (1.1 / 1.3) ** 1.5
    )


@given(
    begin=st.integers(0, 900), length=st.integers(1, 900), covered=st.floats(0, 1), full_d=st.integers(1, 1500)
)  # fmt: skip
def test_the_mean_over_a_time_is_that_of_its_parts(begin: int, length: int, covered: float, full_d: int) -> None:
    cut = TariffCut.model_validate({
        "name": "x", "from": "2025-06-01", "full_after": f"{full_d} d", "covered": covered,
        "tariffs": {"g": {"goods": ["grain"], "tariff_before": 0.5, "elasticity": 1}},
    })  # fmt: skip
    zero = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
    ends = [datetime.fromtimestamp(zero + (begin + f * length) * 86_400, tz=UTC) for f in (0, 0.3, 1)]
    whole = cut.mean_factor(GRAIN, ends[0], ends[2])
    parts = 0.3 * cut.mean_factor(GRAIN, ends[0], ends[1]) + 0.7 * cut.mean_factor(GRAIN, ends[1], ends[2])
    assert whole == pytest.approx(parts, rel=1e-9)
    assert 1 <= whole <= 1 + 0.5 * covered + 1e-12


def test_goods_stand_in_one_tariff_only(plain: Callable[..., Scenario]) -> None:
    with pytest.raises(ScenarioError, match="'grain' stands in two of them"):
        plain(BLOCK, overrides={"tariff_cuts.CUT.tariffs.wood.goods": ["grain"]})
