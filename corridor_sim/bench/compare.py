"""Two reports beside each other: how many times worse every figure became."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_sim.bench.figures import number_text
from corridor_sim.bench.report import plain_table
from corridor_sim.foundation.errors import ResultError

if TYPE_CHECKING:
    from rich.table import Table

    from corridor_sim.bench.figures import Figure
    from corridor_sim.bench.report import Report


@dataclass(frozen=True)
class Change:
    """One figure in both reports."""

    old: Figure
    new: Figure
    is_judged: bool
    """False: a time or an amount of memory, measured on different machines."""

    @property
    def ratio(self) -> float:
        """How many times worse it became: above 1 worse, below 1 better, whichever way the figure counts."""
        old, new = self.old.value or 0.0, self.new.value or 0.0
        if old == new:
            return 1.0
        over, under = (new, old) if self.new.better == "lower" else (old, new)
        return over / under if under > 0 else math.inf


@dataclass(frozen=True)
class Comparison:
    """Changes, worst first."""

    changes: tuple[Change, ...]
    threshold: float
    missing: tuple[Figure, ...]
    """Figures that only the old report has."""
    is_same_machine: bool

    @property
    def beyond(self) -> tuple[Change, ...]:
        """Changes that are worse than the threshold allows."""
        return tuple(c for c in self.changes if c.is_judged and c.ratio > self.threshold)


def compare_reports(old: Report, new: Report, threshold: float) -> Comparison:
    """Compare reports figure by figure.

    Raises
    ------
    ResultError
        When they have no figure in common.
    """
    same = old.surroundings["machine"] == new.surroundings["machine"]
    before = {f.key: f for f in old.figures if f.value is not None}
    pairs = [(before[f.key], f) for f in new.figures if f.value is not None and f.key in before]
    if not pairs:
        raise ResultError("the reports have no figure in common: run the same groups, both in full or both quickly")
    changes = [Change(a, b, same or not b.needs_same_machine) for a, b in pairs]
    measured, groups = {b.key for _, b in pairs}, {f.group for f in new.figures}
    missing = tuple(f for key, f in before.items() if key not in measured and f.group in groups)
    return Comparison(tuple(sorted(changes, key=lambda c: -c.ratio)), threshold, missing, same)


def comparison_table(comparison: Comparison) -> Table:
    """Return the changes as a table within 100 columns."""
    from rich.text import Text

    table = plain_table()
    for name, width in {"what": 43, "size": 23, "old": 8, "new": 8, "worse": 6}.items():
        table.add_column(name, justify="right" if name in {"old", "new", "worse"} else "left", width=width)
    beyond = set(map(id, comparison.beyond))
    for change in comparison.changes:
        new = change.new
        what = f"{new.group}: {new.what}, {new.unit}"
        worse = f"{change.ratio:.2f}" if change.is_judged else "-"
        cells = (what, new.size, number_text(change.old.value), number_text(new.value), worse)
        table.add_row(*(Text(c) for c in cells), style="bold red" if id(change) in beyond else "")
    return table
