"""The discrete-event engine beside a bare SimPy model of the same chain, on the same draws.

    pytest benchmarks                                # measures, prints the ratio
    pytest benchmarks --benchmark-disable            # only checks that both give the same times

Times decide nothing here: the ratio is reported, the identical departures are asserted.
"""

import gc
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pytest

from benchmarks.workloads.tandem import Tandem, bare_simpy, tandem
from corridor_sim.engines.registry import get_engine

SIZES = {"10x2000": (10, 2000), "3x5000": (3, 5000)}
SMOKE = (3, 200)
TARGET_RATIO = 1.25
PAIRS = 7


@pytest.fixture(params=SIZES)
def work(request: pytest.FixtureRequest) -> Tandem:
    smoke = request.config.getoption("benchmark_disable")
    return tandem(*(SMOKE if smoke else SIZES[request.param]))


def ours(work: Tandem) -> np.ndarray:
    events = get_engine("des").run(work.plan, work.lanes)
    return np.array([depart[0] for depart in events.depart_h])


def seconds(function: Callable[[Tandem], np.ndarray], work: Tandem) -> float:
    gc.collect()
    began = time.perf_counter()
    function(work)
    return time.perf_counter() - began


def test_both_give_the_same_departures(work: Tandem) -> None:
    assert not np.isnan(ours(work)).any()
    assert np.array_equal(ours(work), bare_simpy(work))


@pytest.mark.parametrize("model", [ours, bare_simpy], ids=["engine", "bare-simpy"])
def test_time_of_a_run(benchmark, work: Tandem, model: Callable[[Tandem], np.ndarray]) -> None:
    benchmark.extra_info["visits"] = work.n_visits
    benchmark.pedantic(model, args=(work,), rounds=5, warmup_rounds=1)


def test_ratio_to_bare_simpy(benchmark, work: Tandem, capsys: pytest.CaptureFixture[str]) -> None:
    """Runs in pairs, one after the other, so that what the machine does beside hits both; the median ratio is told."""

    def pairs() -> list[tuple[float, float]]:
        return [(seconds(ours, work), seconds(bare_simpy, work)) for _ in range(PAIRS)]

    measured = benchmark.pedantic(pairs, rounds=1)
    ratio = median(a / b for a, b in measured)
    per_visit = [1e6 * median(column) / work.n_visits for column in zip(*measured, strict=True)]
    benchmark.extra_info.update(ratio=round(ratio, 3), us_per_visit=[round(x, 2) for x in per_visit])
    size = f"{len(work.plan.places)} queues, {work.lane.n_consignments} consignments"
    with capsys.disabled():
        print(
            f"\n{size}: engine {per_visit[0]:.2f} us a visit, bare SimPy {per_visit[1]:.2f} us, "
            f"ratio {ratio:.2f} (target at most {TARGET_RATIO})"
        )
