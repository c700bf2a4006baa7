"""Changes to a scenario by dotted path: named sets from the file, and one-off ones from the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.foundation.errors import Problem, ProblemList, nearest
from corridor_sim.scenario.base import describe_type
from corridor_sim.scenario.structure import below, has_free_keys, kinds_at, models_at, valid_keys
from corridor_sim.scenario.yaml_paths import Step, dotted, find, replaced
from corridor_sim.scenario.yaml_tree import Node, Source, YamlError, from_python, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor_sim.foundation.errors import Location

_FIXED = ("schema_version", "import", "overrides", "changes")
Change = tuple[str, Node]


def named_changes(tree: Node, names: Sequence[str], problems: ProblemList) -> list[Change]:
    """Return the scenario's own changes, then those of the named overrides in the order chosen.

    The paths of all named overrides are checked.
    """
    section = tree.entries.get("overrides")
    known = section.entries if section is not None else {}
    if section is not None and not isinstance(section.value, dict | None):
        text = f"found {describe_type(section.value)}, expected named sets of changes"
        problems.add("overrides", text, location=section.location)
    sets: dict[str, list[Change]] = {}
    chosen = _own_changes(tree, problems)
    changed = apply_changes(tree, chosen, ProblemList())  # what is wrong with those is told where they are made
    for name, node in known.items():
        if not isinstance(node.value, dict):
            text = f"found {describe_type(node.value)}, expected dotted paths and their values"
            problems.add(f"overrides.{name}", text, location=node.location)
        sets[name] = list(node.entries.items())
        if name not in names:  # a path that is wrong is reported even when the set is not chosen
            for path, value in sets[name]:
                _target(changed, path, f"overrides.{name}.{path}", value.key_location, problems)
    for name in names:
        if name in sets:
            chosen += sets[name]
        else:
            hint = nearest(name, sets) or (f"overrides are {', '.join(sets)}" if sets else "the scenario has none")
            problems.problems.append(Problem("", f"no override named '{name}'", None, hint))
    return chosen


def _own_changes(tree: Node, problems: ProblemList) -> list[Change]:
    """Return what the scenario changes of the files it imports."""
    section = tree.entries.get("changes")
    if section is None:
        return []
    if not isinstance(section.value, dict):
        text = f"found {describe_type(section.value)}, expected dotted paths and their values"
        problems.add("changes", text, location=section.location)
        return []
    return list(section.entries.items())


def given_changes(overrides: Mapping[str, object], problems: ProblemList) -> list[Change]:
    """Turn the caller's overrides into nodes; a text is read as YAML, as on the command line."""
    changes: list[Change] = []
    for path, value in overrides.items():
        source = Source("the change given", has_lines=False)
        try:
            node = _from_text(value, source) if isinstance(value, str) else from_python(value, source)
        except YamlError as error:
            problems.problems += [Problem(path, problem.message, None, problem.hint) for problem in error.problems]
        except TypeError as error:
            problems.add(path, str(error))
        else:
            node.key_line = node.key_column = 1
            changes.append((path, node))
    return changes


def _from_text(text: str, source: Source) -> Node:
    if not text.strip():
        return Node(None, source, 1, 1)
    root, found = parse_yaml(text, source) if text.strip() not in {"null", "~"} else (Node(None, source, 1, 1), [])
    if found:
        raise YamlError(found)
    return root


def apply_changes(tree: Node, changes: Sequence[Change], problems: ProblemList) -> Node:
    """Return the tree with the changes made in order; a path that leads nowhere is a problem."""
    for path, node in changes:
        where = node.key_location
        steps = _target(tree, path, path, where, problems)
        if steps is None:
            continue
        place = find(tree, path)
        for missing in reversed(steps[len(place.steps) + 1 :]):
            node = Node({str(missing): node}, node.source, node.line, node.column)  # noqa: PLW2901
        tree = replaced(tree, steps[: len(place.steps) + 1] if place.rest else place.steps, node)
    return tree


def is_early(path: str) -> bool:
    """Whether a change must be made before templates are worked in."""
    return path.startswith("templates.") or path.endswith(".template")


def _target(
    tree: Node, path: str, shown: str, where: Location | None, problems: ProblemList
) -> tuple[Step, ...] | None:
    """Return the keys that a path leads through, or None after noting why it leads nowhere.

    The keys must be in the file, or be fields that the models know and the file leaves at their defaults.
    """
    place = find(tree, path)
    steps, kinds = place.steps, kinds_at(place.steps)
    if (steps or place.rest) and str((*steps, *place.rest)[0]) in _FIXED:
        problems.add(shown, "cannot be overridden", location=where)
        return None
    node: Node | None = place.node
    for part in place.rest:
        known = list(node.entries) if node is not None else []
        if not has_free_keys(kinds):
            known += [key for key in _field_keys(steps, kinds) if key not in known]
        if part not in known or (node is not None and not isinstance(node.value, dict | None)):
            problems.add(shown, _nowhere(part, steps, node), location=where, hint=_hint(part, known, node))
            return None
        steps, kinds, node = (*steps, part), below(kinds, part), None
    return steps


def _field_keys(steps: tuple[Step, ...], kinds: Sequence[object]) -> list[str]:
    return [key for key in valid_keys(steps) if key not in _FIXED] if models_at(kinds) else []


def _nowhere(part: str, steps: tuple[Step, ...], node: Node | None) -> str:
    if node is not None and not isinstance(node.value, dict | list | None):
        return f"'{dotted(steps)}' is {describe_type(node.value)} and has no keys; override '{dotted(steps)}' itself"
    if node is not None and isinstance(node.value, list):
        return f"'{dotted(steps)}' is a list of {len(node.value)}, expected a position from 0, found '{part}'"
    return f"no key '{part}' in '{dotted(steps)}'" if steps else f"no key '{part}'"


def _hint(part: str, known: list[str], node: Node | None) -> str:
    if node is not None and not isinstance(node.value, dict | None):
        return ""
    listed = f"keys are {', '.join(known[:12])}{', ...' if len(known) > 12 else ''}" if known else ""
    return nearest(part, known) or listed
