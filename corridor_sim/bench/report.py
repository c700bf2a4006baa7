"""A report: figures and what they were measured on; to JSON and back, and as a table."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from corridor_sim.bench.figures import Figure, number_text
from corridor_sim.foundation.errors import ResultError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.table import Table

FORMAT = "corridor-sim bench 1"
COLUMNS = ("what", "size", "figure", "unit", "target", "met")
RIGHT = frozenset({"figure", "target"})


@dataclass(frozen=True)
class Report:
    """Figures of one run of the benchmarks."""

    figures: tuple[Figure, ...]
    surroundings: dict[str, Any]
    """Machine, versions, commit, date, see `machine.surroundings`."""
    is_quick: bool

    @property
    def title(self) -> str:
        """What was measured on, in a line."""
        s = self.surroundings
        machine, versions = s["machine"], s["versions"]
        at = f", commit {s['commit']}" if s.get("commit") else ""
        return (
            f"{machine['cpu']}, {machine['cores']} cores, {machine['platform']}; "
            + ", ".join(f"{name} {number}" for name, number in versions.items())
            + f"; {s['date'][:10]}{at}{', quick' if self.is_quick else ''}"
        )

    def save(self, path: Path) -> None:
        """Write the report as JSON.

        Raises
        ------
        ResultError
            When the file cannot be written.
        """
        content = {"format": FORMAT, "is_quick": self.is_quick, **self.surroundings,
                   "figures": [asdict(f) for f in self.figures]}  # fmt: skip
        try:
            path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise ResultError(f"{path} cannot be written: {error.strerror}") from error


def load_report(path: Path) -> Report:
    """Read a report.

    Raises
    ------
    ResultError
        When the file cannot be read, or is none.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ResultError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ResultError(f"{path} is no JSON, expected a file written by corridor-sim bench") from error
    if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
        raise ResultError(f"{path} was not written by this version of corridor-sim bench")
    try:
        figures = tuple(Figure(**f) for f in content.pop("figures"))
        is_quick = bool(content.pop("is_quick"))
        report = Report(figures, content, is_quick)
        report.title  # noqa: B018  # has all it needs
    except (KeyError, TypeError) as error:
        raise ResultError(f"{path} is damaged: {error}") from error
    return report


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.what,
        figure.note or figure.size,
        number_text(figure.value),
        figure.unit,
        figure.target_text,
        figure.verdict,
    )


def _by_group(figures: Sequence[Figure]) -> Iterator[tuple[str, list[Figure]]]:
    for group, rows in groupby(figures, key=lambda f: f.group):
        yield group, list(rows)


def plain_table(title: str | None = None) -> Table:
    """Return an empty table with a rule under its head and no other lines."""
    from rich import box
    from rich.table import Table

    return Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False,
        padding=(0, 1, 0, 0),
    )  # fmt: skip


def tables(figures: Sequence[Figure]) -> Iterator[Table]:
    """Yield a table per group, all of the same widths, within 100 columns."""
    from rich.text import Text

    widths = {"what": 33, "size": 23, "figure": 8, "unit": 14, "target": 7, "met": 3}
    for group, rows in _by_group(figures):
        table = plain_table(group)
        for name in COLUMNS:
            table.add_column(name, justify="right" if name in RIGHT else "left", width=widths[name])
        for row in rows:
            style = "bold red" if row.is_met is False else ""
            table.add_row(*(Text(cell) for cell in _cells(row)), style=style)
        yield table


def markdown(report: Report) -> str:
    """Return the report as one Markdown table, for a README."""
    lines = [report.title + ".", "", "| group | " + " | ".join(COLUMNS) + " |",
             "|---|" + "|".join("---:" if name in RIGHT else "---" for name in COLUMNS) + "|"]  # fmt: skip
    lines += [f"| {f.group} | " + " | ".join(_cells(f)) + " |" for f in report.figures]
    return "\n".join(lines) + "\n"
