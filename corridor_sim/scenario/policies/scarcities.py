"""Scarcities: for some days insurers and owners keep ships, trucks or wagons away, and the rest costs more.

Fleets and sailings in `fleets` work at the share `left` of their pace (a dated disruption of the same key), and
`charges` cost `cost_factor` times as much for what is released in those days (a price change of the same key). Demand
stays: who does not sail waits. Where shippers turn away, say so with a demand shift.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from corridor_sim.scenario.base import Found, bad_value
from corridor_sim.scenario.disruptions import Disruption, DisruptionTarget
from corridor_sim.scenario.distributions import Distribution
from corridor_sim.scenario.periods import PeriodText
from corridor_sim.scenario.policies.block import Block, Names
from corridor_sim.scenario.policies.price_changes import PriceChange
from corridor_sim.scenario.quantities import FactorQ, FractionQ, Quantity

if TYPE_CHECKING:
    from corridor_sim.scenario.scenario import Scenario


class Scarcity(Block):
    """Ships, trucks or wagons are short and dear for a time."""

    during: PeriodText
    """Days, both included: 2026-02-28..2026-06-21."""

    fleets: Names = ()
    """Keys of queues or services that there is less of."""

    left: FractionQ = Quantity(1.0, "fraction")
    """Share of them that is left, 0 to 1."""

    charges: Names = ()
    """Keys of `charges` that cost more."""

    cost_factor: FactorQ = Quantity(1.0)
    """Factor on their price."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.during.yearly:
            raise bad_value([Found(("during",), "has no year, expected once: 2026-02-28..2026-06-21")])
        if not self.fleets and not self.charges:
            raise bad_value([Found((), "changes nothing, expected fleets, charges or both")])
        return self

    def as_disruption(self) -> Disruption:
        """Return what it does to fleets."""
        return Disruption(
            during=self.during,
            factor=Distribution("fixed", "1", mean=self.left.value),
            targets=tuple(DisruptionTarget(target=f) for f in self.fleets),
            note=self.name,
        )

    def as_price_change(self) -> PriceChange:
        """Return what it does to prices."""
        first, over = self.during.start, self.during.end
        assert over is not None  # noqa: S101  # checked when it was read
        last = over - timedelta(days=1)
        return PriceChange(
            name=self.name, charges=self.charges, factor=self.cost_factor, **{"from": first, "until": last}
        )


def with_scarcities(scenario: "Scenario") -> "Scenario":
    """Return the scenario with scarcities as dated disruptions and price changes."""
    blocks = {key: block for key, block in scenario.scarcities.items() if block.enabled}
    if not blocks:
        return scenario
    disruptions = {key: block.as_disruption() for key, block in blocks.items() if block.fleets}
    prices = {key: block.as_price_change() for key, block in blocks.items() if block.charges}
    return scenario.model_copy(
        update={
            "disruptions": {**scenario.disruptions, **disruptions},
            "price_changes": {**scenario.price_changes, **prices},
            "scarcities": {},
        }
    )
