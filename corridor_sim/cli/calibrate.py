"""The command `calibrate-post`: fit the times at a border post to an observed mean and percentile."""

from __future__ import annotations

import math
from pathlib import Path  # noqa: TC003  # typer reads it
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from corridor_sim.cli.options import Overrides, ScenarioPath, Settings, load
from corridor_sim.cli.progress import progress_bar
from corridor_sim.foundation.errors import Problem, ResultError, ScenarioError

if TYPE_CHECKING:
    from corridor_sim.analysis.post_calibration import Observed, PostFit, Run
    from corridor_sim.scenario import Scenario

Hours = Annotated[str | None, typer.Option(metavar="TIME", help="Observed percentile of the time at the post.")]
FITS_FRAC = 0.05
"""Relative misfit up to which a post counts as fitted."""


def calibrate_post(  # noqa: PLR0913, PLR0917  # one argument per option of the command
    scenario: ScenarioPath,
    post: Annotated[str, typer.Argument(help="Key of border_posts, such as astara_road.")],
    mean: Annotated[str, typer.Option(metavar="TIME", help="Observed mean time at the post, such as '18 h'.")],
    p50: Hours = None,
    p80: Hours = None,
    p95: Hours = None,
    direction: Annotated[str, typer.Option(help="south or north.")] = "south",
    replications: Annotated[int, typer.Option(min=1, help="Runs with different random numbers, for each try.")] = 3,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all random numbers.")] = None,
    settings: Settings = None,
    override: Overrides = None,
    out: Annotated[Path | None, typer.Option(help="YAML file for the fitted times, as `changes:`.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Fit the times at a border post to an observed mean and one observed percentile."""
    from corridor_sim.analysis.post_calibration import MOST_RUNS, Observed
    from corridor_sim.analysis.post_calibration import calibrate_post as fit

    given = {p: text for p, text in ((50, p50), (80, p80), (95, p95)) if text is not None}
    if len(given) != 1:
        raise ScenarioError([Problem("", "give one percentile beside the mean: --p50, --p80 or --p95")])
    if direction not in {"south", "north"}:
        raise ScenarioError([Problem("--direction", f"'{direction}' is no direction, expected south or north")])
    if out is not None and not out.resolve().parent.is_dir():
        raise ResultError(f"{out}: {out.resolve().parent} is no folder")
    ((percentile, text),) = given.items()
    observed = Observed(post, direction, _hours("--mean", mean), percentile, _hours(f"--p{percentile}", text))
    if (observed.percentile_h < observed.mean_h) and percentile > 50:
        raise ScenarioError([Problem(f"--p{percentile}", f"lies below the mean of {observed.mean_h:g} h")])
    loaded = load(scenario, settings, override)
    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    with progress_bar(console, f"{loaded.name}, tries", MOST_RUNS) as progress:
        found = fit(loaded, observed, _runner(observed, replications, seed), progress=progress)
    _print(console, found)
    if out is not None:
        out.write_text(_changes(loaded, found), encoding="utf-8")
        console.print(f"\n{out} written")


def _hours(option: str, text: str) -> float:
    """Read a time of the command line."""
    from corridor_sim.scenario.base import BadValueError
    from corridor_sim.scenario.quantities import Dimension

    try:
        return Dimension("time", above_zero=True).read(text).value
    except BadValueError as error:
        raise ScenarioError([Problem(option, error.found[0].message)]) from None


def _runner(observed: Observed, replications: int, seed: int | None) -> Run:
    """Return what simulates a scenario and reads the time at the post."""
    from corridor_sim.network import load_network
    from corridor_sim.simulation import simulate

    network = load_network()
    wanted = ("border_time_mean_h", f"border_time_p{observed.percentile}_h")
    subject = f"post:{observed.post}/{observed.direction}"

    def run(scenario: Scenario) -> tuple[float, float]:
        result = simulate(scenario, replications=replications, seed=seed, network=network)
        labels = result.labels
        rows = labels[(labels["subject"] == subject) & (labels["period"] == "all") & labels["kpi"].isin(wanted)]
        if len(rows) < len(wanted):
            return math.nan, math.nan
        at = {kpi: result.values[:, k] for k, kpi in zip(rows.index, rows["kpi"], strict=True)}
        mean, percentile = (float(np.mean(at[kpi])) for kpi in wanted)
        return mean, percentile

    return run


def _print(console: Console, found: PostFit) -> None:
    seen = found.observed
    console.print(f"\n[bold]{seen.post}, {seen.direction}[/]: {found.n_runs} tries")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("hours", "observed", "before", "fitted"):
        table.add_column(name, justify="left" if name == "hours" else "right")
    rows = zip(
        ("mean", f"P{seen.percentile}"), (seen.mean_h, seen.percentile_h), found.before_h, found.after_h, strict=True
    )
    for name, *values in rows:
        table.add_row(name, *(f"{value:.1f}" for value in values))
    console.print(table)
    spread = "" if math.isnan(found.cv) else f", coefficient of variation {found.cv:.2f}"
    console.print(f"means times {found.scale:.3f}{spread}; largest misfit {100 * found.misfit_frac:.1f} %")
    for words in found.at_bound:
        console.print(f"[bold]at a bound[/]: {words}; the observation asks for more than that")
    if found.misfit_frac > FITS_FRAC:
        console.print("[bold]not fitted[/]: hours of opening, number of lanes or traffic do not allow both values")
    for path, time in found.changes.items():
        console.print(f"  {path}: {_flow_style(time)}")


def _flow_style(value: object) -> str:
    import yaml

    return yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000).strip()


def _changes(scenario: Scenario, found: PostFit) -> str:
    """Write the fitted times as a scenario that changes the one that was fitted."""
    seen = found.observed
    wanted = f"a mean of {seen.mean_h:g} h and a P{seen.percentile} of {seen.percentile_h:g} h"
    after, before = (f"{mean:.3g} h and {percentile:.3g} h" for mean, percentile in (found.after_h, found.before_h))
    lines = [
        f"# {seen.post}, {seen.direction}: fitted to {wanted}; simulated {after} (before: {before}).",
        f"# Put the lines into a variant of {scenario.name}.",
        "changes:",
        *(f"  {path}: {_flow_style(time)}" for path, time in found.changes.items()),
    ]
    return "\n".join(lines) + "\n"
