"""The command `calibrate`: uncertain numbers of a scenario fitted to what its calibration section observed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from corridor_sim.cli.options import Overrides, ScenarioPath, Settings, load
from corridor_sim.foundation.errors import ResultError

if TYPE_CHECKING:
    from corridor_sim.sweep.calibrate import Calibration


def calibrate(  # noqa: PLR0913, PLR0917  # one argument per option of the command
    scenario: ScenarioPath,
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            "--parameters",
            "-p",
            metavar="PATH",
            help="Number to fit, by dotted path; may repeat, or commas. "
            "Absent: those grade C times and speeds on which the misses rest most.",
        ),
    ] = None,
    cases: Annotated[int, typer.Option(min=1, help="Points of the Latin hypercube.")] = 80,
    screening: Annotated[int, typer.Option(min=20, help="Points that choose the numbers, when none are named.")] = 120,
    most: Annotated[int, typer.Option(min=1, help="Numbers that are chosen at most.")] = 12,
    steps: Annotated[int, typer.Option(min=1, help="Steps of the local search at most.")] = 8,
    replications: Annotated[int, typer.Option(min=1, help="Runs of each point; the same luck for all.")] = 2,
    final: Annotated[int, typer.Option(min=1, help="Replications of the table before and after.")] = 10,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all random numbers.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    settings: Settings = None,
    override: Overrides = None,
    out: Annotated[Path | None, typer.Option(help="Folder; results/NAME-calibration by default.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Fit uncertain numbers to the observed times and speeds, within their ranges, and say how well each is known."""
    from corridor_sim.sweep.calibrate import Effort
    from corridor_sim.sweep.calibrate import calibrate as fit

    loaded = load(scenario, settings, override)
    target = out or Path("results") / f"{loaded.name}-calibration"
    if target.exists() and not target.is_dir():
        raise ResultError(f"{target}: is no folder")
    names = None if not parameters else [p.strip() for text in parameters for p in text.split(",") if p.strip()]
    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    effort = Effort(cases, screening, most, steps, replications, final)
    with console.status("calibrating") as status:
        found = fit(
            loaded, names, effort=effort, seed=seed, workers=workers or os.cpu_count() or 1,
            told=lambda what, n: status.update(f"calibrating, {what}: {n} points"),
        )  # fmt: skip
        _write(found, target)
    if not quiet:
        _print(console, found)
        console.print(f"\n{target}/ has calibrated.yaml (import it, then --override calibrated), calibration.md, "
                      "targets.csv, parameters.csv, fit.png")  # fmt: skip


def _write(found: Calibration, folder: Path) -> None:
    from corridor_sim.plots.fit import draw_fit
    from corridor_sim.plots.style import save_figure
    from corridor_sim.report.calibration import markdown_table, override_file

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "calibrated.yaml").write_text(override_file(found), encoding="utf-8")
    (folder / "calibration.md").write_text(markdown_table(found), encoding="utf-8")
    found.targets.to_csv(folder / "targets.csv", index=False)
    found.parameters.to_csv(folder / "parameters.csv", index=False)
    save_figure(draw_fit(found.parameters, found.targets, found.about), folder, "fit")


def _print(console: Console, found: Calibration) -> None:
    fit, fitted = found.fit, found.targets[found.targets["is_fitted"]]
    inside = int(fitted["inside_before"].sum()), int(fitted["inside_after"].sum())
    console.print(
        f"\n[bold]loss {fit.loss_before:.2f} as stated, {fit.loss_after:.2f} fitted[/] "
        f"({found.about['points']} points), inside {inside[0]} and {inside[1]} of {len(fitted)} targets"
    )
    if fit.loss_after >= fit.loss_before:
        console.print("[bold]no point fits better[/]: keep the numbers as stated")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("number", "range", "as stated", "fitted", "known, %"):
        table.add_column(name, justify="left" if name == "number" else "right")
    for row in found.parameters.to_dict("records"):
        bound = " (bound)" if row["is_at_bound"] else ""
        table.add_row(
            str(row["name"]), f"{row['low']:.4g} to {row['high']:.4g} {row['unit']}", f"{row['before']:.4g}",
            f"{row['after']:.4g}{bound}", f"{100 * row['known']:.0f}",
        )  # fmt: skip
    console.print(table)
    moved = found.targets[found.targets["inside_before"] != found.targets["inside_after"]]
    for row in moved.to_dict("records"):
        word = "now inside" if row["inside_after"] else "[bold]now outside[/]"
        console.print(f"  {row['target']} {row['quantity']}: {row['compared_before']:.3g} -> "
                      f"{row['compared_after']:.3g} {row['unit']}, {word}")  # fmt: skip
