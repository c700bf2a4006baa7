"""Disruptions: recorded ones with dates, and a generator that draws them."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from corridor_sim.scenario.base import Form, Found, Internal, Model, Sourced, bad_value, describe_type
from corridor_sim.scenario.distributions import DurationDist, FactorDist
from corridor_sim.scenario.periods import Period, PeriodText, Reader, read_period
from corridor_sim.scenario.quantities import PerYearQ


class DisruptionTarget(Model):
    """One thing that is disrupted: its factor is base + slope x the disruption's factor."""

    target: Annotated[str, Internal()]
    """Key of a queue, train path or service."""

    base: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    """Part of the pace that is left in any case, 0 or more."""

    slope: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    """Weight of the disruption's factor, 0 or more."""


def read_targets(raw: Any) -> Any:
    """Turn ``[A, {B: {base: 0.6, slope: 0.4}}]`` and ``{A: {}, B: {...}}`` into a list of targets."""
    if isinstance(raw, dict):
        return [_target(key, value, (key,)) for key, value in raw.items()]
    if not isinstance(raw, list | tuple):
        return raw
    made: list[Any] = []
    for place, item in enumerate(raw):
        if isinstance(item, dict):
            made += [_target(key, value, (place, key)) for key, value in item.items()]
        elif isinstance(item, str):
            made.append({"target": item})
        elif isinstance(item, DisruptionTarget):
            made.append(item)
        else:
            raise bad_value([Found((place,), f"found {describe_type(item)}, expected the key of what is disrupted")])
    return made


def _target(key: str, value: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
    """Check one target here, where its place in the file is known."""
    if value is None:
        return {"target": key}
    expected = "expected {base: 0.6, slope: 0.4}"
    if not isinstance(value, dict):
        raise bad_value([Found(path, f"found {describe_type(value)}, {expected}")])
    found = []
    for name, number in value.items():
        if name not in {"base", "slope"}:
            found.append(Found((*path, name), f"unknown key, {expected}"))
        elif isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < 1e6:
            found.append(Found((*path, name), f"found {describe_type(number)}, expected a number of 0 or more"))
    if found:
        raise bad_value(found)
    return {"target": key, **value}


TARGETS_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "array", "items": {"type": ["string", "object"]}, "minItems": 1},
        {"type": "object"},
    ]
}


def _read_window(raw: Any) -> Period:
    """Read ``any`` or ``12-01..03-31``."""
    if raw == "any":
        return Period(first=(1, 1), last=(12, 31))
    return read_period(raw)


WindowText = Annotated[
    Period, Reader(_read_window, Period, "any, or days of the year such as 12-01..03-31 (may run over New Year).")
]
"""Part of the year in which events fall."""


class Disruption(Sourced):
    """Something that slows or stops resources: dated (`during`), or drawn (`rate` or `start_window`)."""

    during: PeriodText | None = None
    """Days of a recorded disruption, both included."""

    rate: PerYearQ | None = None
    """Mean number of events a year (Poisson), 1/yr."""

    window: WindowText = Period(first=(1, 1), last=(12, 31))
    """Part of the year in which drawn events start: `any`, or 12-01..03-31."""

    start_window: PeriodText | None = None
    """Days in which exactly one event a year starts; instead of `rate`."""

    duration: DurationDist | None = None
    """How long a drawn disruption lasts, h."""

    targets: Annotated[
        tuple[DisruptionTarget, ...],
        Field(min_length=1),
        Form("list of keys, or of {KEY: {base, slope}}"),
        BeforeValidator(read_targets),
        WithJsonSchema(TARGETS_SCHEMA),
    ]
    """Keys of queues, train paths or services; {KEY: {base: 0.6, slope: 0.4}} is hit less."""

    factor: FactorDist
    """Share of the normal pace that is left, 0 a full stop; a number, or a distribution for a drawn severity."""

    choose: Literal["all", "one"] = "all"
    """all: every target is hit; one: one of them is drawn, with equal chance."""

    enabled: bool = True
    """Whether it acts in this run."""

    @property
    def drawn(self) -> bool:
        """Whether it is drawn per replication."""
        return self.during is None

    @model_validator(mode="after")
    def _check(self) -> Self:
        options = {"during": self.during, "rate": self.rate, "start_window": self.start_window}
        given = [key for key, value in options.items() if value is not None]
        found: list[Found] = []
        if len(given) != 1:
            what = f"{' and '.join(given)} exclude each other" if given else "says not when it happens"
            found.append(Found((), f"{what}, expected one of during (dated), rate or start_window (drawn)"))
        elif self.during is not None and self.duration is not None:
            found.append(Found(("duration",), "a dated disruption lasts as long as 'during' says"))
        elif self.during is None and self.duration is None:
            found.append(Found((), "key 'duration' is missing, expected how long a drawn disruption lasts"))
        if self.during is not None and self.choose == "one":
            found.append(Found(("choose",), "a dated disruption hits all its targets, expected all"))
        if self.during is not None and self.factor.family != "fixed":
            found.append(Found(("factor",), "a dated disruption has one factor, expected a number"))
        if self.start_window is not None and not self.start_window.yearly:
            found.append(Found(("start_window",), "has a year, expected days of the year such as 12-06..12-13"))
        if not self.window.yearly:
            found.append(Found(("window",), "has a year, expected any, or days of the year such as 12-01..03-31"))
        if found:
            raise bad_value(found)
        return self
