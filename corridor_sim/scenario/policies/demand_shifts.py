"""Demand shifts: for some days there is more or less to carry, as bookings stop in a war or grain comes another way."""

from datetime import datetime, timedelta
from typing import Self

from pydantic import model_validator

from corridor_sim.scenario.base import Found, bad_value
from corridor_sim.scenario.flows import Flow
from corridor_sim.scenario.periods import PeriodText
from corridor_sim.scenario.policies.block import FlowBlock
from corridor_sim.scenario.quantities import FactorQ


class DemandShift(FlowBlock):
    """Another demand for a time: the tonnes released between two dates are multiplied by a factor."""

    during: PeriodText
    """Days, both included: 2026-02-28..2026-04-08."""

    factor: FactorQ
    """Factor on the tonnes released in those days: 0.3 is 70 % less; what is not released then never comes."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.during.yearly:
            raise bad_value([Found(("during",), "has no year, expected once: 2026-02-28..2026-04-08")])
        return self

    @property
    def edges(self) -> tuple[datetime, ...]:
        """Instants at which its factor changes."""
        return self.span

    @property
    def span(self) -> tuple[datetime, datetime]:
        """First instant, and the one at which it is over."""
        assert self.during.start is not None  # noqa: S101  # checked when it was read
        assert self.during.end is not None  # noqa: S101
        return self.during.start, self.during.end

    def mean_factor(self, flow: Flow, begin: datetime, end: datetime) -> float:  # noqa: ARG002  # as of every block
        """Mean factor on the demand of a flow between two instants."""
        first, last = self.span
        overlap = max((min(end, last) - max(begin, first)) / timedelta(hours=1), 0.0)
        return 1.0 + (self.factor.value - 1.0) * overlap / ((end - begin) / timedelta(hours=1))
