import gc
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from corridor_sim.foundation.errors import ResultError
from corridor_sim.results import kpi_values
from corridor_sim.results.kpi_values import KpiValues, column_slices, read_columns, row_blocks

N_KPIS = 7
OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """The temporary folder; three rows fit the memory."""
    monkeypatch.setattr(kpi_values, "MEMORY_LIMIT_BYTES", 3 * N_KPIS * 8)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def values():
    numbers = np.random.default_rng(1).random((9, N_KPIS))
    numbers[2, 3] = np.nan
    return numbers


def filled(values, order=None, n_rows=None):
    store = KpiValues(N_KPIS, n_rows)
    for row in range(len(values)) if order is None else order:
        store.put(row, values[row])
    return store


def temporary_files(folder):
    """Files below a folder that this process holds open, names or no names."""
    held = []
    for link in OPEN_FILES.iterdir():
        try:
            held.append(os.readlink(link))  # noqa: PTH115  # the name of a file that is gone is no path
        except OSError:
            continue
    return [name for name in held if name.startswith(str(folder))]


@pytest.mark.parametrize("n_rows", [None, 3])
def test_what_fits_stays_in_memory(values, folder, n_rows):
    found = filled(values[:3], n_rows=n_rows).finish(range(3))
    assert not isinstance(found, np.memmap)
    assert np.array_equal(found, values[:3], equal_nan=True)


@pytest.mark.parametrize("n_rows", [None, 9])
@pytest.mark.parametrize("order", [range(9), (8, 0, 4, 1, 7, 2, 6, 3, 5)])
def test_more_is_in_a_file_without_a_name(values, folder, order, n_rows):
    found = filled(values, order, n_rows).finish(range(9))
    assert isinstance(found, np.memmap)
    assert found.tobytes() == values.tobytes()
    assert not found.flags.writeable
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("rows", [[0, 2], [1, 2, 5, 8]])
def test_rows_with_gaps(values, folder, rows):
    found = filled(values, rows).finish(rows)
    assert np.array_equal(found, values[rows], equal_nan=True)


def test_a_row_can_be_read_back_and_filled_again(values, folder):
    for n_rows in (3, 9):
        store = filled(values[:n_rows])
        row = store.get(2)
        assert np.array_equal(row, values[2], equal_nan=True)
        row[3] = 5.0
        store.put(2, row)
        assert store.finish(range(n_rows))[2, 3] == 5.0


def test_no_kpis_and_no_rows(folder):
    assert KpiValues(0, 2).finish(range(2)).shape == (2, 0)
    assert KpiValues(0, 0).finish([]).shape == (0, 0)


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="the system does not tell which files are open")
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_the_room_is_free_again_after_a_failure(values, folder, error):
    def fail():
        store = filled(values)
        assert len(temporary_files(folder)) == 1
        store.put(9, values[0])
        raise error

    with pytest.raises(error):
        fail()
    gc.collect()
    assert temporary_files(folder) == []
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="the system does not tell which files are open")
def test_the_room_is_free_again_when_the_values_are_no_longer_held(values, folder):
    found = filled(values).finish(range(9))
    assert len(temporary_files(folder)) == 1
    del found
    gc.collect()
    assert temporary_files(folder) == []


def disk(free):
    return lambda _: shutil._ntuple_diskusage(total=10 * free, used=9 * free, free=free)


@pytest.mark.parametrize("n_rows", [None, 1_000_000])
def test_a_disk_too_small_is_told_before_anything_is_written(values, folder, monkeypatch, n_rows):
    monkeypatch.setattr("shutil.disk_usage", disk(20 * 2**20))
    what = "53 MiB" if n_rows else "0 MiB"
    with pytest.raises(ResultError, match=rf"{what} until it is saved \(20 MiB are free\); make room there, .* TMPDIR"):
        filled(values, n_rows=n_rows)


def test_a_disk_that_fills_up_meanwhile(values, folder, monkeypatch):
    class Full:
        def seek(self, at):
            pass

        def write(self, _):
            return 3

        def close(self):
            pass

    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: Full())
    with pytest.raises(ResultError, match="No space left on device"):
        filled(values)


def test_a_temporary_folder_that_is_not_there(values, folder, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(folder / "gone"))
    with pytest.raises(ResultError, match="gone: no room"):
        filled(values)


@pytest.mark.parametrize("n_columns", [0, 1, 2, 3, 7, 100, 101])
def test_columns_are_cut_but_never_one_by_itself(monkeypatch, n_columns):
    monkeypatch.setattr(kpi_values, "BLOCK_BYTES", 100)
    slices = column_slices(10, n_columns)
    assert [k for s in slices for k in range(s.start, s.stop)] == list(range(n_columns))
    assert min(s.stop - s.start for s in slices) >= min(2, n_columns)


def test_few_columns_are_one_block():
    assert column_slices(10, 7) == [slice(0, 7)]


@pytest.mark.parametrize("n_rows", [3, 9])
def test_reading_by_columns_and_by_rows(values, folder, monkeypatch, n_rows):
    monkeypatch.setattr(kpi_values, "BLOCK_BYTES", 2 * N_KPIS * 8)
    found = filled(values[:n_rows]).finish(range(n_rows))
    assert np.array_equal(read_columns(found, slice(2, 5)), values[:n_rows, 2:5], equal_nan=True)
    blocks = list(row_blocks(found, 4))
    assert [rows.start for rows, _ in blocks] == list(range(0, n_rows, 4))
    assert np.array_equal(np.concatenate([b for _, b in blocks]), values[:n_rows], equal_nan=True)


def test_reading_a_part_of_a_file(values, folder):
    found = filled(values).finish(range(9))
    assert np.array_equal(read_columns(found[:4], slice(0, 2)), values[:4, :2], equal_nan=True)
