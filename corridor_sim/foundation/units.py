"""Units as planners write them, converted once, at the edge, to the canonical unit of each dimension."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from corridor_sim.foundation.errors import nearest
from corridor_sim.foundation.gas_volumes import M3_20C_PER

CANONICAL: dict[str, str] = {
    "time": "h",
    "length": "km",
    "mass": "t",
    "teu": "TEU",
    "speed": "km/h",
    "mass_per_year": "t/yr",
    "money": "USD",
    "money_per_mass": "USD/t",
    "money_per_teu": "USD/TEU",
    "money_per_mass_day": "USD/t/d",
    "money_per_teu_day": "USD/TEU/d",
    "per_money_per_mass": "t/USD",
    "per_day": "1/d",
    "per_year": "1/yr",
    "time_per_consignment": "h/consignment",
    "time_per_t": "h/t",
    "time_per_teu": "h/TEU",
    "time_per_unit": "h/unit",
    "gas_per_year": "bcm/yr",
    "pressure": "bar",
    "diameter": "mm",
    "power": "MW",
    "fraction": "fraction",
    "factor": "1",
    "count": "1",
}
"""Canonical unit of each dimension: what every number is in after loading."""

WORDS: dict[str, str] = {
    "time": "a time",
    "length": "a length",
    "mass": "a mass",
    "teu": "a number of containers",
    "speed": "a speed",
    "mass_per_year": "tonnes per year",
    "money": "an amount of money",
    "money_per_mass": "money per tonne",
    "money_per_teu": "money per container",
    "money_per_mass_day": "money per tonne and day",
    "money_per_teu_day": "money per container and day",
    "per_money_per_mass": "a number per money per tonne",
    "per_day": "a number per day",
    "per_year": "a number per year",
    "time_per_consignment": "a time per consignment",
    "time_per_t": "a time per tonne",
    "time_per_teu": "a time per TEU",
    "time_per_unit": "a time per unit",
    "gas_per_year": "a flow of gas (m3 at 20 degC)",
    "pressure": "an absolute pressure",
    "diameter": "a diameter",
    "power": "a power",
    "fraction": "a fraction",
    "factor": "a plain factor",
    "count": "a plain number",
}
"""What a planner calls a quantity of each dimension."""

EXAMPLES: dict[str, str] = {
    "time": "36 h, 3.5 d or 20 min",
    "length": "180 km",
    "mass": "1050 t or 3 kt",
    "teu": "124 TEU",
    "speed": "40 km/h, 400 km/d or 12 kn",
    "mass_per_year": "330000 t/yr, 330 kt/yr or 15 Mt/yr",
    "money": "85 USD",
    "money_per_mass": "300 USD/t",
    "money_per_teu": "1600 USD/TEU",
    "money_per_mass_day": "2 USD/t/d",
    "money_per_teu_day": "20 USD/TEU/d",
    "per_money_per_mass": "0.05 t/USD",
    "per_day": "30 1/d",
    "per_year": "0.3 1/yr",
    "time_per_consignment": "3 h/consignment",
    "time_per_t": "0.02 h/t",
    "time_per_teu": "0.1 h/TEU",
    "time_per_unit": "1.55 h/unit",
    "gas_per_year": "2 bcm/yr, 5 mcm/d or 100 MMscf/d",
    "pressure": "54 bar or 9.8 MPa",
    "diameter": "1420 mm",
    "power": "25 MW",
    "fraction": "0.12 or 12 %",
    "factor": "0.6",
    "count": "4",
}
"""How a quantity of each dimension is written."""

_Base = tuple[tuple[str, int], ...]
_YEAR_H = 8766  # 365.25 days, 12 equal months: only used where a unit of time is itself converted
_GAS_YEAR_H = Fraction(8760)
"""A year of gas contracts has 365 days, so that 1 bcm/yr is 2.74 mcm/d."""

_ATOMS: dict[str, tuple[str, Fraction]] = {
    **dict.fromkeys(("h", "hour", "hours"), ("time", Fraction(1))),
    **dict.fromkeys(("min", "minute", "minutes"), ("time", Fraction(1, 60))),
    **dict.fromkeys(("s", "second", "seconds"), ("time", Fraction(1, 3600))),
    **dict.fromkeys(("d", "day", "days"), ("time", Fraction(24))),
    **dict.fromkeys(("week", "weeks"), ("time", Fraction(168))),
    **dict.fromkeys(("month", "months"), ("time", Fraction(_YEAR_H, 12))),
    **dict.fromkeys(("yr", "year", "years"), ("time", Fraction(_YEAR_H))),
    "km": ("length", Fraction(1)),
    "m": ("length", Fraction(1, 1000)),
    "nmi": ("length", Fraction(1852, 1000)),
    **dict.fromkeys(("t", "tonne", "tonnes"), ("mass", Fraction(1))),
    "kg": ("mass", Fraction(1, 1000)),
    "kt": ("mass", Fraction(1000)),
    "Mt": ("mass", Fraction(1_000_000)),
    "TEU": ("teu", Fraction(1)),
    "FEU": ("teu", Fraction(2)),
    "kTEU": ("teu", Fraction(1000)),
    "mm": ("length", Fraction(1, 1_000_000)),
    "USD": ("money", Fraction(1)),
    "kUSD": ("money", Fraction(1000)),
    "MUSD": ("money", Fraction(1_000_000)),
    **{name: ("gas", Fraction(size).limit_denominator(10**12)) for name, size in M3_20C_PER.items()},
    "bar": ("pressure", Fraction(1)),
    "MPa": ("pressure", Fraction(10)),
    "MW": ("power", Fraction(1)),
    "kW": ("power", Fraction(1, 1000)),
    **dict.fromkeys(("unit", "units"), ("unit", Fraction(1))),
    **dict.fromkeys(("consignment", "consignments"), ("consignment", Fraction(1))),
    **dict.fromkeys(("1", "fraction", "train", "trains", "truck", "trucks"), ("", Fraction(1))),
    "%": ("", Fraction(1, 100)),
}
_COMPOUND: dict[str, tuple[_Base, Fraction]] = {"kn": ((("length", 1), ("time", -1)), Fraction(1852, 1000))}
_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*", re.DOTALL)
_NO_NUMBER = re.compile(r"\s*[-+]?\.?(nan|inf|infinity)\b.*", re.IGNORECASE)


@dataclass(frozen=True)
class _Unit:
    """A parsed unit: powers of the base quantities, and the factor to their base units."""

    base: _Base
    factor: Fraction


@lru_cache(maxsize=1024)
def _parse_unit(text: str) -> _Unit:
    """Read ``km/h``, ``t/yr``, ``h/unit``: one unit, or one unit per another."""
    powers: dict[str, int] = {}
    factor = Fraction(1)
    for position, symbol in enumerate(part.strip() for part in text.split("/")):
        sign = 1 if position == 0 else -1
        if symbol in _COMPOUND:
            base, size = _COMPOUND[symbol]
        elif symbol in _ATOMS:
            name, size = _ATOMS[symbol]
            base = ((name, 1),) if name else ()
        else:
            raise ValueError(f"unknown unit '{symbol}'" + _suggestion(symbol))
        if "gas" in powers and size == _YEAR_H:
            size = _GAS_YEAR_H
        factor *= size if sign > 0 else 1 / size
        for name, power in base:
            powers[name] = powers.get(name, 0) + sign * power
    return _Unit(tuple(sorted((name, power) for name, power in powers.items() if power)), factor)


def _suggestion(symbol: str) -> str:
    """Hint at the unit meant: the same letters in another case, else the nearest."""
    known = [*_ATOMS, *_COMPOUND]
    same = next((unit for unit in known if unit.lower() == symbol.lower()), None)
    hint = f"did you mean '{same}'?" if same else nearest(symbol, known)
    return f" ({hint})" if hint else ""


@lru_cache(maxsize=1024)
def _ratio(unit: str, dimension: str) -> tuple[int, int]:
    """Numerator and denominator of the factor from a unit to the canonical one."""
    canonical = _parse_unit(CANONICAL[dimension])
    if not unit:
        return 1, 1
    given = _parse_unit(unit)
    if given.base != canonical.base:
        found = _words_of(given.base)
        raise ValueError(f"'{unit}' is {found}" if found else f"'{unit}' does not fit here")
    ratio = given.factor / canonical.factor
    return ratio.numerator, ratio.denominator


def _words_of(base: _Base) -> str:
    """Planner's word for the dimension of a unit, or an empty text."""
    return next((WORDS[name] for name, unit in CANONICAL.items() if _parse_unit(unit).base == base), "")


def expectation(dimension: str) -> str:
    """Say what is expected of a dimension: ``a speed, such as 40 km/h``."""
    return f"expected {WORDS[dimension]}, such as {EXAMPLES[dimension]}"


def split_quantity(text: str) -> tuple[float, str]:
    """Split ``15 Mt/yr`` into the number and the text of its unit (empty when none is given).

    Raises
    ------
    ValueError
        When the text does not begin with a finite number.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        if _NO_NUMBER.fullmatch(text):
            raise ValueError(f"'{text}' is not a finite number")
        raise ValueError(f"'{text}' does not begin with a number")
    unit = match.group(2)
    if unit[:1] == "," and unit[1:2].isdigit():
        raise ValueError(f"'{text}' has a comma in its number, write a point")
    value = float(match.group(1))
    if not math.isfinite(value):
        raise ValueError(f"'{text}' is not a finite number")
    return value, unit


def convert(value: float, unit: str, dimension: str) -> float:
    """Convert a number from a unit to the canonical unit of a dimension (an empty unit is canonical already).

    Raises
    ------
    ValueError
        When the unit is unknown or belongs to another dimension; the message says what would fit.
    """
    try:
        numerator, denominator = _ratio(unit, dimension)
    except ValueError as error:
        raise ValueError(f"{error}, {expectation(dimension)}") from None
    return value * numerator / denominator


def parse_quantity(text: str, dimension: str) -> float:
    """Read a number with its unit, such as ``15 Mt/yr``, into the canonical unit of a dimension.

    Raises
    ------
    ValueError
        When the text is no number, or its unit is unknown or of another dimension.
    """
    try:
        value, unit = split_quantity(text)
    except ValueError as error:
        raise ValueError(f"{error}, {expectation(dimension)}") from None
    return convert(value, unit, dimension)


def format_quantity(value: float, dimension: str) -> str:
    """Write a number with its canonical unit so that `parse_quantity` reads the very same float."""
    unit = CANONICAL[dimension]
    return repr(value) if unit in {"1", "fraction"} else f"{value!r} {unit}"


def units_of(dimension: str) -> tuple[str, ...]:
    """List the simple units in which a quantity of the dimension may be written (units per unit not listed)."""
    base = _parse_unit(CANONICAL[dimension]).base
    return tuple(symbol for symbol in (*_ATOMS, *_COMPOUND) if _parse_unit(symbol).base == base)


def unit_ratio(unit: str, to: str) -> float:
    """Return what a number in one unit is multiplied by to be in another.

    Raises
    ------
    ValueError
        When one is unknown, or they measure different things.
    """
    given, wanted = _parse_unit(unit), _parse_unit(to)
    if given.base != wanted.base:
        raise ValueError(f"'{unit}' cannot be shown in '{to}'")
    return float(given.factor / wanted.factor)
