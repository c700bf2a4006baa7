"""Figures: what was measured, in which unit, and whether it meets its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sense = Literal["lower", "higher"]

UNITS_OF_TIME = ("ns", "us", "ms", "s")


@dataclass(frozen=True)
class Figure:
    """One row of the table."""

    group: str
    what: str
    size: str
    value: float | None
    """None: not measured, ``note`` says why."""
    unit: str
    target: float | None = None
    better: Sense = "lower"
    note: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same figure in another run."""
        return self.group, self.what, self.size, self.unit

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None when there is no target, or no value."""
        if self.value is None or self.target is None:
            return None
        return self.value <= self.target if self.better == "lower" else self.value >= self.target

    @property
    def needs_same_machine(self) -> bool:
        """Whether the figure is a time or an amount of memory: ratios, exponents and counts carry between machines."""
        return self.unit.partition("/")[0] in {*UNITS_OF_TIME, "MiB"}

    @property
    def target_text(self) -> str:
        """The target in words."""
        if self.target is None:
            return ""
        return f"{'<=' if self.better == 'lower' else '>='} {self.target:g}"

    @property
    def verdict(self) -> str:
        """What stands in the last column of the table."""
        return "" if self.is_met is None else "yes" if self.is_met else "NO"


def skipped(group: str, what: str, why: str) -> Figure:
    """Return a row that says why something was not measured."""
    return Figure(group, what, "", None, "", note=why)


def number_text(value: float | None) -> str:
    """Return a number with three digits or so, whole when it is a count."""
    if value is None:
        return "-"
    if value == int(value) and abs(value) < 1e12:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
