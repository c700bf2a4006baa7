"""The command `guide`: the guides that come with the package."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown

from corridor_sim.foundation.errors import InputError, Problem, nearest


def guide(
    name: Annotated[str, typer.Argument(help="planner, researcher or model.")] = "planner",
    update: Annotated[bool, typer.Option("--update", help="In a checkout: make the generated parts anew.")] = False,
) -> None:
    """Show a guide: planner (from a question to a decision), researcher (Python, sweeps), model (equations, limits)."""
    from corridor_sim.report.guides import GUIDES, guide_text, update_guides

    if update:
        changed = update_guides()
        typer.echo("\n".join(f"{file} written" for file in changed) or "all generated parts are up to date")
        return
    if name not in GUIDES:
        raise InputError(
            [Problem(name, "is no guide", hint=nearest(name, GUIDES) or f"guides are {', '.join(GUIDES)}")]
        )
    console = Console()
    if console.is_terminal:
        console.print(Markdown(guide_text(name)))
    else:
        typer.echo(guide_text(name), nl=False)
