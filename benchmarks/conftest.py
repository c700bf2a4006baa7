"""Sizes of the workloads: full when times are measured, small in smoke mode (``--benchmark-disable``)."""

import pytest

from corridor_sim.bench.scale import FULL, QUICK, Scale
from corridor_sim.bench.sides import Side
from corridor_sim.bench.workloads import Workload, baseline, feed_forward, tandem

ROUNDS = 3
WORKLOADS = ("tandem", "feed-forward", "baseline")


@pytest.fixture(scope="session")
def scale(request: pytest.FixtureRequest) -> Scale:
    return QUICK if request.config.getoption("benchmark_disable") else FULL


@pytest.fixture(params=WORKLOADS)
def workload(request: pytest.FixtureRequest, scale: Scale) -> Workload:
    match request.param:
        case "tandem":
            return tandem(*scale.tandem)
        case "feed-forward":
            return feed_forward(scale.n_feed_forward)
        case _:
            return baseline(short=scale.is_quick)


def drawn_side(engine: str, workload: Workload, scale: Scale) -> Side:
    """An engine on a workload with lanes drawn."""
    side = Side(engine, workload, scale)
    side.draw()
    return side


def time_run(benchmark, side: Side) -> None:
    """Time the run of a side; events go into the record."""
    benchmark.pedantic(side.run, rounds=ROUNDS, warmup_rounds=1)
    found = side.counted()
    assert found["queue_events"] > 0
    benchmark.extra_info.update(found, lanes=side.n_lanes)
    if benchmark.stats:  # none in smoke mode
        ns = 1e9 * benchmark.stats.stats.median
        benchmark.extra_info.update({f"ns_per_{k.removesuffix('s')}": round(ns / n, 1) for k, n in found.items()})
