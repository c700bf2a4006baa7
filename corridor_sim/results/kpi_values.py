"""KPI values of all replications: in memory while they are few, beyond that in a temporary file."""

from __future__ import annotations

import errno
import mmap
import os
import shutil
import tempfile
import weakref
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.errors import ResultError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import IO

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

MEMORY_LIMIT_BYTES = 96 * 2**20
"""Values that are kept in memory."""
BLOCK_BYTES = 32 * 2**20
"""Values that are worked on at once."""
RESERVE_BYTES = 64 * 2**20
"""Room that a temporary file leaves to others."""
VALUE_BYTES = 8


class KpiValues:
    """A matrix that is filled row by row, in any order, and then read as one array.

    Rows beyond `MEMORY_LIMIT_BYTES` move it to a file in the system's temporary folder. The file has no name (or is
    deleted by the system when it is closed): however a run ends, nothing of it stays.

    Parameters
    ----------
    n_kpis
        Its columns.
    n_rows
        Rows that will come, where that is known: room for them is then looked for before the first one.

    Raises
    ------
    ResultError
        Here or later, when there is no room for the file.
    """

    def __init__(self, n_kpis: int, n_rows: int | None = None) -> None:
        self._shape = (n_kpis,)
        self._row_bytes = max(n_kpis, 1) * VALUE_BYTES
        self._file: IO[bytes] | None = None
        self._end = 0
        fitting = max(MEMORY_LIMIT_BYTES // self._row_bytes, 1)
        # pages that nobody writes to take no memory
        self._rows = np.empty((fitting if n_rows is None else min(fitting, n_rows), n_kpis))
        if n_rows is not None and n_rows > fitting:
            self._move_to_file(n_rows)

    def put(self, row: int, values: Floats) -> None:
        """Fill one row."""
        if self._file is None and row >= len(self._rows):
            self._move_to_file(2 * len(self._rows))
        if self._file is None:
            self._rows[row] = values
        else:
            self._write(self._file, row, values)
        self._end = max(self._end, row + 1)

    def get(self, row: int) -> Floats:
        """Return a row that was filled."""
        if self._file is None:
            return np.array(self._rows[row])
        self._file.seek(row * self._row_bytes)
        return np.frombuffer(self._file.read(self._row_bytes), dtype=np.float64).copy()

    def finish(self, rows: Sequence[int]) -> Floats:
        """Return the rows of these numbers, which ascend, as one array; of a file, a read-only `numpy.memmap`.

        Nothing can be put or got afterwards. The room of the file is free again when nobody holds the array.
        """
        for to, row in enumerate(rows):
            if to != row:
                self.put(to, self.get(row))
        shape = (len(rows), *self._shape)
        if self._file is None:
            self._rows.resize(shape, refcheck=False)
            return self._rows
        values = np.memmap(self._file, np.float64, "r", shape=shape)
        self._file.close()
        return values

    def _move_to_file(self, n_rows: int) -> None:
        _check_room(n_rows * self._row_bytes)
        try:
            file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # open as long as rows come
        except OSError as error:
            raise _no_room(n_rows * self._row_bytes, error.strerror or str(error)) from error
        weakref.finalize(self, file.close)
        for row in range(self._end):
            self._write(file, row, self._rows[row])
        self._file, self._rows = file, self._rows[:0].copy()

    def _write(self, file: IO[bytes], row: int, values: Floats) -> None:
        try:
            file.seek(row * self._row_bytes)
            if file.write(np.ascontiguousarray(values, dtype=np.float64).data) < self._row_bytes:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # noqa: TRY301
        except OSError as error:
            raise _no_room((self._end + 1) * self._row_bytes, error.strerror or str(error)) from error


def _check_room(n_bytes: int) -> None:
    try:
        free = shutil.disk_usage(tempfile.gettempdir()).free
    except OSError as error:
        raise _no_room(n_bytes, error.strerror or str(error)) from error
    if free < n_bytes + RESERVE_BYTES:
        raise _no_room(n_bytes, f"{free / 2**20:,.0f} MiB are free")


def _no_room(n_bytes: int, why: str) -> ResultError:
    folder = tempfile.tempdir or "the temporary folder"
    return ResultError(
        f"{folder}: no room for the KPI values of this run, {n_bytes / 2**20:,.0f} MiB until it is saved ({why}); "
        "make room there, name another folder in the environment variable TMPDIR, or run fewer replications"
    )


def column_slices(n_rows: int, n_columns: int) -> list[slice]:
    """Cut columns to blocks of about `BLOCK_BYTES`.

    Never a single column of several: numpy adds up a column by itself in another order than one among others.
    """
    n_blocks = max(1, min(ceil(n_rows * n_columns * VALUE_BYTES / BLOCK_BYTES), n_columns // 2))
    edges = np.linspace(0, n_columns, n_blocks + 1).astype(np.int64).tolist()
    return [slice(a, b) for a, b in pairwise(edges)]


def read_columns(values: Floats, columns: slice) -> Floats:
    """Return some columns of all rows; of values in a file a copy, whose source does not stay in memory."""
    if not isinstance(values, np.memmap):
        return values[:, columns]
    block = np.empty((len(values), len(range(*columns.indices(values.shape[1])))))
    for rows in _row_slices(values, max(1, BLOCK_BYTES // max(1, values.shape[1] * VALUE_BYTES))):
        block[rows] = values[rows, columns]
        _forget(values)
    return block


def row_blocks(values: Floats, n_rows: int) -> Iterator[tuple[slice, Floats]]:
    """Go through all rows, so many at once; of values in a file copies, whose source does not stay in memory."""
    for rows in _row_slices(values, n_rows):
        block = np.array(values[rows])
        _forget(values)
        yield rows, block


def _row_slices(values: Floats, n_rows: int) -> list[slice]:
    return [slice(first, min(first + n_rows, len(values))) for first in range(0, len(values), n_rows)]


def _forget(values: Floats) -> None:
    """Let the system take back what was read of a file; it is read again when it is asked for again."""
    source = values.base
    while isinstance(source, np.ndarray):
        source = source.base
    if isinstance(source, mmap.mmap) and hasattr(source, "madvise"):
        source.madvise(mmap.MADV_DONTNEED)
