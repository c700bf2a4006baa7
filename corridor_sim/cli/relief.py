"""The command `relief`: what more capacity gains, place by place."""

from __future__ import annotations

import os
from pathlib import Path  # noqa: TC003  # typer reads it
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from corridor_sim.cli.options import Overrides, ScenarioPath, Settings, load
from corridor_sim.cli.progress import sweep_bar

if TYPE_CHECKING:
    from corridor_sim.sweep.relief import Relief

MOST_ROWS = 15


def relief(  # noqa: PLR0913, PLR0917  # one argument per option of the command
    scenario: ScenarioPath,
    settings: Settings = None,
    override: Overrides = None,
    replications: Annotated[
        int | None, typer.Option(min=2, help="Of every case; the scenario's own by default.")
    ] = None,
    places: Annotated[int, typer.Option(min=1, help="Places with most cargo waiting that are looked at.")] = 40,
    every: Annotated[bool, typer.Option("--all", help="Look at every place.")] = False,
    more: Annotated[float, typer.Option(min=0.01, max=2.0, help="Share of capacity that is added.")] = 0.10,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; results/relief-NAME by default.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Run only what is missing.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Begin anew where a relief is.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Find what ten per cent more capacity gains at each place, and where the queue moves next."""
    from corridor_sim.plots.relief import draw_relief
    from corridor_sim.plots.style import save_figure
    from corridor_sim.plots.sweeps import sweep_footer
    from corridor_sim.sweep.relief import run_relief

    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    loaded = load(scenario, settings, override)
    with sweep_bar(console, f"relief {loaded.name}") as progress:
        found = run_relief(
            loaded, out=out, replications=replications, places=None if every else places, more=more,
            workers=workers or os.cpu_count() or 1, resume=resume, replace=replace, progress=progress,
        )  # fmt: skip
    folder = found.sweep.folder
    title = f"What {100 * more:g} % more capacity gains: {loaded.name}"
    figure = draw_relief(found.table, title=title, footer=sweep_footer(found.sweep))
    if figure is not None:
        save_figure(figure, folder, "relief")
    if not quiet:
        _print(console, found, more)
        console.print(f"{len(found.table)} places looked at; {folder}/ written (relief.csv)")


def _print(console: Console, found: Relief, more: float) -> None:
    table = Table(
        title=f"Relief: {100 * more:g} % more capacity, one place at a time", title_justify="left", show_edge=False
    )
    table.add_column("place", no_wrap=True)
    table.add_column("h a tonne", justify="right", no_wrap=True)
    table.add_column("kt a year", justify="right", no_wrap=True)
    table.add_column("most on route, h", no_wrap=True)
    table.add_column("moves to", no_wrap=True)
    for row in found.table.head(MOST_ROWS).to_dict("records"):
        route = f"{row['route'].replace('_', ' ')} {24 * row['route_days']:.1f}"
        table.add_row(
            str(row["place"]),
            f"{24 * row['days']:+.2f} ± {24 * row['days_half']:.2f}",
            f"{row['tonnes_per_year'] / 1e3:+.1f} ± {row['tonnes_half'] / 1e3:.1f}",
            route,
            str(row["moves_to"]) or "-",
        )
    table.caption, table.caption_justify = (
        "± half of the 95 % interval, paired on common random numbers; moves to: where surely more cargo waits then",
        "left",
    )
    console.print(table)
    sure = found.table[found.table["days"] > found.table["days_half"]]
    if not len(sure):
        console.print("nothing sure can be said about any place; run more replications")
        return
    best, first = sure.iloc[0], found.table.iloc[0]
    console.print(f"relieve first: {best['name']} ({best['place']})")
    if best["place"] != first["place"]:
        console.print(f"{first['name']} ({first['place']}) may gain more, not surely; run more replications")
