"""The tandem of queues as one writes it by hand in other packages, on the same arrivals and the same work.

Each takes release times (n,) h and work (n_queues, n) h and returns departures (n_queues, n) h.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt
    import simpy

    Floats = npt.NDArray[np.float64]
    Model = Callable[[Floats, Floats], Floats]


def bare_simpy(release_h: Floats, work_h: Floats) -> Floats:
    """Run the chain with ``simpy.Resource``."""
    import simpy

    env = simpy.Environment()
    servers = [simpy.Resource(env, capacity=1) for _ in work_h]
    work = work_h.tolist()
    departures = [[0.0] * release_h.size for _ in servers]

    def consignment(k: int) -> simpy.events.ProcessGenerator:
        for server, hours, left in zip(servers, work, departures, strict=True):
            with server.request() as turn:
                yield turn
                yield env.timeout(hours[k])
            left[k] = env.now

    def source() -> simpy.events.ProcessGenerator:
        for k, at in enumerate(release_h.tolist()):
            yield env.timeout(at - env.now)
            env.process(consignment(k))

    env.process(source())
    env.run()
    return np.array(departures)


def bare_salabim(release_h: Floats, work_h: Floats) -> Floats:
    """Run the chain with ``salabim.Resource``, processes as generators."""
    import salabim

    env = salabim.Environment(trace=False, yieldless=False, random_seed=None)
    servers = [salabim.Resource(f"server {i}", capacity=1, env=env) for i in range(len(work_h))]
    work = work_h.tolist()
    departures = [[0.0] * release_h.size for _ in servers]

    class Consignment(salabim.Component):  # type: ignore[misc]
        """One on its way through the chain."""

        def process(self, k: int) -> Iterator[Any]:
            for server, hours, left in zip(servers, work, departures, strict=True):
                yield self.request(server)
                yield self.hold(hours[k])
                self.release(server)
                left[k] = env.now()

    class Source(salabim.Component):  # type: ignore[misc]
        """Sends them on their way."""

        def process(self) -> Iterator[Any]:
            for k, at in enumerate(release_h.tolist()):
                yield self.hold(till=at)
                Consignment(k=k, env=env)

    Source(env=env)
    env.run()
    return np.array(departures)


def bare_ciw(release_h: Floats, work_h: Floats) -> Floats:
    """Run the chain as a network of Ciw, with the given times as its sequences."""
    import ciw

    n_queues, n = work_h.shape
    gaps = [float(release_h[0]), *np.diff(release_h).tolist(), float("inf")]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential(gaps), *[None] * (n_queues - 1)],
        service_distributions=[ciw.dists.Sequential(row) for row in work_h.tolist()],
        number_of_servers=[1] * n_queues,
        routing=np.eye(n_queues, k=1).tolist(),
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(n, method="Finish")
    departures = np.full((n_queues, n), np.nan)
    for record in simulation.get_all_records():
        departures[record.node - 1, record.id_number - 1] = record.exit_date
    return departures


PEERS: dict[str, Model] = {"simpy": bare_simpy, "salabim": bare_salabim, "ciw": bare_ciw}
"""By the name of the package; SimPy is always there, the others come with ``pip install 'corridor-sim[peers]'``."""


def is_installed(peer: str) -> bool:
    """Whether a peer's package is there."""
    return find_spec(peer) is not None
