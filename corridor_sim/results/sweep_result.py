"""SweepResult: all cases of a sweep, labelled by their parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor_sim.foundation.errors import ResultError, nearest
from corridor_sim.foundation.time_axis import ALL
from corridor_sim.results.statistics import summarise
from corridor_sim.results.sweep_folder import read_cases, read_failures, read_manifest, read_parts

if TYPE_CHECKING:
    import numpy.typing as npt
    import xarray as xr

    Floats = npt.NDArray[np.float64]

MOST_VALUES = 200_000_000
"""Values of an array at most (1.6 GB)."""
LABELS = ["kpi", "subject", "period", "unit"]
POINT = "u_"
"""Beginning of the columns of ``cases`` that hold the place of a drawn case in the unit cube."""


@dataclass(frozen=True, eq=False)
class SweepResult:
    """Results of a sweep, read from its store when they are asked for.

    Attributes
    ----------
    folder
        The store.
    manifest
        What was swept: parameters, design, seed, KPIs that are kept, versions.
    cases
        One row per case: case, case_id, seed, and the value of every parameter under its name.
    failures
        Cases that failed: case, case_id, error, trace.
    """

    folder: Path
    manifest: dict[str, Any]
    cases: pd.DataFrame
    failures: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def parameters(self) -> list[str]:
        """Names of the parameters, which are columns of ``cases``."""
        return [p["id"] for p in self.manifest["parameters"]]

    @property
    def points(self) -> Floats:
        """(n_cases, n_parameters) places of the cases of a drawn design in the unit cube; no columns in others."""
        names = [f"{POINT}{p}" for p in self.parameters]
        if names[0] not in self.cases:
            return np.empty((len(self.cases), 0))
        return self.cases[names].to_numpy(dtype=np.float64)

    @cached_property
    def labels(self) -> pd.DataFrame:
        """KPIs in the store: columns kpi, subject, period, unit, sorted."""
        found = read_parts(self.folder, LABELS).drop_duplicates().astype(str)
        return found.sort_values(LABELS).reset_index(drop=True)

    def values(self, kpi: str, subject: str, period: str = ALL) -> Floats:
        """Return (n_cases, n_replications) one KPI of one subject and period; nan where there is no value.

        Raises
        ------
        ResultError
            When the store has no such KPI.
        """
        return self._array(kpi, subject, period)[1][:, :, 0]

    def _array(self, kpi: str | None, subject: str | None, period: str | None) -> tuple[pd.DataFrame, Floats]:
        """Labels asked for, and their values (n_cases, n_replications, n_labels), read in one go."""
        chosen, names = self._chosen(kpi, subject, period), ["kpi", "subject", "period"]
        rows = read_parts(
            self.folder, ["case_id", "replication", *names, "value"], kpi=kpi, subject=subject, period=period
        )
        keys = pd.MultiIndex.from_frame(chosen[names])
        columns = keys.get_indexer(pd.MultiIndex.from_frame(rows[names].astype(str)))
        ids = list(dict.fromkeys(self.cases["case_id"]))
        cases = pd.Index(ids).get_indexer(pd.Index(rows["case_id"].astype(str)))
        there = (columns >= 0) & (cases >= 0)
        replications = rows["replication"].to_numpy()
        n = int(replications[there].max()) + 1 if there.any() else 0
        found: Floats = np.full((len(ids), n, len(chosen)), np.nan)
        found[cases[there], replications[there], columns[there]] = rows["value"].to_numpy()[there]
        again: Any = pd.Index(ids).get_indexer(pd.Index(self.cases["case_id"]))  # cases of the same content
        return chosen, np.asarray(found[again], dtype=np.float64)

    def table(self, kpi: str | None = None, subject: str | None = None, period: str | None = None) -> pd.DataFrame:
        """Mean, 95 % interval and percentiles over replications, one row per case and KPI.

        Columns case, the parameters, kpi, subject, period, unit, mean, ci_low, ci_high, p05, p50, p95, n.
        """
        (chosen, array), parts = self._array(kpi, subject, period), []
        for k, one in enumerate(chosen.to_dict("records")):
            part = self.cases[["case", *self.parameters]].assign(**{name: one[name] for name in LABELS})
            for name, column in summarise(array[:, :, k].T).items():
                part[name] = column.astype(np.int64) if name == "n" else column
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    @property
    def kpis(self) -> pd.DataFrame:
        """All replications, long and in order: case, the parameters, replication, kpi, subject, period, value, unit."""
        columns = ["case_id", "replication", "kpi", "subject", "period", "value", "unit"]
        rows = read_parts(self.folder, columns)
        for name in ("case_id", "kpi", "subject", "period", "unit"):
            rows[name] = rows[name].astype(str)
        joined = self.cases[["case", "case_id", *self.parameters]].merge(rows, on="case_id")
        return joined.sort_values(["case", "replication", "kpi", "subject", "period"], ignore_index=True)

    def _chosen(self, kpi: str | None, subject: str | None, period: str | None) -> pd.DataFrame:
        found = self.labels
        for name, text in (("kpi", kpi), ("subject", subject), ("period", period)):
            if text is not None:
                found = found[found[name] == text]
        if found.empty:
            known = {
                f"{k} of {s}" + _when(p)
                for k, s, p in zip(*(self.labels[c] for c in ("kpi", "subject", "period")), strict=True)
            }
            asked = f"{kpi or 'any KPI'} of {subject or 'anything'}" + _when(period or ALL)
            raise ResultError(f"{self.folder}: no {asked}; {nearest(asked, known) or 'see .labels'}")
        return found

    def to_xarray(self, kpi: str | None = None, subject: str | None = None, period: str | None = ALL) -> xr.DataArray:
        """Return a labelled array.

        Parameters
        ----------
        kpi, subject
            Only these; all by default.
        period
            Only this one, the measured time as a whole by default; None: all that are kept.

        Returns
        -------
        xarray.DataArray
            Dimensions of a full product: the parameters, replication, kpi, subject; of other designs case instead of
            the parameters, which are then coordinates of it. With several periods, period is the last. Units are a
            coordinate of kpi.

        Raises
        ------
        ResultError
            When there is no such KPI, or the array would be too large for memory.
        """
        import xarray as xr

        chosen = self._chosen(kpi, subject, period)
        axes = {name: list(dict.fromkeys(chosen[name])) for name in ("kpi", "subject", "period")}
        lengths = [len(values) for values in axes.values()]
        at_most = len(self.cases) * int(np.prod(lengths))
        if at_most > MOST_VALUES:
            raise ResultError(f"an array of {at_most:,} values a replication is too large; choose a kpi or a subject")
        _, found = self._array(kpi, subject, period)
        n_replications = found.shape[1]
        array = np.full((len(self.cases), n_replications, *lengths), np.nan)
        rows, columns, pages = (chosen[name].map(values.index).to_numpy() for name, values in axes.items())
        array[:, :, rows, columns, pages] = found
        units = chosen.drop_duplicates("kpi").set_index("kpi")["unit"]
        tail: dict[str, Any] = {"replication": np.arange(n_replications), **axes}
        tail["unit"] = "kpi", [units[k] for k in axes["kpi"]]
        dims, head, shape = self._cases_as_axes()
        labelled = xr.DataArray(
            array.reshape(*shape, *array.shape[1:]),
            dims=[*dims, "replication", *axes],
            coords={**head, **tail},
            name=self.manifest["name"],
        )
        return labelled if period is None else labelled.squeeze("period", drop=True)

    def _cases_as_axes(self) -> tuple[list[str], dict[str, Any], list[int]]:
        """Dimensions of the cases, their coordinates and their lengths."""
        if self.manifest["design"] == "product":
            levels = {p["id"]: p["levels"] for p in self.manifest["parameters"]}
            return list(levels), levels, [len(values) for values in levels.values()]
        own = {p: ("case", self.cases[p].to_numpy()) for p in self.parameters}
        return ["case"], {"case": self.cases["case"].to_numpy(), **own}, [len(self.cases)]

    def __repr__(self) -> str:
        m = self.manifest
        return (
            f"<SweepResult {m['name']}: {len(self.cases)} cases of {', '.join(self.parameters)}, "
            f"{len(self.failures)} failed; see .table(), .to_xarray(), .kpis, .cases>"
        )


def _when(period: str) -> str:
    return "" if period == ALL else f" in {period}"


def load_sweep(folder: str | Path) -> SweepResult:
    """Open the result of a sweep, whole or as far as it has got.

    Raises
    ------
    ResultError
        When the folder holds no sweep.
    """
    path = Path(folder)
    failures = pd.DataFrame(read_failures(path), columns=["case", "case_id", "error", "trace"])
    return SweepResult(path, read_manifest(path), read_cases(path), failures)
