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
    from corridor_sim.results.reductions.trips import Trips

    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]
    Faults = Iterator[tuple[int, str]]
    """Lane and what is wrong in it."""


def check_conservation(plan: Plan, lanes: Lanes, passages: Passages, trips: Sequence[Trips]) -> None:
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
        for faults in (_stage_faults(plan, followed, arrived, left, goes_backwards), _join_faults(plan, followed)):
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


def _join_faults(plan: Plan, trips: Trips) -> Faults:
    """Stage times join: the first arrival is the release, each departure the next arrival."""
    name, release_h = plan.itineraries.id[trips.itinerary], trips.members.release_h
    arrive, _, depart = trips.times(trips.stages[0])
    late = np.zeros(len(release_h), dtype=np.bool_)
    if arrive is not release_h:
        late = ((arrive != release_h) & (release_h < plan.end_h)).any(axis=1)
    apart = np.zeros(len(release_h), dtype=np.bool_)
    done = trips.delivered_h < plan.end_h
    for s in trips.stages[1:]:
        before = depart
        arrive, _, depart = trips.times(s)
        if arrive is not before:
            apart |= ((arrive != before) & done).any(axis=1)
    for lane in np.flatnonzero(late | apart).tolist():
        yield lane, f"itinerary {name}: " + ("a trip does not begin at its release" if late[lane]
                                             else "stage times do not join")  # fmt: skip


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
