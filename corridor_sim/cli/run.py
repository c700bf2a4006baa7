"""The command `run`: one scenario to a result folder."""

from __future__ import annotations

import os
import re
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from corridor_sim.cli.options import Overrides, ScenarioPath, Settings, load
from corridor_sim.cli.progress import run_bar

if TYPE_CHECKING:
    from corridor_sim.results import RunResult
    from corridor_sim.scenario import Scenario


def run(  # noqa: PLR0913, PLR0917  # one argument per option of the command
    scenario: ScenarioPath,
    engine: Annotated[
        str | None, typer.Option(help="auto, des (discrete event) or vector (all replications at once).")
    ] = None,
    replications: Annotated[int | None, typer.Option(min=1, help="Runs with different random numbers.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all random numbers.")] = None,
    settings: Settings = None,
    override: Overrides = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Result folder; results/NAME (and what is changed) by default. A result that is there is replaced."
        ),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    max_memory: Annotated[
        float | None,
        typer.Option(min=1, metavar="MIB", help="Memory for all processes; most of what is free by default."),
    ] = None,
    chunk: Annotated[
        int | None, typer.Option(min=1, help="Replications computed at once; by default what fits.")
    ] = None,
    no_coupling: Annotated[
        bool, typer.Option("--no-coupling", help="Gas phases start as planned, their pipes do not wait for freight.")
    ] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Keep every event of every consignment.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Leave out the figures and the report.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Run a scenario and write its result folder: KPIs, tables, figures, report."""
    from corridor_sim.results.folder import check_writable

    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    began = time.perf_counter()
    loaded = load(scenario, settings, override)
    target = check_writable(out or Path("results") / _folder_name(loaded))
    n_workers = workers or os.cpu_count() or 1
    result = _simulate(
        loaded,
        console,
        engine=engine,
        replications=replications,
        seed=seed,
        workers=n_workers,
        trace=trace,
        coupling=not no_coupling,
        max_memory_mib=max_memory,
        chunk=chunk,
    )
    if no_figures:
        result.save(target)
    else:
        with console.status("drawing figures, writing the report"):
            result.save(target, more=partial(_add_figures_and_report, result))
    if not quiet:
        _tell(console, loaded, result)
        console.print(f"\n{target}/ written, {time.perf_counter() - began:.0f} s in all")


def _add_figures_and_report(result: RunResult, folder: Path) -> None:
    from corridor_sim.plots.gallery import save_figures
    from corridor_sim.report.page import write_report

    save_figures(result, folder)
    write_report(result, folder)


def _tell(console: Console, scenario: Scenario, result: RunResult) -> None:
    """Print the tables of freight, and the page of gas."""
    from corridor_sim.cli.choice_tables import print_choice
    from corridor_sim.cli.gas_page import print_gas
    from corridor_sim.cli.tables import print_result

    if not result.stages.empty:
        print_result(console, result)
        print_choice(console, result)
        _tell_warm_up(console, scenario, result)
    if result.gas is not None:
        print_gas(console, result)


def _tell_warm_up(console: Console, scenario: Scenario, result: RunResult) -> None:
    """Suggest a warm-up to who gave none, or say which one was found."""
    if scenario.run.warm_up_h > 0:
        return
    from corridor_sim.analysis.warm_up import suggested_warm_up

    console.print(result.manifest.get("warm_up_found") or suggested_warm_up(result)[1])


def _folder_name(scenario: Scenario) -> str:
    """Name of the default folder: what was changed is part of it, so that a what-if does not replace the base."""
    changes = (change.partition("=") for change in scenario.applied)
    words = [scenario.name, *(f"{path.rpartition('.')[2]}{sign}{value}" for path, sign, value in changes)]
    return re.sub(r"[^a-zA-Z0-9.-]+", "-", "-".join(words)).strip("-")[:100]


def _simulate(loaded: Scenario, console: Console, **options: Any) -> RunResult:
    from corridor_sim.choice.run import simulate_with_choice

    n = options["replications"] or loaded.run.replications
    with run_bar(console, loaded.name, n) as (progress, looking):
        return simulate_with_choice(loaded, progress=progress, looking=looking, **options)
