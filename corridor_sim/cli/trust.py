"""The command `trust`: what the answers of a scenario rest on, as tables, a figure and a part of its report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from corridor_sim.cli.options import Overrides, ScenarioPath, Settings, load
from corridor_sim.cli.progress import progress_bar
from corridor_sim.foundation.errors import ResultError

if TYPE_CHECKING:
    from corridor_sim.sweep.trust import TrustLedger


def trust(  # noqa: PLR0913, PLR0917  # one argument per option of the command
    scenario: ScenarioPath,
    cases: Annotated[int, typer.Option(min=1, help="Cases, each with all uncertain numbers drawn anew.")] = 200,
    replications: Annotated[int, typer.Option(min=1, help="Runs of each case; the same luck in all cases.")] = 2,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all random numbers.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    settings: Settings = None,
    override: Overrides = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/NAME by default. A result there gets it into its report.")
    ] = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Leave out the figure and the report.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Say how much of each answer's spread rests on grade A, B and C numbers, and which ten to measure first."""
    from corridor_sim.sweep.trust import run_trust

    loaded = load(scenario, settings, override)
    target = out or Path("results") / loaded.name
    if target.exists() and not target.is_dir():
        raise ResultError(f"{target}: is no folder")
    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    with progress_bar(console, f"{loaded.name}, cases", cases) as progress:
        ledger = run_trust(
            loaded, cases=cases, replications=replications, seed=seed, workers=workers or os.cpu_count() or 1,
            progress=progress,
        )  # fmt: skip
    ledger.save(target)
    if not no_figures:
        with console.status("drawing the figure"):
            _draw(ledger, target)
    if not quiet:
        _print(console, ledger)
        console.print(f"\n{target}/ has trust.csv, trust-numbers.csv, trust.json")


def _draw(ledger: TrustLedger, folder: Path) -> None:
    """Draw the figure; write the report anew where there is a result."""
    from corridor_sim.plots.style import save_figure
    from corridor_sim.plots.trust import draw_trust
    from corridor_sim.results.folder import is_result_folder

    save_figure(draw_trust(ledger.answers, ledger.first(), ledger.about), folder, "trust")
    if is_result_folder(folder):
        from corridor_sim.report.page import write_report
        from corridor_sim.results import load_result

        write_report(load_result(folder), folder)


def _print(console: Console, ledger: TrustLedger) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Share of the spread, %", title_justify="left")
    table.add_column("answer")
    for name in ("mean", "sd", "unit", "A", "B", "C", "luck", "not told"):
        table.add_column(name, justify="left" if name == "unit" else "right")
    for row in ledger.answers.to_dict("records"):
        unit = "" if row["unit"] == "1" else row["unit"]
        shares = [row["share_A"], row["share_B"], row["share_C"], row["luck"], row["rest"]]
        table.add_row(
            row["answer"], f"{row['mean']:.4g}", f"{row['sd']:.2g}", unit, *(f"{100 * s:.0f}" for s in shares)
        )
    console.print(table)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Worth measuring first", title_justify="left")
    for name in ("", "number", "grade", "value", "range", "weighs most on", "share, %"):
        table.add_column(name)
    for k, row in enumerate(ledger.first().to_dict("records")):
        span = f"{row['low']:.4g} to {row['high']:.4g} {row['unit']}{'' if row['is_stated'] else ' (default)'}"
        share = f"{100 * row['share']:.0f} ({100 * row['share_low']:.0f} to {100 * row['share_high']:.0f})"
        table.add_row(str(k + 1), row["name"], row["grade"], f"{row['value']:.4g}", span, row["answer"], share)
    console.print(table)
