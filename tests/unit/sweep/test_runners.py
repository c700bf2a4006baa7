"""Runners give every task one outcome, whatever its worker does."""

import pytest

from corridor_sim.sweep import runners
from corridor_sim.sweep.load import load_sweep_file
from corridor_sim.sweep.run import _setup
from corridor_sim.sweep.runners import MOST_ATTEMPTS, InProcess, Processes, _begun_again
from corridor_sim.sweep.worker import Task
from tests.support.sweeps import write_sweep


@pytest.fixture(scope="module")
def setup(tmp_path_factory):
    return _setup(load_sweep_file(write_sweep(tmp_path_factory.mktemp("setup"))), 2)


def tasks(n: int) -> list[Task]:
    return [Task(k, f"case{k}", {"demand.growth": 0.5 + 0.1 * k}, 1, (0,)) for k in range(n)]


def test_every_task_has_one_outcome(setup):
    here = {o.number: o.values.tobytes() for o in InProcess().run(setup, tasks(7))}
    there = list(Processes(2).run(setup, tasks(7)))
    assert {o.number: o.values.tobytes() for o in there} == here
    assert len(there) == 7


def test_tasks_are_taken_as_workers_get_free(setup):
    taken = []

    def lazily():
        for task in tasks(9):
            taken.append(task.number)
            yield task

    outcomes = Processes(1).run(setup, lazily())
    next(outcomes)
    assert len(taken) <= 3
    outcomes.close()


def test_a_task_that_kills_its_workers_is_given_up():
    attempts: dict[int, int] = {}
    begun = tasks(1)
    for _ in range(MOST_ATTEMPTS - 1):
        begun, failed = _begun_again(begun, attempts)
        assert failed == []
    begun, failed = _begun_again(begun, attempts)
    assert begun == []
    assert failed[0].error == runners.KILLED.format(n=MOST_ATTEMPTS)
