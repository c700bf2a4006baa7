"""The baseline's trace under audit: a winter in the default run, the whole horizon with ``-m slow``."""

import numpy as np
import pytest

import corridor_sim as cs
from corridor_sim.plan.kinds import Cause, StageKind
from tests.support.audit import audit, hours_by_cause
from tests.support.audit_table import Table
from tests.support.running import Run, run

WINTER = {"run.start": "2024-12-01", "run.warm_up": "15 d", "run.end": "2025-03-15"}
"""Ice, high draught and low, New Year, the first days of Nowruz' rush."""


@pytest.fixture(scope="module")
def winter(engine) -> Run:
    return run(engine, cs.compile_plan(cs.load_scenario("baseline-2025", overrides=WINTER)), seed=2025)


def test_the_trace_of_the_winter_passes(winter):
    assert audit(winter.plan, winter.lane, winter.trace) == []


def test_the_winter_is_worth_auditing(winter):
    """Tens of thousands of visits, most kinds of stages, queues and closed hours."""
    trace = winter.trace
    assert len(trace) > 150_000
    assert (trace["start_h"] > trace["arrive_h"]).sum() > 20_000
    kinds = {StageKind.QUEUE, StageKind.SAIL, StageKind.SPLIT, StageKind.TRAVEL, StageKind.SINGLE_TRACK}
    assert kinds <= winter.plan.stage_kinds()
    drawn = zip(winter.lane.calendars, winter.plan.facility_calendars, strict=True)
    assert any(a is not b for a, b in drawn), "no disruption struck"


def test_times_by_cause_of_every_flow_are_those_of_the_trace(winter):
    plan = winter.plan
    hours = hours_by_cause(Table.of(plan, winter.lane, winter.trace))
    measured = hours[hours["delivered_h"] >= plan.warm_up_h]
    flow = winter.lane.flow_idx[measured.index]
    blocks = {b.kpi: b for b in winter.kpis if "all" in b.subjects}
    names = ["transit_mean_h", *(f"time_{c.name.lower()}_h" for c in Cause)]
    means = measured[["transit_h", *Cause]].groupby(flow).mean()
    assert len(means) > 40
    for name, column in zip(names, ["transit_h", *Cause], strict=True):
        by_flow = blocks[name].values[means.index, 0]
        assert np.allclose(by_flow, means[column], rtol=1e-9, atol=1e-9), name


@pytest.mark.slow
def test_the_trace_of_the_whole_horizon_passes(engine):
    done = run(engine, cs.compile_plan(cs.load_scenario("baseline-2025")), seed=2025)
    assert audit(done.plan, done.lane, done.trace) == []
    assert done.summary.n_events == len(done.trace)
