"""Jobs spread over worker processes: one function, many inputs, results as they finish."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, TypeVar

from corridor_sim.foundation.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Job = TypeVar("Job")
Result = TypeVar("Result")


def run_jobs(function: Callable[[Job], Result], jobs: Sequence[Job], workers: int) -> Iterator[Result]:
    """Yield the result of every job as it finishes, in any order.

    Parameters
    ----------
    function
        Called with each job. With several workers it must be a function of a module: processes import it anew.
    jobs
        Plain data.
    workers
        Processes; 1: all in this process, in order.

    Raises
    ------
    EngineError
        When a worker process dies. What the function itself raises comes through as it is.
    """
    if workers <= 1 or len(jobs) <= 1:
        yield from map(function, jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=context) as pool:
        waiting = {pool.submit(function, job) for job in jobs}
        has_begun = False
        try:
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
                    has_begun = True
        except BrokenProcessPool as error:
            reason = "a worker process died (killed, or out of memory); run again with fewer workers"
            if not has_begun:
                reason += "; a script that uses more than one needs if __name__ == '__main__':"
            raise EngineError(reason) from error
        except (KeyboardInterrupt, GeneratorExit):
            for child in multiprocessing.active_children():
                child.terminate()  # a job takes seconds, and nobody waits for it any more; that ends the others too
            raise
        except BaseException:
            for future in waiting:
                future.cancel()
            raise
