"""The discrete-event engine, lane by lane."""

from benchmarks.conftest import drawn_side, time_run
from corridor_sim.bench.scale import Scale
from corridor_sim.bench.workloads import Workload


def test_run(benchmark, workload: Workload, scale: Scale) -> None:
    time_run(benchmark, drawn_side("des", workload, scale))
