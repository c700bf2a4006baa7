"""The inputs of a run with where they come from: every number of the resolved scenario that names a source or grade."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from corridor_sim.scenario.provenance import GRADES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BESIDE = frozenset({"source", "grade", "range", "note", "unit", "value"})
LONGEST_TEXT = 110
GRADE_WORDS = {"A": "official", "B": "press or study", "C": "estimate"}


class Input(NamedTuple):
    """One input: where it stands in the scenario, what it says, who says so."""

    path: str
    value: str
    unit: str
    range: str
    grade: str
    source: str
    note: str


def inputs_of(scenario: Mapping[str, Any]) -> list[Input]:
    """List what stands beside a source or a grade, in the order of the scenario."""
    return [item for key, part in scenario.items() for item in _walk(str(key), part)]


def sources_of(scenario: Mapping[str, Any]) -> dict[str, str]:
    """Return the sources that inputs refer to, by name."""
    return {str(k): str(v) for k, v in (scenario.get("sources") or {}).items()}


def grade_counts(inputs: list[Input]) -> dict[str, int]:
    """Count the inputs of each grade."""
    counted = Counter(i.grade for i in inputs)
    return {grade: counted[grade] for grade in GRADES}


def _walk(path: str, part: Any) -> Iterator[Input]:
    if isinstance(part, list):
        for position, item in enumerate(part):
            yield from _walk(f"{path}.{position}", item)
    elif isinstance(part, dict):
        if "source" in part or "grade" in part:
            yield _input(path, part)
        for key, item in part.items():
            if str(key) not in BESIDE:
                yield from _walk(f"{path}.{key}", item)


def _input(path: str, part: Mapping[str, Any]) -> Input:
    low_high = part.get("range")
    return Input(
        path,
        _text(part["value"] if "value" in part else {k: v for k, v in part.items() if k not in BESIDE}),
        str(part.get("unit", "")),
        f"{low_high[0]} to {low_high[1]}" if low_high else "",
        str(part.get("grade", "")),
        str(part.get("source", "")),
        str(part.get("note", "")),
    )


def _text(value: Any) -> str:
    """Write a value in a line; of a table only what stands in it by itself."""
    if isinstance(value, dict):
        plain = [f"{k}: {_text(v)}" for k, v in value.items() if not isinstance(v, list | dict) or _is_small(v)]
        text = ", ".join(plain)
    elif isinstance(value, list):
        text = ", ".join(map(str, value))
    else:
        text = str(value)
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 3]}..."


def _is_small(value: Any) -> bool:
    if isinstance(value, dict):
        return len(value) <= 3 and "source" not in value and all(not isinstance(v, list) for v in value.values())
    return all(not isinstance(v, list | dict) for v in value)
