"""The progress bar of commands that run lanes: how many are done, and the time left."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console


@contextmanager
def progress_bar(console: Console, what: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """Show a bar; yields what is to be called with (lanes done, lanes in all). A quiet console shows none."""
    with run_bar(console, what, total) as (progress, _):
        yield progress


@contextmanager
def run_bar(
    console: Console, what: str, total: int
) -> Iterator[tuple[Callable[[int, int], None], Callable[[int, float], None]]]:
    """Show a bar of a run that may look for an equilibrium first.

    Yields what is to be called with (lanes done, lanes in all), and what with (runs of the search done, gap).
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=console.quiet) as bar:
        task = bar.add_task(what, total=total)

        def looking(done: int, gap_frac: float) -> None:
            bar.update(task, description=f"{what}: equilibrium, run {done}, gap {100 * gap_frac:.1f} %")

        def progress(done: int, n: int) -> None:
            bar.update(task, description=what, completed=done, total=n)

        yield progress, looking


@contextmanager
def sweep_bar(console: Console, what: str) -> Iterator[Callable[[int, int, int], None]]:
    """Show a bar of cases; yields what is to be called with (cases done, cases in all, cases failed)."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("[red]{task.fields[failed]}"),
    )
    with Progress(*columns, console=console, disable=console.quiet) as bar:
        task = bar.add_task(what, total=None, rate="", failed="")
        first: list[int] = []

        def show(done: int, total: int, failed: int) -> None:
            first[:] = first or [done]  # what came from the store has no part in the rate
            elapsed_s = bar.tasks[task].elapsed or 0.0
            rate = f"{60 * (done - first[0]) / elapsed_s:.1f} cases/min" if elapsed_s > 1 and done > first[0] else ""
            bar.update(task, completed=done, total=total, rate=rate, failed=f"{failed} failed" if failed else "")

        yield show
