"""The command `compare`: result folders, or the cases of a scenario, with the differences and their intervals."""

from __future__ import annotations

import json
import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from corridor_sim.cli.options import Settings, changes_of
from corridor_sim.cli.progress import progress_bar
from corridor_sim.foundation.errors import ResultError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.analysis.comparison import Comparison
    from corridor_sim.results import RunResult

Targets = Annotated[
    list[str],
    typer.Argument(metavar="SCENARIO | DIR DIR...", help="A scenario, or result folders, the reference first."),
]


def compare(  # noqa: PLR0913, PLR0917  # one argument per option of the command
    targets: Targets,
    override: Annotated[
        list[str] | None,
        typer.Option("--override", metavar="NAME", help="A case beside the scenario as it stands. May repeat."),
    ] = None,
    subject: Annotated[
        list[str] | None, typer.Option(help="What to show, such as route:west_road or flow:WG01. May repeat.")
    ] = None,
    replications: Annotated[int | None, typer.Option(min=1, help="Runs with different random numbers.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all random numbers.")] = None,
    settings: Settings = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the comparison; results/NAME-compared by default for a scenario.")
    ] = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Leave out the figures and the report.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Compare result folders, or run the cases of a scenario on the same random numbers and compare them."""
    from corridor_sim.analysis.comparison import compare as differences
    from corridor_sim.cli.comparison_tables import print_comparison
    from corridor_sim.results.folder import check_writable, write_folder

    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    began = time.perf_counter()
    question, subjects = "", tuple(subject or ())
    if all(Path(t).is_dir() for t in targets):
        results = _stored(targets)
        target = None if out is None else check_writable(out)
    else:
        from corridor_sim.choice.run import simulate_with_choice
        from corridor_sim.scenario import load_cases
        from corridor_sim.simulation import simulate_cases

        cases = load_cases(_only(targets), override, overrides=changes_of(settings))
        first = next(iter(cases.values()))
        target = check_writable(out or Path("results") / f"{first.name}-compared")
        if first.comparison is not None and not override:
            question, subjects = first.comparison.question, subjects or first.comparison.subjects
        n = replications or first.run.replications
        with progress_bar(console, first.name, n * len(cases)) as progress:
            results = simulate_cases(
                cases,
                replications=n,
                seed=seed,
                workers=workers or os.cpu_count() or 1,
                progress=progress,
                run=simulate_with_choice,
            )
    found = differences(results)
    chosen = _known(found, subjects)
    if target is not None:
        write_folder(target, partial(_write, found, results, chosen, question, figures=not no_figures))
    if not quiet:
        print_comparison(console, found, results, chosen, question)
        if target is not None:
            console.print(f"\n{target}/ written, {time.perf_counter() - began:.0f} s in all")


def _only(targets: Sequence[str]) -> str:
    if len(targets) > 1:
        missing = next(t for t in targets if not Path(t).is_dir())
        raise ResultError(f"{missing}: is no result folder; give result folders, or one scenario alone")
    return targets[0]


def _stored(folders: Sequence[str]) -> dict[str, RunResult]:
    """Read result folders; each goes by its name, or by its whole path where names are the same."""
    from corridor_sim.results import load_result

    names = [Path(folder).resolve().name for folder in folders]
    shown = names if len(set(names)) == len(names) else list(folders)
    if len(set(shown)) < len(shown):
        raise ResultError("the same result folder is given twice")
    return {name: load_result(folder) for name, folder in zip(shown, folders, strict=True)}


def _known(found: Comparison, subjects: Sequence[str]) -> tuple[str, ...]:
    """Check what is to be shown; all cargo where nothing is said."""
    from corridor_sim.cli.comparison_tables import GAS
    from corridor_sim.foundation.errors import nearest

    known = set(found.table["subject"])
    for subject in subjects:
        if subject not in known:
            raise ResultError(f"the results know no '{subject}'; {nearest(subject, known)}".rstrip("; "))
    if subjects:
        return tuple(subjects)
    of_gas = found.table["subject"] == GAS
    # beside freight the pipeline is shown where something changes there
    shows_gas = GAS in known and ("all" not in known or bool(found.table.loc[of_gas, "differs"].any()))
    return tuple(s for s, shown in (("all", "all" in known), (GAS, shows_gas)) if shown)


def _write(
    found: Comparison, results: dict[str, RunResult], subjects: Sequence[str], question: str, folder: Path, *,
    figures: bool,
) -> None:  # fmt: skip
    """Write the tables, the figures and the result of every case."""
    about = {"compared": list(results), "reference": found.reference, "question": question}
    about["subjects"] = list(subjects)
    (folder / "manifest.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    found.table.to_csv(folder / "comparison.csv", index=False, float_format="%.6g")
    found.means.to_csv(folder / "means.csv", index=False, float_format="%.6g")
    for name, result in results.items():
        if result.folder is None:
            result.save(folder / "cases" / name.replace(" ", "-"))
    if figures:
        from corridor_sim.plots.comparison import comparison_figures
        from corridor_sim.plots.style import save_figure

        for name, figure in comparison_figures(found, subjects, question).items():
            save_figure(figure, folder, name)
        from corridor_sim.report.comparison import write_comparison_report

        write_comparison_report(folder)
