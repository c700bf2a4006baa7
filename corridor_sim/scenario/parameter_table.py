"""The numbers of a scenario as rows of a table, and back: what a spreadsheet can show and change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from corridor_sim.foundation.units import split_quantity, unit_ratio
from corridor_sim.scenario.distributions import PARAMETERS
from corridor_sim.scenario.yaml_dump import to_yaml
from corridor_sim.scenario.yaml_tree import Source, YamlError, from_python, parse_yaml, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor_sim.scenario import Scenario

Scalar = str | int | float | bool | None
COLUMNS = ("path", "name", "value", "unit", "distribution", "low", "high", "grade", "source", "note")
"""Columns of the table; path and name say what a row is, the others may be changed."""
BESIDE = ("unit", "source", "grade", "range", "note")
FAMILIES = frozenset(PARAMETERS) | {"fixed"}
LEFT_OUT = frozenset({"schema_version", "name", "title", "description", "sources", "comparison", "calibration"})
"""Sections that hold no inputs of the model."""


@dataclass(frozen=True)
class ParameterRow:
    """One input: a number, a quantity with unit and source, a switch, or a distribution."""

    path: str
    """Dotted path in the scenario."""
    name: str
    """Of the entry that it belongs to, in words."""
    value: Scalar = None
    unit: str | None = None
    distribution: str | None = None
    """In YAML, on one line, such as ``{lognormal: {mean: 20 h, cv: 0.4}}``."""
    low: Scalar = None
    high: Scalar = None
    grade: str | None = None
    source: str | None = None
    note: str | None = None
    form: str = "bare"
    """How it is written: bare (a number or switch), text (a number with its unit), table (with what stands beside)."""

    @property
    def section(self) -> str:
        """Top-level key that it stands under."""
        return self.path.partition(".")[0]


def parameter_rows(scenario: Scenario) -> list[ParameterRow]:
    """List the inputs of a scenario that can be changed by path, in its order."""
    tree = plain(scenario.named_tree)
    return [row for key, part in tree.items() if key not in LEFT_OUT for row in _walk(str(key), part, "")]


def _walk(path: str, part: Any, name: str) -> Iterator[ParameterRow]:
    row = _row(path, part, name)
    if row is not None:
        yield row
    elif isinstance(part, list):
        for position, item in enumerate(part):
            yield from _walk(f"{path}.{position}", item, name)
    elif isinstance(part, dict):
        own = part.get("name")
        for key, item in part.items():
            if key not in BESIDE or isinstance(item, dict):
                yield from _walk(f"{path}.{key}", item, own if isinstance(own, str) else name)


def _row(path: str, part: Any, name: str) -> ParameterRow | None:
    """Make the row of a value that is one input; None of all else."""
    if isinstance(part, bool | int | float):
        return ParameterRow(path, name, value=part)
    if isinstance(part, str):
        found = _quantity(part)
        return None if found is None else ParameterRow(path, name, value=found[0], unit=found[1], form="text")
    if not isinstance(part, dict):
        return None
    low, high = part["range"] if isinstance(part.get("range"), list) and len(part["range"]) == 2 else (None, None)
    beside = {key: part.get(key) for key in ("grade", "source", "note")}
    if "value" in part and not part.keys() - {"value", *BESIDE}:
        return ParameterRow(path, name, part["value"], part.get("unit"), None, low, high, **beside, form="table")
    drawn = {key: item for key, item in part.items() if key not in BESIDE}
    if drawn and drawn.keys() <= FAMILIES | {"shift", "minimum", "maximum", "per"} and drawn.keys() & FAMILIES:
        return ParameterRow(path, name, None, part.get("unit"), _flow(drawn), low, high, **beside, form="table")
    return None


def _quantity(text: str) -> tuple[float, str] | None:
    """Split a text that is a number with a unit; None of other texts, such as dates."""
    try:
        value, unit = split_quantity(text)
        unit_ratio(unit, unit)  # a name such as "3 lanes" has no unit
    except ValueError:
        return None
    number = int(value) if value == int(value) else value
    return (number, unit) if unit and f"{number} {unit}" == text else None


def value_of(row: ParameterRow) -> Any:
    """Return what stands in the scenario for a row: the opposite of `parameter_rows`.

    Raises
    ------
    ValueError
        When its distribution is no YAML, or it has a range with one end.
    """
    if (row.low is None) != (row.high is None):
        raise ValueError("a range has two ends: give low and high, or neither")
    main: dict[str, Any] = {"value": row.value}
    if row.distribution is not None:
        if row.value is not None:
            raise ValueError("has a value and a distribution; give one of them")
        main = _parsed(row.distribution)
    elif row.value is None:
        raise ValueError("has neither a value nor a distribution")
    beside = {"unit": row.unit, "source": row.source, "grade": row.grade, "note": row.note}
    given: dict[str, Any] = {key: text for key, text in beside.items() if text is not None}
    if row.low is not None:
        given["range"] = [row.low, row.high]
    if row.distribution is None and row.form != "table" and given.keys() <= {"unit"}:
        return row.value if row.unit is None else f"{row.value} {row.unit}"
    return main | given


def _parsed(text: str) -> dict[str, Any]:
    try:
        node, problems = parse_yaml(text, Source("distribution", has_lines=False))
    except YamlError as error:
        raise ValueError(f"the distribution cannot be read: {error.problems[0].message}") from None
    found = plain(node)
    if problems or not isinstance(found, dict):
        raise ValueError("the distribution cannot be read, expected such as {lognormal: {mean: 20 h, cv: 0.4}}")
    return found


def _flow(value: dict[str, Any]) -> str:
    """Write a small mapping on one line."""
    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True)
    return text.strip()


def changes_yaml(head: dict[str, Any], changes: dict[str, Any]) -> str:
    """Write a scenario that imports another one and changes some values."""
    content = {**head, "changes": changes} if changes else head
    return to_yaml(from_python(content, Source("changes", has_lines=False)))
