from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.foundation.units import (
    CANONICAL,
    EXAMPLES,
    WORDS,
    convert,
    expectation,
    format_quantity,
    parse_quantity,
    split_quantity,
    unit_ratio,
    units_of,
)

NUMBERS = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-12)
DIMENSIONS = st.sampled_from(sorted(CANONICAL))


@settings(deadline=None)
@given(NUMBERS, DIMENSIONS)
def test_written_quantities_read_back_to_the_same_bits(value: float, dimension: str) -> None:
    assert parse_quantity(format_quantity(value, dimension), dimension) == value


@settings(deadline=None)
@given(NUMBERS, st.data())
def test_units_convert_there_and_back(value: float, data: st.DataObject) -> None:
    dimension = data.draw(DIMENSIONS)
    unit = data.draw(st.sampled_from(units_of(dimension) or (CANONICAL[dimension],)))
    canonical = convert(value, unit, dimension)
    assert canonical / convert(1.0, unit, dimension) == pytest.approx(value, rel=1e-12, abs=1e-24)


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("15 Mt/yr", "mass_per_year", 15e6),
        ("330 kt/yr", "mass_per_year", 330_000),
        ("40 kt/month", "mass_per_year", 480_000),
        ("4.5Mt/yr", "mass_per_year", 4.5e6),
        ("400 km/d", "speed", 400 / 24),
        ("12 kn", "speed", 22.224),
        ("3.5 d", "time", 84),
        ("90 min", "time", 1.5),
        ("1.55 h/unit", "time_per_unit", 1.55),
        ("1.2 min/t", "time_per_t", 0.02),
        ("30 1/d", "per_day", 30),
        ("30 trains/d", "per_day", 30),
        ("12 %", "fraction", 0.12),
        ("62 FEU", "teu", 124),
        ("1e3 kg", "mass", 1),
        ("1050", "mass", 1050),
        ("-2 h", "time", -2),
    ],
)
def test_units_of_planners(text: str, dimension: str, value: float) -> None:
    assert parse_quantity(text, dimension) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "dimension", "message"),
    [
        ("40 km", "speed", r"^'km' is a length, expected a speed, such as 40 km/h, 400 km/d or 12 kn$"),
        ("15 mt/yr", "mass_per_year", r"^unknown unit 'mt' \(did you mean 'Mt'\?\), expected tonnes per year"),
        ("15 dayz", "time", r"^unknown unit 'dayz' \(did you mean 'day'\?\), expected a time"),
        ("15 furlongs", "length", r"^unknown unit 'furlongs', expected a length, such as 180 km$"),
        ("5 kg/m", "time", r"^'kg/m' does not fit here, expected a time"),
        ("3,5 d", "time", r"^'3,5 d' has a comma in its number, write a point, expected a time"),
        ("nan h", "time", r"^'nan h' is not a finite number, expected a time"),
        ("-.inf", "time", r"^'-.inf' is not a finite number"),
        ("1e999 h", "time", r"^'1e999 h' is not a finite number"),
        ("soon", "time", r"^'soon' does not begin with a number, expected a time, such as 36 h, 3.5 d or 20 min$"),
        ("", "time", r"^'' does not begin with a number"),
    ],
)
def test_messages_say_what_is_expected(text: str, dimension: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_quantity(text, dimension)


@pytest.mark.parametrize("dimension", sorted(CANONICAL))
def test_every_dimension_is_described_and_its_examples_fit(dimension: str) -> None:
    assert WORDS[dimension] in expectation(dimension)
    for example in EXAMPLES[dimension].replace(" or ", ", ").split(", "):
        assert parse_quantity(example, dimension) > 0


def test_split_keeps_the_unit_as_written() -> None:
    assert split_quantity(" 0.016 USD/tkm ") == (0.016, "USD/tkm")
    assert split_quantity("7") == (7.0, "")


def test_a_ratio_of_units():
    assert unit_ratio("h", "d") == 1 / 24
    assert unit_ratio("t", "Mt") == 1e-6
    assert unit_ratio("1", "%") == 100
    with pytest.raises(ValueError, match="'h' cannot be shown in 't'"):
        unit_ratio("h", "t")
    with pytest.raises(ValueError, match="unknown unit"):
        unit_ratio("h", "fortnight")
