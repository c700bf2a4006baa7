"""The engines beside other packages on the same tandem of queues, with the same arrivals and the same work."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.bench.figures import Figure, skipped
from corridor_sim.bench.peers import PEERS, is_installed
from corridor_sim.bench.sides import BOTH, REFERENCE, Side
from corridor_sim.bench.timing import time_in_turn
from corridor_sim.bench.workloads import tandem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corridor_sim.bench.scale import Scale
    from corridor_sim.bench.workloads import Workload
    from corridor_sim.plan.lane import Lane
    from corridor_sim.results.events import Events

GROUP = "peers"
RATIO_TO_SIMPY = 1.25
SAME_TO_H = 1e-9
NS = 1e9


def measure_peers(scale: Scale) -> Iterator[Figure]:
    """Time engines and peers in turn; every departure must be the same."""
    workload = tandem(*scale.tandem)
    sides = {name: Side(name, workload, scale) for name in BOTH}
    for side in sides.values():
        side.draw()
    lane = workload.draw(range(1)).lane(workload.plan, 0)
    there = [peer for peer in PEERS if is_installed(peer)]
    check_departures(workload, sides, there)
    work: dict[str, Callable[[], object]] = {name: side.run for name, side in sides.items()}
    work |= {peer: partial(PEERS[peer], lane.release_h, work_of(lane)) for peer in there}
    timed = time_in_turn(work, scale.repeats)
    n = {name: side.counted()["stage_events"] for name, side in sides.items()}
    for name in work:
        ns = NS * timed.median_s(name) / n.get(name, n[REFERENCE])
        size = sides[name].size if name in sides else f"{workload.size} x 1"
        yield Figure(GROUP, _named(name), size, ns, "ns/stage event")
    ratio = timed.ratio(REFERENCE, "simpy")
    yield Figure(GROUP, "engine des", f"{workload.size} x 1", ratio, "times SimPy", RATIO_TO_SIMPY)
    for peer in PEERS:
        if peer not in there:
            yield skipped(GROUP, _named(peer), "not installed: [peers]")


def _named(name: str) -> str:
    return f"bare {name}" if name in PEERS else f"engine {name}"


def work_of(lane: Lane) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Work of a tandem's consignments, (n_queues, n) h."""
    return np.array(lane.service_h)


def check_departures(workload: Workload, sides: dict[str, Side], peers: list[str]) -> None:
    """Raise when an engine or a peer gives other departures than the reference, beyond rounding."""
    lane = workload.draw(range(1)).lane(workload.plan, 0)
    found = {peer: PEERS[peer](lane.release_h, work_of(lane)) for peer in peers}
    for name, side in sides.items():
        side.run()
        assert side.events is not None  # noqa: S101  # just run
        found[_named(name)] = _departures(side.events, lane.n_consignments)
    expected = found.pop(_named(REFERENCE))
    for name, times in found.items():
        if not np.allclose(times, expected, rtol=0.0, atol=SAME_TO_H):
            raise AssertionError(f"{name} gives other departures than the discrete-event engine")


def _departures(events: Events, n: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([depart[0, :n] for depart in events.depart_h])
