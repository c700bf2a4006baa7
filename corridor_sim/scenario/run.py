"""What is run: horizon, warm-up, replications, seed, engine, and the growth of demand."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from corridor_sim.foundation.time_axis import TimeAxis
from corridor_sim.scenario.base import Model, Sourced
from corridor_sim.scenario.flows import AnnualVolume, in_year
from corridor_sim.scenario.periods import UtcTime
from corridor_sim.scenario.quantities import Dimension, FactorQ, Quantity, reader_schema

AUTO: Literal["auto"] = "auto"


class TimeOrAuto:
    """Annotation of a time, or the word `auto`."""

    dimension = Dimension("time", words="a time, such as 36 h or 3.5 d, or auto")

    def read(self, raw: Any) -> Quantity | Literal["auto"]:
        """Read ``122 d`` or ``auto``."""
        return AUTO if raw == AUTO else self.dimension.read(raw)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return reader_schema(self.read, Quantity)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [*self.dimension.json_schema()["anyOf"], {"const": AUTO}]}


class Run(Model):
    """Horizon and replications of a run."""

    start: UtcTime
    """First instant simulated, UTC; the corridor is empty then."""

    warm_up: Annotated[Quantity | Literal["auto"], TimeOrAuto()] = Quantity(0.0, "h")
    """Time from the start until counting begins, h (a number alone is hours; usually given in days, `122 d`);
    `auto`: as long as queues take to come to rest, by MSER-5 on a few replications that are run before."""

    end: UtcTime
    """Instant at which the run ends, UTC; a date means its 00:00, so the day itself is not simulated."""

    replications: Annotated[int, Field(ge=1, le=100_000)] = 10
    """Number of independent replications; they differ in their random draws only."""

    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Seed of all random draws; the same seed gives the same results to the bit."""

    engine: Literal["auto", "des", "vector"] = "auto"
    """Engine that runs the plan: `des` (discrete event), `vector` (throughput core), `auto` (the program chooses)."""

    @property
    def time_axis(self) -> TimeAxis:
        """Horizon and warm-up in hours."""
        return TimeAxis(self.start, (self.end - self.start) / timedelta(hours=1), self.warm_up_h)

    @property
    def warm_up_h(self) -> float:
        """Warm-up in hours; 0 as long as it has not been worked out."""
        return self.warm_up.value if isinstance(self.warm_up, Quantity) else 0.0


DemandPath = Annotated[Quantity | dict[int, Quantity], AnnualVolume(Dimension("factor"), "demand_path")]
"""A factor, or factors by year: linear between the years given, flat before and after."""

PeriodName = Annotated[str, Field(pattern=r"^[12][0-9]{3}(-(0[1-9]|1[0-2]))?$")]
"""A month such as 2025-03, or a year such as 2025."""


class Demand(Sourced):
    """What changes all flows at once."""

    growth: FactorQ = Quantity(1.0, "1")
    """Factor on the annual tonnes of every flow."""

    by_route: dict[str, DemandPath] = Field(default_factory=dict)
    """Further factor on the flows of a route: a number, or by year such as {2025: 1, 2035: 2}."""

    by_flow: dict[str, dict[PeriodName, FactorQ]] = Field(default_factory=dict)
    """Further factor on a flow in single months or years, such as {2025-03: 0.9, 2026: 1.1}; a month before its year.

    Route choice puts its shares here, and begins its search with what stands here.
    """

    by_itinerary: dict[str, dict[PeriodName, FactorQ]] = Field(default_factory=dict)
    """Factor on the share of an itinerary in single months or years; a month before its year.

    The shares of a flow's itineraries are made to sum to 1 again. Route choice puts what it found here, too.
    """

    def factor(self, route: str, year: int) -> float:
        """Factor on the annual tonnes of the flows of a route in a year."""
        path = self.by_route.get(route)
        return float(self.growth) * (1.0 if path is None else in_year(path, year))

    def flow_factor(self, flow: str, month: datetime) -> float:
        """Further factor on the tonnes of a flow in the month that begins then."""
        return _in_month(self.by_flow.get(flow, {}), month)

    def share_factor(self, itinerary: str, month: datetime) -> float:
        """Factor on the share of an itinerary in the month that begins then."""
        return _in_month(self.by_itinerary.get(itinerary, {}), month)


def _in_month(periods: dict[str, Quantity], month: datetime) -> float:
    found = periods.get(f"{month:%Y-%m}", periods.get(f"{month:%Y}"))
    return 1.0 if found is None else found.value
