"""A sweep as NetCDF: one variable per KPI over parameters, replications, subjects and periods, with units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.foundation.errors import ResultError
from corridor_sim.results.kpi_meanings import meaning_of

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from corridor_sim.results import SweepResult

NAMED = ("name", "title", "base", "design", "seed")
"""What the manifest tells of the file's origin."""


def write_netcdf(result: SweepResult, file: Path) -> Path:
    """Write all answers of a sweep as NetCDF 3 (64 bit offsets), which every reader opens.

    Parameters
    ----------
    result
        The sweep.
    file
        Its name; a file that is there is replaced.

    Raises
    ------
    ResultError
        When there are too many values for memory, or the file cannot be written.
    """
    dataset = sweep_dataset(result)
    draft = file.with_name(f".{file.name}.tmp")
    try:
        dataset.to_netcdf(draft, format="NETCDF3_64BIT", engine="scipy")
        draft.replace(file)
    except OSError as error:
        raise ResultError(f"{file}: cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    return file


def sweep_dataset(result: SweepResult) -> xr.Dataset:
    """Return the sweep as an `xarray.Dataset`: KPIs are variables, subjects without a value of one are nan."""
    array = result.to_xarray(period=None)
    if array.sizes["period"] == 1:
        array = array.squeeze("period")
    units = dict(zip(array["kpi"].values.tolist(), array["unit"].values.tolist(), strict=True))
    dataset = array.drop_vars("unit").to_dataset(dim="kpi")
    for kpi, unit in units.items():
        dataset[kpi].attrs = {"units": unit, "long_name": meaning_of(kpi).label or kpi}
    for parameter in result.manifest["parameters"]:
        about = {"long_name": parameter["name"], "units": parameter["unit"], "path": ", ".join(parameter["paths"])}
        dataset[parameter["id"]].attrs = {key: str(text) for key, text in about.items() if text}
    dataset.attrs = {key: _plain(result.manifest[key]) for key in NAMED if result.manifest.get(key) is not None}
    dataset.attrs["source"] = "corridor_sim; simulated, not observed"
    return _without_objects(dataset)


def _without_objects(dataset: xr.Dataset) -> xr.Dataset:
    """Make texts of coordinates that hold mixed things: the format knows numbers and texts."""
    for name, variable in dataset.variables.items():
        if variable.dtype.kind in "Ob":
            dataset[name] = (variable.dims, np.array([str(v) for v in variable.values.ravel()]), variable.attrs)
    return dataset


def _plain(value: Any) -> Any:
    """Make attributes that the format can hold: its whole numbers have 32 bits."""
    return value if isinstance(value, float) else str(value)
