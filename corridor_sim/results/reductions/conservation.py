"""Conservation: what was released is delivered or still on the way, at every stage and in every flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.errors import ConservationError
from corridor_sim.plan.kinds import StageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import LaneEvents
    from corridor_sim.results.reductions.trips import Trips


def check_conservation(plan: Plan, lane: Lane, events: LaneEvents, trips: Sequence[Trips]) -> None:
    """Check every stage and flow of a lane.

    Raises
    ------
    ConservationError
        Naming each stage that lost or made up units, each flow whose tonnes do not add up, and each itinerary whose
        stage times do not join.
    """
    wrong: list[str] = []
    for itinerary, followed in enumerate(trips):
        wrong += _check_stages(plan, lane, events, itinerary)
        wrong += _check_joins(plan, lane, followed, itinerary)
    delivered_t, on_the_way_t = np.zeros(len(plan.flows)), np.zeros(len(plan.flows))
    for followed in trips:
        done = ~np.isnan(followed.delivered_h)
        flow, load = lane.flow_idx[followed.members], lane.load_t[followed.members]
        delivered_t += np.bincount(flow, weights=load * done, minlength=len(plan.flows))
        on_the_way_t += np.bincount(flow, weights=load * ~done, minlength=len(plan.flows))
    released_t = np.bincount(lane.flow_idx, weights=lane.load_t, minlength=len(plan.flows))
    off = ~np.isclose(released_t, delivered_t + on_the_way_t, rtol=1e-9, atol=1e-6)
    wrong += [
        f"flow {plan.flows.id[f]}: released {released_t[f]:g} t, delivered {delivered_t[f]:g} t, "
        f"on the way {on_the_way_t[f]:g} t"
        for f in np.flatnonzero(off)
    ]
    if wrong:
        raise ConservationError(f"replication {lane.replication}: " + "; ".join(wrong))


def _check_stages(plan: Plan, lane: Lane, events: LaneEvents, itinerary: int) -> list[str]:
    """Units that leave a stage arrive at the next, and times never run backwards."""
    wrong = []
    expected = lane.members[itinerary].size
    for s in plan.stage_range(itinerary):
        rows = events.rows(s)
        arrive, start, depart = events.arrive_h[rows], events.start_h[rows], events.depart_h[rows]
        arrived, left = int(np.count_nonzero(~np.isnan(arrive))), int(np.count_nonzero(~np.isnan(depart)))
        if arrived != expected:
            wrong.append(f"stage {plan.stages.id[s]}: {expected} units should have arrived, {arrived} did")
        if np.any(start < arrive) or np.any(depart <= start) or left > arrived:
            wrong.append(f"stage {plan.stages.id[s]}: a unit leaves before it arrived")
        kind = StageKind(int(plan.stages.kind[s]))
        if kind is StageKind.SPLIT:
            left *= int(plan.stages.n_units[s + 1])
        elif kind is StageKind.GATHER:
            left //= int(plan.stages.n_units[s])
        expected = left
    return wrong


def _check_joins(plan: Plan, lane: Lane, trips: Trips, itinerary: int) -> list[str]:
    """Stage times join: the first arrival is the release, each departure the next arrival."""
    if np.any(trips.arrive_h[0] != lane.release_h[trips.members]):
        return [f"itinerary {plan.itineraries.id[itinerary]}: a trip does not begin at its release"]
    done = ~np.isnan(trips.delivered_h)
    if np.any(trips.arrive_h[1:, done] != trips.depart_h[:-1, done]):
        return [f"itinerary {plan.itineraries.id[itinerary]}: stage times do not join"]
    return []
