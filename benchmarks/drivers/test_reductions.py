"""From the events of a lane to its figures."""

from benchmarks.conftest import ROUNDS, drawn_side
from corridor_sim.bench.scale import Scale
from corridor_sim.bench.workloads import Workload


def test_reduce(benchmark, workload: Workload, scale: Scale) -> None:
    side = drawn_side("des", workload, scale)
    side.run()
    benchmark.pedantic(side.reduce, rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info.update(side.counted(), lanes=side.n_lanes)
