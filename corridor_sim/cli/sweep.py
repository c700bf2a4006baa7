"""The command `sweep`: one sweep file to a folder of labelled answers."""

from __future__ import annotations

import os
from pathlib import Path  # noqa: TC003  # typer reads it
from typing import Annotated

import typer
from rich.console import Console

from corridor_sim.cli.progress import sweep_bar


def sweep(  # noqa: PLR0913, PLR0917  # one argument per option of the command
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A sweep file, or the name of a shipped one.", show_default=False)
    ],
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Run on a Dask cluster: its scheduler, or local.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Run only what is missing or has failed.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Begin anew where a sweep is.")] = False,
    recompute: Annotated[
        bool, typer.Option("--recompute", help="With --resume: compute all anew when the model has changed.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder of the sweep; results/sweeps/NAME by default.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Run more cases than the file's max_cases, too.")] = False,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first case that fails.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Leave out the figures and the report.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Run a sweep: many variants of a scenario, to labelled answers with intervals and figures."""
    from corridor_sim.sweep import load_sweep_file, run_sweep

    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    loaded = load_sweep_file(file)
    with sweep_bar(console, loaded.file.name) as progress:
        result = run_sweep(
            loaded, out=out, workers=workers or os.cpu_count() or 1, dask=dask, resume=resume, replace=replace,
            recompute=recompute, yes=yes, fail_fast=fail_fast, progress=progress,
        )  # fmt: skip
    from corridor_sim.cli.sweep_tables import print_sweep, write_tables

    write_tables(result)
    if not no_figures:
        from corridor_sim.plots.sweep_gallery import save_sweep_figures
        from corridor_sim.report.sweep import write_sweep_report

        with console.status("drawing figures, writing the report"):
            save_sweep_figures(result)
            write_sweep_report(result)
    if not quiet:
        print_sweep(console, result)
