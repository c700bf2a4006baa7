"""Upgrades: what works at another pace from a date on, for good."""

from typing import Annotated

from pydantic import Field

from corridor_sim.scenario.base import NonEmptyText, Sourced
from corridor_sim.scenario.periods import UtcTime


class Upgrade(Sourced):
    """Lines, posts or terminals that are rebuilt; several that hit one place multiply."""

    name: NonEmptyText
    """What is done, in words."""

    from_: Annotated[UtcTime, Field(alias="from")]
    """First day at the new pace, UTC, or a milestone."""

    factor: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
    """Pace from then on, 1 as before; capacity and speed of service go with it."""

    targets: Annotated[tuple[NonEmptyText, ...], Field(min_length=1)]
    """Keys of queues, train paths, single tracks or services."""
