"""The engines beside SimPy, salabim and Ciw on the same tandem of queues: the same departures, then the times."""

import pytest

from benchmarks.conftest import ROUNDS
from corridor_sim.bench.groups.beside_peers import check_departures, work_of
from corridor_sim.bench.peers import PEERS, is_installed
from corridor_sim.bench.scale import Scale
from corridor_sim.bench.sides import REFERENCE, Side
from corridor_sim.bench.workloads import tandem


@pytest.mark.filterwarnings("default")  # what other packages warn of is not ours to mend
@pytest.mark.parametrize("peer", PEERS)
def test_peer(benchmark, peer: str, scale: Scale) -> None:
    if not is_installed(peer):
        pytest.skip(f"{peer} is not installed: pip install 'corridor-sim[peers]'")
    work = tandem(*scale.tandem)
    side = Side(REFERENCE, work, scale)
    side.draw()
    check_departures(work, {REFERENCE: side}, [peer])
    lane = work.draw(range(1)).lane(work.plan, 0)
    benchmark.pedantic(PEERS[peer], args=(lane.release_h, work_of(lane)), rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info["stage_events"] = side.counted()["stage_events"]
