"""Result folders: written whole or not at all, read back to an equal result."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridor_sim.foundation.errors import ResultError
from corridor_sim.results.run_result import RunResult

if TYPE_CHECKING:
    from collections.abc import Callable

TABLES = ("stages", "queues", "transit_times", "journeys", "trace", "gas")
"""Tables kept as Parquet under their own names, where they exist."""


def check_writable(folder: str | Path) -> Path:
    """Check, before a long run, that a result folder can be put there.

    Raises
    ------
    ResultError
        When the folder cannot be created there, or something that is no result folder is in the way.
    """
    target = Path(folder)
    if target.exists() and not _is_result(target) and (not target.is_dir() or any(target.iterdir())):
        raise ResultError(f"{target}: is in the way and is no result folder; choose another one with --out")
    parent = target.parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise ResultError(f"{target}: cannot be written, {parent} is not a folder one may write to")
    return target


def _is_result(folder: Path) -> bool:
    return (folder / "manifest.json").is_file()


def save_result(
    result: RunResult, folder: str | Path, *, more: Callable[[Path], None] | None = None
) -> Path:
    """Write a result folder under a temporary name beside its own, then rename it when it is whole.

    Parameters
    ----------
    result
        What to write.
    folder
        The folder's name; a result folder of that name is replaced.
    more
        Called with the temporary folder to add files (figures) before the rename.

    Raises
    ------
    ResultError
        When the folder cannot be written. Nothing is left under its name that was not there before.
    """
    target = check_writable(folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.tmp-", dir=target.parent))
    except OSError as error:
        raise ResultError(f"{target}: cannot be written: {error.strerror}") from error
    try:
        _write(result, draft)
        if more is not None:
            more(draft)
        draft.chmod(0o755)
        _put_in_place(draft, target)
    except OSError as error:
        raise ResultError(f"{target}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _put_in_place(draft: Path, target: Path) -> None:
    if target.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old-", dir=target.parent))
        target.replace(old / target.name)
        draft.replace(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        draft.replace(target)


def _write(result: RunResult, folder: Path) -> None:
    (folder / "manifest.json").write_text(json.dumps(result.manifest, indent=2) + "\n", encoding="utf-8")
    if result.scenario_yaml:
        (folder / "scenario.resolved.yaml").write_text(result.scenario_yaml, encoding="utf-8")
    kpis = result.kpis
    for name in ("case_id", "kpi", "subject", "period", "unit"):
        kpis = kpis.assign(**{name: kpis[name].astype("category")})
    kpis.to_parquet(folder / "kpis.parquet", index=False)
    result.summary().to_csv(folder / "summary.csv", index=False, float_format="%.6g")
    for name in TABLES:
        table = getattr(result, name)
        if table is not None:
            table.to_parquet(folder / f"{name}.parquet", index=False)
    if result.calibration is not None:
        result.calibration.to_csv(folder / "calibration.csv", index=False, float_format="%.6g")


def load_result(folder: str | Path) -> RunResult:
    """Read a result folder.

    Raises
    ------
    ResultError
        When it is no result folder, or a file of it cannot be read.
    """
    path = Path(folder)
    if not _is_result(path):
        raise ResultError(f"{path}: is no result folder (it has no manifest.json)")
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        kpis = pd.read_parquet(path / "kpis.parquet")
        tables = {n: pd.read_parquet(path / f"{n}.parquet") for n in TABLES if (path / f"{n}.parquet").exists()}
        resolved, calibration = path / "scenario.resolved.yaml", path / "calibration.csv"
        scenario_yaml = resolved.read_text(encoding="utf-8") if resolved.exists() else ""
        observed = pd.read_csv(calibration) if calibration.exists() else None
    except (OSError, ValueError) as error:
        raise ResultError(f"{path}: cannot be read: {error}") from error
    labels, values, replications = _pivot(kpis)
    return RunResult(
        manifest=manifest,
        labels=labels,
        values=values,
        replications=replications,
        scenario_yaml=scenario_yaml,
        calibration=observed,
        folder=path,
        **tables,
    )


def _pivot(kpis: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray[tuple[int, ...], np.dtype[np.float64]], tuple[int, ...]]:
    """Turn long KPIs back into labels and a matrix."""
    keys = ["kpi", "subject", "period", "unit"]
    for name in keys:
        kpis = kpis.assign(**{name: kpis[name].astype(object)})
    labels = kpis[keys].drop_duplicates().reset_index(drop=True)
    column = kpis[keys].merge(labels.reset_index(names="column"), on=keys, how="left")["column"].to_numpy()
    replications = sorted(set(kpis["replication"].tolist()))
    row = np.searchsorted(np.array(replications), kpis["replication"].to_numpy())
    values = np.full((len(replications), len(labels)), np.nan)
    values[row, column] = kpis["value"].to_numpy()
    return labels, values, tuple(int(r) for r in replications)
