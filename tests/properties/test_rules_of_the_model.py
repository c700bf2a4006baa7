"""Random plans keep every rule of the model, and the results add up."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.foundation.time_axis import TimeAxis, is_month
from corridor_sim.plan.kinds import Cause, StageKind
from corridor_sim.results.reductions.periods import Periods
from tests.properties.strategies import plans
from tests.support.audit import audit, hours_by_cause
from tests.support.audit_table import Table
from tests.support.running import Run, run, same_bits


@settings(max_examples=200)
@given(plan=plans(), seed=st.integers(0, 99))
def test_the_trace_passes_the_audit_and_conserves(engine, plan, seed):
    """Conservation, no time travel, order, servers, calendars, ships, trains, units: see `audit`."""
    done = run(engine, plan, seed=seed)
    trace = done.trace
    assert audit(plan, done.lane, trace) == []
    summary = done.summary  # raises when something got lost
    assert summary.n_events == len(trace)


@settings(max_examples=60)
@given(plan=plans())
def test_kpis_are_those_of_the_trace(engine, plan):
    done = run(engine, plan)
    t = Table.of(plan, done.lane, done.trace)
    hours = hours_by_cause(t)
    blocks = {b.kpi: b for b in done.kpis if "all" in b.subjects}

    def of_all(kpi: str) -> float:
        return blocks[kpi].values[blocks[kpi].subjects.index("all"), 0]

    assert of_all("throughput_consignments") == len(hours)
    assert of_all("stock_end_consignments") == done.lane.n_consignments - len(hours)
    if len(hours):
        assert np.isclose(of_all("transit_mean_h"), hours["transit_h"].mean(), rtol=1e-12)
        for cause in Cause:
            assert np.isclose(of_all(f"time_{cause.name.lower()}_h"), hours[cause].mean(), rtol=1e-12, atol=1e-9)
        assert of_all("transit_p50_h") == np.percentile(hours["transit_h"], 50)
    at_places = {b.kpi: b for b in done.kpis if "place:P0" in b.subjects}
    for p, place in enumerate(plan.places.id):
        left = (t.kind == StageKind.QUEUE) & (t.target == p) & ~np.isnan(t.depart)
        row = at_places["throughput_units"].subjects.index(f"place:{place}")
        assert at_places["throughput_units"].values[row, 0] == np.count_nonzero(left)
        assert np.isclose(at_places["throughput_consignments"].values[row, 0], (1 / t.n_units[left]).sum())
        assert np.isclose(at_places["throughput_t"].values[row, 0], t.tonnes[left].sum())


@settings(max_examples=60)
@given(plan=plans())
def test_months_add_up_to_years_and_to_all(engine, plan):
    kpis = run(engine, plan).kpis
    periods = Periods.of(TimeAxis(plan.time_axis.start, plan.end_h, 0.0))
    for block in kpis:
        if block.kpi.startswith(("throughput", "released", "work")) and any(map(is_month, block.periods)):
            months = block.values[:, [is_month(n) for n in block.periods]].sum(axis=1)
            assert np.allclose(block.values[:, 0], months)
    assert periods.names[0] == "all"


@settings(max_examples=40)
@given(plan=plans(), seed=st.integers(0, 99))
def test_running_again_gives_the_same_bits(engine, plan, seed):
    assert same_bits(run(engine, plan, seed=seed).events, run(engine, plan, seed=seed).events)


@settings(max_examples=40)
@given(plan=plans())
def test_a_longer_horizon_only_adds(engine, plan):
    """What happened before the end does not depend on where the end is (nothing is scheduled backwards)."""
    from dataclasses import replace

    done = run(engine, plan)
    cut = replace(plan, end_h=60.0)
    early = Run(cut, done.lanes, engine.run(cut, done.lanes)).events
    for name in ("arrive_h", "start_h", "depart_h"):
        whole = getattr(done.events, name)
        assert np.array_equal(getattr(early, name), np.where(whole < 60.0, whole, np.nan), equal_nan=True)
