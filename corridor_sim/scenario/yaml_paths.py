"""Dotted paths into a tree of nodes: finding a place, and replacing the value there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.scenario.yaml_tree import Node

Step = str | int


@dataclass(frozen=True)
class Place:
    """How far a dotted path leads into a tree."""

    node: Node
    """Deepest node reached."""
    steps: tuple[Step, ...]
    """Keys and positions that lead to it."""
    rest: tuple[str, ...]
    """Parts of the path that lead nowhere; empty when the whole path exists."""


def find(root: Node, path: str) -> Place:
    """Follow a dotted path as far as it exists; keys that hold dots themselves are found too."""
    node, steps, parts = root, [], [part for part in path.split(".") if part]
    while parts:
        step, used = _step(node, parts)
        if used == 0:
            break
        steps.append(step)
        child = _child(node, step)
        assert child is not None  # noqa: S101 - _step only returns what exists
        node, parts = child, parts[used:]
    return Place(node, tuple(steps), tuple(parts))


def _step(node: Node, parts: Sequence[str]) -> tuple[Step, int]:
    """Next key or position, and how many parts of the path it uses up (0 when there is none)."""
    if isinstance(node.value, dict):
        for used in range(1, len(parts) + 1):
            key = ".".join(parts[:used])
            if key in node.value:
                return key, used
    if isinstance(node.value, list) and parts[0].isdigit() and int(parts[0]) < len(node.value):
        return int(parts[0]), 1
    return "", 0


def follow(root: Node, steps: Sequence[Step]) -> tuple[Node, int]:
    """Follow keys and positions as far as they exist.

    Returns
    -------
    tuple
        The deepest node reached, and the number of steps taken.
    """
    node = root
    for taken, step in enumerate(steps):
        child = _child(node, step)
        if child is None:
            return node, taken
        node = child
    return node, len(steps)


def _child(node: Node, step: Step) -> Node | None:
    if isinstance(node.value, dict):
        return node.value.get(str(step))
    if isinstance(node.value, list) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step]
    return None


def replaced(root: Node, steps: Sequence[Step], new: Node) -> Node:
    """Return a tree in which the place named by the steps holds another node; the old tree stays as it is."""
    if not steps:
        return new.with_key_of(root)
    step, rest = steps[0], steps[1:]
    if isinstance(root.value, list):
        items = list(root.value)
        items[int(step)] = replaced(items[int(step)], rest, new)
        return root.with_value(items)
    entries = dict(root.entries)
    key = str(step)
    entries[key] = replaced(entries[key], rest, new) if key in entries else new
    return root.with_value(entries)


def dotted(steps: Sequence[Step]) -> str:
    """Write keys and positions as a dotted path."""
    return ".".join(str(step) for step in steps)
