"""What all scenario models share: the frozen base, provenance, and how a validator reports what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Iterable

Grade = Literal["A", "B", "C"]
"""How well a number is known: A official, B press or study, C estimate."""

Text = Annotated[str, WithJsonSchema({"type": ["string", "number"]})]
"""Free text; a bare number such as a year is taken as its text."""

FOUND = "found"
"""Type of the pydantic errors that carry a list of `Found`."""


class Found(NamedTuple):
    """One thing wrong inside a value: where (keys below the value), what, and what would help."""

    path: tuple[str | int, ...]
    message: str
    hint: str = ""


class BadValueError(Exception):
    """A value cannot be read: carries everything found wrong in it."""

    def __init__(self, *found: Found) -> None:
        self.found = found
        super().__init__("; ".join(item.message for item in found))


def bad_value(found: Iterable[Found]) -> PydanticCustomError:
    """Return the pydantic error that carries what was found; the loader unpacks and locates it."""
    items = tuple(found)
    text = "; ".join(item.message for item in items).replace("{", "(").replace("}", ")")
    return PydanticCustomError(FOUND, text, {"found": items})


def check_exactly_one(given: dict[str, object], *, what: str) -> None:
    """Refuse a mapping of which not exactly one key is set.

    Parameters
    ----------
    given
        The alternatives and their values, None when absent.
    what
        What the alternatives are, for the message.
    """
    present = [key for key, value in given.items() if value is not None]
    if len(present) == 1:
        return
    options = ", ".join(given)
    if present:
        message = f"{what} is given {len(present)} times ({', '.join(present)}), expected one of {options}"
    else:
        message = f"{what} is missing, expected one of {options}"
    raise bad_value([Found((), message)])


def describe_type(value: Any) -> str:
    """Say what kind of YAML value was found, with the value itself when it is short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int | float):
        return f"the number {value}"
    text = str(value)
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}...'"


@dataclass(frozen=True)
class Form:
    """Annotation of a field that may be written in a shorter form than its model's: says which."""

    text: str


@dataclass(frozen=True)
class Internal:
    """Annotation of a field that is filled by the reader and has no key in the file."""


class Model(BaseModel):
    """Base of every part of a scenario: frozen, unknown keys refused, documented by its fields' docstrings."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        coerce_numbers_to_str=True,
        validate_default=False,
    )


class Sourced(Model):
    """A part that says where its numbers come from."""

    source: Text | None = None
    """Where the numbers come from: a citation, or a key of `sources`."""

    grade: Grade | None = None
    """How well they are known: A official, B press or study, C estimate."""

    note: Text | None = None
    """Free remark."""


NonEmptyText = Annotated[Text, Field(min_length=1)]
"""Text of at least one character."""
