"""Templates: values that several entries have in common, worked in before validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_sim.foundation.errors import ProblemList, nearest
from corridor_sim.scenario.base import describe_type
from corridor_sim.scenario.distributions import PARAMETERS
from corridor_sim.scenario.structure import SECTIONS

if TYPE_CHECKING:
    from corridor_sim.foundation.errors import Location
    from corridor_sim.scenario.yaml_tree import Node

_FORMS = frozenset({"value", *PARAMETERS})


def expand_templates(tree: Node, problems: ProblemList) -> tuple[Node, set[tuple[str, str]]]:
    """Work the templates into the entries that name them.

    Returns
    -------
    tuple
        The new tree, and the (section, id) of entries whose template could not be used.
    """
    templates = tree.entries["templates"].entries if "templates" in tree.entries else {}
    failed: set[tuple[str, str]] = set()
    missing: dict[str, list[tuple[str, Location]]] = {}
    entries = dict(tree.entries)
    for section in SECTIONS:
        if section not in entries or not isinstance(entries[section].value, dict):
            continue
        made: dict[str, Node] = {}
        for key, entry in entries[section].entries.items():
            if "template" in entry.entries:
                full = _expand(entry, templates, f"{section}.{key}", _Report(problems, missing), ())
                if full is None:
                    failed.add((section, key))
                made[key] = full or _without(entry)
            else:
                made[key] = entry
        entries[section] = entries[section].with_value(made)
    for name, ((path, where), *others) in missing.items():
        message = f"no template '{name}'" + (f" (named also in {len(others)} more places)" if others else "")
        hint = nearest(name, templates) or (f"templates are {', '.join(templates)}" if templates else "there are none")
        problems.add(f"{path}.template", message, location=where, hint=hint)
    return tree.with_value(entries), failed


@dataclass
class _Report:
    """Where problems go; templates that do not exist are gathered by name, with the places that name them."""

    problems: ProblemList
    missing: dict[str, list[tuple[str, Location]]]


def _without(entry: Node) -> Node:
    return entry.with_value({key: node for key, node in entry.entries.items() if key != "template"})


def _expand(entry: Node, templates: dict[str, Node], path: str, report: _Report, chain: tuple[str, ...]) -> Node | None:
    """Return an entry with its template worked in (which may name a template itself), or None when it cannot be."""
    name_node = entry.entries["template"]
    name, where = name_node.value, name_node.location
    if not isinstance(name, str):
        report.problems.add(
            f"{path}.template", f"found {describe_type(name)}, expected the name of a template", location=where
        )
        return None
    if name in chain:
        report.problems.add(
            f"{path}.template", f"the template leads back to itself: {' -> '.join((*chain, name))}", location=where
        )
        return None
    template = templates.get(name)
    if template is None:
        report.missing.setdefault(name, []).append((path, where))
        return None
    if not isinstance(template.value, dict):
        report.problems.add(f"templates.{name}", "expected a mapping of keys and values", location=template.location)
        return None
    if "template" in template.entries:
        full = _expand(template, templates, f"templates.{name}", report, (*chain, name))
        if full is None:
            return None
        template = full
    return merged(template, _without(entry))


def merged(template: Node, own: Node) -> Node:
    """Return a mapping with its own keys and those of the template it lacks, mapping by mapping.

    A number takes one form only: when both give one in different forms (``gamma`` and ``lognormal``, a value and values
    by year), the template's form is dropped.
    """
    own_forms = {key for key in own.entries if key in _FORMS or key.isdigit()}
    entries = dict(own.entries)
    for key, node in template.entries.items():
        if key in entries:
            if isinstance(node.value, dict) and isinstance(entries[key].value, dict):
                entries[key] = merged(node, entries[key])
        elif not (own_forms and (key in _FORMS or key.isdigit())):
            entries[key] = node
    return own.with_value(entries)
