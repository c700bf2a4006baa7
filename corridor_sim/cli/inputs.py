"""The commands `inputs export` and `inputs import`: the parameters of a scenario as a workbook, and back."""

from __future__ import annotations

import re
from pathlib import Path  # noqa: TC003  # typer reads it
from typing import Annotated

import typer

from corridor_sim.foundation.errors import InputError, Problem

app = typer.Typer(help="The inputs of a scenario as an Excel workbook, and back.", no_args_is_help=True)
ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a shipped one.")]


@app.command("export")
def export_inputs(
    scenario: ScenarioName,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Workbook to write.", show_default=False)],
) -> None:
    """Write the inputs of a scenario as a workbook: path, value, unit, distribution, range, grade, source."""
    from corridor_sim.report.input_workbook import write_inputs
    from corridor_sim.scenario import load_scenario

    _check_target(file, ".xlsx")
    n = write_inputs(load_scenario(scenario), file)
    typer.echo(f"{file} written, {n} inputs. Change it, then: corridor-sim inputs import {file} {scenario} OUT.yaml")


@app.command("import")
def import_inputs(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Workbook to read.", show_default=False)],
    scenario: ScenarioName,
    out: Annotated[Path, typer.Argument(metavar="OUT.yaml", help="Scenario to write.", show_default=False)],
) -> None:
    """Write what a workbook changes of a scenario as a scenario of its own, which imports the first one."""
    from corridor_sim.report.input_workbook import read_changes
    from corridor_sim.scenario import load_scenario
    from corridor_sim.scenario.parameter_table import changes_yaml

    _check_target(out, ".yaml")
    base = _import_of(scenario, out)
    loaded = load_scenario(scenario)
    changes = read_changes(file, loaded, scenario)
    # with nothing changed it is the same scenario, and goes by the same name
    name = re.sub(r"[^a-z0-9]+", "-", out.stem.lower()).strip("-") if changes else loaded.name
    title = f"{loaded.title or loaded.name}, inputs of {file.name}" if changes else loaded.title
    head = {"schema_version": 1, "name": name or "inputs", "title": title, "import": [base]}
    try:
        out.write_text(changes_yaml(head, changes), encoding="utf-8")
    except OSError as error:
        raise InputError([Problem(str(out), f"cannot be written: {error.strerror}")]) from error
    n = len(changes)
    typer.echo(f"{out} written, {n} input{'s' if n != 1 else ''} changed: {', '.join(list(changes)[:5]) or 'none'}")


def _check_target(file: Path, ending: str) -> None:
    problems = []
    if file.suffix != ending:
        problems.append(Problem(str(file), f"expected a name that ends in {ending}"))
    if not file.absolute().parent.is_dir():
        problems.append(Problem(str(file), f"there is no folder {file.parent}"))
    if problems:
        raise InputError(problems)


def _import_of(scenario: str, out: Path) -> str:
    """Return how the new scenario names the one that it imports: shipped ones by name, others by relative path."""
    from corridor_sim.scenario.imports import find_scenario, shipped_folder

    found, shipped = find_scenario(scenario).resolve(), shipped_folder()
    if found == out.resolve():
        raise InputError([Problem(str(out), "is the scenario itself, choose another name")])
    if shipped is not None and found.is_relative_to(shipped):
        return found.relative_to(shipped).as_posix()
    folder = out.resolve().parent
    if not found.is_relative_to(folder):
        hint = f"write it into {found.parent} or a folder above"
        raise InputError(
            [Problem(str(out), f"a scenario imports from its own folder only, and {scenario} is elsewhere", hint=hint)]
        )
    return found.relative_to(folder).as_posix()
