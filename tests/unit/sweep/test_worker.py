"""What a worker makes of a task."""

import numpy as np
import pytest

from corridor_sim.sweep.file import Answer
from corridor_sim.sweep.load import load_sweep_file
from corridor_sim.sweep.run import _setup
from corridor_sim.sweep.worker import Bench, Task, run_task, worker_name
from tests.support.sweeps import write_sweep


@pytest.fixture(scope="module")
def setup(tmp_path_factory):
    return _setup(load_sweep_file(write_sweep(tmp_path_factory.mktemp("setup"))), 1)


def task(**given):
    values = {"number": 0, "case_id": "a", "changes": {"demand.growth": 1.1}, "seed": 1, "replications": (0, 1, 2)}
    return Task(**(values | given))


def test_an_outcome(setup):
    outcome = run_task(setup, task())
    assert outcome.error == ""
    assert outcome.worker == worker_name()
    assert outcome.values.shape == (3, len(outcome.labels))
    kpis = {label.kpi for label in outcome.labels}
    assert kpis == {"transit_mean_h", "queue_mean_h"}
    assert [x.subject for x in outcome.labels if x.kpi == "transit_mean_h"] == ["all"]
    assert outcome.core_s > 0 < outcome.other_s


def test_replications_by_themselves_are_those_of_the_whole(setup):
    bench = Bench(setup)
    whole = bench.run(task()).values
    assert np.array_equal(bench.run(task(replications=(2,))).values, whole[2:], equal_nan=True)


def test_what_goes_wrong_is_part_of_the_outcome(setup):
    outcome = Bench(setup).run(task(changes={"run.warm_up": "20 d"}))
    assert outcome.error.startswith("ScenarioError: ")
    assert "Traceback" in outcome.trace
    assert outcome.values.size == 0


def test_answers_choose_subjects():
    answer = Answer(kpi="x")
    assert answer.subject is None
