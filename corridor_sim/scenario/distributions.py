"""Distributions of times, speeds and factors, as planners write them; none of them can be negative."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal

from corridor_sim.foundation.errors import nearest
from corridor_sim.foundation.units import CANONICAL, convert
from corridor_sim.scenario.base import BadValueError, Found, describe_type
from corridor_sim.scenario.provenance import PROVENANCE_KEYS, PROVENANCE_SCHEMA
from corridor_sim.scenario.quantities import (
    Dimension,
    Number,
    hint_key,
    read_number,
    read_provenance,
    read_unit,
    reader_schema,
    with_unit,
)

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

Family = Literal["fixed", "uniform", "triangular", "exponential", "gamma", "lognormal"]
Basis = Literal["consignment", "t", "TEU", "unit"]

PARAMETERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "uniform": (("low", "high"),),
    "triangular": (("low", "mode", "high"),),
    "exponential": (("mean",),),
    "gamma": (("mean", "cv"),),
    "lognormal": (("mean", "cv"), ("median", "low", "high")),
}
"""Parameters of each family; lognormal has two forms."""

_REFUSED = {"normal": "a normal distribution can be negative; use lognormal or gamma"}
_BASES: dict[str, Basis] = {
    "time": "consignment",
    "time_per_consignment": "consignment",
    "time_per_t": "t",
    "time_per_teu": "TEU",
    "time_per_unit": "unit",
}
_Z_95 = 4.0  # low and high of the median form stand 4 standard deviations (of the logarithm) apart


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution with its parameters in the canonical unit; what a family does not use is None.

    ``lognormal {median, low, high}`` has sigma = ln(high/low)/4 and is clipped to low..high; its `mean` and `cv` are
    those of the distribution before clipping.
    """

    family: Family
    unit: str
    per: Basis = "consignment"
    mean: float | None = None
    cv: float | None = None
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    clip_low: float | None = None
    clip_high: float | None = None
    source: str | None = None
    grade: str | None = None
    range: tuple[float, float] | None = None
    note: str | None = None

    @property
    def mean_value(self) -> float:
        """Expected value of what is drawn, after clipping, in the canonical unit."""
        if self.family == "uniform":
            return (_some(self.low) + _some(self.high)) / 2
        if self.family == "triangular":
            return (_some(self.low) + _some(self.mode) + _some(self.high)) / 3
        if self.clip_low is not None and self.clip_high is not None:
            return _clipped_lognormal_mean(_some(self.mean), _some(self.cv), self.clip_low, self.clip_high)
        return _some(self.mean)

    def scaled(self, factor: float, **others: Any) -> Distribution:
        """Return it with its mean and bounds multiplied, its shape and range kept; ``others`` are set as given."""
        multiplied = {
            name: value * factor
            for name in ("mean", "low", "mode", "high", "clip_low", "clip_high")
            if (value := getattr(self, name)) is not None
        }
        return replace(self, **{**multiplied, **others})


def _some(value: float | None) -> float:
    assert value is not None  # noqa: S101 - set by the reader for the families that use it
    return value


def _clipped_lognormal_mean(mean: float, cv: float, low: float, high: float) -> float:
    """Mean of a lognormal variable whose draws are moved to the nearest bound."""
    sigma = math.sqrt(math.log1p(cv * cv))
    if sigma == 0:
        return min(max(mean, low), high)
    mu = math.log(mean) - sigma * sigma / 2

    def below(x: float) -> float:
        return 0.5 * math.erfc(-x / math.sqrt(2))

    z_low, z_high = (math.log(low) - mu) / sigma, (math.log(high) - mu) / sigma
    inside = mean * (below(z_high - sigma) - below(z_low - sigma))
    return low * below(z_low) + inside + high * (1 - below(z_high))


@dataclass(frozen=True)
class _Given:
    """Parameters of one family as read: canonical values, and the unit and dimension they were written in."""

    values: dict[str, float]
    unit: str
    dimension: str


@dataclass(frozen=True)
class Drawn:
    """Annotation of a field that holds a `Distribution` of one dimension.

    Parameters
    ----------
    dimension
        What is drawn and within which bounds; several dimensions where the unit gives the basis.
    """

    dimension: Dimension

    def read(self, raw: Any) -> Distribution:
        """Read a distribution, or a plain number as a fixed one.

        Raises
        ------
        BadValueError
            When it cannot be read, with everything found.
        """
        if not isinstance(raw, dict) or "value" in raw:
            return self._fixed(raw)
        families = self._check_keys(raw)
        if len(families) != 1:
            names = ", ".join(("value", *PARAMETERS))
            found = f"holds {len(families)} distributions ({', '.join(families)})" if families else "holds no number"
            raise BadValueError(Found((), f"{found}, expected one of {names}"))
        family = families[0]
        given = self._parameters(family, raw[family], read_unit(raw))
        drawn = self._drawn(family, given)

        def to_canonical(number: Number, path: tuple[str | int, ...]) -> float:
            return self.dimension.canonical(with_unit(number, given.unit), path)[0]

        beside = read_provenance(raw, to_canonical, drawn.mean_value, what="mean")
        return Distribution(
            drawn.family, drawn.unit, drawn.per, drawn.mean, drawn.cv, drawn.low, drawn.mode, drawn.high,
            drawn.clip_low, drawn.clip_high, beside.source, beside.grade, beside.range, beside.note,
        )  # fmt: skip

    def _fixed(self, raw: Any) -> Distribution:
        q = self.dimension.read(raw)
        per = next((_BASES[name] for name in self._dimensions if CANONICAL[name] == q.unit and name in _BASES), None)
        return Distribution(
            "fixed", q.unit, per or "consignment", q.value,
            source=q.source, grade=q.grade, range=q.range, note=q.note,
        )  # fmt: skip

    @property
    def _dimensions(self) -> tuple[str, ...]:
        return (self.dimension.name, *self.dimension.others)

    def _check_keys(self, raw: dict[str, Any]) -> list[str]:
        """Return the families given, after refusing keys that do not belong here."""
        found: list[Found] = []
        for key in raw:
            if key in _REFUSED:
                found.append(Found((key,), _REFUSED[key]))
            elif key not in PARAMETERS and key not in PROVENANCE_KEYS:
                found.append(Found((key,), "unknown key", hint_key(key, ("value", *PARAMETERS, *PROVENANCE_KEYS))))
        if found:
            raise BadValueError(*found)
        return [key for key in raw if key in PARAMETERS]

    def _parameters(self, family: str, raw: Any, unit: str) -> _Given:
        """Read the parameters of a family, all problems at once."""
        forms = PARAMETERS[family]
        wanted = " or ".join("{" + ", ".join(form) + "}" for form in forms)
        if not isinstance(raw, dict):
            raise BadValueError(Found((family,), f"found {describe_type(raw)}, expected {wanted}"))
        form = max(forms, key=lambda keys: len(set(keys) & set(raw)))
        unknown = [key for key in raw if key not in form]
        meant = {key for key in form if any(nearest(given, form) == nearest(key, form) for given in unknown)}
        found = [Found((family, key), "unknown key", hint_key(key, form)) for key in unknown]
        missing = [key for key in form if key not in raw and key not in meant]
        found += [Found((family,), f"key '{key}' is missing, expected {wanted}") for key in missing]
        numbers: dict[str, Number] = {}
        for key in form:
            if key in raw:
                try:
                    number = read_number(raw[key], (family, key), self._expected(key))
                    numbers[key] = number if key == "cv" else with_unit(number, unit)
                except BadValueError as error:
                    found.extend(error.found)
        if found or len(numbers) < len(form):
            raise BadValueError(*found)
        return self._to_canonical(family, numbers)

    def _expected(self, key: str) -> str:
        return "expected a plain number, such as 0.4" if key == "cv" else self.dimension.expected

    def _to_canonical(self, family: str, numbers: dict[str, Number]) -> _Given:
        """Convert parameters; bare ones take the unit of the first that has one."""
        unit = next((n.unit for key, n in numbers.items() if n.unit and key != "cv"), "")
        values: dict[str, float] = {}
        dimension = self.dimension.name
        found: list[Found] = []
        for key, number in numbers.items():
            try:
                if key == "cv":
                    values[key] = _read_cv(number, (family, key))
                    continue
                values[key], this = self.dimension.canonical(with_unit(number, unit), (family, key))
            except BadValueError as error:
                found.extend(error.found)
                continue
            if len(values) > 1 and this != dimension:
                expected = f"expected {CANONICAL[dimension]} as in the parameter before it"
                found.append(Found((family, key), f"is in {CANONICAL[this]}, {expected}"))
            dimension = this
        if found:
            raise BadValueError(*(self._in_words(item, family) for item in found))
        return _Given(values, unit, dimension)

    def _in_words(self, item: Found, family: str) -> Found:
        """Say of a negative bound that the distribution can be negative."""
        if item.path[-1:] == ("low",) and "is negative" in item.message:
            value = item.message.partition(" is negative")[0]
            return Found(item.path, f"the {family} distribution can be negative ({value}), {self.dimension.expected}")
        return item

    def _drawn(self, family: str, given: _Given) -> Distribution:
        """Make the distribution and check that its parameters fit together."""
        v, unit, per = given.values, CANONICAL[given.dimension], _BASES.get(given.dimension, "consignment")
        if family in {"uniform", "triangular"}:
            _check_order(family, v)
            if v["low"] == v["high"]:
                return Distribution("fixed", unit, per, v["low"])
            return Distribution(family, unit, per, low=v["low"], mode=v.get("mode"), high=v["high"])  # type: ignore[arg-type]
        if "median" in v:
            _check_order(family, v)
            sigma = math.log(v["high"] / v["low"]) / _Z_95
            if sigma == 0:
                return Distribution("fixed", unit, per, v["median"])
            mean, cv = v["median"] * math.exp(sigma * sigma / 2), math.sqrt(math.expm1(sigma * sigma))
            return Distribution("lognormal", unit, per, mean, cv, clip_low=v["low"], clip_high=v["high"])
        if v["mean"] <= 0:
            raise BadValueError(Found((family, "mean"), "is 0, the mean of a distribution must be above 0"))
        if v.get("cv") == 0:
            return Distribution("fixed", unit, per, v["mean"])
        return Distribution(family, unit, per, v["mean"], v.get("cv"))  # type: ignore[arg-type]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return reader_schema(self.read, Distribution)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        number = {"type": ["number", "string"]}
        families = {
            family: {
                "anyOf": [
                    {
                        "type": "object",
                        "properties": dict.fromkeys(form, number),
                        "required": list(form),
                        "additionalProperties": False,
                    }
                    for form in forms
                ]
            }
            for family, forms in PARAMETERS.items()
        }
        plain = self.dimension.json_schema()
        options = [
            {
                "type": "object",
                "properties": {family: schema, **PROVENANCE_SCHEMA},
                "required": [family],
                "additionalProperties": False,
            }
            for family, schema in families.items()
        ]
        return {
            "x-name": plain["x-name"].replace("quantity", "distribution"),
            "anyOf": [*plain["anyOf"], *options],
        }


def _read_cv(number: Number, path: tuple[str | int, ...]) -> float:
    """Read a coefficient of variation: a plain number from 0 to 10, or in percent."""
    try:
        cv = convert(number.value, number.unit, "fraction")
    except ValueError:
        raise BadValueError(Found(path, f"'{number.unit}' is a unit, the coefficient of variation has none")) from None
    if not 0 <= cv <= 10:
        raise BadValueError(Found(path, f"{cv:g} is out of bounds, a coefficient of variation lies between 0 and 10"))
    return cv


def _check_order(family: str, values: dict[str, float]) -> None:
    """Refuse bounds that are not in order, and a logarithm of zero."""
    names = [name for name in ("low", "mode", "median", "high") if name in values]
    for lower, upper in pairwise(names):
        if values[lower] > values[upper]:
            text = f"{lower} {values[lower]:g} is above {upper} {values[upper]:g}"
            raise BadValueError(Found((family,), f"{text}, expected {' <= '.join(names)}"))
    if "median" in values and values["low"] <= 0:
        raise BadValueError(Found((family, "low"), "is 0, the low end of a lognormal distribution must be above 0"))


def describe(distribution: Distribution) -> str:
    """Write a distribution in one line, for messages and tables."""
    names = ("mean", "cv", "low", "mode", "high")
    given = ", ".join(f"{n} {getattr(distribution, n):g}" for n in names if getattr(distribution, n) is not None)
    return f"{distribution.family} ({given}) {distribution.unit}"


DurationDist = Annotated[Distribution, Drawn(Dimension("time"))]
"""Duration, h."""
ServiceDist = Annotated[
    Distribution,
    Drawn(
        Dimension(
            "time",
            others=("time_per_consignment", "time_per_t", "time_per_teu", "time_per_unit"),
            words="a time per consignment, tonne, TEU or unit, such as 3 h, 0.02 h/t, 0.1 h/TEU or 1.55 h/unit",
        )
    ),
]
"""Service time: h per consignment, or h/t, h/TEU, h/unit."""
SpeedDist = Annotated[Distribution, Drawn(Dimension("speed", above_zero=True))]
"""Speed above 0, km/h."""
FactorDist = Annotated[Distribution, Drawn(Dimension("factor"))]
"""Factor, 0 or more."""
