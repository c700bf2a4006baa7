"""Runners: how tasks get to workers. Each is a function from tasks to outcomes, in any order."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Protocol

from corridor_sim.sweep.worker import Bench, Outcome, bench_of, run_task

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from corridor_sim.sweep.worker import Setup, Task

MOST_ATTEMPTS = 3
"""Times that a case is begun before it is held to be what kills its workers."""
KILLED = "its worker process died {n} times (killed, or out of memory)"


class Runner(Protocol):
    """Runs tasks somewhere."""

    def run(self, setup: Setup, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Yield the outcome of every task as it finishes; tasks are taken as workers get free."""
        ...


class InProcess:
    """All tasks here, one after the other."""

    def run(self, setup: Setup, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Run the tasks in their order."""
        bench = Bench(setup)
        yield from map(bench.run, tasks)


class Processes:
    """Worker processes on this machine, kept warm from task to task.

    A process that dies takes the pool with it; the pool is made anew and what was begun is begun again.

    Parameters
    ----------
    workers
        How many.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def run(self, setup: Setup, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Run the tasks, twice as many begun as there are workers, so that none waits for this process."""
        left = iter(tasks)
        again: list[Task] = []
        attempts: dict[int, int] = {}
        while True:
            waiting: dict[Future[Outcome], Task] = {}
            pool = self._pool(setup)
            try:
                yield from self._feed(pool, again, left, waiting)
            except BrokenProcessPool:
                again, outcomes = _begun_again([*again, *waiting.values()], attempts)
                yield from outcomes
            except BaseException:
                _stop(pool)  # nobody waits for what is being computed
                raise
            else:
                return
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _pool(self, setup: Setup) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_set_up, initargs=(setup,))

    def _feed(
        self, pool: ProcessPoolExecutor, again: list[Task], left: Iterator[Task], waiting: dict[Future[Outcome], Task]
    ) -> Iterator[Outcome]:
        while True:
            while len(waiting) < 2 * self._workers:
                task = again[0] if again else next(left, None)
                if task is None:
                    break
                try:
                    waiting[pool.submit(_run_kept, task)] = task
                except BrokenProcessPool:
                    if not again:
                        again.append(task)
                    raise
                if again:
                    again.pop(0)
            if not waiting:
                return
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                outcome = future.result()
                del waiting[future]
                yield outcome


def _begun_again(begun: list[Task], attempts: dict[int, int]) -> tuple[list[Task], list[Outcome]]:
    """Return the tasks to begin again, and the outcomes of those that were begun too often."""
    again, failed = [], []
    for task in begun:
        attempts[task.number] = attempts.get(task.number, 0) + 1
        if attempts[task.number] < MOST_ATTEMPTS:
            again.append(task)
        else:
            text = KILLED.format(n=MOST_ATTEMPTS)
            failed.append(Outcome(task.number, task.case_id, "none", error=text, trace=text))
    return again, failed


def _stop(pool: ProcessPoolExecutor) -> None:
    pool.shutdown(wait=False, cancel_futures=True)
    for child in multiprocessing.active_children():
        child.terminate()


_KEPT: list[Setup] = []


def _set_up(setup: Setup) -> None:
    """Begin a worker process: an interrupt is for the process that started it."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _KEPT[:] = [setup]
    bench_of(setup)


def _run_kept(task: Task) -> Outcome:
    return run_task(_KEPT[0], task)
