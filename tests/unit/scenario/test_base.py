from __future__ import annotations

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from corridor_sim.scenario.base import BadValueError, Found, Model, Sourced, bad_value, check_exactly_one, describe_type


class Box(Sourced):
    """A box."""

    size: int = 1
    """Its size."""


def test_models_are_frozen_and_closed() -> None:
    box = Box(size=2)
    with pytest.raises(ValidationError, match="frozen"):
        box.size = 3
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Box.model_validate({"siez": 3})


def test_docstrings_become_descriptions() -> None:
    assert Box.model_fields["size"].description == "Its size."


def test_numbers_are_taken_as_text() -> None:
    assert Box(source=2019).source == "2019"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (True, "true"),
        ({}, "a mapping"),
        ((1,), "a list"),
        (2.5, "the number 2.5"),
        ("x", "'x'"),
        ("x" * 80, f"'{'x' * 57}...'"),
    ],
)
def test_values_are_described(value: object, words: str) -> None:
    assert describe_type(value) == words


def test_exactly_one() -> None:
    check_exactly_one({"a": 1, "b": None}, what="thing")
    with pytest.raises(PydanticCustomError, match="thing is missing, expected one of a, b"):
        check_exactly_one({"a": None, "b": None}, what="thing")
    with pytest.raises(PydanticCustomError, match=r"thing is given 2 times \(a, b\), expected one of a, b"):
        check_exactly_one({"a": 1, "b": 2}, what="thing")


def test_errors_carry_what_was_found() -> None:
    found = Found(("a",), "wrong {x}")
    assert BadValueError(found).found == (found,)
    error = bad_value([found])
    assert error.context == {"found": (found,)}
    assert "wrong (x)" in str(error)


def test_every_field_of_every_model_is_documented() -> None:
    def below(model: type[Model]) -> list[type[Model]]:
        return [model, *(leaf for child in model.__subclasses__() for leaf in below(child))]

    ours = [model for model in below(Model) if model.__module__.startswith("corridor_sim.")]
    assert len(ours) > 40
    missing = [f"{m.__name__}.{name}" for m in ours for name, f in m.model_fields.items() if not f.description]
    assert missing == []
