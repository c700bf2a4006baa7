"""Names and reading of a sweep's store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridor_sim.foundation.errors import ResultError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MANIFEST, CASES, PARTS, FAILURES = "manifest.json", "cases.parquet", "parts", "failures.jsonl"
"""Files and folders of a store, see `corridor_sim.sweep.store`."""
KIND = "sweep"
"""What the manifest of a store says it is."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a store.

    Raises
    ------
    ResultError
        When the folder holds no sweep.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise ResultError(f"{folder}: holds no sweep") from error
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise ResultError(f"{folder}: holds no sweep")
    return found


def read_cases(folder: Path) -> pd.DataFrame:
    """Read the table of cases."""
    try:
        return pd.read_parquet(folder / CASES)
    except OSError as error:
        raise ResultError(f"{folder}: the table of cases cannot be read: {error}") from error


def read_failures(folder: Path) -> list[dict[str, Any]]:
    """Read the failures; a last line that was cut off when the sweep was killed is left out."""
    file = folder / FAILURES
    rows = []
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return rows


def read_parts(
    folder: Path,
    columns: Sequence[str],
    *,
    kpi: str | None = None,
    subject: str | None = None,
    period: str | None = None,
) -> pd.DataFrame:
    """Read columns of all parts, of one KPI, subject or period only when asked; rows in no order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    asked = {"kpi": kpi, "subject": subject, "period": period}
    chosen = [(name, "==", text) for name, text in asked.items() if text is not None]
    files = sorted((folder / PARTS).glob("*.parquet"))
    try:
        tables = [pq.read_table(file, columns=list(columns), filters=chosen or None) for file in files]
    except (OSError, pa.ArrowException) as error:
        raise ResultError(f"{folder}: a part cannot be read: {error}") from error
    if not tables:
        return pd.DataFrame(columns=list(columns))
    table: pd.DataFrame = pa.concat_tables(tables).unify_dictionaries().to_pandas()
    return table


def finished_replications(folder: Path) -> dict[str, set[int]]:
    """Replications of every case that are in the store."""
    table = read_parts(folder, ["case_id", "replication"]).drop_duplicates()
    found: dict[str, set[int]] = {}
    for case_id, replication in zip(table["case_id"].astype(str), table["replication"], strict=True):
        found.setdefault(case_id, set()).add(int(replication))
    return found
