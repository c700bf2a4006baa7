"""Commands that look at scenarios without running them: validate, show, explain, schema, list, new."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from corridor_sim.cli.options import Overrides, ScenarioPath, Settings, load
from corridor_sim.foundation.errors import InputError, Problem, ScenarioError, nearest
from corridor_sim.foundation.shipped import data_dir

STARTER = "tiny.yaml"
VARIANT = """\
# yaml-language-server: $schema=scenario.schema.json
#
# A variant of the shipped scenario {base}: everything is as there but for the changes below.
# `corridor-sim show {base}` prints all that can be changed, `corridor-sim explain queues.servers` what a key means.

schema_version: 1
name: variant
title: A variant of {base}

import:
  - {base}.yaml

changes:                           # dotted path: new value; a path that does not exist is told with the nearest one
  run.replications: 10
  demand.growth: 1.1               # ten per cent more of everything
"""


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files.", show_default=False)],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Check scenario files, all problems at once."""
    from corridor_sim.compiler import compile_plan
    from corridor_sim.network import load_network

    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    network = load_network()
    problems: list[Problem] = []
    for file in files:
        try:
            scenario = load(file, None, None)
            plan = compile_plan(scenario, network=network)
        except InputError as error:
            problems += error.problems
            continue
        gas = scenario.gas
        pipeline = f"gas: {len(gas.phases)} phases, {len(gas.strings)} strings; " if gas is not None else ""
        console.print(
            f"{file}: [green]ok[/], {len(scenario.flows)} flows, {len(scenario.itineraries)} itineraries, "
            f"{len(plan.places)} places, {len(plan.stages)} stages; {pipeline}"
            f"{plan.start[:10]} to {plan.time_axis.end:%Y-%m-%d}, of which {plan.warm_up_h / 24:g} d warm-up"
        )
    if problems:
        raise ScenarioError(problems)


def show(scenario: ScenarioPath, settings: Settings = None, override: Overrides = None) -> None:
    """Print a scenario as it is run: imports, templates and overrides worked in."""
    typer.echo(load(scenario, settings, override).resolved_yaml(), nl=False)


def explain(
    key: Annotated[
        str,
        typer.Argument(
            help="A dotted key, such as queues.service, or a KPI, such as queue_mean_h.", show_default=False
        ),
    ],
) -> None:
    """Tell what a key of a scenario file or a KPI means: unit, default and accepted forms, or formula."""
    from corridor_sim.results.kpi_meanings import MEANINGS, explain_kpi
    from corridor_sim.scenario.reference import explain as explain_key

    if key in MEANINGS or ("." not in key and nearest(key, MEANINGS)):
        typer.echo(explain_kpi(key))
    else:
        typer.echo(explain_key(key))


def schema(
    sweep: Annotated[bool, typer.Option("--sweep", help="Of sweep files instead of scenario files.")] = False,
) -> None:
    """Print the JSON Schema of scenario files."""
    if sweep:
        from corridor_sim.sweep.schema import sweep_schema

        typer.echo(json.dumps(sweep_schema(), indent=2))
        return
    from corridor_sim.scenario.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


def list_things(
    nodes: Annotated[bool, typer.Option("--nodes", help="List the nodes of the network instead.")] = False,
) -> None:
    """List the shipped scenarios and sweeps, or the nodes that a scenario may name."""
    if nodes:
        _list_nodes()
    else:
        _list_scenarios()


def _list_nodes() -> None:
    from corridor_sim.network import load_network

    network = load_network()
    table = Table("node", "name", "country", "kind", show_edge=False, pad_edge=False)
    for node_id in network.node_ids:
        node = network.node(node_id)
        table.add_row(node_id, node.name, node.country, node.kind.replace("_", " "))
    Console(highlight=False).print(table)


def _list_scenarios() -> None:
    folder = data_dir("scenarios")
    console = Console(highlight=False)
    console.print(_titles("scenario", folder))
    console.print(f"\nRun one by its name: corridor-sim run {min(p.stem for p in folder.glob('*.yaml'))}\n")
    console.print(_titles("sweep", folder / "sweeps"))
    console.print("\nRun one by its name: corridor-sim sweep astara-terminal")


def _titles(what: str, folder: Path) -> Table:
    """Names and titles of the files in a folder."""
    import yaml

    table = Table(what, "what it is", show_edge=False, pad_edge=False)
    for path in sorted(folder.glob("*.yaml")):
        head = yaml.safe_load(path.read_text(encoding="utf-8"))
        table.add_row(path.stem, str(head.get("title", "")))
    return table


def new(
    name: Annotated[Path, typer.Argument(help="File to write, such as my.yaml.", show_default=False)],
    base: Annotated[
        str | None,
        typer.Option("--from", metavar="NAME", help="Start from a shipped scenario instead, importing its tables."),
    ] = None,
) -> None:
    """Write a commented starter file to change and run."""
    target = name if name.suffix else name.with_suffix(".yaml")
    if target.exists():
        raise ScenarioError([Problem(str(target), "is there already, choose another name")])
    if not target.absolute().parent.is_dir():
        raise ScenarioError([Problem(str(target), f"there is no folder {target.parent}")])
    folder = data_dir("scenarios")
    if base is not None and not (folder / f"{Path(base).stem}.yaml").is_file():
        valid = [p.stem for p in folder.glob("*.yaml")]
        raise ScenarioError(
            [Problem("--from", f"no shipped scenario is named '{base}'", hint=nearest(str(base), valid))]
        )
    text = (folder / STARTER).read_text(encoding="utf-8") if base is None else VARIANT.format(base=Path(base).stem)
    text = text.replace("$schema=scenario.schema.json", f"$schema={(folder / 'scenario.schema.json').as_uri()}", 1)
    text = re.sub(r"(?m)^name: [a-z0-9-]+", f"name: {_scenario_name(target)}", text, count=1)
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ScenarioError([Problem(str(target), f"cannot be written: {error.strerror}")]) from error
    typer.echo(f"{target} written. Change it, then: corridor-sim run {shlex.quote(str(target))}")


def _scenario_name(file: Path) -> str:
    """Name of a scenario after its file: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "scenario"
