"""KPIs of all replications as a long table in a Parquet file, written and read some replications at a time."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor_sim.results.kpi_values import KpiValues, row_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import pyarrow as pa
    import pyarrow.parquet as pq

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

KEYS = ("kpi", "subject", "period", "unit")
"""What tells one KPI from another."""
COLUMNS = ("case_id", "replication", "kpi", "subject", "period", "value", "unit")
ROWS_AT_ONCE = 2**20
"""Rows of a group of the file, about; a replication is in one group as a whole."""


def write_kpis(
    path: Path,
    values: Floats,
    labels: pd.DataFrame,
    replications: Sequence[int],
    case_id: str,
    has_value: npt.ArrayLike,
) -> None:
    """Write the values that exist, replication after replication, without ever holding the whole table.

    Parameters
    ----------
    path
        The file.
    values, labels, replications
        As in `RunResult`.
    case_id
        Repeated in every row.
    has_value
        (n_kpis,) whether any replication has a value.
    """
    import pyarrow.parquet as pq

    tables = _tables(values, labels, replications, case_id, np.asarray(has_value, dtype=bool))
    first = next(tables)
    with pq.ParquetWriter(path, first.schema) as writer:
        for table in chain([first], tables):
            writer.write_table(table, row_group_size=max(table.num_rows, 1))


def _tables(
    values: Floats, labels: pd.DataFrame, replications: Sequence[int], case_id: str, has_value: npt.NDArray[np.bool_]
) -> Iterator[pa.Table]:
    import pyarrow as pa

    numbers = np.asarray(replications, dtype=np.int64)
    texts = {name: pd.Categorical(labels.loc[has_value, name]).categories for name in KEYS}
    codes = {name: texts[name].get_indexer(pd.Index(labels[name])).astype(np.int32) for name in KEYS}
    for rows, block in row_blocks(values, max(1, ROWS_AT_ONCE // max(1, len(labels)))):
        row, column = np.nonzero(~np.isnan(block))
        table = pd.DataFrame(
            {
                "case_id": pd.Categorical.from_codes(np.zeros(row.size, dtype=np.int8), pd.Index([case_id])),
                "replication": numbers[rows][row],
                "value": block[row, column],
                **{name: pd.Categorical.from_codes(codes[name][column], texts[name]) for name in KEYS},
            }
        )
        yield pa.Table.from_pandas(table[list(COLUMNS)], preserve_index=False)


def read_kpis(path: Path) -> tuple[pd.DataFrame, Floats, tuple[int, ...]]:
    """Read labels, values and replications back, group by group.

    Labels are in the order in which they first appear.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, read_dictionary=list(KEYS)) as file:
        keys, found = _Keys(), [np.empty(0, dtype=np.int64)]
        for table in _groups(file, "replication", *KEYS):
            keys.learn(table)
            found.append(np.unique(table["replication"].to_numpy()))
        replications = np.unique(np.concatenate(found))
        values = KpiValues(len(keys), len(replications))
        filled: set[int] = set()
        for table in _groups(file, "replication", "value", *KEYS):
            _put(values, filled, np.searchsorted(replications, table["replication"].to_numpy()), keys.columns(table),
                 table["value"].to_numpy(), len(keys))  # fmt: skip
    return keys.labels(), values.finish(range(len(replications))), tuple(replications.tolist())


def _groups(file: pq.ParquetFile, *columns: str) -> Iterator[pa.Table]:
    for group in range(file.num_row_groups):
        if file.metadata.row_group(group).num_rows:
            yield file.read_row_group(group, columns=list(columns))


def _put(values: KpiValues, filled: set[int], rows: Ints, columns: Ints, numbers: Floats, n_kpis: int) -> None:
    """Put one group where it belongs; a replication may go on from an earlier group."""
    order = np.argsort(rows, kind="stable")
    borders = np.flatnonzero(np.diff(rows[order])) + 1
    for part in np.split(order, borders) if order.size else ():
        row = int(rows[part[0]])
        whole = values.get(row) if row in filled else np.full(n_kpis, np.nan)
        whole[columns[part]] = numbers[part]
        values.put(row, whole)
        filled.add(row)


class _Keys:
    """Labels met so far: each a whole number made of the numbers of its texts."""

    BITS = (12, 27, 12, 12)
    """Room for the numbers of KPIs, subjects, periods and units."""

    def __init__(self) -> None:
        self._texts: tuple[dict[str, int], ...] = tuple({} for _ in KEYS)
        self._known: pd.Index[Any] = pd.Index(np.empty(0, dtype=np.int64))

    def __len__(self) -> int:
        return len(self._known)

    def learn(self, table: pa.Table) -> None:
        """Take up the labels of a table."""
        met: pd.Index[Any] = pd.Index(self._of_rows(table)).unique()
        self._known = self._known.append(met[self._known.get_indexer(met) < 0])

    def columns(self, table: pa.Table) -> Ints:
        """Return the number of the label of each row of a table."""
        return np.asarray(self._known.get_indexer(pd.Index(self._of_rows(table))), dtype=np.int64)

    def labels(self) -> pd.DataFrame:
        """All of them, as texts."""
        key, found = self._known.to_numpy(), {}
        for name, texts, bits in zip(KEYS[::-1], self._texts[::-1], self.BITS[::-1], strict=True):
            words = list(texts)
            found[name] = pd.Series([words[k] for k in key & (2**bits - 1)], dtype=str)
            key = key >> bits
        return pd.DataFrame({name: found[name] for name in KEYS})

    def _of_rows(self, table: pa.Table) -> Ints:
        key = np.zeros(table.num_rows, dtype=np.int64)
        for name, texts, bits in zip(KEYS, self._texts, self.BITS, strict=True):
            column = table[name].combine_chunks()
            number = np.array([texts.setdefault(t, len(texts)) for t in column.dictionary.to_pylist()], dtype=np.int64)
            key = (key << bits) | number[column.indices.to_numpy()]
        return key
