"""Numbers of a scenario: bare, with a unit, or with value, unit, source, grade, range and note."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from pydantic_core import core_schema

from corridor_sim.foundation.errors import nearest
from corridor_sim.foundation.units import CANONICAL, EXAMPLES, WORDS, convert, expectation, split_quantity
from corridor_sim.scenario.base import BadValueError, Found, bad_value, describe_type
from corridor_sim.scenario.provenance import GRADES, PROVENANCE_KEYS, PROVENANCE_SCHEMA, Provenance

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in its canonical unit, with where it comes from."""

    value: float
    unit: str = "1"
    source: str | None = None
    grade: str | None = None
    range: tuple[float, float] | None = None
    note: str | None = None

    def __float__(self) -> float:
        return self.value


@dataclass(frozen=True)
class Number:
    """One number as written: its value, and the unit written with it (empty when none)."""

    value: float
    unit: str


def read_number(raw: Any, path: tuple[str | int, ...], expected: str) -> Number:
    """Take a bare number, or a text with a number and a unit.

    Raises
    ------
    BadValueError
        When it is neither, or not finite.
    """
    if isinstance(raw, str):
        try:
            value, unit = split_quantity(raw)
        except ValueError as error:
            raise BadValueError(Found(path, f"{error}, {expected}")) from None
        return Number(value, unit)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise BadValueError(Found(path, f"found {describe_type(raw)}, {expected}"))
    if not math.isfinite(raw):
        raise BadValueError(Found(path, f"the number is not finite, {expected}"))
    return Number(float(raw), "")


@dataclass(frozen=True)
class Dimension:
    """Annotation of a field that holds a `Quantity` of one dimension, or of one of several.

    Parameters
    ----------
    name
        Key of `corridor_sim.foundation.units.CANONICAL`; the unit of a bare number is its canonical one.
    others
        Further dimensions that a written unit may belong to.
    minimum, maximum
        Bounds in the canonical unit.
    above_zero
        Whether zero itself is refused.
    below_one
        Whether one itself is refused.
    words
        What is expected, for messages; by default made from the dimensions' names.
    """

    name: str
    others: tuple[str, ...] = ()
    minimum: float = 0.0
    maximum: float = math.inf
    above_zero: bool = False
    below_one: bool = False
    words: str = ""

    @property
    def expected(self) -> str:
        """What is expected here, for messages."""
        if self.words:
            return f"expected {self.words}"
        if not self.others:
            return expectation(self.name)
        words = " or ".join(WORDS[name] for name in (self.name, *self.others))
        return f"expected {words}, such as {' or '.join(EXAMPLES[name] for name in (self.name, *self.others))}"

    def dimension_of(self, unit: str) -> str:
        """Dimension that a unit belongs to; the first one when none fits."""
        for name in (self.name, *self.others):
            try:
                convert(1.0, unit, name)
            except ValueError:
                continue
            return name
        return self.name

    def canonical(self, number: Number, path: tuple[str | int, ...]) -> tuple[float, str]:
        """Convert a number to the canonical unit and check its bounds.

        Returns
        -------
        tuple
            The value and its dimension.
        """
        dimension = self.dimension_of(number.unit) if self.others else self.name
        try:
            value = convert(number.value, number.unit, dimension)
        except ValueError as error:
            reason = str(error).split(", expected")[0]
            raise BadValueError(Found(path, f"{reason}, {self.expected}")) from None
        self.check_bounds(value, path, f"{number.value:g} {number.unit}".strip())
        return value, dimension

    def check_bounds(self, value: float, path: tuple[str | int, ...], written: str = "") -> None:
        """Refuse a canonical value outside the bounds; ``written`` is how it stood in the file."""
        what = WORDS[self.name]
        if value < 0 <= self.minimum:
            raise BadValueError(Found(path, f"{written or f'{value:g}'} is negative; {what} cannot be negative"))
        if self.above_zero and value == 0:
            raise BadValueError(Found(path, f"is 0, {what} here must be above 0"))
        if value < self.minimum:
            raise BadValueError(Found(path, f"{value:g} is too small, expected at least {self.minimum:g}"))
        if value > self.maximum:
            raise BadValueError(Found(path, f"{value:g} is too large, expected at most {self.maximum:g}"))
        if self.below_one and value >= 1:
            raise BadValueError(Found(path, f"{value:g} is too large, expected below 1"))

    def read(self, raw: Any) -> Quantity:
        """Read a quantity as a planner writes it.

        Raises
        ------
        BadValueError
            When it cannot be read, with everything found.
        """
        if not isinstance(raw, dict):
            value, dimension = self.canonical(read_number(raw, (), self.expected), ())
            return Quantity(value, CANONICAL[dimension])
        refuse_unknown(raw, ("value", *PROVENANCE_KEYS))
        if "value" not in raw:
            raise BadValueError(Found((), f"key 'value' is missing, {self.expected}"))
        unit = read_unit(raw)
        number = with_unit(read_number(raw["value"], ("value",), self.expected), unit)
        at: tuple[str | int, ...] = ("unit",) if unit and number.unit == unit else ("value",)
        value, dimension = self.canonical(number, at if self._is_unknown(number.unit) else ("value",))
        beside = read_provenance(raw, lambda n, p: self.canonical(with_unit(n, number.unit), p)[0], value)
        return Quantity(value, CANONICAL[dimension], beside.source, beside.grade, beside.range, beside.note)

    def _is_unknown(self, unit: str) -> bool:
        try:
            convert(1.0, unit, self.dimension_of(unit))
        except ValueError:
            return True
        return False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return reader_schema(self.read, Quantity)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return self.json_schema()

    def json_schema(self) -> dict[str, Any]:
        """Describe the forms a planner may write."""
        units = " or ".join(CANONICAL[name] for name in (self.name, *self.others))
        bound: dict[str, Any] = {} if self.minimum == -math.inf else {"minimum": self.minimum}
        value = {"type": ["number", "string"]} | bound
        return {
            "x-name": "_".join(("quantity", *(name.replace("time_per_", "") for name in (self.name, *self.others)))),
            "anyOf": [
                {"type": "number", "description": f"In {units}."} | bound,
                {"type": "string", "description": f"With its unit, such as {EXAMPLES[self.name]}."},
                {
                    "type": "object",
                    "properties": {"value": value, **PROVENANCE_SCHEMA},
                    "required": ["value"],
                    "additionalProperties": False,
                },
            ],
        }


@dataclass(frozen=True)
class FreeUnit:
    """Annotation of a field that holds a `Quantity` whose unit is kept as written (tariffs, emission factors)."""

    minimum: float = -math.inf
    expected: str = field(default="expected a number, such as {value: 0.016, unit: USD/tkm}", init=False)

    def read(self, raw: Any) -> Quantity:
        """Read a number and keep its unit as text."""
        if not isinstance(raw, dict):
            number = read_number(raw, (), self.expected)
            self._check(number.value, ())
            return Quantity(number.value, number.unit or "1")
        refuse_unknown(raw, ("value", *PROVENANCE_KEYS))
        if "value" not in raw:
            raise BadValueError(Found((), f"key 'value' is missing, {self.expected}"))
        unit = read_unit(raw)
        number = with_unit(read_number(raw["value"], ("value",), self.expected), unit)
        self._check(number.value, ("value",))
        beside = read_provenance(raw, lambda n, _path: n.value, number.value)
        return Quantity(number.value, number.unit or "1", beside.source, beside.grade, beside.range, beside.note)

    def _check(self, value: float, path: tuple[str | int, ...]) -> None:
        if value < self.minimum:
            raise BadValueError(Found(path, f"{value:g} is too small, expected at least {self.minimum:g}"))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return reader_schema(self.read, Quantity)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "x-name": "quantity_with_free_unit",
            "anyOf": [
                {"type": ["number", "string"]},
                {
                    "type": "object",
                    "properties": {"value": {"type": ["number", "string"]}, **PROVENANCE_SCHEMA},
                    "required": ["value"],
                    "additionalProperties": False,
                },
            ],
        }


def with_unit(number: Number, unit: str) -> Number:
    """Give a bare number the unit that stands beside it."""
    return number if number.unit or not unit else Number(number.value, unit)


def read_unit(raw: dict[str, Any]) -> str:
    """Take the key `unit` of a mapping, an empty text when absent."""
    unit = raw.get("unit", "")
    if not isinstance(unit, str):
        if unit == 1 and not isinstance(unit, bool):
            return "1"
        raise BadValueError(Found(("unit",), f"found {describe_type(unit)}, expected a unit such as t/yr"))
    return unit.strip()


def refuse_unknown(raw: dict[str, Any], valid: tuple[str, ...]) -> None:
    """Refuse keys that do not belong into a value's mapping, all at once."""
    found = [Found((key,), "unknown key", hint_key(key, valid)) for key in raw if key not in valid]
    if found:
        raise BadValueError(*found)


def hint_key(key: str, valid: tuple[str, ...]) -> str:
    """Hint at the nearest valid key, or list them all; a comma in a number makes a key of what follows it."""
    if key[:1].isdigit():
        return "write decimals with a point, 350.5"
    return nearest(key, valid) or f"valid keys are {', '.join(valid)}"


def read_provenance(raw: dict[str, Any], to_canonical: Any, value: float, *, what: str = "value") -> Provenance:
    """Take source, grade, range and note that stand beside a value.

    Parameters
    ----------
    raw
        The mapping.
    to_canonical
        Function of (`Number`, path) that converts one end of the range.
    value
        The canonical value, which the range must contain.
    what
        What the value is, for messages.
    """
    found: list[Found] = []
    grade = raw.get("grade")
    if grade is not None and grade not in GRADES:
        found.append(Found(("grade",), f"found {describe_type(grade)}, expected A, B or C"))
    texts: dict[str, str | None] = {}
    for key in ("source", "note"):
        text = raw.get(key)
        if isinstance(text, dict | list | bool):
            found.append(Found((key,), f"found {describe_type(text)}, expected text"))
        texts[key] = None if text is None else str(text)
    limits = None
    try:
        limits = _read_range(raw.get("range"), to_canonical, value, what)
    except BadValueError as error:
        found.extend(error.found)
    if found:
        raise BadValueError(*found)
    return Provenance(texts["source"], grade, limits, texts["note"])


def _read_range(raw: Any, to_canonical: Any, value: float, what: str) -> tuple[float, float] | None:
    if raw is None:
        return None
    expected = "expected [lowest, highest] in the unit of the value"
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        raise BadValueError(Found(("range",), f"found {describe_type(raw)}, {expected}"))
    low, high = (to_canonical(read_number(end, ("range", i), expected), ("range", i)) for i, end in enumerate(raw))
    if low > high:
        raise BadValueError(Found(("range",), f"the lower end {raw[0]} is above the upper end {raw[1]}"))
    slack = 1e-9 * max(abs(low), abs(high), 1e-12)
    if not low - slack <= value <= high + slack:
        raise BadValueError(Found(("range",), f"the {what} lies outside its own range [{raw[0]}, {raw[1]}]"))
    return low, high


def reader_schema(read: Any, kind: type) -> core_schema.CoreSchema:
    """Return the pydantic schema of a value read by a function that raises `BadValueError`."""

    def validate(raw: Any) -> Any:
        if isinstance(raw, kind):
            return raw
        try:
            return read(raw)
        except BadValueError as error:
            raise bad_value(error.found) from None

    serialize = core_schema.plain_serializer_function_ser_schema(compact, when_used="json")
    return core_schema.no_info_plain_validator_function(validate, serialization=serialize)


def compact(value: Any) -> Any:
    """Write a quantity or distribution as a plain mapping of what is given, or as one number."""
    if not isinstance(value, Quantity):
        return {key: compact(item) for key, item in value.items()} if isinstance(value, dict) else value
    names = ("value", "unit", "source", "grade", "range", "note")
    given = {name: getattr(value, name) for name in names if getattr(value, name) is not None}
    return given if len(given) > 2 else value.value


TimeQ = Annotated[Quantity, Dimension("time")]
"""Time, h."""
PositiveTimeQ = Annotated[Quantity, Dimension("time", above_zero=True)]
"""Time above 0, h."""
LengthQ = Annotated[Quantity, Dimension("length")]
"""Length, km."""
MassQ = Annotated[Quantity, Dimension("mass", above_zero=True)]
"""Mass above 0, t."""
TeuQ = Annotated[Quantity, Dimension("teu")]
"""Containers, TEU."""
MassPerYearQ = Annotated[Quantity, Dimension("mass_per_year")]
"""Tonnes per year, t/yr."""
MoneyPerMassQ = Annotated[Quantity, Dimension("money_per_mass")]
"""Value per tonne, USD/t."""
CapacityQ = Annotated[Quantity, Dimension("teu", others=("mass",), above_zero=True)]
"""Capacity of a ship or train in TEU or t; the unit says which."""
FractionQ = Annotated[Quantity, Dimension("fraction", maximum=1.0)]
"""Fraction from 0 to 1."""
ReservedQ = Annotated[Quantity, Dimension("fraction", below_one=True)]
"""Fraction from 0 to below 1."""
FactorQ = Annotated[Quantity, Dimension("factor")]
"""Factor, 0 or more."""
CountQ = Annotated[Quantity, Dimension("count")]
"""Plain number, 0 or more."""
SpeedQ = Annotated[Quantity, Dimension("speed", above_zero=True)]
"""Speed above 0, km/h."""
PerDayQ = Annotated[Quantity, Dimension("per_day", above_zero=True)]
"""Number per day, 1/d."""
PerYearQ = Annotated[Quantity, Dimension("per_year", above_zero=True)]
"""Number per year, 1/yr."""
GasQ = Annotated[Quantity, Dimension("gas_per_year")]
"""Flow of gas, bcm (20 degC) per year of 365 days."""
PressureQ = Annotated[Quantity, Dimension("pressure", above_zero=True, maximum=250.0)]
"""Absolute pressure above 0, bar."""
DiameterQ = Annotated[Quantity, Dimension("diameter", above_zero=True)]
"""Diameter or thickness above 0, mm."""
PowerQ = Annotated[Quantity, Dimension("power", above_zero=True)]
"""Power above 0, MW."""
RatioQ = Annotated[Quantity, Dimension("factor", minimum=1.0, maximum=3.0)]
"""Pressure ratio, 1 to 3."""
MoneyQ = Annotated[Quantity, Dimension("money")]
"""Money, USD."""
FreeQ = Annotated[Quantity, FreeUnit()]
"""Number whose unit is kept as written."""
