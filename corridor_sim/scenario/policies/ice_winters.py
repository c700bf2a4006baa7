"""Ice winters: how long the ice stands, how slowly the canal works, and which ships stay out of it, from one severity.

With severity s from 0 (`mild`) to 1 (`severe`) the days of ice and the pace of convoys lie on the straight line between
the two, d = d_mild + s (d_severe - d_mild), pace alike. Every winter the ice comes on a drawn day of `start_window` and
stays d days, give or take `spread`, drawn. Then

- places in `targets` work at that pace (or at base + slope x pace);
- a fleet in `fleets` works at ice_class + (1 - ice_class) x pace: ships with an ice class go on, the others wait for
  convoys as long as the canal does.

It becomes a drawn disruption of the same key, and takes the place of the one named in `replaces`.
"""

from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from corridor_sim.scenario.base import Form, NonEmptyText, Sourced
from corridor_sim.scenario.disruptions import TARGETS_SCHEMA, Disruption, DisruptionTarget, read_targets
from corridor_sim.scenario.distributions import Distribution
from corridor_sim.scenario.periods import PeriodText
from corridor_sim.scenario.policies.block import Block, Names
from corridor_sim.scenario.quantities import FractionQ, Quantity, TimeQ

if TYPE_CHECKING:
    from corridor_sim.scenario.scenario import Scenario


class IceOfWinter(Sourced):
    """One end of the scale."""

    days: TimeQ
    """Time from the first to the last ice, h (usually given in days, `80 d`)."""

    pace: FractionQ
    """Share of the normal pace of convoys and pilots, 0 to 1."""


class IceWinter(Block):
    """Ice on the approach, every winter, of one severity."""

    severity: FractionQ
    """0 as `mild`, 1 as `severe`, and anything between."""

    mild: IceOfWinter
    """A mild winter."""

    severe: IceOfWinter
    """A severe one."""

    spread: TimeQ = Quantity(0.0, "h")
    """Days that a winter is longer or shorter, h; evenly drawn."""

    start_window: PeriodText
    """Days of the year in which the ice comes, such as 12-06..12-13."""

    targets: Annotated[
        tuple[DisruptionTarget, ...],
        Field(min_length=1),
        Form("list of keys, or of {KEY: {base, slope}}"),
        BeforeValidator(read_targets),
        WithJsonSchema(TARGETS_SCHEMA),
    ]
    """Keys of queues, train paths or services that the ice slows; {KEY: {base: 0.6, slope: 0.4}} is slowed less."""

    fleets: Names = ()
    """Keys of queues or services whose ships the ice keeps waiting."""

    ice_class: FractionQ = Quantity(1.0, "fraction")
    """Share of those ships that go through ice without a convoy, 0 to 1."""

    replaces: NonEmptyText | None = None
    """Key of the disruption that stands for the ice otherwise; it is switched off."""

    @property
    def length_h(self) -> float:
        """Mean time from the first to the last ice, h."""
        return self._between(self.mild.days, self.severe.days)

    @property
    def pace(self) -> float:
        """Share of the normal pace that is left."""
        return self._between(self.mild.pace, self.severe.pace)

    def _between(self, mild: Quantity, severe: Quantity) -> float:
        return mild.value + self.severity.value * (severe.value - mild.value)

    def as_disruption(self) -> Disruption:
        """Return the drawn disruption that it is."""
        going = self.ice_class.value
        fleets = [DisruptionTarget(target=f, base=going, slope=1.0 - going) for f in self.fleets]
        low_h, high_h = max(self.length_h - self.spread.value, 0.0), self.length_h + self.spread.value
        return Disruption(
            start_window=self.start_window,
            duration=Distribution("uniform", "h", low=low_h, high=high_h),
            factor=Distribution("fixed", "1", mean=self.pace),
            targets=(*self.targets, *fleets),
            note=self.name,
        )


def with_ice(scenario: "Scenario") -> "Scenario":
    """Return the scenario with ice winters as drawn disruptions."""
    blocks = {key: block for key, block in scenario.ice_winters.items() if block.enabled}
    if not blocks:
        return scenario
    disruptions = dict(scenario.disruptions)
    for key, block in blocks.items():
        if block.replaces is not None:
            disruptions[block.replaces] = disruptions[block.replaces].model_copy(update={"enabled": False})
        disruptions[key] = block.as_disruption()
    return scenario.model_copy(update={"disruptions": disruptions, "ice_winters": {}})
