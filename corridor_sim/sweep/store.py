"""The store of a sweep: a folder of Parquet files that only ever grows, so that a sweep can be killed and resumed.

manifest.json         what is swept, versions, seed
sweep.yaml            the sweep file, word for word
scenario.resolved.yaml   the base scenario with the changes that hold in every case
cases.parquet         one row per case: case, case_id, seed and the value of every parameter
parts/WORKER-N.parquet   KPIs as in kpis.parquet of a run, of many cases each; every worker has files of its own
failures.jsonl        cases that failed, with their tracebacks
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.foundation.errors import ResultError
from corridor_sim.results.sweep_folder import CASES, FAILURES, MANIFEST, PARTS, read_failures, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from corridor_sim.sweep.worker import Outcome

PART_VALUES = 2_000_000
"""Values of a worker that make a file."""
PART_S = 20.0
"""Time after which a worker's values make a file all the same: what a killed sweep may lose, s."""
SAME = ("name", "kpis", "base", "model_version")
"""What must be the same in the manifest for a sweep to go on in a store."""


class Store:
    """A store that is open for writing; one sweep at a time.

    Parameters
    ----------
    folder
        An existing store, see `create` and `resume`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = _lock(folder)
        self._open: dict[str, list[pa.Table]] = defaultdict(list)
        self._size: dict[str, int] = defaultdict(int)
        self._flushed_s: dict[str, float] = {}
        self._next = 1 + max((int(f.stem.rpartition("-")[2]) for f in (folder / PARTS).glob("*.parquet")), default=-1)

    @classmethod
    def create(cls, folder: Path, manifest: dict[str, Any], files: dict[str, str]) -> Store:
        """Make a new store.

        Raises
        ------
        ResultError
            When something is in the way, or the folder cannot be written.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            hint = "go on with --resume, begin anew with --replace, or choose another folder with --out"
            what = "holds a sweep" if (folder / MANIFEST).is_file() else "is in the way and is no sweep's folder"
            raise ResultError(f"{folder}: {what}; {hint if (folder / MANIFEST).is_file() else 'choose one with --out'}")
        try:
            (folder / PARTS).mkdir(parents=True)
            for name, text in files.items():
                write_whole(folder / name, text.encode())
            write_whole(folder / MANIFEST, _json(manifest))
        except OSError as error:
            raise ResultError(f"{folder}: cannot be written: {error.strerror or error}") from error
        return cls(folder)

    @classmethod
    def resume(cls, folder: Path, manifest: dict[str, Any], *, recompute: bool = False) -> Store:
        """Open a store to go on with its sweep.

        Raises
        ------
        ResultError
            When it is the store of another sweep, or was computed by another version of the model.
        """
        there = read_manifest(folder)
        for key in SAME:
            if there.get(key) == manifest.get(key):
                continue
            if key == "model_version":
                if recompute:
                    continue
                raise ResultError(
                    f"{folder}: was computed by another model ({there.get(key)}; now {manifest[key]}), its "
                    "numbers cannot be mixed with new ones; compute all anew with --recompute, or choose another --out"
                )
            raise ResultError(
                f"{folder}: is the store of another sweep ({key} {_short(there.get(key))}, "
                f"here {_short(manifest.get(key))}); choose another folder with --out"
            )
        store = cls(folder)
        if recompute and there.get("model_version") != manifest["model_version"]:
            store._empty()
        store.write_manifest(manifest)
        return store

    def _empty(self) -> None:
        for file in (*(self.folder / PARTS).glob("*.parquet"), self.folder / FAILURES):
            file.unlink(missing_ok=True)

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Write the manifest anew."""
        self._guarded(lambda: write_whole(self.folder / MANIFEST, _json(manifest)))

    def write_cases(self, cases: pd.DataFrame) -> None:
        """Write the table of cases."""

        def write() -> None:
            draft = self.folder / f".{CASES}.tmp"
            cases.to_parquet(draft, index=False)
            _put(draft, self.folder / CASES)

        self._guarded(write)

    def add(self, outcome: Outcome) -> None:
        """Take the outcome of a case; it is on the disk when its worker's next file is."""
        if outcome.error:
            self._note_failure(outcome)
        elif outcome.replications:
            worker = outcome.worker
            self._open[worker].append(_table(outcome))
            self._size[worker] += outcome.values.size
            begun = self._flushed_s.setdefault(worker, time.monotonic())
            if self._size[worker] >= PART_VALUES or time.monotonic() - begun >= PART_S:
                self._flush(worker)

    def _note_failure(self, outcome: Outcome) -> None:
        row = {"case": outcome.number, "case_id": outcome.case_id, "error": outcome.error, "trace": outcome.trace}

        def write() -> None:
            with (self.folder / FAILURES).open("ab") as file:
                file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())

        self._guarded(write)

    def _flush(self, worker: str) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not self._open[worker]:
            return

        def write() -> None:
            target = self.folder / PARTS / f"{worker}-{self._next}.parquet"
            draft = target.with_name(f".{target.name}.tmp")
            try:
                table = pa.concat_tables(self._open[worker]).unify_dictionaries()
                pq.write_table(table, draft, compression="zstd")
                _put(draft, target)
            finally:
                draft.unlink(missing_ok=True)

        self._guarded(write)
        self._next += 1
        self._open[worker], self._size[worker] = [], 0
        self._flushed_s[worker] = time.monotonic()

    def close(self) -> None:
        """Write what is left and let go of the store."""
        try:
            for worker in list(self._open):
                self._flush(worker)
        finally:
            self._lock()

    def drop_failures(self, retried: Iterable[str]) -> None:
        """Forget the failures of cases that are run again."""
        ids = set(retried)
        kept = [row for row in read_failures(self.folder) if row["case_id"] not in ids]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept)
        self._guarded(lambda: write_whole(self.folder / FAILURES, text.encode()))

    def _guarded(self, write: Callable[[], None]) -> None:
        """Let ``write`` do its work; a full disk and the like become an error in words."""
        try:
            write()
        except OSError as error:
            raise ResultError(
                f"{self.folder}: cannot be written: {error.strerror or error}; what was written before is kept, "
                "make room and go on with --resume"
            ) from error


def _table(outcome: Outcome) -> pa.Table:
    """Make the long table of a case: case_id, replication, kpi, subject, period, value, unit."""
    import pyarrow as pa

    row, column = np.nonzero(~np.isnan(outcome.values))
    kpis, subjects, periods, units = zip(*outcome.labels, strict=True)
    numbers = np.asarray(outcome.replications, dtype=np.int32)

    def texts(of: tuple[str, ...]) -> pa.DictionaryArray:
        words = list(dict.fromkeys(of))
        codes = np.array([words.index(t) for t in of] if len(words) < 2 else _codes(of, words), dtype=np.int32)
        return pa.DictionaryArray.from_arrays(codes[column], pa.array(words))

    def one(text: str) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(np.zeros(row.size, dtype=np.int32), pa.array([text]))

    return pa.table(
        {
            "case_id": one(outcome.case_id),
            "replication": pa.array(numbers[row]),
            "kpi": texts(kpis),
            "subject": texts(subjects),
            "period": texts(periods),
            "value": pa.array(outcome.values[row, column]),
            "unit": texts(units),
        }
    )


def _codes(of: tuple[str, ...], words: list[str]) -> list[int]:
    code = {word: k for k, word in enumerate(words)}
    return [code[text] for text in of]


def write_whole(target: Path, content: bytes) -> None:
    """Write a file under another name, then rename it: it is there as a whole or as it was."""
    draft = target.with_name(f".{target.name}.tmp")
    try:
        draft.write_bytes(content)
        _put(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _put(draft: Path, target: Path) -> None:
    """Rename a file when all of it is on the disk."""
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    draft.replace(target)


def _json(manifest: dict[str, Any]) -> bytes:
    return (json.dumps(manifest, indent=2) + "\n").encode()


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _lock(folder: Path) -> Callable[[], None]:
    """Take the folder for this process; the system lets go of it however the process ends.

    Raises
    ------
    ResultError
        When another process has it.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on this system
        return lambda: None
    file = (folder / ".lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise ResultError(f"{folder}: another sweep is writing there now") from None
    return file.close
