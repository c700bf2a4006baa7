"""Sea levels: a falling sea takes draft from ships, dredging gives it back; smaller loads are more voyages.

A river-sea ship loses `load_per_cm` tonnes of cargo per centimetre of draft (its waterplane area times the density of
water). With t years since `from`, a fall of `fall_m_per_yr` and dredging to `deeper_m` below the depth of then, a ship
that loads `ship_load` at the reference level loads this share of it::

    1 - load_per_cm * 100 * (fall_m_per_yr * t - deeper_m(t)) / ship_load

not more than `full_load / ship_load`, not less than `least` (where ships would rather stay away: a floor, no forecast).
It multiplies the parcel profiles named; annual tonnes stay, the number of parcels is divided by it. The depth meant is
the one that binds, that of the approach channel; berths and the freight rate per tonne stay as they are.
"""

from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from corridor_sim.foundation.time_axis import H_PER_YEAR
from corridor_sim.scenario.base import Found, NonEmptyText, Sourced, bad_value
from corridor_sim.scenario.periods import UtcTime
from corridor_sim.scenario.policies.block import Block
from corridor_sim.scenario.quantities import CountQ, FractionQ, MassQ, Quantity

CM_PER_M = 100.0


class Dredging(Sourced):
    """Depth that dredging has won from a date on."""

    from_: Annotated[UtcTime, Field(alias="from")]
    """First day at that depth, UTC, or a milestone."""

    deeper_m: CountQ
    """Depth below that of the reference date, m; each entry takes the place of the one before."""


class SeaLevel(Block):
    """A sea that falls, and a channel that is dredged."""

    from_: Annotated[UtcTime, Field(alias="from")]
    """Date at which the loads are those of the parcel profiles, UTC."""

    fall_m_per_yr: CountQ
    """Fall of the level, m a year."""

    load_per_cm: CountQ
    """Cargo that a ship loses per centimetre of draft, t."""

    ship_load: MassQ
    """Load of a ship at the reference date, t."""

    full_load: MassQ
    """Load of the same ship in deep water, t."""

    least: FractionQ = Quantity(0.3, "fraction")
    """Least share of `ship_load` that ships load, 0 to 1."""

    dredging: tuple[Dredging, ...] = ()
    """Depths won by dredging, in order of time; none when absent."""

    parcel_profiles: Annotated[tuple[NonEmptyText, ...], Field(min_length=1)]
    """Keys of `parcel_profiles`: the loads that follow the level."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        dates = [step.from_ for step in self.dredging]
        if dates != sorted(set(dates)):
            raise bad_value([Found(("dredging",), "the dates are not in order")])
        if self.full_load.value < self.ship_load.value:
            raise bad_value([Found(("full_load",), "is less than ship_load, expected the load in deep water")])
        return self

    def load_factor(self, moment: datetime) -> float:
        """Share of the reference load that a ship takes at an instant."""
        years = max((moment - self.from_) / timedelta(hours=1), 0.0) / H_PER_YEAR
        deeper = [step.deeper_m.value for step in self.dredging if step.from_ <= moment]
        lost_m = self.fall_m_per_yr.value * years - (deeper[-1] if deeper else 0.0)
        factor = 1.0 - self.load_per_cm.value * CM_PER_M * lost_m / self.ship_load.value
        return min(max(factor, self.least.value), self.most_load_factor)

    @property
    def most_load_factor(self) -> float:
        """Share of the reference load that a ship takes where depth does not bind; 1 where nothing is dredged."""
        return self.full_load.value / self.ship_load.value if self.dredging else 1.0
