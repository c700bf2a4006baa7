"""What a case of a sweep costs besides the engine's own time: scenario, plan and choice of KPIs, in a warm worker."""

import pytest

from corridor_sim.bench.scale import Scale
from corridor_sim.bench.workloads import baseline_changes
from corridor_sim.scenario import load_scenario
from corridor_sim.sweep.file import Answer
from corridor_sim.sweep.kept import Kept
from corridor_sim.sweep.worker import Bench, Setup, Task

CHANGES = {
    "servers and demand": {"queues.TRK_AST.servers": 4, "demand.growth": 1.1},
    "a time of service": {"queues.TRK_AST.service": "3 h"},
}
"""What stands in one table of the plan each, and what makes the plan be compiled as a whole."""


@pytest.mark.parametrize("what", CHANGES)
def test_a_plan_in_a_warm_worker(benchmark, what: str, scale: Scale) -> None:
    base = load_scenario("baseline-2025", overrides=baseline_changes(short=scale.is_quick))
    answers = (Answer(kpi="transit_mean_h", subject="all"),)
    bench = Bench(Setup(base, Kept(answers), "vector", 1, None, 1, "benchmark"))
    _, plan = benchmark(bench.plan, CHANGES[what])
    assert plan.digest != bench.base_plan.digest
    if scale.is_quick:
        assert bench.run(Task(0, "a", CHANGES[what], 1, (0,))).error == ""
