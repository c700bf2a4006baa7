"""Trips: the stage times of each consignment.

A consignment that is split is followed along the unit that arrives last at the gather (the first of them on a tie), so
its stage times join without a gap and the time by cause adds up to the transit time to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import StageKind
from corridor_sim.results.reductions.loads import Loads

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.lanes import Lanes, Members
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import Events
    from corridor_sim.results.reductions.bins import Binned, Cells

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

Times = tuple["Floats", "Floats", "Floats"]
"""Arrival, start and departure at one stage, each (n_lanes, n)."""


@dataclass(frozen=True, eq=False)
class Followed:
    """Which unit of each consignment is followed through the stages at which it is several."""

    column: Ints
    """(n_lanes * n,) position of the unit's times, flat."""
    is_lost: Ints
    """Positions of consignments whose units have not all arrived: they are in many places, so in none."""

    def take(self, times_h: Floats, shape: tuple[int, int]) -> Floats:
        """Take the times of the followed unit: (n_lanes, n); never, while the units are in many places."""
        chosen = times_h.reshape(-1).take(self.column)
        chosen[self.is_lost] = np.inf
        return chosen.reshape(shape)


@dataclass(frozen=True, eq=False)
class Trips:
    """Consignments of one itinerary, in all lanes."""

    itinerary: int
    flow: int
    stages: range
    members: Members
    loads: Loads
    events: Events
    followed: tuple[Followed | None, ...]
    """Per stage of the itinerary; none where a consignment is one unit."""
    delivered_h: Floats
    """(n_lanes, n) instant of delivery; at or after the end of the horizon: still on the way."""
    delivered: Binned
    """By lane and month of delivery."""

    @property
    def n_delivered(self) -> Ints:
        """(n_lanes,) consignments delivered in the measured time."""
        return np.asarray(self.delivered.count[:, 1:-1].sum(axis=1))

    def times(self, stage: int) -> Times:
        """Arrival, start and departure along the unit that is followed."""
        events = self.events
        arrive, start, depart = events.arrive_h[stage], events.start_h[stage], events.depart_h[stage]
        followed = self.followed[stage - self.stages.start]
        if followed is None:
            return arrive, start, depart
        shape = self.members.release_h.shape
        took = followed.take(arrive, shape)
        return took, took if start is arrive else followed.take(start, shape), followed.take(depart, shape)


def follow(plan: Plan, lanes: Lanes, events: Events, itinerary: int, cells: Cells) -> Trips:
    """Find the unit to follow at every stage, and the month of delivery."""
    stages, members = plan.stage_range(itinerary), lanes.itineraries[itinerary]
    followed = _followed_units(plan, events, stages, members.release_h.shape)
    delivered = delivered_h(plan, events, itinerary, members.release_h.shape)
    flow = int(plan.itineraries.flow_idx[itinerary])
    loads = Loads(plan, flow, members)
    return Trips(itinerary, flow, stages, members, loads, events, tuple(followed), delivered, cells.of(delivered))


def delivered_h(plan: Plan, events: Events, itinerary: int, shape: tuple[int, int]) -> Floats:
    """Return when each consignment of an itinerary was delivered: (n_lanes, n), of that shape."""
    last = plan.stage_range(itinerary)[-1:]
    (followed,) = _followed_units(plan, events, last, shape)
    delivered = events.depart_h[last[0]]
    return delivered if followed is None else followed.take(delivered, shape)


def _followed_units(plan: Plan, events: Events, stages: range, shape: tuple[int, int]) -> list[Followed | None]:
    """Find the last unit to arrive at the next gather, from the last stage to the first."""
    found: list[Followed | None] = []
    consignment = np.arange(shape[0] * shape[1])
    following: Followed | None = None
    for s in reversed(stages):
        n_units = int(plan.stages.n_units[s])
        if n_units == 1:
            following = None
        elif StageKind(int(plan.stages.kind[s])) is StageKind.GATHER:
            arrive = events.arrive_h[s].reshape(-1, n_units)
            last = arrive.argmax(axis=1) if consignment.size else consignment
            column = consignment * n_units + last
            following = Followed(column, np.flatnonzero(~(arrive.reshape(-1).take(column) < plan.end_h)))
        elif following is None:
            following = Followed(consignment * n_units, consignment[:0])
        found.append(following)
    return found[::-1]


def last_deliveries(plan: Plan, trips: Sequence[Trips]) -> Floats:
    """Return, (n_lanes, n_flows) h, when the last consignment of each flow was delivered.

    Infinite while one of them is on the way, 0 of a flow without any.
    """
    n_lanes = trips[0].delivered_h.shape[0] if trips else 0
    last = np.zeros((n_lanes, len(plan.flows)))
    for trip in trips:
        is_there = np.isfinite(trip.members.release_h)
        at = np.where(is_there, np.where(trip.delivered_h < plan.end_h, trip.delivered_h, np.inf), 0.0)
        last[:, trip.flow] = np.maximum(last[:, trip.flow], at.max(axis=1, initial=0.0))
    return last
