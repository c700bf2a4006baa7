"""Files for other programs, by the ending of their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.report.geopackage import write_geopackage
from corridor_sim.report.netcdf import write_netcdf
from corridor_sim.report.summary_json import write_summary
from corridor_sim.report.workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corridor_sim.plots.result_view import ResultView
    from corridor_sim.results import SweepResult

EXPORTS: dict[str, Callable[[ResultView, Path], Path]] = {
    ".xlsx": write_workbook,
    ".gpkg": write_geopackage,
    ".json": write_summary,
}
"""What writes files of each ending."""
SWEEP_EXPORTS: dict[str, Callable[[SweepResult, Path], Path]] = {".nc": write_netcdf}
"""The same for sweeps."""
