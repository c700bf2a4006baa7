"""YAML text to a tree of nodes that remember their place: safe, bounded, one pass over the parser's events.

Only mappings, sequences and plain scalars of the YAML 1.2 core schema are read (so ``NO`` and ``12:30`` stay text, and
dates are text that the date fields read). Tags, merge keys, several documents, duplicate keys and texts beyond the
limits are refused. Nodes are never changed: overrides and templates build new ones, so an alias may share its anchor's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import yaml

from corridor_sim.foundation.errors import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 5_000_000
"""Largest file read, bytes."""
MAX_DEPTH = 40
"""Deepest nesting of mappings and lists."""
MAX_ALIASES = 1_000
"""Most aliases (``*name``) in one file."""
MAX_NODES = 1_000_000
"""Most nodes of one file once its aliases are followed."""

Scalar = str | int | float | bool | None
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_PLAIN_START = frozenset("-+.0123456789")
_LONGEST_NUMBER = 40  # characters; what is longer is no number of a scenario


@dataclass(frozen=True)
class Source:
    """A file (or an override) that nodes come from."""

    file: str
    """Path as shown to the user."""
    chain: tuple[str, ...] = ()
    """Files that led here by import, outermost first, each as ``file:line``."""
    order: int = 0
    """Position of the file in the order of reading."""
    has_lines: bool = True
    """Whether lines and columns mean something: not in a value given by itself."""

    def at(self, line: int, column: int) -> Location:
        """Return a place in this file, line and column counted from 1."""
        return Location(self.file, line if self.has_lines else 0, column, self.chain)


@dataclass(slots=True)
class Node:
    """A value with its place; mappings hold nodes by key, sequences hold nodes in order."""

    value: Scalar | dict[str, Node] | list[Node]
    source: Source
    line: int
    column: int
    key_line: int = 0
    key_column: int = 0
    size: int = 1

    @property
    def location(self) -> Location:
        """Place of the value, or of its key when the value is a mapping or list."""
        if self.key_line and isinstance(self.value, dict | list):
            return self.source.at(self.key_line, self.key_column)
        return self.source.at(self.line, self.column)

    @property
    def key_location(self) -> Location:
        """Place of the key when there is one, else of the value."""
        return self.source.at(self.key_line or self.line, self.key_column or self.column)

    @property
    def entries(self) -> dict[str, Node]:
        """Nodes by key; empty when this is no mapping."""
        return self.value if isinstance(self.value, dict) else {}

    def with_value(self, value: Scalar | dict[str, Node] | list[Node]) -> Node:
        """Return a node at the same place with another value."""
        return Node(value, self.source, self.line, self.column, self.key_line, self.key_column, self.size)

    def with_key_of(self, other: Node) -> Node:
        """Return this node placed under the key of another."""
        return Node(self.value, self.source, self.line, self.column, other.key_line, other.key_column, self.size)


class YamlError(Exception):
    """A text that cannot be read as a scenario file: carries the located problems."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(slots=True)
class _Open:
    """A mapping or sequence whose end has not been read yet."""

    node: Node
    anchor: str | None
    key: Node | None = None
    twice: list[tuple[Node, int]] = field(default_factory=list)
    """Keys given a second time, with the line of their first."""


@dataclass
class _Builder:
    """Builds the tree from parser events; `problems` gathers what does not stop the reading."""

    source: Source
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    root: Node | None = None
    n_aliases: int = 0

    def stop(self, event: yaml.Event, message: str, hint: str = "") -> YamlError:
        """Return the error that ends the reading here."""
        mark: Any = event.start_mark
        problem = Problem("", message, self.source.at(mark.line + 1, mark.column + 1), hint)
        return YamlError([*self.problems, problem])

    def add(self, node: Node, event: yaml.Event) -> None:
        """Put a finished node into the collection that is open."""
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        parent.node.size += node.size
        if parent.node.size > MAX_NODES:
            raise self.stop(event, f"holds more than {MAX_NODES} values once its aliases are followed")
        if isinstance(parent.node.value, list):
            parent.node.value.append(node)
        elif parent.key is None:
            parent.key = self._key(node, event)
        else:
            self._enter(parent, parent.key, node)
            parent.key = None

    def _key(self, node: Node, event: yaml.Event) -> Node:
        if not isinstance(node.value, str):
            raise self.stop(event, "a key must be a plain text")
        if node.value == "<<":
            raise self.stop(event, "merge keys (<<) are not read", "use a template: 'template: NAME'")
        return node

    def _enter(self, parent: _Open, key: Node, node: Node) -> None:
        entries, name = parent.node.entries, str(key.value)
        if name in entries:
            parent.twice.append((key, entries[name].key_line))
            return
        node.key_line, node.key_column = key.line, key.column
        entries[name] = node

    def _report_twice(self, twice: list[tuple[Node, int]]) -> None:
        """Note the keys of one mapping that are given twice, as one problem: often a heading above them is missing."""
        (key, first_line), names = twice[0], [str(key.value) for key, _ in twice]
        message = f"key is given twice, first in line {first_line}"
        if len(names) > 1:
            message = f"keys are given twice: {', '.join(names)}, first in line {first_line}; is a line missing above?"
        parts = [str(level.key.value) for level in self.stack if level.key is not None]
        self.problems.append(Problem(".".join([*parts, names[0]]), message, self.source.at(key.line, key.column)))

    def open(self, event: Any, value: dict[str, Node] | list[Node]) -> None:
        """Begin a mapping or a sequence."""
        self._refuse_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            raise self.stop(event, f"is nested more than {MAX_DEPTH} levels deep")
        if self.stack and isinstance(self.stack[-1].node.value, dict) and self.stack[-1].key is None:
            raise self.stop(event, "a key must be a plain text")
        mark = event.start_mark
        self.stack.append(_Open(Node(value, self.source, mark.line + 1, mark.column + 1), event.anchor))

    def close(self, event: Any) -> None:
        """End the mapping or sequence that is open."""
        done = self.stack.pop()
        if done.twice:
            self._report_twice(done.twice)
        if done.anchor:
            self.anchors[done.anchor] = done.node
        self.add(done.node, event)

    def scalar(self, event: Any) -> None:
        """Take a scalar: text, number, truth value or nothing."""
        if event.tag is not None:
            self._refuse_tag(event)
        mark = event.start_mark
        text: str = event.value
        is_key = bool(self.stack) and self.stack[-1].key is None and isinstance(self.stack[-1].node.value, dict)
        value: Scalar = resolve_scalar(text) if event.implicit[0] and not is_key else text
        node = Node(value, self.source, mark.line + 1, mark.column + 1)
        if event.anchor:
            self.anchors[event.anchor] = node
        self.add(node, event)

    def alias(self, event: Any) -> None:
        """Take the node that an alias stands for."""
        self.n_aliases += 1
        if self.n_aliases > MAX_ALIASES:
            raise self.stop(event, f"has more than {MAX_ALIASES} aliases")
        if event.anchor not in self.anchors:
            raise self.stop(event, f"alias '*{event.anchor}' has no finished anchor before it")
        node = self.anchors[event.anchor]
        self.add(node.with_value(node.value), event)

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            raise self.stop(event, f"tags such as '{event.tag}' are not read", "write plain YAML")


def resolve_scalar(text: str) -> Scalar:
    """Give a plain (unquoted) scalar its value by the YAML 1.2 core schema."""
    if text and text[0] in _PLAIN_START and len(text) <= _LONGEST_NUMBER:
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    return _WORDS.get(text, text)


def parse_yaml(text: str, source: Source) -> tuple[Node, list[Problem]]:
    """Read one YAML document.

    Returns
    -------
    tuple
        The root node, a mapping, and the problems that did not stop the reading (duplicate keys).

    Raises
    ------
    YamlError
        When the text is no YAML, or holds what is refused, or exceeds a limit.
    """
    builder = _Builder(source)
    try:
        for event in _events(text):
            _take(builder, event)
    except yaml.MarkedYAMLError as error:
        raise YamlError([*builder.problems, _syntax_problem(error, source)]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        problem = Problem("", f"is not valid YAML: {error.reason}", source.at(line, column))
        raise YamlError([*builder.problems, problem]) from None
    root = builder.root
    if root is None or root.value is None:
        raise YamlError([Problem("", "the file is empty", source.at(1, 1), "see 'corridor-sim new'")])
    return root, builder.problems


def _events(text: str) -> Iterator[Any]:
    loader = _LOADER(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


def _take(builder: _Builder, event: Any) -> None:
    """Hand one parser event to the builder."""
    kind = type(event)
    if kind is yaml.ScalarEvent:
        builder.scalar(event)
    elif kind is yaml.MappingStartEvent:
        builder.open(event, {})
    elif kind is yaml.SequenceStartEvent:
        builder.open(event, [])
    elif kind in {yaml.MappingEndEvent, yaml.SequenceEndEvent}:
        builder.close(event)
    elif kind is yaml.AliasEvent:
        builder.alias(event)
    elif kind is yaml.DocumentStartEvent and builder.root is not None:
        raise builder.stop(event, "the file holds more than one document", "remove the line '---'")


_SYNTAX = (
    ("mapping values are not allowed", "a ':' where none may stand; check the indentation, or quote the text"),
    ("could not find expected ':'", "a key without ':' after it"),
    ("character that cannot start any token", "a character that cannot start a value (a tab, @ or `); quote the text"),
    ("did not find expected key", "the indentation does not fit the lines above"),
    ("did not find expected '-' indicator", "the indentation of a list does not fit the lines above"),
    ("did not find expected ',' or", "a ',' or the closing bracket is missing"),
    ("did not find expected node content", "a value is missing, or a bracket is not closed"),
    ("found unexpected end of stream", "a quote or bracket is never closed"),
    ("undefined alias", "an alias (*name) without its anchor (&name)"),
)


def _syntax_problem(error: yaml.MarkedYAMLError, source: Source) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = source.at(mark.line + 1, mark.column + 1) if mark else source.at(1, 1)
    found = error.problem or error.context or "it cannot be parsed"
    plain = next((words for start, words in _SYNTAX if start in found), found)
    return Problem("", f"is not valid YAML: {plain}", where)


def plain(node: Node, *, free_keys: bool = False) -> Any:
    """Return the value of a node as plain dicts, lists and scalars.

    Parameters
    ----------
    node
        The tree.
    free_keys
        Whether to keep the free ``x-`` keys.
    """
    value = node.value
    if isinstance(value, dict):
        return {
            key: plain(child, free_keys=free_keys)
            for key, child in value.items()
            if free_keys or not key.startswith("x-")
        }
    if isinstance(value, list):
        return [plain(child, free_keys=free_keys) for child in value]
    return value


def from_python(value: object, source: Source) -> Node:
    """Make a node of a Python value given as an override: text, number, date, mapping or sequence.

    Raises
    ------
    TypeError
        When the value, or one inside it, is of no such kind.
    """
    made: Scalar | dict[str, Node] | list[Node]
    if isinstance(value, Mapping):
        made = {str(key): from_python(item, source) for key, item in value.items()}
    elif value is None or isinstance(value, str | bool):
        made = value
    elif isinstance(value, datetime | date):
        made = value.isoformat()
    elif isinstance(value, Sequence):
        made = [from_python(item, source) for item in value]
    elif isinstance(value, Integral):
        made = int(value)
    elif isinstance(value, Real):
        made = float(value)
    else:
        raise TypeError(f"a value of type {type(value).__name__} cannot stand in a scenario")
    return Node(made, source, 1, 1)
