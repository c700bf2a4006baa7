"""Drawing lanes: releases, itineraries, durations, disruptions."""

from benchmarks.conftest import ROUNDS
from corridor_sim.bench.scale import Scale
from corridor_sim.bench.sides import VECTOR, Side
from corridor_sim.bench.workloads import Workload


def test_draw_a_block(benchmark, workload: Workload, scale: Scale) -> None:
    side = Side(VECTOR, workload, scale)
    benchmark.pedantic(side.draw, rounds=ROUNDS, warmup_rounds=1)
    assert side.lanes is not None
    benchmark.extra_info.update(lanes=side.n_lanes, consignments=int(side.lanes.n_consignments.sum()))
