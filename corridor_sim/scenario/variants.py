"""Scenarios that differ from a base by some values: only what changes is read and validated again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from corridor_sim.foundation.errors import ProblemList, ScenarioError
from corridor_sim.scenario.base import Model
from corridor_sim.scenario.checks import run_checks
from corridor_sim.scenario.checks.context import Context
from corridor_sim.scenario.load import expand
from corridor_sim.scenario.milestones import expand_milestones
from corridor_sim.scenario.overrides import apply_changes, given_changes
from corridor_sim.scenario.problems import translate
from corridor_sim.scenario.scenario import Scenario
from corridor_sim.scenario.structure import SECTIONS, entry_model, models_at
from corridor_sim.scenario.yaml_paths import find
from corridor_sim.scenario.yaml_tree import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corridor_sim.scenario.yaml_tree import Node

READ_BY_EXPANSION = ("milestones", "flows", "itineraries", "border_processes", "gauge_breaks", "chains")
"""Sections that are read while a scenario is expanded: where one changes, all is read again."""
_LATE = ("templates.", "overrides.", "changes.", "import")


@dataclass(frozen=True)
class Variant:
    """A scenario made of a base, and the digest of its resolved content."""

    scenario: Scenario
    digest: str
    """SHA-256 in hex: the same for the same content, however it was arrived at."""


class Variants:
    """Makes variants of one base scenario.

    Parameters
    ----------
    base
        A scenario that was loaded from a file.
    """

    def __init__(self, base: Scenario) -> None:
        self.base = base
        self._digests = {part: _digest_of(base, part) for part in _parts(base)}

    def make(self, changes: Mapping[str, object], *, check: bool = True) -> Variant:
        """Make the variant that has other values at some dotted paths.

        Parameters
        ----------
        changes
            As in `load_scenario`; a text is read as YAML.
        check
            Whether to check what the parts say about each other, too.

        Raises
        ------
        ScenarioError
            With every problem found.
        """
        problems = ProblemList()
        for path in changes:
            if path.startswith(_LATE) or path.endswith(".template"):
                problems.add(path, "is worked in already; change the values that it sets instead")
        problems.raise_if_any(ScenarioError)
        named = apply_changes(self.base.named_tree, given_changes(changes, problems), problems)
        problems.raise_if_any(ScenarioError)
        touched = {_part_of(named, path) for path in changes}
        is_plain = not any(part[0] in READ_BY_EXPANSION for part in touched)
        tree = self._with_touched(named, touched, problems) if is_plain else expand(named, problems)
        problems.raise_if_any(ScenarioError)
        scenario = self._validated(tree, touched) if is_plain else _wholly_validated(tree)
        applied = (*self.base.applied, *(f"{path}={value}" for path, value in changes.items()))
        scenario.came_from(tree, self.base.file, applied, named=named)
        if check:
            run_checks(Context(tree=tree, problems=problems, scenario=scenario))
            problems.raise_if_any(ScenarioError)
        known = {part: digest for part, digest in self._digests.items() if part not in touched} if is_plain else {}
        return Variant(
            scenario, _joined({part: known.get(part) or _digest_of(scenario, part) for part in _parts(scenario)})
        )

    def _with_touched(self, named: Node, touched: set[tuple[str, ...]], problems: ProblemList) -> Node:
        """Put what was touched, with its dates, into the tree of the base."""
        small: dict[str, Node] = {}
        for section, *key in touched:
            node = named.entries[section]
            if key:
                others = small[section].entries if section in small else {}
                small[section] = node.with_value({**others, key[0]: node.entries[key[0]]})
            else:
                small[section] = node
        if "milestones" in named.entries:
            small["milestones"] = named.entries["milestones"]
        dated = expand_milestones(named.with_value(dict(small)), problems)
        entries = dict(self.base.tree.entries)
        whole = {part[0] for part in touched if len(part) == 1}
        for section, node in dated.entries.items():
            old = entries[section].entries if section in entries and section not in whole else {}
            entries[section] = node.with_value({**old, **node.entries}) if node.entries else node
        return named.with_value(entries)

    def _validated(self, tree: Node, touched: set[tuple[str, ...]]) -> Scenario:
        """Validate what was touched; all of it, with every problem located, when that does not go well."""
        update: dict[str, Any] = {}
        try:
            for part in touched:
                section, *key = part
                if key:
                    model = entry_model(section)
                    assert model is not None  # noqa: S101  # a part of two steps is an entry
                    entries = update.setdefault(section, dict(getattr(self.base, section)))
                    entries[key[0]] = model.model_validate(plain(tree.entries[section].entries[key[0]]))
                else:
                    update[section] = _field(section, plain(tree.entries[section]))
        except (ValidationError, LookupError):
            return _wholly_validated(tree)
        return self.base.model_copy(update=update)


def _field(name: str, raw: Any) -> Any:
    """Validate a top-level value that is no section."""
    models = models_at([Scenario.model_fields[name].annotation])
    if not models:
        raise LookupError(name)
    return models[0].model_validate(raw)


def _wholly_validated(tree: Node) -> Scenario:
    try:
        return Scenario.model_validate(plain(tree))
    except ValidationError as error:
        raise ScenarioError(translate(error, tree, set())) from None


def _part_of(tree: Node, path: str) -> tuple[str, ...]:
    """Entry or top-level key that a path lies in."""
    steps = [str(step) for step in find(tree, path).steps]
    return tuple(steps[:2]) if steps[0] in SECTIONS and len(steps) > 1 else (steps[0],)


def _parts(scenario: Scenario) -> Iterable[tuple[str, ...]]:
    for name in Scenario.model_fields:
        if name in SECTIONS:
            yield from ((name, key) for key in getattr(scenario, name))
        else:
            yield (name,)


def _digest_of(scenario: Scenario, part: tuple[str, ...]) -> str:
    value = getattr(scenario, part[0])
    if len(part) == 2:
        value = value[part[1]]
    elif part[0] in SECTIONS:  # a whole section was replaced
        value = {key: _dumped(entry) for key, entry in value.items()}
    return hashlib.sha256(json.dumps(_dumped(value), ensure_ascii=False).encode()).hexdigest()


def _dumped(value: Any) -> Any:
    return value.model_dump(mode="json", by_alias=True, exclude_defaults=True) if isinstance(value, Model) else value


def _joined(digests: Mapping[tuple[str, ...], str]) -> str:
    lines = "\n".join(f"{'.'.join(part)} {digest}" for part, digest in digests.items())
    return hashlib.sha256(lines.encode()).hexdigest()
