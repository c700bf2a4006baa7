from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from corridor_sim.scenario.quantities import (
    CapacityQ,
    FractionQ,
    FreeQ,
    FreeUnit,
    MassPerYearQ,
    MassQ,
    Quantity,
    ReservedQ,
    TimeQ,
    compact,
)


def read(kind: Any, raw: Any) -> Any:
    return TypeAdapter(kind).validate_python(raw)


def found(kind: Any, raw: Any) -> list[tuple[object, ...]]:
    with pytest.raises(ValidationError) as caught:
        read(kind, raw)
    return [tuple(item) for error in caught.value.errors() for item in error["ctx"]["found"]]


@pytest.mark.parametrize(
    ("raw", "value"),
    [(15e6, 15e6), ("15 Mt/yr", 15e6), ({"value": 15, "unit": "Mt/yr"}, 15e6), ({"value": "15 Mt/yr"}, 15e6), (3, 3)],
)
def test_three_ways_to_write_a_number(raw: Any, value: float) -> None:
    assert read(MassPerYearQ, raw) == Quantity(value, "t/yr")


def test_provenance_is_kept_and_the_range_converted() -> None:
    raw = {"value": 4.5, "unit": "Mt/yr", "source": "trend-2025", "grade": "B", "range": [3.5, "5000 kt/yr"], "note": 7}
    expected = Quantity(4.5e6, "t/yr", "trend-2025", "B", (3.5e6, 5e6), "7")
    assert read(MassPerYearQ, raw) == expected
    assert float(expected) == 4.5e6


def test_several_dimensions_are_told_apart_by_their_unit() -> None:
    assert read(CapacityQ, "1500 TEU") == Quantity(1500, "TEU")
    assert read(CapacityQ, {"value": 3, "unit": "kt", "range": [2, 4]}) == Quantity(3000, "t", range=(2000, 4000))
    assert read(CapacityQ, 10) == Quantity(10, "TEU")


def test_a_free_unit_is_kept() -> None:
    raw = {"value": -0.2, "unit": "fraction", "range": [-0.4, 0]}
    assert read(FreeQ, raw) == Quantity(-0.2, "fraction", range=(-0.4, 0))
    assert read(FreeQ, "95 g/tkm") == Quantity(95, "g/tkm")
    assert read(FreeQ, 3) == Quantity(3, "1")


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (TimeQ, "3 km", [((), "'km' is a length, expected a time, such as 36 h, 3.5 d or 20 min", "")]),
        (TimeQ, -1, [((), "-1 is negative; a time cannot be negative", "")]),
        (TimeQ, True, [((), "found true, expected a time, such as 36 h, 3.5 d or 20 min", "")]),
        (TimeQ, None, [((), "found nothing, expected a time, such as 36 h, 3.5 d or 20 min", "")]),
        (TimeQ, [1], [((), "found a list, expected a time, such as 36 h, 3.5 d or 20 min", "")]),
        (TimeQ, math.inf, [((), "the number is not finite, expected a time, such as 36 h, 3.5 d or 20 min", "")]),
        (TimeQ, {}, [((), "key 'value' is missing, expected a time, such as 36 h, 3.5 d or 20 min", "")]),
        (MassQ, 0, [((), "is 0, a mass here must be above 0", "")]),
        (FractionQ, 1.2, [((), "1.2 is too large, expected at most 1", "")]),
        (ReservedQ, "100 %", [((), "1 is too large, expected below 1", "")]),
        (
            TimeQ,
            {"value": 1, "unt": "h", "sorce": "x"},
            [(("unt",), "unknown key", "did you mean 'unit'?"), (("sorce",), "unknown key", "did you mean 'source'?")],
        ),
        (
            TimeQ,
            {"value": 1, "unit": "km"},
            [(("unit",), "'km' is a length, expected a time, such as 36 h, 3.5 d or 20 min", "")],
        ),
        (
            TimeQ,
            {"value": "1 km"},
            [(("value",), "'km' is a length, expected a time, such as 36 h, 3.5 d or 20 min", "")],
        ),
        (TimeQ, {"value": 1, "unit": 7}, [(("unit",), "found the number 7, expected a unit such as t/yr", "")]),
        (
            TimeQ,
            {"value": 1, "grade": "D", "source": [1], "range": [2, 3]},
            [
                (("grade",), "found 'D', expected A, B or C", ""),
                (("source",), "found a list, expected text", ""),
                (("range",), "the value lies outside its own range [2, 3]", ""),
            ],
        ),
        (TimeQ, {"value": 1, "range": [3, 0]}, [(("range",), "the lower end 3 is above the upper end 0", "")]),
        (
            TimeQ,
            {"value": 1, "range": 3},
            [(("range",), "found the number 3, expected [lowest, highest] in the unit of the value", "")],
        ),
        (
            TimeQ,
            {"value": 1, "range": [0, "x"]},
            [
                (
                    ("range", 1),
                    "'x' does not begin with a number, expected [lowest, highest] in the unit of the value",
                    "",
                )
            ],
        ),
        (FreeQ, {"unit": "USD"}, None),
    ],
)
def test_everything_wrong_is_found(kind: Any, raw: Any, expected: list[Any] | None) -> None:
    if expected is None:
        expected = [((), "key 'value' is missing, expected a number, such as {value: 0.016, unit: USD/tkm}", "")]
    assert found(kind, raw) == expected


def test_a_lower_bound_of_a_free_number() -> None:
    assert FreeUnit(minimum=0).read(1) == Quantity(1)
    with pytest.raises(Exception, match="-1 is too small, expected at least 0"):
        FreeUnit(minimum=0).read(-1)


@given(st.floats(min_value=0, max_value=1e9), st.sampled_from(["h", "d", "min", "week"]))
def test_a_range_in_the_same_unit_always_holds_its_ends(value: float, unit: str) -> None:
    assert read(TimeQ, {"value": value, "unit": unit, "range": [value, value]}).value >= 0


def test_compact_forms() -> None:
    assert compact(Quantity(3, "h")) == 3
    assert compact(Quantity(3, "h", grade="C")) == {"value": 3, "unit": "h", "grade": "C"}
    assert compact({2025: Quantity(3, "h")}) == {2025: 3}


def test_a_quantity_is_taken_as_it_is() -> None:
    assert read(TimeQ, Quantity(3, "h")) == Quantity(3, "h")
