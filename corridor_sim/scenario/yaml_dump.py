"""A tree of nodes written back as YAML that reads the same."""

from __future__ import annotations

import re
from typing import Any

import yaml

from corridor_sim.scenario.yaml_tree import Node, plain

_HEAD_KEYS = ("schema_version", "name", "title", "description", "run", "demand", "trucks_per_unit")


class _CoreDumper(yaml.SafeDumper):
    """Dumper that quotes what the reader's core schema (YAML 1.2) would not take as text, and nothing else."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as in PyYAML

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - signature of PyYAML
        return True


_CoreDumper.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_CoreDumper.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_CoreDumper.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_CoreDumper.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
    list("-+.0123456789"),
)
_CoreDumper.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])


def to_yaml(tree: Node) -> str:
    """Write a tree as YAML: the same keys in the same order, the scenario's own facts first."""
    content = plain(tree, free_keys=True)
    if isinstance(content, dict):
        content = {key: content[key] for key in _HEAD_KEYS if key in content} | content
    text: str = yaml.dump(content, Dumper=_CoreDumper, sort_keys=False, allow_unicode=True, width=120)
    return text
