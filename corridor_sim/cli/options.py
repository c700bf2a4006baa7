"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from corridor_sim.foundation.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from corridor_sim.scenario import Scenario

ScenarioPath = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a shipped one.", show_default=False)
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change one value, such as queues.LANE_AST_N.servers=6. May repeat."
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--override", metavar="NAME", help="Apply a named override of the scenario. May repeat."),
]


def changes_of(settings: list[str] | None) -> dict[str, object]:
    """Read the changes that `--set` gives, by dotted path.

    Raises
    ------
    ScenarioError
        When one is no change.
    """
    changes: dict[str, object] = {}
    for text in settings or []:
        key, separator, value = text.partition("=")
        if not separator or not key.strip():
            raise ScenarioError([Problem("--set", f"'{text}' is no change, expected KEY=VALUE")])
        changes[key.strip()] = value.strip()
    return changes


def load(path: str, settings: list[str] | None, overrides: list[str] | None) -> Scenario:
    """Load a scenario with the changes that were asked for on the command line.

    Raises
    ------
    ScenarioError
        When the file or a change cannot be used.
    """
    from corridor_sim.scenario import load_scenario

    return load_scenario(path, overrides=changes_of(settings), named_overrides=overrides or [])
