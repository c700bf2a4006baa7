"""Tariff cuts: goods get cheaper at the border, and more of them are traded.

Constant elasticity of import demand [Kee, Nicita, Olarreaga, Import Demand Elasticities and Trade Distortions, Review
of Economics and Statistics 90 (2008) 666-682]: what an importer pays for goods at a duty tau is proportional to
1 + tau, what he buys to that price to the power -e, so that the demand for goods is multiplied by::

    1 + covered * ramp(t) * (((1 + tariff_before) / (1 + tariff_after)) ** e - 1)

`covered` is the share of the goods that the agreement takes in, ramp rises in a straight line from 0 on the first day
to 1 at the end of `full_after`: trade follows its prices over years. A flow of several goods has the mean of their
factors. Prices before duty, and everybody else's demand, stay as they are.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field

from corridor_sim.scenario.base import NonEmptyText, Sourced
from corridor_sim.scenario.flows import Flow
from corridor_sim.scenario.periods import UtcTime
from corridor_sim.scenario.policies.block import FlowBlock, words_of
from corridor_sim.scenario.quantities import CountQ, FactorQ, FractionQ, PositiveTimeQ, Quantity

LATEST = datetime.max.replace(tzinfo=UTC)


class TariffOfGoods(Sourced):
    """Duties and elasticity of some goods."""

    goods: Annotated[tuple[NonEmptyText, ...], Field(min_length=1)]
    """Words of flows' commodities, such as [grain]."""

    tariff_before: FactorQ
    """Duty before, as a part of the value: 0.15 is 15 %."""

    tariff_after: FactorQ = Quantity(0.0)
    """Duty after; 0 when absent."""

    elasticity: CountQ
    """Elasticity of demand to the landed price, above 0: per cent more goods for one per cent less to pay."""

    @property
    def full_factor(self) -> float:
        """Factor on the demand for goods that are covered, once trade has followed."""
        ratio = (1.0 + self.tariff_before.value) / (1.0 + self.tariff_after.value)
        return float(ratio**self.elasticity.value)


class TariffCut(FlowBlock):
    """A trade agreement."""

    from_: Annotated[UtcTime, Field(alias="from")]
    """Day it comes into force, UTC, or a milestone."""

    full_after: PositiveTimeQ
    """Time until trade has followed, h (usually `3 yr`)."""

    covered: FractionQ = Quantity(1.0, "fraction")
    """Share of the goods that it takes in, 0 to 1."""

    tariffs: Annotated[dict[str, TariffOfGoods], Field(min_length=1)]
    """Duties and elasticities, by key; goods that none names stay as they are."""

    @property
    def edges(self) -> tuple[datetime, ...]:
        """Instants at which its factor bends."""
        until_never = LATEST - self.from_
        return (self.from_, self.from_ + min(timedelta(hours=self.full_after.value), until_never))

    def mean_factor(self, flow: Flow, begin: datetime, end: datetime) -> float:
        """Mean factor on the demand of a flow between two instants."""
        words = words_of(flow)
        full = [next((t.full_factor for t in self.tariffs.values() if w in t.goods), 1.0) for w in words]
        return 1.0 + self.covered.value * self._mean_ramp(begin, end) * (sum(full) / len(full) - 1.0)

    def _mean_ramp(self, begin: datetime, end: datetime) -> float:
        """Mean of the ramp between two instants: exact, also where it begins or ends between them."""

        def risen_h(moment: datetime) -> float:
            """Integral of the ramp up to an instant, h."""
            h, full_h = max((moment - self.from_) / timedelta(hours=1), 0.0), self.full_after.value
            return h * h / (2 * full_h) if h < full_h else h - full_h / 2

        return (risen_h(end) - risen_h(begin)) / ((end - begin) / timedelta(hours=1))
