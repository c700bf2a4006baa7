"""Demand: flows of goods from origin to destination, and how the year's tonnes are spread over the months."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from corridor_sim.foundation.time_axis import MONTHS
from corridor_sim.scenario.base import (
    BadValueError,
    Form,
    Found,
    Internal,
    Model,
    NonEmptyText,
    Sourced,
    bad_value,
    check_exactly_one,
    describe_type,
)
from corridor_sim.scenario.periods import UtcTime
from corridor_sim.scenario.provenance import PROVENANCE_SCHEMA
from corridor_sim.scenario.quantities import (
    Dimension,
    MassQ,
    MoneyPerMassQ,
    PositiveTimeQ,
    Quantity,
    TeuQ,
    reader_schema,
)

Pattern = Literal["even", "poisson", "timetable"]
CountsIn = Literal["i", "ii", "iii"]

_PATTERNS = ("even", "poisson", "timetable")
_SHARED_KEYS = ("source", "grade", "note")


@dataclass(frozen=True)
class AnnualVolume:
    """Annotation of annual tonnes: one quantity, or quantities by year."""

    dimension: Dimension = field(default=Dimension("mass_per_year"))
    schema_name: str = "annual_tonnes"

    def read(self, raw: Any) -> Quantity | dict[int, Quantity]:
        """Read ``330 kt/yr``, ``{value: ...}`` or ``{2025: 330 kt/yr, 2030: 400 kt/yr}``."""
        if not isinstance(raw, dict) or not any(str(key).isdigit() for key in raw):
            return self.dimension.read(raw)
        found: list[Found] = []
        years: dict[int, Quantity] = {}
        shared = {key: raw[key] for key in _SHARED_KEYS if key in raw}
        for key, item in raw.items():
            if key in _SHARED_KEYS:
                continue
            if not str(key).isdigit() or not 1990 <= int(key) <= 2200:
                found.append(Found((str(key),), "unknown key, expected years such as 2025, or source, grade, note"))
                continue
            try:
                own = item if isinstance(item, dict) else {"value": item}
                years[int(key)] = self.dimension.read({**shared, **own})
            except BadValueError as error:
                found += [self._below(str(key), problem, is_mapping=isinstance(item, dict)) for problem in error.found]
        if found:
            raise BadValueError(*found)
        return dict(sorted(years.items()))

    def _below(self, key: str, problem: Found, *, is_mapping: bool) -> Found:
        return replace_path(problem, (key, *(problem.path if is_mapping else ())))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return reader_schema(self.read, Quantity)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        one = self.dimension.json_schema()
        by_year = {
            "type": "object",
            "patternProperties": {"^[12][0-9]{3}$": one},
            "properties": {key: PROVENANCE_SCHEMA[key] for key in _SHARED_KEYS},
            "additionalProperties": False,
            "description": "By year: linear between the years given, flat before and after.",
        }
        return {"x-name": self.schema_name, "anyOf": [*one["anyOf"], by_year]}


def replace_path(problem: Found, path: tuple[str | int, ...]) -> Found:
    """Return the problem at another path."""
    return Found(path, problem.message, problem.hint)


class Timetable(Model):
    """Release or departure times: listed, or every so often from a first one."""

    departures: Annotated[tuple[UtcTime, ...], Field(min_length=1)] | None = None
    """The times one by one, UTC."""

    every: PositiveTimeQ | None = None
    """Time from one departure to the next, h."""

    first: UtcTime | None = None
    """First departure, UTC."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_exactly_one({"departures": self.departures, "every": self.every}, what="timetable")
        if self.every is not None and self.first is None:
            raise bad_value([Found((), "key 'first' is missing beside 'every', expected the first departure")])
        return self


class Release(Model):
    """How consignments are released over time."""

    pattern: Annotated[Pattern, Internal()]
    """even: equally spaced within each month; poisson: at random; timetable: at given times."""

    timetable: Timetable | None = None
    """The times, when the timetable is given; without one a timetable flow is spread evenly."""


def _release(raw: Any) -> Any:
    """Turn the forms ``poisson`` and ``{timetable: {...}}`` into the model's fields."""
    if isinstance(raw, str) and raw in _PATTERNS:
        return {"pattern": raw}
    if isinstance(raw, dict) and set(raw) == {"timetable"}:
        return {"pattern": "timetable", **raw}
    if isinstance(raw, Release):
        return raw
    raise bad_value([Found((), f"found {describe_type(raw)}, expected even, poisson, timetable or {{timetable: ...}}")])


_RELEASE_SCHEMA = {
    "anyOf": [
        {"enum": list(_PATTERNS)},
        {
            "type": "object",
            "properties": {"timetable": {"x-model": "Timetable"}},
            "required": ["timetable"],
            "additionalProperties": False,
        },
    ]
}


class ConsignmentSize(Sourced):
    """What is simulated as one thing: a train-load, a ship parcel, a group of trucks."""

    kind: NonEmptyText
    """What it is: block train, wagon group, container train, ship parcel, truck."""

    load: MassQ
    """Load of one consignment, t."""

    teu: TeuQ = Quantity(0.0, "TEU")
    """Containers of one consignment, TEU; 0 when the goods are not in containers."""


class Flow(Sourced):
    """Goods of one kind from one origin to one destination."""

    name: NonEmptyText
    """What flows, in words."""

    origin: NonEmptyText
    """Node where the goods start."""

    destination: NonEmptyText
    """Node where the goods end."""

    direction: Literal["south", "north"]
    """south is away from Russia, north towards it."""

    commodity: NonEmptyText
    """Goods, in words."""

    route: NonEmptyText
    """Route family, a free identifier such as west_truck_gap or transcaspian.

    Those named background and sea_reference are left out of the subject `all`.
    """

    counts_in: tuple[CountsIn, ...] = ()
    """Volumes it counts in: i all Russian trade of the corridor, ii by rail, iii true transit; background: none."""

    annual: Annotated[Quantity | dict[int, Quantity], AnnualVolume()]
    """Tonnes per year, t/yr; or by year, linear between the years given and flat outside."""

    consignment: ConsignmentSize
    """Kind and size of one consignment."""

    cargo_value: MoneyPerMassQ | None = None
    """Value of the goods, USD/t."""

    profile: str | None = None
    """Key of `month_profiles`: how the year is spread over its months; evenly by days when absent."""

    parcel_profile: str | None = None
    """Key of `parcel_profiles`: factor on the load by month of release; none when absent."""

    release: Annotated[
        Release,
        Form("even, poisson, timetable, or {timetable: {departures: [...]}}, {timetable: {every, first}}"),
        BeforeValidator(_release),
        WithJsonSchema(_RELEASE_SCHEMA),
    ] = Release(pattern="poisson")
    """Release within a month: even, poisson, timetable, or {timetable: {every: 7 d, first: 2025-01-02}}."""

    priority: Annotated[int, Field(ge=0, le=9)] = 5
    """Class at queues that serve by priority, 0 first to 9 last: perishables 0, block trains 2, all else 5."""

    lane: NonEmptyText | None = None
    """Lane at border processes, such as green; the first that a process names when absent or not there."""

    def annual_t(self, year: int) -> float:
        """Tonnes of a year, t: linear between the years given, flat before the first and after the last."""
        return in_year(self.annual, year)


def in_year(path: Quantity | dict[int, Quantity], year: int) -> float:
    """Value of a year: linear between the years given, flat before the first and after the last."""
    if isinstance(path, Quantity):
        return path.value
    years = sorted(path)
    return float(np.interp(year, years, [path[y].value for y in years]))


MonthNumber = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""Plain number of a month, 0 or more."""


class MonthProfile(Sourced):
    """Twelve numbers, one per month."""

    jan: MonthNumber
    """January."""
    feb: MonthNumber
    """February."""
    mar: MonthNumber
    """March."""
    apr: MonthNumber
    """April."""
    may: MonthNumber
    """May."""
    jun: MonthNumber
    """June."""
    jul: MonthNumber
    """July."""
    aug: MonthNumber
    """August."""
    sep: MonthNumber
    """September."""
    oct: MonthNumber
    """October."""
    nov: MonthNumber
    """November."""
    dec: MonthNumber
    """December."""

    @property
    def months(self) -> tuple[float, ...]:
        """The twelve numbers from January to December."""
        return tuple(getattr(self, month) for month in MONTHS)
