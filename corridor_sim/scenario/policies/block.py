"""What all blocks share: a name, a switch, and which flows they are about."""

from typing import Annotated, Literal

from pydantic import Field

from corridor_sim.scenario.base import NonEmptyText, Sourced
from corridor_sim.scenario.flows import Flow

Names = tuple[NonEmptyText, ...]


class Block(Sourced):
    """A policy or a shock."""

    name: NonEmptyText
    """What it is, in words."""

    enabled: bool = True
    """Whether it acts in this run."""


class FlowBlock(Block):
    """A policy or a shock that some flows feel."""

    flows: Names = ()
    """Keys of `flows` that feel it; all when absent."""

    not_: Annotated[Names, Field(alias="not")] = ()
    """Keys of `flows` that do not feel it, whatever else is said."""

    routes: Names = ()
    """Routes whose flows feel it, such as transcaspian; all when absent."""

    commodities: Names = ()
    """Goods that feel it: words of a flow's commodity, such as grain; all when absent."""

    directions: tuple[Literal["south", "north"], ...] = ()
    """Directions that feel it; both when absent."""

    def takes(self, key: str, flow: Flow) -> bool:
        """Whether a flow feels it."""
        return (
            key not in self.not_
            and (not self.flows or key in self.flows)
            and (not self.routes or flow.route in self.routes)
            and (not self.commodities or not words_of(flow).isdisjoint(self.commodities))
            and (not self.directions or flow.direction in self.directions)
        )


def words_of(flow: Flow) -> set[str]:
    """Return the goods of a flow one by one: `timber, metals` are two."""
    return {word.strip() for word in flow.commodity.split(",")}
