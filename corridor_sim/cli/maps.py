"""The command `map`: the network of a scenario, or the flows and queues of a result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corridor_sim.cli.options import load
from corridor_sim.foundation.errors import ResultError
from corridor_sim.results.folder import is_result_folder


def draw_map(
    source: Annotated[
        str, typer.Argument(metavar="SCENARIO|DIR", help="A scenario, or a result folder.", show_default=False)
    ],
    out: Annotated[Path | None, typer.Option(help="Picture to write, .png or .svg; NAME-map.png by default.")] = None,
) -> None:
    """Draw a map: of a scenario its network, of a result its flows and queues."""
    from corridor_sim.plots.map import corridor_map, network_map
    from corridor_sim.results import load_result

    if is_result_folder(Path(source)):
        result = load_result(source)
        target = out or Path(source) / "map.png"
        figure = corridor_map(result)
    else:
        scenario = load(source, None, None)
        target = out or Path(f"{scenario.name}-map.png")
        figure = network_map(title=scenario.title or scenario.name)
    try:
        figure.savefig(target, dpi=150)
    except (OSError, ValueError) as error:
        raise ResultError(f"{target}: cannot be written: {error}") from error
    typer.echo(f"{target} written")
