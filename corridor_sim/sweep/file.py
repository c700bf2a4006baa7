"""The sweep file: what is varied of a base scenario, by which design, how often, and what is kept."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from corridor_sim.scenario.base import Found, Model, NonEmptyText, Text, bad_value, check_exactly_one

Scalar = int | float | str | bool
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Levels(Model):
    """Equally spaced values."""

    from_: Annotated[float, Field(alias="from")]
    """First value."""

    to: float
    """Last value; with a step, what lies beyond it is left out."""

    step: Annotated[float | None, Field(gt=0)] = None
    """Distance from one value to the next."""

    n: Annotated[int | None, Field(ge=2, le=10_000)] = None
    """Number of values, both ends included."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_exactly_one({"step": self.step, "n": self.n}, what="the spacing")
        if self.to < self.from_:
            raise bad_value([Found(("to",), f"{self.to:g} lies before {self.from_:g}")])
        return self


class Spread(Model):
    """A distribution of a parameter, for designs that draw; one of its keys is given."""

    uniform: tuple[float, float] | None = None
    """Lowest and highest value, all in between alike."""

    triangular: tuple[float, float, float] | None = None
    """Lowest, most likely and highest value."""

    loguniform: tuple[float, float] | None = None
    """Lowest and highest value, all ratios alike."""

    integers: tuple[int, int] | None = None
    """Lowest and highest whole number, all alike."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        given = {name: getattr(self, name) for name in type(self).model_fields}
        check_exactly_one(given, what="the distribution")
        family, ends = next((name, ends) for name, ends in given.items() if ends is not None)
        if list(ends) != sorted(ends) or ends[0] == ends[-1]:
            raise bad_value([Found((family,), f"{list(ends)} must ascend")])
        if family == "loguniform" and ends[0] <= 0:
            raise bad_value([Found((family,), "the lowest value must be above 0")])
        return self


class Parameter(Model):
    """One thing that is varied: a dotted path (or several that move together), and the values it takes."""

    name: Text = ""
    """What it is, in words, for tables and figures."""

    path: NonEmptyText | None = None
    """Dotted path in the base scenario, such as queues.LANE_AST_N.servers."""

    paths: tuple[NonEmptyText, ...] | None = None
    """Several paths that take the same value."""

    scale: bool = False
    """Whether values are factors on the base's own number (with its unit) instead of numbers themselves."""

    unit: Text = ""
    """Unit of the values, such as h/t or %; without one, that of the path."""

    values: Annotated[tuple[Scalar, ...] | None, Field(min_length=1)] = None
    """The values, in order."""

    range: Levels | None = None
    """Equally spaced values: {from: 1, to: 4, step: 1}, or {from: 0.8, to: 1.2, n: 5}."""

    distribution: Spread | None = None
    """For designs that draw: {uniform: [0.8, 1.2]}, triangular, loguniform or integers."""

    options: Annotated[dict[str, Any] | None, Field(min_length=1)] = None
    """Whole sets of changes by label: each the name of a named override of the base, or dotted paths and values."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_exactly_one(
            {name: getattr(self, name) for name in ("values", "range", "distribution", "options")},
            what="what the parameter takes",
        )
        if self.options is None:
            check_exactly_one({"path": self.path, "paths": self.paths}, what="the path")
        elif self.path or self.paths or self.scale or self.unit:
            raise bad_value([Found(("options",), "holds the paths itself; path, paths, scale and unit are not read")])
        if self.values is not None and len(set(map(str, self.values))) < len(self.values):
            raise bad_value([Found(("values",), "names a value twice")])
        return self


class LatinHypercube(Model):
    """Every parameter's range cut into n slices, each drawn from once."""

    n: Annotated[int, Field(ge=1, le=1_000_000)]
    """Number of cases."""


class SobolSequence(Model):
    """Points that fill the space evenly (scrambled)."""

    n: Annotated[int, Field(ge=1, le=1_000_000)]
    """Number of cases; powers of two are balanced."""


class Morris(Model):
    """Elementary effects: each trajectory moves one parameter at a time."""

    trajectories: Annotated[int, Field(ge=2, le=10_000)]
    """Number of trajectories; each takes one case more than there are parameters."""

    levels: Annotated[int, Field(ge=2, le=100)] = 4
    """Levels of each parameter, an even number."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.levels % 2:
            raise bad_value([Found(("levels",), f"{self.levels} is odd, expected an even number")])
        return self


class Saltelli(Model):
    """Saltelli's scheme for Sobol indices."""

    n: Annotated[int, Field(ge=2, le=1_000_000)]
    """Base sample, a power of two; it takes n times (parameters + 2) cases, twice that with second order."""

    second_order: bool = False
    """Whether interactions of two parameters are estimated, too."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.n & (self.n - 1):
            raise bad_value([Found(("n",), f"{self.n} is no power of two")])
        return self


class Design(Model):
    """A design that needs more than its name; one of its keys is given."""

    cases: Annotated[tuple[dict[str, Scalar], ...] | None, Field(min_length=1)] = None
    """Cases one by one, each giving every parameter a value (of options: the label)."""

    lhs: LatinHypercube | None = None
    """Latin hypercube."""

    sobol: SobolSequence | None = None
    """Sobol sequence."""

    morris: Morris | None = None
    """Elementary effects, for screening many parameters."""

    saltelli: Saltelli | None = None
    """Sobol indices: which share of the variance each parameter explains."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_exactly_one({name: getattr(self, name) for name in type(self).model_fields}, what="the design")
        return self


class Answer(Model):
    """A KPI that is kept."""

    kpi: NonEmptyText
    """Its name, such as transit_mean_h."""

    subject: Text | None = None
    """Of what, such as route:west_truck_gap; all subjects when absent."""

    name: Text = ""
    """In words, for tables and figures."""

    unit: Text = ""
    """Unit to show it in: d for h, Mt or kt for t, % for a fraction."""

    period: Text = "all"
    """Of which period: all of the measured time, a year such as 2034, or a month such as 2034-03."""

    better: Literal["low", "high"] | None = None
    """Which way is better; cases are ranked by the first answer that says so."""


class Precision(Model):
    """Replications are added until the mean of one KPI is known well enough."""

    kpi: NonEmptyText
    """Its name."""

    subject: NonEmptyText
    """Of what."""

    relative: Annotated[float, Field(gt=0, lt=1)]
    """Half width of the 95 % interval, as a share of the mean."""

    at_least: Annotated[int, Field(ge=2, le=100_000)] = 5
    """Replications to begin with."""

    at_most: Annotated[int, Field(ge=2, le=100_000)] = 100
    """Budget of a case."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.at_most < self.at_least:
            raise bad_value([Found(("at_most",), f"{self.at_most} is below at_least, {self.at_least}")])
        return self


class Until(Model):
    """Replications that follow from the results."""

    precision: Precision
    """How well what must be known."""


class SweepFile(Model):
    """A sweep: a base scenario, what is varied of it, by which design, and what is kept."""

    model_config = ConfigDict(title="sweep")

    schema_version: Literal[1]
    """Version of the file format, 1."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    """Short name: small letters, digits and hyphens; names the result folder."""

    title: Text = ""
    """One line that says what is asked."""

    description: Text = ""
    """What it assumes and what the answer is for."""

    base: NonEmptyText
    """The scenario that is varied: a file relative to this one, or the name of a shipped scenario."""

    overrides: tuple[NonEmptyText, ...] = ()
    """Named overrides of the base that hold in every case."""

    changes: dict[str, Any] = Field(default_factory=dict)
    """Dotted paths and values that hold in every case, such as run.replications: 5."""

    parameters: Annotated[dict[Name, Parameter], Field(min_length=1)]
    """What is varied, by short name (small letters, digits, underscores)."""

    design: Literal["product", "zip"] | Design = "product"
    """`product`: every combination; `zip`: first values together, then second ones, ...; or a mapping: see `Design`."""

    replications: Annotated[int, Field(ge=1, le=100_000)] | Until = 10
    """Runs of each case with other random numbers: a number, or {precision: {kpi, subject, relative, at_most}}."""

    seed: Annotated[int | None, Field(ge=0, lt=2**63)] = None
    """Seed of all draws, those of the design included; the base's own when absent."""

    common_random_numbers: bool = True
    """Whether all cases see the same trains, strikes and luck, so that their differences are sharp."""

    kpis: Annotated[tuple[Answer, ...], Field(min_length=1)] | Literal["all"] = "all"
    """KPIs that are kept; those with a subject are the answers that tables and figures show."""

    periods: Literal["all", "years", "months"] = "all"
    """Of which periods KPIs are kept: of all the measured time only, of its years, too, or of its months, too."""

    max_cases: Annotated[int, Field(ge=1)] = 2000
    """More cases than this are run only when confirmed (--yes)."""
