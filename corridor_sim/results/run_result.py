"""RunResult: all lanes of a run, as labelled tables."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor_sim.foundation.errors import ResultError
from corridor_sim.foundation.time_axis import is_month
from corridor_sim.results.folder import is_result_folder, write_folder
from corridor_sim.results.kpi_table import KEYS, read_kpis, write_kpis
from corridor_sim.results.statistics import summarise

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


TABLES = (
    "stages", "queues", "transit_times", "journeys", "bills", "trace",
    "gas", "gas_phases", "gas_profile", "gas_feasibility",
)  # fmt: skip
"""Tables kept as Parquet under their own names, where they exist."""
CSV_TABLES = ("calibration", "route_choice", "route_choice_convergence")
"""Small tables kept as CSV, for any spreadsheet."""


@dataclass(frozen=True, eq=False)
class RunResult:
    """Results of one scenario: every replication, labelled.

    Attributes
    ----------
    manifest
        Versions, seed, engine, digests, wall time, stage events and rate; ``periods_kept`` and
        ``detailed_replications`` say what of every replication was kept.
    labels
        One row per KPI: columns kpi, subject, period, unit.
    values
        (n_replications, n_kpis), in the order of ``labels``; of thousands of replications a read-only
        `numpy.memmap` of a temporary file.
    stages
        Per replication (the first 200) and stage: columns replication, stage_id, place_id, ..., arrivals, queue_h,
        utilisation, elapsed_p05_h and elapsed_p95_h (from release to departure from the stage)...
    queues
        Mean number waiting by place and day: columns place, date, mean, p05, p95 over replications (the first 200).
    transit_times
        Consignments by transit time: columns subject, low_h, high_h, count (all replications together).
    journeys
        Measured parts of trips in each replication (the first 200): columns replication, journey_id, n, mean, p05,
        p50, p95 (hours).
    bills
        What one consignment pays on each itinerary, stage by stage, where the scenario has charges, else None: columns
        itinerary_id, stage_id, kind, charge, by_hour, load_t, load_teu, usd, usd_low, usd_high (of the price's range).
    trace
        Events of every consignment, when they were asked for, else None.
    gas
        Days of a gas run: columns date, quantity, mean, p05, p50, p95 over the first 200 replications (mcm, mcm/d);
        None in a freight run.
    gas_phases, gas_profile, gas_feasibility
        Phases of the ramp with their starts, capacities and limits; pressure and linepack along the lines; what one
        string carries by pressure and spacing of stations.
    scenario_yaml
        The resolved scenario.
    """

    manifest: dict[str, Any]
    labels: pd.DataFrame
    values: Floats
    replications: tuple[int, ...]
    stages: pd.DataFrame = field(default_factory=pd.DataFrame)
    queues: pd.DataFrame = field(default_factory=pd.DataFrame)
    transit_times: pd.DataFrame = field(default_factory=pd.DataFrame)
    journeys: pd.DataFrame = field(default_factory=pd.DataFrame)
    bills: pd.DataFrame | None = None
    trace: pd.DataFrame | None = None
    gas: pd.DataFrame | None = None
    gas_phases: pd.DataFrame | None = None
    gas_profile: pd.DataFrame | None = None
    gas_feasibility: pd.DataFrame | None = None
    calibration: pd.DataFrame | None = None
    """Simulated against observed, when the scenario has targets."""
    route_choice: pd.DataFrame | None = None
    """Tonnes, shares and generalised cost by market, route and period, when the scenario has route choice."""
    route_choice_convergence: pd.DataFrame | None = None
    """Gap after every run of the search for the equilibrium."""
    scenario_yaml: str = ""
    folder: Path | None = field(default=None, compare=False)
    """Where it was loaded from or saved to."""

    @cached_property
    def kpis(self) -> pd.DataFrame:
        """All KPIs, long: case_id, replication, kpi, subject, period, value, unit; missing values left out.

        Of thousands of replications that takes gigabytes: read ``values`` and ``labels``, or kpis.parquet by parts.
        """
        n_replications, n_kpis = self.values.shape
        index = np.tile(np.arange(n_kpis), n_replications)
        table = self.labels.iloc[index].reset_index(drop=True)
        table.insert(0, "case_id", self.manifest["case_id"])
        table.insert(1, "replication", np.repeat(np.asarray(self.replications, dtype=np.int64), n_kpis))
        table["value"] = self.values.ravel()
        table = table[["case_id", "replication", "kpi", "subject", "period", "value", "unit"]]
        return table[table["value"].notna()].reset_index(drop=True)

    @cached_property
    def _statistics(self) -> dict[str, Floats]:
        return summarise(self.values)

    @cached_property
    def _summary(self) -> pd.DataFrame:
        table = self.labels[list(KEYS)].copy()
        for name, column in self._statistics.items():
            table[name] = column
        table["n"] = table["n"].astype(np.int64)
        table = table[table["n"] > 0]
        return table[~_is_meaningless(table)].reset_index(drop=True)

    def summary(self) -> pd.DataFrame:
        """Mean, 95 % interval and percentiles over replications: kpi, subject, period, unit, mean, ci_low, ..., n."""
        return self._summary.copy()

    def subjects(self) -> pd.DataFrame:
        """Names of flows and places in words: columns subject, name, kind, node."""
        if self.stages.empty:
            return pd.DataFrame({name: pd.Series(dtype=str) for name in ("subject", "name", "kind", "node")})
        stages = self.stages.drop_duplicates("stage_id")
        flows = stages.drop_duplicates("flow_id")
        places = stages[stages["place_id"] != ""].drop_duplicates("place_id")
        parts = [
            pd.DataFrame(
                {"subject": "flow:" + flows["flow_id"], "name": flows["flow_name"], "kind": "flow", "node": ""}
            ),
            pd.DataFrame(
                {
                    "subject": "place:" + places["place_id"],
                    "name": places["place_name"],
                    "kind": places["place_kind"],
                    "node": places["node"],
                }
            ),
        ]
        return pd.concat(parts, ignore_index=True)

    def __repr__(self) -> str:
        m = self.manifest
        return (
            f"<RunResult {m.get('scenario', '?')}: {len(self.replications)} replications, {len(self.labels)} KPIs; "
            "see .summary(), .kpis, .stages, .calibration>"
        )

    def save(self, folder: str | Path, *, more: Callable[[Path], object] | None = None) -> Path:
        """Write a result folder: under a temporary name first, renamed when it is whole.

        Parameters
        ----------
        folder
            Its name; a result folder of that name is replaced.
        more
            Called with the temporary folder, to add files (figures) before the rename.

        Raises
        ------
        ResultError
            When the folder cannot be written. What stood under its name before is then still there.
        """

        def write(draft: Path) -> None:
            self._write(draft)
            if more is not None:
                more(draft)

        return write_folder(folder, write)

    def _write(self, folder: Path) -> None:
        (folder / "manifest.json").write_text(json.dumps(self.manifest, indent=2) + "\n", encoding="utf-8")
        if self.scenario_yaml:
            (folder / "scenario.resolved.yaml").write_text(self.scenario_yaml, encoding="utf-8")
        has_value = self._statistics["n"] > 0
        write_kpis(
            folder / "kpis.parquet", self.values, self.labels, self.replications, self.manifest["case_id"], has_value
        )
        self.summary().to_csv(folder / "summary.csv", index=False, float_format="%.6g")
        self.subjects().to_csv(folder / "subjects.csv", index=False)
        for name in TABLES:
            table = getattr(self, name)
            if table is not None:
                table.to_parquet(folder / f"{name}.parquet", index=False)
        for name in CSV_TABLES:
            table = getattr(self, name)
            if table is not None:
                table.to_csv(folder / f"{name}.csv", index=False, float_format="%.6g")


def _is_meaningless(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Find means of queues that grow, and growths of queues that do not.

    A queue whose load exceeds capacity over years, in the mean of the replications, has no mean to speak of: its
    growth is given instead. Months are too short to tell.
    """
    is_long = ~table["period"].map(is_month).to_numpy(dtype=bool)
    load = table[(table["kpi"] == "offered_load_frac") & (table["mean"] > 1) & is_long]
    overloaded = set(zip(load["subject"], load["period"], strict=True))
    grows = np.array([key in overloaded for key in zip(table["subject"], table["period"], strict=True)], dtype=bool)
    kpi = table["kpi"]
    return np.where(grows, kpi.isin(["queue_mean_h", "queue_p95_h"]), kpi == "queue_growth_per_year")


def _read_csv(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, keep_default_na=False, na_values=["", "nan"])


def load_result(folder: str | Path) -> RunResult:
    """Read a result folder.

    Raises
    ------
    ResultError
        When it is no result folder, or a file of it cannot be read.
    """
    path = Path(folder)
    if not is_result_folder(path):
        raise ResultError(f"{path}: is no result folder (it has no manifest.json)")
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        labels, values, replications = read_kpis(path / "kpis.parquet")
        tables = {n: pd.read_parquet(path / f"{n}.parquet") for n in TABLES if (path / f"{n}.parquet").exists()}
        tables |= {n: _read_csv(path / f"{n}.csv") for n in CSV_TABLES if (path / f"{n}.csv").exists()}
        resolved = path / "scenario.resolved.yaml"
        scenario_yaml = resolved.read_text(encoding="utf-8") if resolved.exists() else ""
    except (OSError, ValueError) as error:
        raise ResultError(f"{path}: cannot be read: {error}") from error
    return RunResult(
        manifest=manifest,
        labels=labels,
        values=values,
        replications=replications,
        scenario_yaml=scenario_yaml,
        folder=path,
        **tables,
    )
