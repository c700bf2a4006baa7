"""Jobs over worker processes."""

import os

import pytest

from corridor_sim.foundation.errors import EngineError
from corridor_sim.workers import run_jobs


def square(x: int) -> int:
    return x * x


def process_of(_: int) -> int:
    return os.getpid()


def fail(x: int) -> int:
    raise EngineError(f"job {x} is off the rails")


def die(_: int) -> None:
    os._exit(1)


def test_one_worker_keeps_the_order_and_the_process():
    assert list(run_jobs(square, [3, 1, 2], workers=1)) == [9, 1, 4]
    assert set(run_jobs(process_of, [1, 2], workers=1)) == {os.getpid()}


def test_nothing_to_do():
    assert list(run_jobs(square, [], workers=3)) == []


def test_several_workers_do_every_job_elsewhere():
    assert sorted(run_jobs(square, range(6), workers=2)) == [0, 1, 4, 9, 16, 25]
    assert os.getpid() not in set(run_jobs(process_of, [1, 2], workers=2))


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_job_raises_comes_through(workers):
    with pytest.raises(EngineError, match="off the rails"):
        list(run_jobs(fail, [1, 2], workers=workers))


def test_a_process_that_dies_is_told_with_what_to_do():
    with pytest.raises(EngineError, match="fewer workers; a script"):
        list(run_jobs(die, [1, 2], workers=2))


def test_who_stops_listening_stops_the_work():
    results = run_jobs(square, range(100), workers=2)
    next(results)
    results.close()
