"""Sweeps from file to store: the same numbers whoever computes them, whatever happens on the way."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from corridor_sim.foundation.errors import EngineError, ResultError, ScenarioError
from corridor_sim.results.sweep_result import SweepResult, load_sweep
from corridor_sim.sweep import load_sweep_file, run_sweep
from corridor_sim.sweep import run as run_module
from tests.support.sweeps import SMALL, write_sweep

CLASHING = {
    "warm_up": {"path": "run.warm_up", "values": ["3 d", "20 d"]},
    "end": {"path": "run.end", "values": ["2025-03-15", "2025-04-01"]},
}


def same(one: SweepResult, other: SweepResult) -> None:
    pd.testing.assert_frame_equal(one.kpis, other.kpis, check_exact=True)


def counted(**options):
    """Run a sweep; its result, and how many cases were computed."""
    result = run_sweep(**options)
    return result, result.manifest["cases_computed"]


def test_a_whole_sweep(finished):
    assert len(finished.cases) == 9
    assert finished.manifest["complete"]
    assert len(finished.failures) == 0
    values = finished.values("transit_mean_h", "all")
    assert values.shape == (9, 3)
    assert (values[:3].mean() > values[6:].mean()) or np.isnan(values).any()  # three officers are faster than one


def test_a_case_is_the_run_of_its_scenario(finished):
    from corridor_sim.scenario import load_scenario
    from corridor_sim.simulation import simulate

    changes = SMALL["changes"] | {"queues.CUSTOMS.servers": 2, "demand.growth": 1.2}
    result = simulate(load_scenario("tiny", overrides=changes), replications=3)
    k = result.labels.query("kpi == 'transit_mean_h' and subject == 'all' and period == 'all'").index[0]
    case = finished.cases.query("officers == 2 and growth == 1.2").index[0]
    assert np.array_equal(finished.values("transit_mean_h", "all")[case], result.values[:, k])


def test_two_processes_and_a_killed_one_give_the_same_bits(tmp_path, finished):
    killed: list[int] = []

    def kill_one(done: int, total: int, failed: int) -> None:
        children = multiprocessing.active_children()
        if done >= 2 and not killed and children:
            killed.append(children[0].pid)
            os.kill(children[0].pid, signal.SIGKILL)

    result = run_sweep(write_sweep(tmp_path), out=tmp_path / "out", workers=2, progress=kill_one)
    assert killed
    assert result.manifest["complete"]
    same(result, finished)


def test_resume_computes_what_is_missing_only(tmp_path, finished):
    file, out = write_sweep(tmp_path), tmp_path / "out"

    def stop(done: int, total: int, failed: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(file, out=out, progress=stop)
    assert not load_sweep(out).manifest["complete"]
    result, computed = counted(path=file, out=out, resume=True)
    assert computed == 5
    same(result, finished)
    assert counted(path=file, out=out, resume=True)[1] == 0


def test_another_order_and_more_values_take_what_is_there(tmp_path, finished):
    out = tmp_path / "out"
    parameters = SMALL["parameters"] | {"officers": {"path": "queues.CUSTOMS.servers", "values": [3, 1]}}
    run_sweep(write_sweep(tmp_path, parameters=parameters), out=out)
    result, computed = counted(path=write_sweep(tmp_path), out=out, resume=True)
    assert computed == 3
    same(result, finished)


def test_more_replications_are_added(tmp_path, finished):
    out = tmp_path / "out"
    run_sweep(write_sweep(tmp_path, replications=1), out=out)
    same(run_sweep(write_sweep(tmp_path), out=out, resume=True), finished)


SCRIPT = """
import sys
from corridor_sim.sweep import run_sweep, store
store.PART_S = 0  # every case is on the disk at once
if __name__ == "__main__":
    from corridor_sim.cli import app
    import corridor_sim.sweep.run as run
    def tell(done, total, failed):
        print("done", done, flush=True)
        if done == 3:
            sys.stdin.readline()
    run_sweep(sys.argv[1], out=sys.argv[2], workers=int(sys.argv[3]), progress=tell)
"""


def begun(file: Path, out: Path, workers: int) -> subprocess.Popen[str]:
    """A sweep in a process of its own that waits after its third case."""
    script = file.with_name("script.py")
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(script), str(file), str(out), str(workers)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line == "done 3\n":
            return process
    raise AssertionError("the sweep ended before its third case")


@pytest.mark.parametrize(("how", "workers"), [(signal.SIGKILL, 1), (signal.SIGINT, 2)])
def test_a_sweep_killed_from_outside_resumes_to_the_same_bits(tmp_path, finished, how, workers):
    file, out = write_sweep(tmp_path), tmp_path / "out"
    process = begun(file, out, workers)
    os.killpg(process.pid, how)
    process.communicate(timeout=60)
    assert process.returncode != 0
    result, computed = counted(path=file, out=out, resume=True)
    assert computed <= 6
    same(result, finished)
    assert list(out.glob("**/.*.tmp")) == []


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path, finished):
    """The system refuses to let any file grow beyond some bytes, as a full disk would."""
    file, out = write_sweep(tmp_path), tmp_path / "out"
    script = tmp_path / "full.py"
    script.write_text(
        "import resource, sys\n"
        "from corridor_sim.cli.app import run_command\n"
        "from corridor_sim.sweep import store\n"
        "store.PART_S = 0\n"
        "real = store.Store.add\n"
        "def add(self, outcome):\n"
        "    if outcome.number == 4:\n"
        "        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))\n"
        "    real(self, outcome)\n"
        "store.Store.add = add\n"
        "sys.exit(run_command(['sweep', sys.argv[1], '--out', sys.argv[2], '--workers', '1', '-q']))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script), str(file), str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "make room and go on with --resume" in " ".join(done.stderr.split())
    result, computed = counted(path=file, out=out, resume=True)
    assert computed == 5
    same(result, finished)


def test_a_case_that_fails_is_kept_with_its_traceback_and_the_rest_go_on(tmp_path):
    file, out = write_sweep(tmp_path, parameters=CLASHING, changes={"run.engine": "des"}), tmp_path / "out"
    result = run_sweep(file, out=out)
    assert len(result.failures) == 1
    row = result.failures.iloc[0]
    assert row["case"] == 2
    assert "ScenarioError" in row["trace"]
    assert "Traceback" in row["trace"]
    assert not result.manifest["complete"]
    assert (~np.isnan(result.values("transit_mean_h", "all")).all(axis=1)).sum() == 3
    again = run_sweep(file, out=out, resume=True)  # is tried again, and fails again: noted once
    assert len(again.failures) == 1
    with pytest.raises(EngineError, match="case 2 failed: ScenarioError"):
        run_sweep(file, out=out, replace=True, fail_fast=True)


def test_other_luck_for_every_case(tmp_path):
    parameters = {"twice": {"path": "demand.growth", "values": [1.0, 2.0]}}
    result = run_sweep(write_sweep(tmp_path, parameters=parameters, common_random_numbers=False), out=tmp_path / "out")
    assert result.cases["seed"].nunique() == 2


def test_replications_until_a_precision(tmp_path):
    precision = {"kpi": "transit_mean_h", "subject": "all", "relative": 0.06, "at_least": 3, "at_most": 12}
    file, out = write_sweep(tmp_path, replications={"precision": precision}), tmp_path / "out"
    result = run_sweep(file, out=out)
    n = result.table("transit_mean_h", "all")["n"]
    assert n.min() < n.max() <= 12
    short = result.manifest["precision_missed"]
    assert set(short) <= set(result.cases["case_id"])
    assert (n == 12).sum() >= len(short)
    assert counted(path=file, out=out, resume=True)[1] == 0
    sharper = precision | {"relative": 0.03}
    more = run_sweep(write_sweep(tmp_path, replications={"precision": sharper}), out=out, resume=True)
    whole = run_sweep(write_sweep(tmp_path, replications={"precision": sharper}), out=tmp_path / "whole")
    same(more, whole)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kpis": [{"kpi": "transit_means_h"}]}, "did you mean 'transit_mean_h'?"),
        ({"kpis": [{"kpi": "transit_mean_h", "subject": "al"}]}, "did you mean 'all'?"),
        ({"kpis": [{"kpi": "transit_mean_h", "subject": "all", "unit": "t"}]}, "'h' cannot be shown in 't'"),
        ({"max_cases": 8}, "9 cases of up to 3 replications, more than max_cases, 8; confirm with --yes"),
    ],
)
def test_what_is_refused_before_anything_is_run_or_written(tmp_path, changes, words):
    with pytest.raises(ScenarioError) as caught:
        run_sweep(write_sweep(tmp_path, **changes), out=tmp_path / "out")
    assert words in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_stores_that_do_not_fit(tmp_path, monkeypatch):
    parameters = {"growth": {"path": "demand.growth", "values": [1.0]}}
    file, out = write_sweep(tmp_path, parameters=parameters), tmp_path / "out"
    run_sweep(file, out=out)
    with pytest.raises(ResultError, match="holds a sweep; go on with --resume"):
        run_sweep(file, out=out)
    other = write_sweep(tmp_path, parameters=parameters, name="other")
    with pytest.raises(ResultError, match="is the store of another sweep"):
        run_sweep(other, out=out, resume=True)
    file = write_sweep(tmp_path, parameters=parameters)
    monkeypatch.setattr(run_module, "model_version", lambda: "another")
    with pytest.raises(ResultError, match="another model"):
        run_sweep(file, out=out, resume=True)
    assert counted(path=file, out=out, resume=True, recompute=True)[1] == 1
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(ResultError, match="is no sweep's folder"):
        run_sweep(file, out=tmp_path / "mine")
    with pytest.raises(ResultError, match="holds no sweep"):
        run_sweep(file, out=tmp_path / "mine", replace=True)
    assert (tmp_path / "mine" / "notes.txt").exists()


def test_all_kpis(tmp_path):
    parameters = {"growth": {"path": "demand.growth", "values": [1.0]}}
    result = run_sweep(write_sweep(tmp_path, parameters=parameters, kpis=None), out=tmp_path / "out")
    assert result.labels["kpi"].nunique() > 20
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["kpis"] == "all"


def test_a_sweep_that_was_loaded_before(tmp_path, finished):
    same(run_sweep(load_sweep_file(write_sweep(tmp_path)), out=tmp_path / "out"), finished)
