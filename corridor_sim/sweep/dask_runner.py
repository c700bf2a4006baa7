"""Runner on a Dask cluster: one of this machine, or one that is there already."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from corridor_sim.foundation.errors import EngineError, Problem, UnsupportedFeatureError
from corridor_sim.sweep.runners import KILLED, MOST_ATTEMPTS
from corridor_sim.sweep.worker import Outcome, run_task

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corridor_sim.sweep.worker import Setup, Task

CONNECT_S = 20
"""Time to wait for a scheduler."""


class DaskRunner:
    """Runs tasks on Dask workers, which are told the sweep once and keep it.

    Parameters
    ----------
    address
        Of a scheduler, such as tcp://10.0.0.5:8786; None starts a cluster of this machine.
    workers
        Processes of a cluster that is started; tasks begun at once are twice as many as the cluster has threads.

    Raises
    ------
    UnsupportedFeatureError
        When Dask is not installed.
    """

    def __init__(self, address: str | None, workers: int) -> None:
        if find_spec("distributed") is None:
            text = "running on a cluster needs Dask"
            raise UnsupportedFeatureError([Problem("--dask", text, hint="pip install 'corridor-sim[dask]'")])
        self._address, self._workers = address, workers

    def run(self, setup: Setup, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Run the tasks; a worker that dies is replaced by the others, see `MOST_ATTEMPTS`."""
        client = self._client()
        try:
            yield from self._run(client, setup, iter(tasks))
        finally:
            client.close()
            if self._address is None:
                client.cluster.close()

    def _client(self) -> Any:
        import dask
        import distributed

        api: Any = distributed  # its functions have no types

        # a task that kills its workers is given up after as many attempts as with processes
        dask.config.set({"distributed.scheduler.allowed-failures": MOST_ATTEMPTS})
        if self._address is None:
            cluster = api.LocalCluster(
                n_workers=self._workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
            )
            return api.Client(cluster)
        try:
            return api.Client(self._address, timeout=CONNECT_S)
        except (OSError, TimeoutError, ValueError) as error:
            raise UnsupportedFeatureError(
                [Problem("--dask", f"no scheduler answers at {self._address}", hint=str(error).splitlines()[0])]
            ) from error

    @staticmethod
    def _run(client: Any, setup: Setup, left: Iterator[Task]) -> Iterator[Outcome]:
        import distributed

        api: Any = distributed

        n_threads = sum(client.nthreads().values())
        if not n_threads:
            raise EngineError("the Dask cluster has no workers")
        told = client.scatter(setup, broadcast=True, hash=False)
        begun: dict[Any, Task] = {}

        def begin() -> Any:
            task = next(left, None)
            if task is None:
                return None
            future = client.submit(run_task, told, task, key=f"case-{setup.digest[:8]}-{task.case_id}", pure=False)
            begun[future.key] = task
            return future

        finished = api.as_completed([f for f in (begin() for _ in range(2 * n_threads)) if f is not None])
        for future in finished:
            task = begun.pop(future.key)
            try:
                outcome = future.result()
            except distributed.KilledWorker:
                text = KILLED.format(n=MOST_ATTEMPTS)
                outcome = Outcome(task.number, task.case_id, "none", error=text, trace=text)
            future.release()
            more = begin()
            if more is not None:
                finished.add(more)
            yield outcome
