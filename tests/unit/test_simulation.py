"""Running a scenario as a whole. The same bytes for 1 and 2 workers: tests/examples/test_shipped_scenarios.py."""

import numpy as np
import pytest

import corridor_sim as cs
from corridor_sim import blocks
from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.errors import EngineError, UnsupportedFeatureError
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from corridor_sim.results.reductions import reduce_lanes
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import settled, simulate, simulate_cases


@pytest.fixture(scope="module")
def tiny():
    return cs.load_scenario("tiny")


@pytest.fixture(scope="module")
def result(tiny):
    return cs.simulate(tiny, replications=3, seed=5, trace=True)


def test_lanes_are_those_of_the_plan(tiny, result):
    """No step in between changes a number: drawn, run and reduced by hand it is the same."""
    plan = cs.compile_plan(tiny)
    for replication in range(3):
        lanes = draw_lanes(plan, RandomStreams(5), [replication])
        summary = reduce_lanes(plan, lanes, get_engine("auto").run(plan, lanes))
        by_hand = np.concatenate([b.values.ravel() for b in summary.blocks])
        assert np.array_equal(result.values[replication], by_hand, equal_nan=True)


def test_manifest(tiny, result):
    m = result.manifest
    assert (m["scenario"], m["seed"], m["replications"], m["engine"], m["engine_asked"]) == (
        "tiny",
        5,
        3,
        "vector",
        "auto",
    )
    assert m["scenario_digest"] == tiny.digest
    assert m["plan_digest"] == cs.compile_plan(tiny).digest
    assert m["stage_events"] == len(result.trace)
    assert m["versions"]["simpy"] != "not installed"
    assert m["lanes_at_once"] == 3
    assert sum(row["visits"] for row in m["work"]) == m["queue_events"]


def test_trace_only_when_asked_for(tiny, result):
    assert sorted(result.trace["replication"].unique()) == [0, 1, 2]
    assert cs.simulate(tiny, replications=1).trace is None


def test_the_scenarios_own_run_unless_told_otherwise(tiny):
    result = cs.simulate(tiny)
    assert result.replications == tuple(range(tiny.run.replications))
    assert result.manifest["seed"] == tiny.run.seed


def test_more_replications_keep_the_first(tiny, result):
    more = cs.simulate(tiny, replications=4, seed=5)
    assert np.array_equal(more.values[:3], result.values, equal_nan=True)


def test_progress_counts_lanes(tiny):
    seen = []
    cs.simulate(tiny, replications=3, chunk=1, progress=lambda done, n: seen.append((done, n)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_numbers_do_not_depend_on_the_chunk(tiny, result, chunk):
    again = cs.simulate(tiny, replications=3, seed=5, chunk=chunk)
    assert np.array_equal(again.values, result.values, equal_nan=True)


def test_numbers_do_not_depend_on_the_engine(tiny, result):
    again = cs.simulate(tiny, replications=3, seed=5, engine="des", trace=True)
    assert np.array_equal(again.values, result.values, equal_nan=True)
    assert again.trace.equals(result.trace)
    assert again.manifest["work"] == []


def test_no_replications_are_refused(tiny):
    with pytest.raises(ValueError, match="replications must be at least 1, not 0"):
        cs.simulate(tiny, replications=0)


def test_an_engine_that_does_not_exist_is_refused(tiny):
    with pytest.raises(UnsupportedFeatureError, match="no engine 'dse'"):
        cs.simulate(tiny, engine="dse")


def test_a_lane_that_fails_says_so(tiny, monkeypatch):
    def fail(*_):
        raise EngineError("out of track")

    monkeypatch.setattr(blocks, "reduce_lanes", fail)
    with pytest.raises(EngineError, match="out of track"):
        cs.simulate(tiny, replications=1)


CALM = {"run.engine": "des", "run.end": "2025-12-01", "queues.CUSTOMS.servers": 4}


def test_a_warm_up_that_is_worked_out():
    scenario = load_scenario("tiny", overrides={"run.warm_up": "auto", **CALM})
    found, words = settled(scenario)
    assert found.run.warm_up_h % (5 * 24) == 0
    assert words.startswith(f"warm-up: {found.run.warm_up_h / 24:g} d")
    assert settled(found) == (found, "")
    result = simulate(scenario, replications=2)
    assert result.manifest["warm_up_h"] == found.run.warm_up_h
    assert result.manifest["warm_up_found"] == words
    same = load_scenario("tiny", overrides={"run.warm_up": f"{found.run.warm_up_h / 24:g} d", **CALM})
    assert np.array_equal(simulate(same, replications=2).values, result.values, equal_nan=True)


def test_none_where_queues_never_rest():
    overrides = {**CALM, "run.warm_up": "auto", "queues.CUSTOMS.servers": 1, "demand.growth": 3}
    found, words = settled(load_scenario("tiny", overrides=overrides))
    assert found.run.warm_up_h == 0
    assert "do not come to rest" in words


def test_cases_are_measured_over_the_same_time():
    cases = {
        name: load_scenario("tiny", overrides={**CALM, "run.warm_up": "auto", "queues.CUSTOMS.servers": n})
        for name, n in (("four", 4), ("two", 2))
    }
    results = simulate_cases(cases, replications=2)
    assert len({r.manifest["warm_up_h"] for r in results.values()}) == 1
