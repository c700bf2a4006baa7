"""The command `bench`: how fast the product is, as a table and as JSON, and beside an earlier run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from corridor_sim.foundation.errors import CheckFailedError, Problem, ScenarioError, nearest

if TYPE_CHECKING:
    from corridor_sim.bench.compare import Comparison
    from corridor_sim.bench.report import Report

WIDTH = 100
DEFAULT_THRESHOLD = 1.15


def bench(
    quick: Annotated[bool, typer.Option("--quick", help="Small sizes: whether all works, not how fast.")] = False,
    group: Annotated[
        list[str] | None, typer.Option("--group", metavar="NAME", help="Only this group of figures. May repeat.")
    ] = None,
    out: Annotated[Path, typer.Option(help="JSON file; one that is there is replaced.")] = Path("bench.json"),
    compare: Annotated[
        Path | None,
        typer.Option(metavar="OLD.json", help="Show ratios to an earlier run; exit code 3 if any is worse."),
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=1.0, help="With --compare: how many times worse a figure may be.")
    ] = DEFAULT_THRESHOLD,
    use: Annotated[
        Path | None, typer.Option("--use", metavar="NEW.json", help="Measure nothing, show this earlier run.")
    ] = None,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")] = False,
) -> None:
    """Measure speed and memory beside their targets; some minutes."""
    from corridor_sim.bench.report import load_report, markdown, tables

    console = Console(highlight=False, soft_wrap=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    _check_groups(group or [])
    old = None if compare is None else load_report(compare)
    report = load_report(use) if use is not None else _measure(group or [], is_quick=quick)
    if as_markdown:
        typer.echo(markdown(report), nl=False)
    else:
        console.print(report.title, style="bold")
        for table in tables(report.figures):
            console.print("")
            console.print(table)
    if use is None:
        report.save(out)
        typer.echo(f"\n{out} written", err=as_markdown)
    if old is not None:
        _show_comparison(console, old, report, threshold)


def _check_groups(names: list[str]) -> None:
    if not names:
        return
    from corridor_sim.bench.groups import GROUPS

    problems = [
        Problem(
            "--group", f"there is no group '{name}', expected one of {', '.join(GROUPS)}", hint=nearest(name, GROUPS)
        )
        for name in names
        if name not in GROUPS
    ]
    if problems:
        raise ScenarioError(problems)


def _measure(groups: list[str], *, is_quick: bool) -> Report:
    from corridor_sim.bench.measure import measure

    progress = Console(stderr=True)
    with progress.status("measuring") as status:
        return measure(groups, is_quick=is_quick, begin=lambda name: status.update(f"measuring: {name}"))


def _show_comparison(console: Console, old: Report, new: Report, threshold: float) -> None:
    """Print ratios, worst first.

    Raises
    ------
    CheckFailedError
        When one is beyond the threshold.
    """
    from corridor_sim.bench.compare import compare_reports, comparison_table

    comparison = compare_reports(old, new, threshold)
    console.print(f"\n[bold]Beside {old.surroundings['date'][:10]}, commit {old.surroundings.get('commit') or '-'}[/]: "
                  f"above 1 is worse, allowed {threshold:g}\n")  # fmt: skip
    console.print(comparison_table(comparison))
    for line in _remarks(comparison):
        console.print(line, markup=False)
    if comparison.beyond:
        worst = comparison.beyond[0]
        raise CheckFailedError(
            f"{len(comparison.beyond)} of {len(comparison.changes)} figures are more than {threshold:g} times worse, "
            f"the worst {worst.ratio:.2f} times: {worst.new.group}, {worst.new.what}, {worst.new.unit}"
        )
    console.print(f"no figure is more than {threshold:g} times worse")


def _remarks(comparison: Comparison) -> list[str]:
    lines = []
    if not comparison.is_same_machine:
        lines.append("different machines: times and memory (-) are not judged; ratios, exponents and counts are")
    if comparison.missing:
        lines.append(
            f"not measured any more: {', '.join(sorted({f'{f.group}, {f.what}' for f in comparison.missing}))}"
        )
    return lines
