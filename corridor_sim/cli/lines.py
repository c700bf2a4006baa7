"""The command `lines`: string-line diagram of a line on a day, and how full its tracks are."""

from __future__ import annotations

import math
from datetime import datetime  # noqa: TC003  # typer reads it
from pathlib import Path  # noqa: TC003
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from corridor_sim.foundation.errors import ResultError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from corridor_sim.analysis.line_runs import LineRuns
    from corridor_sim.plan.plan import Plan


def draw_lines(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder with a trace.", show_default=False)],
    line: Annotated[
        str, typer.Option(help="Stations in order, joined by hyphens: IR_RAS-IR_QAZ or IR_AST-IR_RAS-IR_QAZ.")
    ] = "",
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; the busiest by default.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=31, help="Number of days.")] = 1,
    replication: Annotated[int, typer.Option(min=0, help="Which replication.")] = 0,
) -> None:
    """Draw the trains of a line by time and distance, and say how full its single tracks are."""
    from corridor_sim.analysis.line_runs import H_PER_DAY, line_runs, single_track_lines
    from corridor_sim.plots.string_lines import draw_string_lines
    from corridor_sim.plots.style import save_figure

    plan, trace = _read(folder)
    known = single_track_lines(plan)
    if not line:
        raise ResultError("which line? choose one with --line, such as " + (", ".join(known) or "A-B, two stations"))
    runs = line_runs(plan, trace, line.split("-"), replication)
    from_h = runs.busiest_day_h(plan.warm_up_h) if day is None else _hours(runs.start, day, plan.end_h)
    until_h = min(from_h + days * H_PER_DAY, plan.end_h)
    stations = runs.stations.assign(name=_labels(runs.stations["name"]))
    figure = draw_string_lines(
        runs.trains,
        stations,
        title=" - ".join(stations["name"].iloc[[0, -1]]),
        start=runs.start,
        from_h=from_h,
        until_h=until_h,
    )
    first = runs.start + _delta(from_h)
    for path in save_figure(figure, folder, f"string-lines-{runs.name}-{first:%Y-%m-%d}"):
        typer.echo(f"{path} written")
    if len(runs.tracks):
        _print_capacity(runs, plan)


def _read(folder: Path) -> tuple[Plan, pd.DataFrame]:
    """Read the plan and the trace of a result folder."""
    from corridor_sim.compiler import compile_plan
    from corridor_sim.results import load_result
    from corridor_sim.scenario import load_scenario

    result = load_result(folder)
    if result.trace is None:
        raise ResultError(f"{folder} has no trace; run the scenario again with --trace")
    return compile_plan(load_scenario(folder / "scenario.resolved.yaml")), result.trace


def _labels(names: Iterable[str]) -> list[str]:
    """Stations by the short names that maps show; loops keep theirs."""
    from corridor_sim.network import load_network

    network = load_network()
    return [network.node(n).label if n in network.node_ids else n for n in names]


def _hours(start: pd.Timestamp, day: datetime, end_h: float) -> float:
    hours = (day - start.to_pydatetime()).total_seconds() / 3600.0
    if not 0 <= hours < end_h:
        last = start + _delta(end_h - 24.0)
        raise ResultError(f"{day:%Y-%m-%d} lies outside of the run, {start:%Y-%m-%d} to {last:%Y-%m-%d}")
    return hours


def _delta(hours: float) -> pd.Timedelta:
    import pandas as pd

    return pd.Timedelta(hours=hours)


def _print_capacity(runs: LineRuns, plan: Plan) -> None:
    """Print how full each track is, over the whole measured time."""
    from corridor_sim.analysis.line_runs import line_capacity

    table = Table(title=f"{runs.name}: single tracks, in the measured time", title_justify="left")
    table.add_column("km", no_wrap=True)
    for name in ("trains/d", "run min", "wait min", "p95", "occupied", "Scott/d"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in line_capacity(runs, plan.warm_up_h, plan.end_h).to_dict("records"):
        if not row["trains_per_day"]:
            table.add_row(f"{row['from_km']:.0f}-{row['to_km']:.0f}", "0", *[""] * 5)
            continue
        runs_h = [h for h in (row["run_up_h"], row["run_down_h"]) if not math.isnan(h)]  # nobody runs that way
        table.add_row(
            f"{row['from_km']:.0f}-{row['to_km']:.0f}",
            f"{row['trains_per_day']:.1f}",
            f"{60 * max(runs_h):.0f}",
            f"{60 * row['wait_mean_h']:.0f}",
            f"{60 * row['wait_p95_h']:.0f}",
            f"{100 * row['occupied_frac']:.0f} %",
            f"{row['scott_trains_per_day']:.1f}",
        )
    console = Console(highlight=False)
    console.print(table)
    console.print(
        "occupied: trains pushed together (UIC 406), other traffic included; Scott: trains a day both ways, "
        "24 h x 0.7 / (run + working), with the time that other traffic leaves"
    )
