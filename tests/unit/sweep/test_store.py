"""Stores: whole files only, one writer, every worker its own parts."""

import numpy as np
import pandas as pd
import pytest

from corridor_sim.foundation.errors import ResultError
from corridor_sim.results.sweep_folder import finished_replications, read_failures
from corridor_sim.sweep import store as store_module
from corridor_sim.sweep.kept import Label
from corridor_sim.sweep.store import Store, write_whole
from corridor_sim.sweep.worker import Outcome

MANIFEST = {"kind": "sweep", "name": "x", "kpis": "all", "base": "tiny", "model_version": "1"}


def outcome(case_id: str, worker: str = "w", replications: tuple[int, ...] = (0, 1), error: str = "") -> Outcome:
    values = np.array([[1.0, np.nan]] * len(replications))
    labels = (Label("k", "a", "all", "h"), Label("k", "b", "all", "h"))
    return Outcome(0, case_id, worker, replications, labels, values, error=error, trace=error)


def opened(folder, **manifest):
    return Store.create(folder / "store", MANIFEST | manifest, {"sweep.yaml": "x"})


def test_every_worker_has_files_of_its_own(tmp_path):
    store = opened(tmp_path)
    for case, worker in (("a", "w1"), ("b", "w2"), ("c", "w1")):
        store.add(outcome(case, worker))
    store.close()
    parts = sorted((tmp_path / "store" / "parts").iterdir())
    assert sorted(p.name.rpartition("-")[0] for p in parts) == ["w1", "w2"]
    assert finished_replications(tmp_path / "store") == {"a": {0, 1}, "b": {0, 1}, "c": {0, 1}}
    rows = pd.read_parquet(parts[0])
    assert list(rows.columns) == ["case_id", "replication", "kpi", "subject", "period", "value", "unit"]
    assert rows["subject"].astype(str).eq("a").all()  # what has no value has no row


def test_a_part_is_written_when_it_is_large(tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "PART_VALUES", 8)
    store = opened(tmp_path)
    for case in "abcd":
        store.add(outcome(case))
    assert len(list((tmp_path / "store" / "parts").glob("*.parquet"))) == 2
    store.close()


def test_going_on_never_writes_over_a_part(tmp_path):
    for case in "ab":
        store = opened(tmp_path) if case == "a" else Store.resume(tmp_path / "store", MANIFEST)
        store.add(outcome(case))
        store.close()
    assert set(finished_replications(tmp_path / "store")) == {"a", "b"}


def test_one_sweep_writes_at_a_time(tmp_path):
    store = opened(tmp_path)
    with pytest.raises(ResultError, match="another sweep is writing there"):
        Store.resume(tmp_path / "store", MANIFEST)
    store.close()
    Store.resume(tmp_path / "store", MANIFEST).close()


def test_failures_are_kept_until_they_are_run_again(tmp_path):
    store = opened(tmp_path)
    store.add(outcome("a", error="it broke\nbadly"))
    store.add(outcome("b", error="this, too"))
    store.drop_failures(["a"])
    store.close()
    assert [row["case_id"] for row in read_failures(tmp_path / "store")] == ["b"]


def test_a_file_is_there_as_a_whole_or_as_it_was(tmp_path, monkeypatch):
    target = tmp_path / "x"
    write_whole(target, b"old")
    monkeypatch.setattr(store_module.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space left"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
