"""The command `report`: the page of a result folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.", show_default=False)]


def report(folder: Folder) -> None:
    """Write report.html into a result folder: one page with answers, tables, map and figures; it needs no network."""
    from corridor_sim.plots.gallery import save_figures
    from corridor_sim.report.page import write_report
    from corridor_sim.results import load_result

    result = load_result(folder)
    if not any(folder.glob("*.png")):
        save_figures(result, folder)
    target = write_report(result, folder)
    typer.echo(f"{target} written, {target.stat().st_size / 1e6:.1f} MB")
