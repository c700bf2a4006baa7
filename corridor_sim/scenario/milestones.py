"""Milestones: dates that many entries hang on, such as the opening of a line, written once and worked in by name."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import model_validator

from corridor_sim.foundation.errors import nearest
from corridor_sim.scenario.base import BadValueError, Found, NonEmptyText, Sourced, bad_value
from corridor_sim.scenario.periods import DATE_KEYS, Reader, UtcTime, read_time

if TYPE_CHECKING:
    from corridor_sim.foundation.errors import ProblemList
    from corridor_sim.scenario.yaml_tree import Node

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The date of what never comes."""
_BEFORE = DATE_KEYS[1]


def read_milestone(raw: Any) -> datetime:
    """Read a date, or ``never``."""
    if isinstance(raw, str) and raw.strip() == "never":
        return NEVER
    try:
        return read_time(raw)
    except BadValueError as error:
        found = [Found(f.path, f"{f.message}, or never", f.hint) for f in error.found]
        raise BadValueError(*found) from None


MilestoneTime = Annotated[datetime, Reader(read_milestone, datetime, "Date, UTC: 2030-01-01; or never.")]


class Milestone(Sourced):
    """A date on which something begins; other entries name it as {milestone: NAME} or {before: NAME}."""

    name: NonEmptyText
    """What begins, in words."""

    date: MilestoneTime
    """First day, UTC, or never."""

    range: tuple[UtcTime, UtcTime] | None = None
    """Earliest and latest plausible first day."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.range is not None and self.range[0] > self.range[1]:
            raise bad_value([Found(("range",), "ends before it begins")])
        return self


def expand_milestones(tree: Node, problems: ProblemList) -> Node:
    """Put the dates of milestones where entries name them.

    Parameters
    ----------
    tree
        The scenario, with templates and overrides worked in.
    problems
        Takes names that no milestone has. Dates that cannot be read are left to validation.
    """
    section = tree.entries.get("milestones")
    known = section.entries if section is not None else {}
    expansion = _Expansion({key: _date_of(node) for key, node in known.items()}, problems)
    others = {key: expansion.of(node, (key,)) for key, node in tree.entries.items() if key != "milestones"}
    return tree.with_value({key: others.get(key, node) for key, node in tree.entries.items()})


def _date_of(node: Node) -> datetime | None:
    """Read the date of a milestone, None where it is missing or wrong."""
    given = node.entries.get("date")
    try:
        return read_milestone(given.value) if given is not None else None
    except BadValueError:
        return None


class _Expansion:
    """Replaces references below a node, sharing what holds none."""

    def __init__(self, dates: dict[str, datetime | None], problems: ProblemList) -> None:
        self._dates, self._problems = dates, problems

    def of(self, node: Node, steps: tuple[str, ...]) -> Node:
        """Return a node with its references replaced."""
        if isinstance(node.value, list):
            items = [self.of(item, (*steps, str(k))) for k, item in enumerate(node.value)]
            changed = any(new is not old for new, old in zip(items, node.value, strict=True))
            return node.with_value(items) if changed else node
        if not isinstance(node.value, dict):
            return node
        if len(node.value) == 1 and next(iter(node.value)) in DATE_KEYS:
            return self._date(node, steps)
        entries = {key: self.of(child, (*steps, key)) for key, child in node.value.items()}
        changed = any(new is not node.value[key] for key, new in entries.items())
        return node.with_value(entries) if changed else node

    def _date(self, node: Node, steps: tuple[str, ...]) -> Node:
        (key, named), *_ = node.entries.items()
        name = str(named.value)
        if name not in self._dates:
            hint = nearest(name, self._dates) or (
                f"milestones are {', '.join(self._dates)}" if self._dates else "the scenario has none"
            )
            self._problems.add(".".join((*steps, key)), f"no milestone '{name}'", location=named.location, hint=hint)
        day = self._dates.get(name) or NEVER
        return node.with_value(_written(day - timedelta(days=key == _BEFORE)))


def _written(moment: datetime) -> str:
    """Write an instant as in a scenario file."""
    return str(moment.date()) if moment.time() == time() else moment.isoformat()
