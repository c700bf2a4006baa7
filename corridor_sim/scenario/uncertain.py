"""The uncertain numbers of a scenario: value, grade and range of each, and the scenario with others in their place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corridor_sim.foundation.errors import Problem, ScenarioError, nearest
from corridor_sim.scenario.base import Model, Sourced
from corridor_sim.scenario.disruptions import Disruption
from corridor_sim.scenario.distributions import Distribution
from corridor_sim.scenario.quantities import Quantity
from corridor_sim.scenario.resources import ServerGroup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corridor_sim.scenario.scenario import Scenario

DEFAULT_HALF_FRAC = {"A": 0.05, "B": 0.15, "C": 0.30}
"""Half a range beside its value where a number states none, by grade: own estimate, grade C."""
SECTIONS = (
    "flows", "holds", "queues", "services", "single_tracks", "train_paths", "travel_classes", "disruptions", "costs",
    "emission_factors",
)  # fmt: skip
"""Where numbers that carry an answer stand; what was observed is no input, and shares of a flow must add up."""
SHARED = ("holds", "queues", "single_tracks", "train_paths", "travel_classes")
"""Sections whose entries use the same statement again: one train mass for all lines of a railway, one customs time."""
UNGRADED = "C"
"""Grade of a share that other traffic takes: its files call these shares guesses, without a grade beside them."""

WORDS = {
    "annual": "tonnes a year", "servers 0": "number of servers", "service": "time of service",
    "occupancy": "time until free again", "reserved": "share that others take", "rate": "price",
    "wtw": "emission factor", "every": "time between departures",
}  # fmt: skip
"""Fields in words, for the names of numbers."""

Value = Quantity | Distribution | ServerGroup


@dataclass(frozen=True)
class Uncertain:
    """One number that is not known exactly. Where entries state it alike, by one source, it is one number."""

    path: str
    """Dotted path of its first place."""
    paths: tuple[str, ...]
    """All its places."""
    name: str
    value: float
    """In the canonical unit; of a distribution, its mean."""
    unit: str
    grade: str
    low: float
    high: float
    is_stated: bool
    """Whether the scenario states the range; else it is the default of the grade."""
    is_whole: bool = False
    source: str = ""

    def at(self, fraction: float) -> float:
        """Return the value that lies at a fraction of the range; of whole numbers, all count alike."""
        if self.is_whole:
            return float(min(int(self.low + fraction * (self.high - self.low + 1)), int(self.high)))
        return self.low + fraction * (self.high - self.low)


def uncertain_numbers(scenario: Scenario) -> list[Uncertain]:
    """List the uncertain numbers of a scenario, in its order.

    A number's grade is its own, else that of the part it stands in; what has neither is taken as known, except shares
    reserved for other traffic. Zeros, ranges without width and disruptions that are switched off are left out.
    """
    places: dict[tuple[Any, ...], list[tuple[str, Value, str, str]]] = {}
    for section in SECTIONS:
        for key, entry in getattr(scenario, section).items():
            if isinstance(entry, Disruption) and not entry.enabled:
                continue
            title = str(getattr(entry, "name", None) or getattr(entry, "item", None) or key)
            for steps, value, grade in _walk(entry, (), None):
                is_shared = section in SHARED and value.source is not None
                alike = (section, steps, _statement(value)) if is_shared else (section, key, steps)
                field = " ".join(steps).replace("_", " ")
                field = WORDS.get(field, field) if section != "disruptions" else field
                name = f"{field}, {title}"
                places.setdefault(alike, []).append((".".join((section, key, *steps)), value, grade, name))
    found = [_uncertain(same) for same in places.values()]
    return [number for number in found if number.low < number.high]


def chosen_numbers(scenario: Scenario, names: list[str]) -> list[Uncertain]:
    """Return the uncertain numbers at some dotted paths.

    Raises
    ------
    ScenarioError
        With each path at which none stands, and the nearest one.
    """
    by_path = {path: number for number in uncertain_numbers(scenario) for path in number.paths}
    problems = [
        Problem(name, "no uncertain number stands there", None, nearest(name, by_path) or "expected a dotted path")
        for name in names
        if name not in by_path
    ]
    if problems:
        raise ScenarioError(problems)
    return list(dict.fromkeys(by_path[name] for name in names))


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return the scenario with other values at some dotted paths; distributions keep their shape."""
    sections: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        section, key, *steps = _split(scenario, path)
        entries = sections.setdefault(section, dict(getattr(scenario, section)))
        entries[key] = _replaced(entries[key], steps, value)
    return scenario.model_copy(update=sections)


def value_at(scenario: Scenario, path: str) -> Value:
    """Return what stands at a path."""
    section, key, *steps = _split(scenario, path)
    part = getattr(scenario, section)[key]
    for step in steps:
        part = part[int(step)] if isinstance(part, tuple) else getattr(part, step)
    return part  # type: ignore[no-any-return]


def _split(scenario: Scenario, path: str) -> list[str]:
    """Take a path apart; ids of entries may hold points."""
    section, _, rest = path.partition(".")
    key = max((k for k in getattr(scenario, section) if rest.startswith(f"{k}.")), key=len)
    return [section, key, *rest[len(key) + 1 :].split(".")]


def _walk(part: Any, steps: tuple[str, ...], grade: str | None) -> Iterator[tuple[tuple[str, ...], Value, str]]:
    """Yield the numbers of an entry with their places and grades."""
    if isinstance(part, Quantity | Distribution):
        own = part.grade or (grade if steps[0] != "consignment" else None)
        own = own or (UNGRADED if steps[-1] == "reserved" else None)
        if own is not None and _value(part) != 0:
            yield steps, part, own
    elif isinstance(part, ServerGroup):
        if part.range is not None and part.grade is not None:
            yield steps, part, part.grade
    elif isinstance(part, Model):
        inherited = (part.grade if isinstance(part, Sourced) else None) or grade
        for name in type(part).model_fields:
            yield from _walk(getattr(part, name), (*steps, name), inherited)
    elif isinstance(part, tuple):
        for k, item in enumerate(part):
            yield from _walk(item, (*steps, str(k)), grade)


def _statement(value: Value) -> Any:
    """Return what is said of a number: the same words of the same source are one number."""
    return value.model_dump_json() if isinstance(value, ServerGroup) else value


def _value(value: Value) -> float:
    if isinstance(value, ServerGroup):
        return float(value.n)
    return value.value if isinstance(value, Quantity) else value.mean_value


def _uncertain(same: list[tuple[str, Value, str, str]]) -> Uncertain:
    path, value, grade, name = same[0]
    middle = _value(value)
    unit = "servers" if isinstance(value, ServerGroup) else value.unit
    if isinstance(value, Distribution) and value.per != "consignment":
        unit = f"h/{value.per}"
    low, high = value.range or _default_range(path, middle, grade)
    name = name if len(same) == 1 else f"{name} (and {len(same) - 1} alike)"
    return Uncertain(
        path, tuple(p for p, *_ in same), name, middle, unit, grade, float(low), float(high), value.range is not None,
        isinstance(value, ServerGroup), value.source or "",
    )  # fmt: skip


def _default_range(path: str, value: float, grade: str) -> tuple[float, float]:
    half = DEFAULT_HALF_FRAC[grade] * abs(value)
    if path.endswith(".reserved"):  # what is left free may be the smaller part, and must not vanish
        half = DEFAULT_HALF_FRAC[grade] * min(value, 1.0 - value)
    is_pace = path.startswith("disruptions.") and path.endswith(".factor") and value <= 1
    return value - half, min(value + half, 1.0) if is_pace else value + half


def _replaced(part: Any, steps: list[str], value: float) -> Any:
    if isinstance(part, Distribution):
        return part.scaled(value / part.mean_value)
    if isinstance(part, Quantity):
        return replace(part, value=value)
    if isinstance(part, ServerGroup):
        return part.model_copy(update={"n": round(value)})
    step, *others = steps
    if isinstance(part, tuple):
        k = int(step)
        return (*part[:k], _replaced(part[k], others, value), *part[k + 1 :])
    return part.model_copy(update={step: _replaced(getattr(part, step), others, value)})
