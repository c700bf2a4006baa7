"""Every error the package raises on purpose, and the list of located problems that input errors carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class CorridorSimError(Exception):
    """Base of all errors that the package raises on purpose."""


@dataclass(frozen=True)
class Location:
    """A place in an input file: path as the user gave it, line and column counted from 1 (line 0: no file)."""

    file: str
    line: int
    column: int
    chain: tuple[str, ...] = ()
    """Files that led here by import, outermost first, each as ``file:line``."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input: where, what, and what would be right."""

    path: str
    """Dotted path of the value, such as ``queues.LANE_AST_N.servers``."""
    message: str
    location: Location | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        text = f"{where}{self.path}: {self.message}" if self.path else f"{where}{self.message}"
        if self.hint:
            text += f"; {self.hint}"
        if self.location and self.location.chain:
            text += f" (imported by {' -> '.join(self.location.chain)})"
        return text


class InputError(CorridorSimError, ValueError):
    """The input is wrong: carries every problem found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class ScenarioError(InputError):
    """A scenario file cannot be used."""


class GeodataError(InputError):
    """The network's layers do not fit together."""


class UnsupportedFeatureError(InputError):
    """The engine lacks a stage kind that the plan needs."""


class EngineError(CorridorSimError, RuntimeError):
    """A run failed inside an engine."""


class ConservationError(EngineError):
    """Consignments or tonnes were lost or made up on the way."""


class ResultError(CorridorSimError):
    """A result folder cannot be read or written."""


class CheckFailedError(CorridorSimError):
    """A check or comparison that was asked for has failed; nothing went wrong in doing it."""


@dataclass
class ProblemList:
    """Gather problems, then raise them once."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, path: str, message: str, *, location: Location | None = None, hint: str = "") -> None:
        """Note one problem."""
        self.problems.append(Problem(path, message, location, hint))

    def raise_if_any(self, kind: type[InputError]) -> None:
        """Raise all problems gathered so far as one error of the given kind."""
        if self.problems:
            raise kind(self.problems)


def nearest(name: str, valid: Iterable[str]) -> str:
    """Hint at the valid name nearest to a wrong one, or an empty text when none is near."""
    close = get_close_matches(name, list(valid), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""
