"""The commands `report` and `export`: the page of a result folder, and files of it for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corridor_sim.foundation.errors import InputError, Problem

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a result or a comparison.", show_default=False)]


def report(folder: Folder) -> None:
    """Write report.html into the folder of a result or a comparison: answers, tables, map, figures; no network."""
    from corridor_sim.report.comparison import is_comparison, write_comparison_report

    target = write_comparison_report(folder) if is_comparison(folder) else _report_of_run(folder)
    typer.echo(f"{target} written, {target.stat().st_size / 1e6:.1f} MB")


def _report_of_run(folder: Path) -> Path:
    from corridor_sim.plots.gallery import save_figures
    from corridor_sim.report.page import write_report
    from corridor_sim.results import load_result

    result = load_result(folder)
    if not any(folder.glob("*.png")):
        save_figures(result, folder)
    return write_report(result, folder)


def export(
    folder: Folder,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Files to write: .xlsx, .gpkg or .json.", show_default=False),
    ],
) -> None:
    """Write a result as a workbook (.xlsx), a GeoPackage with styled layers (.gpkg) or a summary (.json)."""
    from corridor_sim.plots.result_view import ResultView
    from corridor_sim.report.exports import EXPORTS
    from corridor_sim.results import load_result

    problems = [Problem(str(f), "is of no kind that can be written", hint=f"expected {', '.join(EXPORTS)}")
                for f in files if f.suffix not in EXPORTS]  # fmt: skip
    problems += [Problem(str(f), f"there is no folder {f.parent}") for f in files if not f.absolute().parent.is_dir()]
    if problems:
        raise InputError(problems)
    view = ResultView(load_result(folder))
    for file in files:
        EXPORTS[file.suffix](view, file)
        typer.echo(f"{file} written")
