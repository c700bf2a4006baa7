import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from corridor_sim.results import kpi_table, kpi_values
from corridor_sim.results.kpi_table import COLUMNS, KEYS, read_kpis, write_kpis

LABELS = pd.DataFrame(
    [
        ("throughput_t", "flow:A", "all", "t"),
        ("throughput_t", "flow:A", "2025", "t"),
        ("never", "flow:A", "all", "h"),
        ("throughput_t", "flow:B", "all", "t"),
        ("queue_mean_h", "place:Tor 1 (Süd)", "all", "h"),
    ],
    columns=list(KEYS),
)
REPLICATIONS = (0, 1, 3, 7, 8)


@pytest.fixture
def values():
    numbers = np.random.default_rng(1).random((5, 5))
    numbers[:, 2] = np.nan
    numbers[0, 1] = numbers[3, 4] = np.nan
    return numbers


def write(path, values, labels=LABELS):
    write_kpis(path, values, labels, REPLICATIONS, "case", ~np.isnan(values).all(axis=0))
    return path


@pytest.fixture(params=[1, 7, 2**20], ids="{} rows at once".format)
def rows_at_once(request, monkeypatch):
    monkeypatch.setattr(kpi_table, "ROWS_AT_ONCE", request.param)
    return request.param


def test_one_row_per_value_that_exists(values, tmp_path, rows_at_once):
    table = pd.read_parquet(write(tmp_path / "kpis.parquet", values))
    assert table.columns.tolist() == list(COLUMNS)
    row, column = np.nonzero(~np.isnan(values))
    assert table["replication"].tolist() == [REPLICATIONS[r] for r in row]
    assert table["value"].tolist() == values[row, column].tolist()
    for name in KEYS:
        assert table[name].tolist() == LABELS[name].iloc[column].tolist()
        assert isinstance(table[name].dtype, pd.CategoricalDtype)
        assert set(table[name].cat.categories) == set(table[name])
    assert set(table["case_id"]) == {"case"}


def test_replications_are_not_cut(values, tmp_path, rows_at_once):
    path = write(tmp_path / "kpis.parquet", values)
    with pq.ParquetFile(path) as file:
        groups = [set(file.read_row_group(g)["replication"].to_pylist()) for g in range(file.num_row_groups)]
    assert len(groups) == (5 if rows_at_once < 10 else 1)
    assert sum(map(len, groups)) == len(REPLICATIONS)


def assert_read_back(path, values):
    labels, found, replications = read_kpis(path)
    order = [0, 3, 4, 1]  # as they first appear; what never has a value is not in the file
    assert replications == REPLICATIONS
    pd.testing.assert_frame_equal(labels, LABELS.iloc[order].reset_index(drop=True))
    assert np.array_equal(found, values[:, order], equal_nan=True)


def test_reading_back(values, tmp_path, rows_at_once):
    assert_read_back(write(tmp_path / "kpis.parquet", values), values)


def test_reading_back_what_does_not_fit_the_memory(values, tmp_path, rows_at_once, monkeypatch):
    monkeypatch.setattr(kpi_values, "MEMORY_LIMIT_BYTES", 2 * 4 * 8)
    path = write(tmp_path / "kpis.parquet", values)
    assert isinstance(read_kpis(path)[1], np.memmap)
    assert_read_back(path, values)


@pytest.mark.parametrize("limit", [2**28, 2 * 4 * 8])
@pytest.mark.parametrize("row_group_size", [2, 3, 100])
def test_groups_that_cut_replications(values, tmp_path, row_group_size, limit, monkeypatch):
    """Files written by others: groups of any size, texts that are no categories."""
    monkeypatch.setattr(kpi_values, "MEMORY_LIMIT_BYTES", limit)
    table = pd.read_parquet(write(tmp_path / "kpis.parquet", values))
    path = tmp_path / "other.parquet"
    table.astype(dict.fromkeys(KEYS, str)).to_parquet(path, row_group_size=row_group_size, index=False)
    assert_read_back(path, values)


def test_rows_in_any_order(values, tmp_path):
    table = pd.read_parquet(write(tmp_path / "kpis.parquet", values)).sort_values("value")
    path = tmp_path / "other.parquet"
    table.to_parquet(path, row_group_size=4, index=False)
    labels, found, replications = read_kpis(path)
    assert replications == REPLICATIONS
    columns = [LABELS.index[LABELS.eq(row).all(axis=1)].item() for _, row in labels.iterrows()]
    assert np.array_equal(found, values[:, columns], equal_nan=True)


@pytest.mark.parametrize("n_kpis", [0, 1])
def test_nothing_to_write(tmp_path, n_kpis):
    path = write(tmp_path / "kpis.parquet", np.full((5, n_kpis), np.nan), LABELS.iloc[:n_kpis])
    assert pd.read_parquet(path).columns.tolist() == list(COLUMNS)
    labels, found, replications = read_kpis(path)
    assert (len(labels), found.shape, replications) == (0, (0, 0), ())
