"""The gas pipeline of a scenario: phases, sites, lines of strings, compressor stations, meters, offtakes, events."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from corridor_sim.scenario.base import Found, Model, NonEmptyText, Sourced, Text, bad_value
from corridor_sim.scenario.distributions import DurationDist
from corridor_sim.scenario.flows import MonthProfile
from corridor_sim.scenario.periods import PeriodText, UtcTime
from corridor_sim.scenario.quantities import (
    DiameterQ,
    FactorQ,
    FractionQ,
    GasQ,
    LengthQ,
    MassQ,
    MoneyQ,
    PerYearQ,
    PositiveTimeQ,
    PowerQ,
    PressureQ,
    Quantity,
    RatioQ,
    TimeQ,
)

FrictionLaw = Literal["colebrook", "hofer", "nikuradse", "swamee-jain", "russian-norm"]


class GasPhase(Sourced):
    """One step of the ramp. Phases stand in the order in which they come; one never starts before the one before."""

    title: NonEmptyText
    """What is built, in words."""

    volume: GasQ
    """Name-plate: what is contracted from the planned date on, bcm/yr. The capacity is worked out, not typed in."""

    planned: UtcTime
    """Date on which it is planned to start."""

    slip: DurationDist
    """How much later it starts, h."""

    lead: TimeQ = Quantity(0.0, "h")
    """Time from the decision to the planned start, h; shown in the Gantt chart."""

    construction: TimeQ = Quantity(0.0, "h")
    """Time from the last delivery of pipes and sets to the start, h; where freight is simulated, too."""

    capex: MoneyQ = Quantity(0.0, "USD")
    """What it costs, USD."""


class GasSite(Sourced):
    """A place along the route: a head, an end, a border, a station, an offtake, the end of a loop."""

    km: LengthQ
    """Distance along the route, km."""

    height_m: Annotated[float, Field(ge=-100, le=5000)] = 0.0
    """Height above the sea, m."""


class GasLine(Sourced):
    """Strings that run at the same pressure, joined at every site. Lines are loaded in the order of the file."""

    name: NonEmptyText
    """What it is, in words."""

    feed_pressure: PressureQ
    """Pressure at which gas comes to its head, bar absolute."""

    regulated: bool = False
    """Whether the feed is brought down to the pressure of weaker pipes at the head."""

    delivery_pressure: PressureQ
    """Least pressure at its end, bar absolute."""

    least_pressure: PressureQ
    """Least pressure at every other site, bar absolute."""

    friction: FrictionLaw = "colebrook"
    """Friction law."""

    station_loss_in: PressureQ = Quantity(1.3, "bar")
    """Pressure lost before the compressors of a station, bar."""

    station_loss_out: PressureQ = Quantity(1.2, "bar")
    """Pressure lost behind them, bar."""


class Uprate(Model):
    """A change of the largest pressure with a phase."""

    phase: NonEmptyText
    """Phase with which it comes."""

    max_pressure: PressureQ
    """Largest pressure from then on, bar absolute."""


class GasString(Sourced):
    """One pipe of a line from one site to another."""

    line: NonEmptyText
    """Line it belongs to."""

    from_: Annotated[NonEmptyText, Field(alias="from")]
    """Site where it begins."""

    to: NonEmptyText
    """Site where it ends, further along."""

    diameter: DiameterQ
    """Outer diameter, mm."""

    wall: DiameterQ
    """Wall thickness, mm."""

    roughness: DiameterQ
    """Roughness inside, mm: 0.01 coated, 0.03 bare, 0.05 old."""

    efficiency: FractionQ = Quantity(1.0, "fraction")
    """Share of the flow that a clean pipe would carry."""

    max_pressure: PressureQ
    """Largest pressure, bar absolute."""

    uprates: tuple[Uprate, ...] = ()
    """Changes of the largest pressure with later phases."""

    phase: NonEmptyText | None = None
    """Phase with which it comes; it stands from the beginning when absent."""


class CompressorStation(Sourced):
    """Compressor sets of one line at one site. Several may share a site: their power adds up."""

    line: NonEmptyText
    """Line it belongs to."""

    at: NonEmptyText
    """Site."""

    phase: NonEmptyText
    """Phase with which it comes."""

    units: Annotated[int, Field(ge=1, le=100)]
    """Compressor sets."""

    spare: Annotated[int, Field(ge=0, le=100)] = 1
    """Sets of these that stand by."""

    unit_power: PowerQ
    """Shaft power of a set at ISO conditions, MW."""

    max_ratio: RatioQ
    """Largest pressure ratio, 1 or more."""

    efficiency: FractionQ = Quantity(0.84, "fraction")
    """Isentropic efficiency of the compressors."""

    driver_efficiency: FractionQ = Quantity(0.34, "fraction")
    """Efficiency of the drivers."""

    out: FractionQ = Quantity(0.03, "fraction")
    """Share of the time that a set is out of order."""

    repair: PositiveTimeQ = Quantity(120.0, "h")
    """Mean time until it is mended, h."""


class GasMeter(Sourced):
    """A metering station, a border post or a receiving grid: bounds what all lines deliver at the end."""

    at: NonEmptyText
    """Site."""

    name: NonEmptyText
    """What it is, in words."""

    capacity: dict[str, GasQ]
    """Most it passes from each phase on, bcm/yr, by phase."""


class Offtake(Sourced):
    """Gas taken out on the way; served before the transit."""

    line: NonEmptyText
    """Line it is taken from."""

    at: NonEmptyText
    """Site."""

    annual: GasQ
    """Mean over the year, bcm/yr."""

    profile: MonthProfile | None = None
    """Factors of the months, mean 1; even when absent."""

    until: NonEmptyText | None = None
    """Phase with which it gets another feed."""


class GasEvent(Sourced):
    """Closure of a string: yearly (`during`), or drawn (`rate`, `duration`)."""

    cause: Literal["maintenance", "break", "landslide"]
    """Why."""

    string: NonEmptyText
    """String that is closed."""

    between: Annotated[tuple[NonEmptyText, ...], Field(min_length=2, max_length=2)] | None = None
    """Two sites; a drawn event hits one section between them. The whole string when absent."""

    during: PeriodText | None = None
    """Days of every year, such as 07-01..07-08: the whole stretch is closed."""

    rate: PerYearQ | None = None
    """Mean number of drawn events a year."""

    window: PeriodText | None = None
    """Part of the year in which drawn events begin; any when absent."""

    duration: DurationDist | None = None
    """How long a drawn one lasts, h."""


class PhaseDelivery(Sourced):
    """Pipes and compressor sets of a phase that come over the corridor: it starts when they are there and built in."""

    phase: NonEmptyText
    """Phase they belong to; its `construction` begins with the last delivery."""

    strings: tuple[NonEmptyText, ...] = ()
    """Strings whose pipes they are; their tonnes follow from diameter, wall and length."""

    stations: tuple[NonEmptyText, ...] = ()
    """Stations whose compressor sets they are, spare ones included."""

    set_mass: MassQ | None = None
    """Mass of one set with its driver, t; with `stations`."""

    flows: Annotated[tuple[NonEmptyText, ...], Field(min_length=1)]
    """Flows that carry them, together all of the tonnes."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.strings and not self.stations:
            raise bad_value([Found((), "names neither strings nor stations, expected what is delivered")])
        if bool(self.stations) != (self.set_mass is not None):
            raise bad_value([Found((), "compressor sets need both stations and set_mass")])
        return self


class Swap(Sourced):
    """Gas that wants to flow the other way at the end of the line."""

    annual: GasQ
    """How much, bcm/yr."""

    during: PeriodText
    """From when to when."""

    rule: Literal["net", "exclude"]
    """net: handed over against the transit, so that it crosses no meter; exclude: it flows only on days without."""


class ColdSpells(Sourced):
    """Days of hard frost: more is nominated and more is taken on the way."""

    rate: PerYearQ
    """Mean number in the window of a year, 1/yr of window time."""

    window: PeriodText
    """Part of the year, such as 12-01..02-28."""

    duration: DurationDist
    """How long one lasts, h."""

    nomination: FactorQ
    """Factor on the nomination."""

    offtake: FactorQ
    """Factor on the offtakes."""


def _by_km(sites: dict[str, GasSite]) -> dict[str, GasSite]:
    """Bring sites into the order of the route, whatever the order of the files that give them."""
    return dict(sorted(sites.items(), key=lambda item: item[1].km.value))


class GasSystem(Sourced):
    """The gas pipeline."""

    title: Text = ""
    """What it is, in words."""

    phases: Annotated[dict[str, GasPhase], Field(min_length=1)]
    """Steps of the ramp, in order, by key."""

    sites: Annotated[dict[str, GasSite], Field(min_length=2), AfterValidator(_by_km)]
    """Places along the route, in order, by key."""

    lines: Annotated[dict[str, GasLine], Field(min_length=1)]
    """Lines by key, in the order in which they are loaded."""

    strings: Annotated[dict[str, GasString], Field(min_length=1)]
    """Pipes by key."""

    stations: dict[str, CompressorStation] = Field(default_factory=dict)
    """Compressor stations by key."""

    meters: dict[str, GasMeter] = Field(default_factory=dict)
    """Meters, border posts, receiving grids, by key."""

    offtakes: dict[str, Offtake] = Field(default_factory=dict)
    """Gas taken out on the way, by key."""

    deliveries: dict[str, PhaseDelivery] = Field(default_factory=dict)
    """Pipes that come over the corridor, by key."""

    events: dict[str, GasEvent] = Field(default_factory=dict)
    """Maintenance, line breaks, landslides, by key."""

    nomination_profile: MonthProfile | None = None
    """Factors of the months on what is nominated, mean 1; even when absent."""

    cold_spells: ColdSpells | None = None
    """Hard frost."""

    swap: Swap | None = None
    """Gas that wants to flow the other way."""

    ground_c: MonthProfile
    """Temperature of the gas in the ground by month, degC."""

    ambient_c: MonthProfile
    """Temperature of the air by month, degC: gas turbines lose power when it is warm."""

    methane_loss: FractionQ
    """Share of the gas moved that escapes."""

    opex: FractionQ = Quantity(0.02, "fraction")
    """Cost of running, a share of what was invested, per year."""

    fuel_price: Annotated[MoneyQ, Field()] = Quantity(100.0, "USD")
    """Price of fuel gas, USD per 1000 m3 (20 degC)."""

    gwp_methane: FactorQ = Quantity(28.0, "1")
    """Warming of methane over 100 years, by mass of CO2."""
