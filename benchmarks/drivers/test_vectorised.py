"""The vectorised engine, a block of lanes at once; its first lane is that of the discrete-event engine."""

import numpy as np

from benchmarks.conftest import drawn_side, time_run
from corridor_sim.bench.scale import Scale
from corridor_sim.bench.workloads import Workload


def test_run(benchmark, workload: Workload, scale: Scale) -> None:
    side = drawn_side("vector", workload, scale)
    time_run(benchmark, side)
    if scale.is_quick:
        reference = drawn_side("des", workload, scale)
        reference.run()
        plan = workload.plan
        ours, theirs = (s.events.lane(plan, s.lanes, 0) for s in (side, reference))
        assert np.array_equal(ours.depart_h, theirs.depart_h, equal_nan=True)
