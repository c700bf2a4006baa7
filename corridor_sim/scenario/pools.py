"""Closed pools: wagons, locomotives, trucks and ships that come back, and room in a yard."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from corridor_sim.scenario.base import Found, Model, NonEmptyText, Sourced, bad_value
from corridor_sim.scenario.quantities import PositiveTimeQ

PoolKind = Literal["wagons", "flat wagons", "locomotives", "trucks", "ships", "yard", "other"]


class PoolBase(Model):
    """A place where equipment of a pool stands until it is taken; of a yard, its room."""

    at: NonEmptyText
    """Node."""

    n: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """How much stands there at the beginning: wagons, trucks; places of a yard."""

    keep: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """What is given back beyond this goes to `empty_to`, unless somebody waits for it here; 0 when absent."""

    empty_to: NonEmptyText | None = None
    """Base that empties go to; they stay when absent."""

    empty_time: PositiveTimeQ | None = None
    """How long they take, h; with `empty_to`."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.empty_to is None) != (self.empty_time is None):
            raise bad_value([Found((), "empties need both empty_to and empty_time")])
        if self.keep is not None and self.empty_to is None:
            raise bad_value([Found(("keep",), "keep has an effect with empty_to only")])
        return self


class Pool(Sourced):
    """Equipment that is taken for a trip and given back, or a yard that is entered and left."""

    name: NonEmptyText
    """What it is, in words."""

    kind: PoolKind
    """Kind, for the reports."""

    bases: Annotated[tuple[PoolBase, ...], Field(min_length=1)]
    """Where it stands; one place for a yard."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        nodes = [b.at for b in self.bases]
        if len(set(nodes)) < len(nodes):
            raise bad_value([Found(("bases",), "a node is the base of a pool once")])
        for k, base in enumerate(self.bases):
            if base.empty_to is not None and (base.empty_to not in nodes or base.empty_to == base.at):
                raise bad_value([Found(("bases", k, "empty_to"), "empties go to another base of the pool")])
        return self
