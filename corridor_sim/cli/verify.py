"""The command `verify`: both engines on the same draws, and the first thing on which they differ."""

from __future__ import annotations

import math
import os
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from corridor_sim.cli.options import Overrides, ScenarioPath, Settings, load
from corridor_sim.cli.progress import progress_bar
from corridor_sim.foundation.errors import CheckFailedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor_sim.foundation.time_axis import TimeAxis
    from corridor_sim.verification import Difference, Verification, Visit

NAMES = ("arrives", "starts", "departs")
SAME = "="
WIDTH = 46
"""Characters of a time: hours, and the date to a thousandth of a second (a tick is 3.4)."""


def verify(
    scenario: ScenarioPath,
    replications: Annotated[int, typer.Option(min=1, help="Runs with different random numbers.")] = 5,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all random numbers.")] = None,
    settings: Settings = None,
    override: Overrides = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Run both engines and compare every arrival, start and departure to the bit; exit code 3 when any differs."""
    from corridor_sim.verification import verify as compare

    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    loaded = load(scenario, settings, override)
    with progress_bar(console, loaded.name, replications) as progress:
        done = compare(
            loaded,
            replications=replications,
            seed=seed,
            workers=workers or os.cpu_count() or 1,
            progress=progress,
        )
    print_verification(console, done)
    if not done.agrees:
        raise CheckFailedError(done.verdict)


def print_verification(console: Console, done: Verification) -> None:
    """Print the table of kinds; then the verdict or, when the engines differ, what they differ in first."""
    console.print(f"\n[bold]{done.name}[/]: engines {done.reference} and {done.engine}, seed {done.seed}")
    console.print(_kinds(done))
    if done.first is None:
        console.print(done.verdict)
        return
    for line in _told(done.first, done):
        console.print(line, markup=False, style="bold red" if line.startswith(">") else None)
    for other in done.differences[1:]:
        console.print(f"replication {other.replication} differs too: {_where(other, done.time_axis)}", markup=False)


def _kinds(done: Verification) -> Table:
    table = Table(title="Largest difference, hours", title_justify="left")
    table.add_column("kind of stage", no_wrap=True)
    for name in ("stages", "events", *NAMES, "differ"):
        table.add_column(name, justify="right")
    for row in done.by_kind:
        table.add_row(
            row.kind.name.lower(),
            f"{row.n_stages:,}",
            f"{row.n_events:,}",
            *(_gap(h) for h in row.largest_h),
            f"{row.n_differing:,}",
        )
    return table


def _gap(hours: float) -> str:
    return "missing" if math.isinf(hours) else "0" if hours == 0.0 else f"{hours:.3g}"


def _where(difference: Difference, axis: TimeAxis) -> str:
    visit = difference.visit
    return (
        f"{difference.what} at hour {difference.at_h!r} ({_date(difference.at_h, axis)}), flow {difference.flow_id}, "
        f"consignment {difference.consignment_idx}, unit {visit.unit_idx}, stage {visit.stage_id}, place {visit.place}"
    )


def _told(first: Difference, done: Verification) -> Iterator[str]:
    """Lines about the first difference, and the history of its consignment in both engines, side by side."""
    yield f"\nfirst difference, replication {first.replication}: {_where(first, done.time_axis)}"
    yield f"\nconsignment {first.consignment_idx} of {first.flow_id}, stage by stage ({SAME} the same in both):"
    yield f"{'':14}{done.reference:<{WIDTH}}{done.engine}"
    for stage_id, visits in groupby(first.history, key=lambda visit: visit.stage_id):
        units = list(visits)
        shown = min(units, key=lambda v: (v.unit_idx != first.visit.unit_idx, not any(v.differs)))
        others = sum(any(v.differs) for v in units if v is not shown)
        unit = f", unit {shown.unit_idx} of {len(units)}, {others} others differ" if len(units) > 1 else ""
        yield f"  {stage_id} ({shown.place}{unit})"
        yield from _lines(shown, done.time_axis)


def _lines(visit: Visit, axis: TimeAxis) -> Iterator[str]:
    """Lines of a visit, one per time; marked where the engines differ."""
    for name, a_h, b_h, differs in zip(NAMES, visit.reference, visit.engine, visit.differs, strict=True):
        mark, other = (">", _time(b_h, axis)) if differs else (" ", SAME)
        yield f"{mark}   {name:<8}  {_time(a_h, axis):<{WIDTH}}{other}"


def _time(hours: float, axis: TimeAxis) -> str:
    return "not before the end" if math.isnan(hours) else f"{hours!r:<19} {_date(hours, axis)}"


def _date(hours: float, axis: TimeAxis) -> str:
    return f"{axis.moment(hours):%Y-%m-%d %H:%M:%S.%f}"[:-3]
