"""Sweeps on a Dask cluster of two workers, one of which is killed."""

import os
import signal

import pandas as pd
import pytest

from corridor_sim.foundation.errors import UnsupportedFeatureError
from corridor_sim.sweep import dask_runner, run_sweep
from tests.support.sweeps import write_sweep

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")  # Dask warns of its own dealings


def test_two_workers_of_which_one_is_killed_give_the_same_bits(tmp_path, finished):
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]
        killed: list[int] = []

        def kill_one(done: int, total: int, failed: int) -> None:
            if done >= 2 and not killed:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        address = cluster.scheduler_address
        result = run_sweep(write_sweep(tmp_path), out=tmp_path / "out", dask=address, workers=2, progress=kill_one)
    assert killed
    assert result.manifest["complete"]
    pd.testing.assert_frame_equal(result.kpis, finished.kpis, check_exact=True)


def test_a_scheduler_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(dask_runner, "CONNECT_S", 0.2)
    with pytest.raises(UnsupportedFeatureError, match="no scheduler answers at"):
        run_sweep(write_sweep(tmp_path), out=tmp_path / "out", dask="tcp://127.0.0.1:9")


def test_dask_that_is_not_installed(monkeypatch):
    monkeypatch.setattr(dask_runner, "find_spec", lambda _: None)
    with pytest.raises(UnsupportedFeatureError, match=r"corridor-sim\[dask\]"):
        dask_runner.DaskRunner(None, 2)
