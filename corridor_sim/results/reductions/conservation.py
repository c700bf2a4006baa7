"""Conservation: what was released is delivered or still on the way, at every stage and in every flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.errors import ConservationError
from corridor_sim.plan.kinds import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.reductions.passages import Passages
    from corridor_sim.results.reductions.trips import Times, Trips

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]
    Faults = Iterator[tuple[int, str]]
    """Lane and what is wrong in it."""


class Joins:
    """Whether the times of trips join, stage by stage in order.

    Parameters
    ----------
    plan
        The plan.
    n_lanes
        Number of lanes.
    """

    def __init__(self, plan: Plan, n_lanes: int) -> None:
        self._end_h = plan.end_h
        self.is_late, self.is_apart = np.zeros((2, len(plan.itineraries), n_lanes), dtype=np.bool_)
        """(n_itineraries, n_lanes) whether a trip does not begin at its release; whether stage times do not join."""
        self._left_h: Floats = np.empty(0)

    def add(self, trips: Trips, stage: int, times: Times) -> None:
        """Compare the arrivals at a stage with the departures from the one before, or the releases."""
        arrive, _, depart = times
        release_h = trips.members.release_h
        if stage == trips.stages.start:
            if arrive is not release_h:
                self.is_late[trips.itinerary] = ((arrive != release_h) & (release_h < self._end_h)).any(axis=1)
        elif arrive is not self._left_h:
            apart = ((arrive != self._left_h) & (trips.delivered_h < self._end_h)).any(axis=1)
            self.is_apart[trips.itinerary] |= apart
        self._left_h = depart


def check_conservation(plan: Plan, lanes: Lanes, passages: Passages, joins: Joins, trips: Sequence[Trips]) -> None:
    """Check every stage and flow of every lane.

    Raises
    ------
    ConservationError
        Naming each stage that lost or made up units, each flow whose tonnes do not add up, and each itinerary whose
        stage times do not join, in the first lane in which anything is wrong.
    """
    wrong: dict[int, list[str]] = {}
    arrived, left = passages.arrived(), passages.left()
    goes_backwards = passages.goes_backwards | (left > arrived)
    for followed in trips:
        for faults in (
            _stage_faults(plan, followed, arrived, left, goes_backwards),
            _join_faults(plan, joins, followed.itinerary),
        ):
            for lane, what in faults:
                wrong.setdefault(lane, []).append(what)
    for lane, what in _tonne_faults(plan, lanes, trips):
        wrong.setdefault(lane, []).append(what)
    if wrong:
        lane = min(wrong)
        raise ConservationError(f"replication {lanes.replications[lane]}: " + "; ".join(wrong[lane]))


def _stage_faults(plan: Plan, trips: Trips, arrived: Ints, left: Ints, goes_backwards: Bools) -> Faults:
    """Units that leave a stage arrive at the next, and times never run backwards."""
    expected = trips.members.count
    for s in trips.stages:
        of_stage, name = arrived[s], plan.stages.id[s]
        for lane in np.flatnonzero(of_stage != expected).tolist():
            yield lane, f"stage {name}: {expected[lane]} units should have arrived, {of_stage[lane]} did"
        for lane in np.flatnonzero(goes_backwards[s]).tolist():
            yield lane, f"stage {name}: a unit leaves before it arrived"
        expected = left[s]
        kind = StageKind(int(plan.stages.kind[s]))
        if kind is StageKind.SPLIT:
            expected = expected * int(plan.stages.n_units[s + 1])
        elif kind is StageKind.GATHER:
            expected = expected // int(plan.stages.n_units[s])


def _join_faults(plan: Plan, joins: Joins, itinerary: int) -> Faults:
    """Stage times join: the first arrival is the release, each departure the next arrival."""
    late, apart = joins.is_late[itinerary], joins.is_apart[itinerary]
    for lane in np.flatnonzero(late | apart).tolist():
        what = "a trip does not begin at its release" if late[lane] else "stage times do not join"
        yield lane, f"itinerary {plan.itineraries.id[itinerary]}: {what}"


def _tonne_faults(plan: Plan, lanes: Lanes, trips: Sequence[Trips]) -> Faults:
    """Tonnes released are delivered or on the way."""
    shape = len(lanes), len(plan.flows)
    released_t, delivered_t, on_the_way_t = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for flow, members in enumerate(lanes.flows):
        released_t[:, flow] = members.load_t.sum(axis=1)
    for followed in trips:
        load, done = followed.members.load_t, followed.delivered_h < plan.end_h
        delivered_t[:, followed.flow] += (load * done).sum(axis=1)
        on_the_way_t[:, followed.flow] += (load * ~done).sum(axis=1)
    off = ~np.isclose(released_t, delivered_t + on_the_way_t, rtol=1e-9, atol=1e-6)
    for lane, f in np.argwhere(off).tolist():
        tonnes = f"delivered {delivered_t[lane, f]:g} t, on the way {on_the_way_t[lane, f]:g} t"
        yield lane, f"flow {plan.flows.id[f]}: released {released_t[lane, f]:g} t, {tonnes}"
