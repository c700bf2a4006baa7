"""What pydantic found, in a planner's words and with its place in the files."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from corridor_sim.foundation.errors import Problem, nearest
from corridor_sim.scenario.base import FOUND, Found, describe_type
from corridor_sim.scenario.itineraries import STAGES
from corridor_sim.scenario.structure import ROOT, SECTIONS, field_at, is_tag, valid_keys
from corridor_sim.scenario.yaml_paths import Step, dotted, follow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import ValidationError

    from corridor_sim.foundation.errors import Location
    from corridor_sim.scenario.yaml_tree import Node

_EXPECTED = {
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "model_type": "a mapping (keys and values)",
    "model_attributes_type": "a mapping (keys and values)",
    "dict_type": "a mapping (keys and values)",
    "tuple_type": "a list",
    "list_type": "a list",
}
_VALID_KEYS = "valid keys are"
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "above"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "below"),
}


def translate(
    error: ValidationError, tree: Node, suspect: set[tuple[str, str]], root: tuple[Any, ...] = ROOT
) -> list[Problem]:
    """Turn a validation error into located problems.

    Parameters
    ----------
    error
        What pydantic raised.
    tree
        The resolved tree that was validated.
    suspect
        Entries (section, id) that are known to be incomplete: their missing keys are not reported again.
    root
        Model of the file, for the names of its keys.
    """
    problems: dict[tuple[str, str], Problem] = {}
    items = error.errors(include_url=False)
    misspelt = {place for item in items if (place := _meant_key(item, root))}
    suspect = suspect | {(str(place[0]), str(place[1])) for place in misspelt if _is_template(place)}
    for item in items:
        steps = tuple(step for step in item["loc"] if not is_tag(step) and step != "[key]")
        if item["type"] == "missing" and (steps[:2] in suspect or item["loc"] in misspelt):
            continue
        if item["type"] == "too_short" and _is_long_enough(tree, steps, item["ctx"]["min_length"]):
            continue  # pydantic does not count entries that have problems of their own
        for problem in _translate_one(item, steps, tree, root):
            problems.setdefault((problem.path, problem.message), problem)
    return _join_unknown(list(problems.values()))


def _join_unknown(problems: list[Problem]) -> list[Problem]:
    """Join the unknown keys of one mapping that resemble no valid one: often a heading above them is missing."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        if problem.message == "unknown key" and problem.hint.startswith(_VALID_KEYS):
            groups.setdefault((problem.path.rpartition(".")[0], problem.hint), []).append(problem)
    dropped: set[Problem] = set()
    joined: dict[Problem, Problem] = {}
    for (_, hint), (first, *others) in groups.items():
        if others:
            names = [problem.path.rpartition(".")[2] for problem in (first, *others)]
            listed = f"{', '.join(names[:5])}{f' and {len(names) - 5} more' if len(names) > 5 else ''}"
            message = f"unknown keys {listed}; is a line missing above?"
            joined[first] = Problem(first.path, message, first.location, hint)
            dropped.update(others)
    return [joined.get(problem, problem) for problem in problems if problem not in dropped]


def _meant_key(item: Any, root: tuple[Any, ...]) -> tuple[Step, ...] | None:
    """Place of the valid key that an unknown key was probably meant to be."""
    if item["type"] != "extra_forbidden":
        return None
    *parent, key = item["loc"]
    close = get_close_matches(str(key), _keys_at(tuple(parent), root), n=1, cutoff=0.6)
    return (*parent, close[0]) if close else None


def _is_template(place: tuple[Step, ...]) -> bool:
    return len(place) == 3 and place[2] == "template"


def _keys_at(parent: tuple[Step, ...], root: tuple[Any, ...]) -> list[str]:
    """List the keys that a mapping may have in the file; an entry of a section may name a template."""
    is_entry = root == ROOT and len(parent) == 2 and parent[0] in SECTIONS
    return [*valid_keys(parent, root), *(["template"] if is_entry else [])]


def _translate_one(item: Any, steps: tuple[Step, ...], tree: Node, root: tuple[Any, ...]) -> Iterable[Problem]:
    kind, context = item["type"], item.get("ctx", {})
    if kind == FOUND:
        return [_located(tree, (*steps, *found.path), found) for found in context["found"]]
    if kind == "missing":
        node, _ = follow(tree, steps[:-1])
        return [Problem(dotted(steps), f"key is missing{_purpose(item['loc'], root)}", node.location)]
    if kind == "extra_forbidden":
        node, _ = follow(tree, steps)
        return [Problem(dotted(steps), "unknown key", node.key_location, _key_hint(item["loc"], root))]
    if kind == "stage":
        node, _ = follow(tree, steps)
        return [_located(tree, steps, Found((), item["msg"], _stage_hint(node)))]
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        return [_located(tree, steps, Found((), f"found {item['input']}, expected {words} {_plain(context[bound])}"))]
    return [_located(tree, steps, Found((), _message(item, context), _literal_hint(item, context)))]


def _plain(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else str(bound)


def _is_long_enough(tree: Node, steps: tuple[Step, ...], length: int) -> bool:
    node, _ = follow(tree, steps)
    return not isinstance(node.value, dict | list) or len(node.value) >= length


def _message(item: Any, context: Mapping[str, Any]) -> str:
    kind, found = item["type"], describe_type(item["input"])
    if kind in _EXPECTED:
        return f"found {found}, expected {_EXPECTED[kind]}"
    if kind == "literal_error":
        return f"found {found}, expected {context['expected'].replace(chr(39), '')}"
    if kind == "string_pattern_mismatch":
        return f"found {found}, expected small letters, digits and hyphens"
    if kind == "too_short":
        length = context["min_length"]
        return f"holds {context['actual_length']} entries, expected at least {length}"
    if kind == "too_long":
        return f"holds more than {context['max_length']} entries"
    return str(item["msg"])


def _literal_hint(item: Any, context: Mapping[str, Any]) -> str:
    if item["type"] != "literal_error" or not isinstance(item["input"], str):
        return ""
    options = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
    return nearest(item["input"], options)


def _located(tree: Node, steps: tuple[Step, ...], found: Found) -> Problem:
    """Place what was found at the deepest node on its way."""
    node, taken = follow(tree, steps)
    where: Location = node.location
    if found.message == "unknown key":
        where = node.key_location
    return Problem(dotted(steps[:taken]), found.message, where, found.hint)


def _purpose(loc: tuple[Step, ...], root: tuple[Any, ...]) -> str:
    """First sentence of what a missing key holds."""
    field = field_at(loc, root)
    text = (field.description or "") if field is not None else ""
    first = text.split(". ")[0].split("\n")[0].rstrip(".")
    return f", expected {first[:1].lower()}{first[1:]}" if first else ""


def _key_hint(loc: tuple[Step, ...], root: tuple[Any, ...]) -> str:
    keys = _keys_at(loc[:-1], root)
    return nearest(str(loc[-1]), keys) or (f"{_VALID_KEYS} {', '.join(keys)}" if keys else "")


def _stage_hint(node: Node) -> str:
    hints = (nearest(key, STAGES) for key in node.entries)
    return next((hint for hint in hints if hint), "")
