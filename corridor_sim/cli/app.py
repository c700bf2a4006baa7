"""The command line: commands, and how errors become exit codes."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from corridor_sim.cli import (
    bench,
    calibrate,
    calibration,
    compare,
    guide,
    inputs,
    inspect,
    line_capacity,
    lines,
    maps,
    relief,
    report,
    run,
    sweep,
    trust,
    verify,
)
from corridor_sim.foundation.errors import CheckFailedError, CorridorSimError, InputError, ResultError

if TYPE_CHECKING:
    from collections.abc import Sequence

UsageError = typer.BadParameter.__base__
"""What every wrong option raises. Taken from typer, which in some versions carries a copy of click of its own."""

OK, RUN_FAILED, WRONG_INPUT, CHECK_FAILED, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="corridor-sim",
    help="Freight simulator of the North-South corridor: scenario files in, result folders out.",
    epilog="New here? corridor-sim guide planner. Scripts: guide researcher. Equations and limits: guide model. "
    "Exit codes: 0 done, 1 the run failed, 2 the input is wrong, 3 a check failed, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command("run")(run.run)
app.command("sweep")(sweep.sweep)
app.command("relief")(relief.relief)
app.command("verify")(verify.verify)
app.command("compare")(compare.compare)
app.command("validate")(inspect.validate)
app.command("show")(inspect.show)
app.command("explain")(inspect.explain)
app.command("schema")(inspect.schema)
app.command("list")(inspect.list_things)
app.command("new")(inspect.new)
app.command("map")(maps.draw_map)
app.command("report")(report.report)
app.command("export")(report.export)
app.add_typer(inputs.app, name="inputs")
app.command("guide")(guide.guide)
app.command("calibrate")(calibration.calibrate)
app.command("calibrate-post")(calibrate.calibrate_post)
app.command("trust")(trust.trust)
app.command("lines")(lines.draw_lines)
app.command("line-capacity")(line_capacity.line_capacity)
app.command("bench")(bench.bench)


def _print_version(asked: bool) -> None:
    if asked:
        try:
            found = version("corridor-sim")
        except PackageNotFoundError:
            found = "not installed"
        typer.echo(f"corridor-sim {found}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Exit codes: 0 done, 1 the run failed, 2 the input is wrong, 3 a check failed, 130 interrupted.
    """
    sys.exit(run_command(arguments))


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what went wrong is told on the error stream."""
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    command = typer.main.get_command(app)
    try:
        code = command.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except typer.Exit as leave:
        code = leave.exit_code  # some versions of typer turn an interrupt into this
    except InputError as error:
        n = len(error.problems)
        errors.print(f"[bold red]{n} problem{'s' if n > 1 else ''} in the input[/]; nothing was run or written")
        for problem in error.problems:
            errors.print(str(problem), markup=False)
        return WRONG_INPUT
    except ResultError as error:
        errors.print(f"[bold red]error:[/] {_escaped(error)}")
        return WRONG_INPUT
    except CheckFailedError as error:
        errors.print(f"[bold red]check failed:[/] {_escaped(error)}")
        return CHECK_FAILED
    except CorridorSimError as error:
        errors.print(f"[bold red]the run failed:[/] {_escaped(error)}")
        return RUN_FAILED
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:
        if UsageError is None or not isinstance(error, UsageError):
            raise
        error.show()  # type: ignore[attr-defined]
        return WRONG_INPUT
    if code == INTERRUPTED:
        given = sys.argv[1:] if arguments is None else list(arguments)
        resumes = given[:1] in [["sweep"], ["relief"]]
        errors.print(
            "interrupted; " + ("what is finished is kept, go on with --resume" if resumes else "nothing was written")
        )
    return int(code or OK)


def _escaped(error: Exception) -> str:
    return str(error).replace("[", r"\[")
