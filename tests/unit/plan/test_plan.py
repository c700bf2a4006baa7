from dataclasses import fields, replace

import numpy as np
import pytest

from corridor_sim.plan.kinds import StageKind
from corridor_sim.plan.plan import PLAN_VERSION
from corridor_sim.plan.tables import Table
from tests.support.parts import Flow, Hold, Place, Queue, Sail, Ship, gamma, open_daily
from tests.support.plans import make_plan
from tests.unit.gas.parts import plan as gas_plan


@pytest.fixture
def plan():
    gate = Place("gate", calendar=open_daily(8, 16, 3))
    ship = Ship("ship", (10.0, 20.0), 5.0, calendar=[(0, 0.5)])
    flows = [
        Flow("A", at=[0, 1], stages=[Hold(gamma(2.0, 0.5)), Queue(gate, 1.0)]),
        Flow("B", at=[2], stages=[Queue(gate, 3.0), Sail(ship), Hold(1.0)]),
    ]
    return make_plan(flows=flows, end_h=240.0, warm_up_h=24.0)


def test_stages_of_an_itinerary(plan):
    assert plan.stage_range(0) == range(2)
    assert plan.stage_range(1) == range(2, 5)


def test_kinds_in_use(plan):
    assert plan.stage_kinds() == {StageKind.HOLD, StageKind.QUEUE, StageKind.SAIL}


def test_facilities_are_places_then_services(plan):
    gate, ship = plan.facility_calendars
    assert gate.rates.tolist() == [0, 1, 0, 1, 0, 1, 0, 1]
    assert ship.rates.tolist() == [0.5]


def test_time_axis(plan):
    assert plan.time_axis.start.isoformat() == plan.start
    assert plan.time_axis.end_h == 240
    assert plan.time_axis.warm_up_h == 24


def test_the_dump_shows_every_field_and_table(plan):
    text = plan.dump()
    assert text.startswith(f"plan test, version {PLAN_VERSION}\n")
    for f in fields(plan):
        if isinstance(getattr(plan, f.name), Table):
            assert f"\n[{type(getattr(plan, f.name)).__name__}] " in text
        elif f.name not in {"name", "gas"}:
            assert f"\n{f.name} = " in text


def test_the_dump_of_a_pipeline_shows_every_field_and_its_digest_follows(plan):
    assert "[gas]" not in plan.dump()
    gas = gas_plan()
    with_gas = replace(plan, gas=gas)
    text = with_gas.dump()
    for f in fields(gas):
        assert f"\n{f.name} = " in text or f"\n{f.name}." in text, f.name
    assert with_gas.digest != plan.digest
    assert replace(plan, gas=replace(gas, loss_frac=0.5)).digest != with_gas.digest


def test_the_digest_is_that_of_the_dump(plan):
    again = replace(plan)
    assert again.dump() == plan.dump()
    assert again.digest == plan.digest
    assert len(plan.digest) == 64


@pytest.mark.parametrize("change", ["end_h", "warm_up_h", "trucks_per_unit", "start", "name"])
def test_a_change_of_any_field_changes_the_digest(plan, change):
    value = getattr(plan, change)
    other = f"{value}x" if isinstance(value, str) else value + 1
    assert replace(plan, **{change: other}).digest != plan.digest


def test_a_change_in_a_table_changes_the_digest(plan):
    slower = replace(plan.stages, service_mean_h=plan.stages.service_mean_h + 1e-6)
    assert replace(plan, stages=slower).digest != plan.digest


def test_a_plan_can_be_sent_to_another_process(plan):
    import pickle

    plan.facility_calendars  # noqa: B018  # cached properties travel along or are made again
    copy = pickle.loads(pickle.dumps(plan))  # noqa: S301  # our own bytes
    assert copy.digest == plan.digest
    assert np.array_equal(copy.facility_calendars[0].times_h, plan.facility_calendars[0].times_h)
