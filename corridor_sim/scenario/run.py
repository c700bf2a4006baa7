"""What is run: horizon, warm-up, replications, seed, engine, and the growth of demand."""

from typing import Annotated, Literal

from pydantic import Field

from corridor_sim.scenario.base import Model, Sourced
from corridor_sim.scenario.flows import AnnualVolume, in_year
from corridor_sim.scenario.periods import UtcTime
from corridor_sim.scenario.quantities import Dimension, FactorQ, Quantity, TimeQ


class Run(Model):
    """Horizon and replications of a run."""

    start: UtcTime
    """First instant simulated, UTC; the corridor is empty then."""

    warm_up: TimeQ = Quantity(0.0, "h")
    """Time from the start until counting begins, h (a number alone is hours; usually given in days, `122 d`)."""

    end: UtcTime
    """Instant at which the run ends, UTC; a date means its 00:00, so the day itself is not simulated."""

    replications: Annotated[int, Field(ge=1, le=100_000)] = 10
    """Number of independent replications; they differ in their random draws only."""

    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Seed of all random draws; the same seed gives the same results to the bit."""

    engine: Literal["auto", "des", "vector"] = "auto"
    """Engine that runs the plan: `des` (discrete event), `vector` (throughput core), `auto` (the program chooses)."""


DemandPath = Annotated[Quantity | dict[int, Quantity], AnnualVolume(Dimension("factor"), "demand_path")]
"""A factor, or factors by year: linear between the years given, flat before and after."""


class Demand(Sourced):
    """What changes all flows at once."""

    growth: FactorQ = Quantity(1.0, "1")
    """Factor on the annual tonnes of every flow."""

    by_route: dict[str, DemandPath] = Field(default_factory=dict)
    """Further factor on the flows of a route: a number, or by year such as {2025: 1, 2035: 2}."""

    def factor(self, route: str, year: int) -> float:
        """Factor on the annual tonnes of the flows of a route in a year."""
        path = self.by_route.get(route)
        return float(self.growth) * (1.0 if path is None else in_year(path, year))
