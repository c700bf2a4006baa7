"""Lanes that are drawn once and run again: the same numbers as drawn anew, and none kept that would differ."""

from dataclasses import replace

import numpy as np
import pytest

from corridor_sim.blocks import run_lanes
from corridor_sim.compiler import compile_plan
from corridor_sim.compiler.recompile import recompile
from corridor_sim.drawn import DrawnLanes
from corridor_sim.foundation.arena import Arena
from corridor_sim.network import load_network
from corridor_sim.scenario import load_scenario
from corridor_sim.scenario.variants import Variants

NETWORK = load_network()
BASE = load_scenario("tiny")
PLAN = compile_plan(BASE, network=NETWORK)
VARIANTS = Variants(BASE)


def varied(changes):
    return recompile(PLAN, VARIANTS.make(changes).scenario, changes, network=NETWORK)


def assert_same(a, b):
    for one, other in zip(a.blocks, b.blocks, strict=True):
        assert np.array_equal(one.values, other.values, equal_nan=True), one.kpi


def test_lanes_are_drawn_once_for_plans_that_draw_alike():
    drawn = DrawnLanes()
    first = drawn.lanes(PLAN, 1, [0, 1], Arena())
    other = varied({"queues.CUSTOMS.servers": 3})
    assert other.digest != PLAN.digest
    assert drawn.lanes(other, 1, [0, 1], Arena()) is first
    assert drawn.lanes(other, 1, [1, 2], Arena()) is not first
    assert drawn.lanes(other, 2, [0, 1], Arena()) is not first


@pytest.mark.parametrize("changes", [{"demand.growth": 1.2}, {"run.end": "2025-05-15"}])
def test_what_draws_otherwise_is_drawn_anew(changes):
    drawn = DrawnLanes()
    first = drawn.lanes(PLAN, 1, [0, 1], Arena())
    assert drawn.lanes(varied(changes), 1, [0, 1], Arena()) is not first


@pytest.mark.parametrize("most_bytes", [0, 1e9])
@pytest.mark.parametrize("engine", ["des", "vector"])
def test_no_number_changes(most_bytes, engine):
    drawn = DrawnLanes(most_bytes)
    plans = [varied({"queues.CUSTOMS.servers": n}) for n in (1, 2, 1)] + [varied({"demand.growth": 1.1})]
    for plan in plans:
        for replications in ([0, 1], [2]):
            kept = run_lanes(plan, engine, 5, replications, drawn=drawn)
            assert_same(kept, run_lanes(plan, engine, 5, replications))


def test_what_is_kept_cannot_be_written_to():
    lanes = DrawnLanes().lanes(PLAN, 1, [0], Arena())
    hours = next(h for h in lanes.service_h if h.size)
    with pytest.raises(ValueError, match="read-only"):
        hours[0, 0] = 1.0


def test_a_plan_with_other_calendars_is_another():
    drawn = DrawnLanes()
    first = drawn.lanes(PLAN, 1, [0], Arena())
    other = replace(PLAN, places=replace(PLAN.places, calendar_idx=PLAN.places.calendar_idx.copy()))
    assert drawn.lanes(other, 1, [0], Arena()) is not first
