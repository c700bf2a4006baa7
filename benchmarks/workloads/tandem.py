"""A tandem of n queues: in a plan for our engines, and as a bare SimPy model of the same chain.

Both get the same draws. Poisson arrivals, one server each, work of mean 1 h at a load of 0.8; first come first served.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import simpy

from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lane import Lane
from corridor_sim.plan.lanes import Lanes, draw_lanes
from corridor_sim.plan.plan import Plan
from tests.support.parts import Place, Queue, exponential, poisson_flow
from tests.support.plans import make_plan

LOAD = 0.8


@dataclass(frozen=True)
class Tandem:
    """One size of the workload, drawn."""

    plan: Plan
    lanes: Lanes

    @cached_property
    def lane(self) -> Lane:
        return self.lanes.lane(self.plan, 0)

    @property
    def n_visits(self) -> int:
        return self.lane.n_consignments * len(self.plan.places)


def tandem(n_queues: int, n_consignments: int) -> Tandem:
    """Draw a tandem with about so many consignments."""
    release_until_h = n_consignments / LOAD
    stages = [Queue(Place(f"Q{i}"), exponential(1.0)) for i in range(n_queues)]
    # so long a horizon that everybody gets through
    flow = poisson_flow("A", LOAD, release_until_h, stages=stages)
    plan = make_plan(flows=[flow], end_h=2.0 * release_until_h + 1000.0)
    return Tandem(plan, draw_lanes(plan, RandomStreams(1), [0]))


def bare_simpy(work: Tandem) -> np.ndarray:
    """Run the chain as one writes it by hand in SimPy; return departures, (n_queues, n_consignments)."""
    env = simpy.Environment()
    servers = [simpy.Resource(env, capacity=1) for _ in work.plan.places.id]
    service = [s.tolist() for s in work.lane.service_h]
    departures = [[0.0] * work.lane.n_consignments for _ in servers]

    def consignment(k: int) -> simpy.events.ProcessGenerator:
        for server, hours, left in zip(servers, service, departures, strict=True):
            with server.request() as turn:
                yield turn
                yield env.timeout(hours[k])
            left[k] = env.now

    def source() -> simpy.events.ProcessGenerator:
        for k, at in enumerate(work.lane.release_h.tolist()):
            yield env.timeout(at - env.now)
            env.process(consignment(k))

    env.process(source())
    env.run(until=work.plan.end_h)
    return np.array(departures)
