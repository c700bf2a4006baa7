"""The command `line-capacity`: delay against trains a day of a single-track line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from corridor_sim.cli.options import Overrides, ScenarioPath, Settings, load
from corridor_sim.cli.progress import progress_bar

if TYPE_CHECKING:
    from corridor_sim.analysis.delay_curve import DelayCurve


def line_capacity(  # one argument per option of the command
    scenario: ScenarioPath,
    line: Annotated[str, typer.Option(help="A key of single_tracks, such as IR_AST-IR_RAS.", show_default=False)],
    replications: Annotated[int, typer.Option(min=2, help="Runs with different random numbers, for each point.")] = 5,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all random numbers.")] = None,
    settings: Settings = None,
    override: Overrides = None,
    out: Annotated[Path, typer.Option(help="Folder of the figure and the table.")] = Path("results"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Sweep the trains of a single-track line, from few to all that get through, and draw their delays."""
    from corridor_sim.analysis.delay_curve import (
        LOADS,
        carried_per_day,
        delay_curve,
        departures,
        find_line,
        line_alone,
        scott_of,
    )
    from corridor_sim.network import load_network
    from corridor_sim.plots.delay_curve import draw_delay_curve
    from corridor_sim.plots.style import save_figure
    from corridor_sim.simulation import simulate

    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    loaded, network = load(scenario, settings, override), load_network()
    key, _ = find_line(loaded, line)
    results = []
    with progress_bar(console, key, 1 + len(LOADS)) as progress:

        def run(trains_per_day: float) -> None:
            alone = line_alone(loaded, key, trains_per_day)
            results.append(simulate(alone, replications=replications, seed=seed, network=network))
            progress(len(results), 1 + len(LOADS))

        run(departures(scott_of(loaded, network, key))[0])
        capacity = carried_per_day(results[0])
        tried = departures(0.0, capacity)
        for trains in tried:
            run(trains)
    curve = delay_curve(loaded, network, key, capacity, tried, results[1:])
    _print(console, curve)
    out.mkdir(parents=True, exist_ok=True)
    a, _, b = key.partition("-")
    name = f"{network.node(a).label} - {network.node(b).label}"
    for path in save_figure(draw_delay_curve(curve, name, replications), out, f"line-capacity-{key}"):
        console.print(f"{path} written")


def _print(console: Console, curve: DelayCurve) -> None:
    table = Table(title=f"{curve.line}: delay of a train, hours", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("trains a day", "of capacity", "mean", "P95"):
        table.add_column(name, justify="right")
    rows = zip(curve.trains_per_day, curve.delay_mean_h, curve.ci_high_h, curve.delay_p95_h, strict=True)
    for trains, mean, high, p95 in rows:
        share = 100 * trains / curve.capacity_trains_per_day
        table.add_row(f"{trains:.1f}", f"{share:.0f} %", f"{mean:.2f}±{high - mean:.2f}", f"{p95:.2f}")
    console.print(table)
    console.print(
        f"most that gets through: {curve.capacity_trains_per_day:.1f} trains a day; Scott's formula: "
        f"{curve.scott_trains_per_day:.1f}; a run without other trains: {curve.free_h:.1f} h"
    )
