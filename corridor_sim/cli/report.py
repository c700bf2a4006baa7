"""The commands `report` and `export`: the page of a result folder, and files of it for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corridor_sim.foundation.errors import InputError, Problem

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder of a result, a comparison or a sweep.", show_default=False)
]


def report(folder: Folder) -> None:
    """Write report.html into the folder of a result, comparison or sweep: answers, tables, map, figures; no network."""
    from corridor_sim.report.comparison import is_comparison, write_comparison_report
    from corridor_sim.report.sweep import is_sweep

    if is_comparison(folder):
        target = write_comparison_report(folder)
    else:
        target = _report_of_sweep(folder) if is_sweep(folder) else _report_of_run(folder)
    typer.echo(f"{target} written, {target.stat().st_size / 1e6:.1f} MB")


def _report_of_run(folder: Path) -> Path:
    from corridor_sim.plots.gallery import save_figures
    from corridor_sim.report.page import write_report
    from corridor_sim.results import load_result

    result = load_result(folder)
    if not any(folder.glob("*.png")):
        save_figures(result, folder)
    return write_report(result, folder)


def _report_of_sweep(folder: Path) -> Path:
    from corridor_sim.plots.sweep_gallery import save_sweep_figures
    from corridor_sim.report.sweep import write_sweep_report
    from corridor_sim.results import load_sweep

    result = load_sweep(folder)
    if not any(folder.glob("*.png")):
        save_sweep_figures(result)
    return write_sweep_report(result)


def export(
    folder: Folder,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Files to write: .xlsx, .gpkg, .json; .nc.", show_default=False),
    ],
) -> None:
    """Write a result as a workbook (.xlsx), a GeoPackage (.gpkg) or a summary (.json), a sweep as NetCDF (.nc)."""
    from corridor_sim.report.exports import EXPORTS, SWEEP_EXPORTS
    from corridor_sim.report.sweep import is_sweep

    known = SWEEP_EXPORTS if is_sweep(folder) else EXPORTS
    problems = [Problem(str(f), "is of no kind that can be written", hint=f"expected {', '.join(known)}")
                for f in files if f.suffix not in known]  # fmt: skip
    problems += [Problem(str(f), f"there is no folder {f.parent}") for f in files if not f.absolute().parent.is_dir()]
    if problems:
        raise InputError(problems)
    for file in files:
        _write_one(folder, file)
        typer.echo(f"{file} written")


def _write_one(folder: Path, file: Path) -> None:
    from corridor_sim.plots.result_view import ResultView
    from corridor_sim.report.exports import EXPORTS, SWEEP_EXPORTS
    from corridor_sim.results import load_result, load_sweep

    if file.suffix in SWEEP_EXPORTS:
        SWEEP_EXPORTS[file.suffix](load_sweep(folder), file)
    else:
        EXPORTS[file.suffix](ResultView(load_result(folder)), file)
