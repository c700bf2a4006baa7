"""The discrete-event engine: one SimPy process per consignment (and per unit of a split one), one lane at a time.

A process walks its itinerary's stages. It wakes at its next arrival with its rank as event priority, so that ties are
broken by rank wherever two meet; every stage takes at least one tick, so all arrivals of an instant are known before
the first of them goes on.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import simpy

from corridor_sim.engines.discrete_event.attended import Attended
from corridor_sim.engines.discrete_event.facilities import Formation, Sailings, Servers
from corridor_sim.engines.discrete_event.pools import Base, Pool
from corridor_sim.engines.discrete_event.steps import (
    AttendedStep,
    FormStep,
    GatherStep,
    GiveStep,
    PlainStep,
    QueueStep,
    SailStep,
    SplitStep,
    Step,
    TakeStep,
    TrackStep,
    walk,
)
from corridor_sim.engines.discrete_event.tracks import Loop, SingleTrack
from corridor_sim.engines.discrete_event.wake import Wake
from corridor_sim.plan.kinds import StageKind
from corridor_sim.plan.room import load_millionths, room_millionths
from corridor_sim.results.events import Events, finish_events, stage_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.engines.discrete_event.steps import Journey
    from corridor_sim.foundation.arena import Arena
    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import LaneEvents

FIRST_RANK = 2
"""SimPy keeps priorities 0 and 1 for its own events."""


class DiscreteEventEngine:
    """The reference engine."""

    name = "des"
    runs_lanes_together = False
    supported = frozenset(StageKind)

    def run(self, plan: Plan, lanes: Lanes, arena: Arena | None = None) -> Events:  # noqa: ARG002  # needs none
        """Run lanes to the end of the horizon, one after the other."""
        return Events.of_lanes(plan, lanes, [self.run_lane(plan, lanes.lane(plan, i)) for i in range(len(lanes))])

    def run_lane(self, plan: Plan, lane: Lane) -> LaneEvents:
        """Run one lane to the end of the horizon."""
        env = simpy.Environment()
        steps = _Steps(env, plan, lane).build()
        _release_flows(env, plan, lane, steps)
        env.run(until=plan.end_h)
        columns = [
            np.concatenate([np.empty(0), *(np.asarray(getattr(step, name)) for step in steps)])
            for name in ("arrive_h", "start_h", "depart_h")
        ]
        return finish_events(plan, stage_rows(plan, lane), *columns)


def _ranks(plan: Plan, consignments: npt.NDArray[np.int64]) -> list[int]:
    """Return the ranks of consignments, far enough apart for those of their units."""
    units_per_rank = int(plan.stages.n_units.max(initial=0)) + 1
    ranks: list[int] = (FIRST_RANK + consignments * units_per_rank).tolist()
    return ranks


class _Steps:
    """Builds the steps of one lane."""

    def __init__(self, env: simpy.Environment, plan: Plan, lane: Lane) -> None:
        self.env, self.plan, self.lane = env, plan, lane
        formations = plan.formations
        self.servers = [self._place(i) for i in range(len(plan.places))]
        self.sailings = [self._sailings(i) for i in range(len(plan.services))]
        self.formations = [
            Formation(env, int(size), float(wait))
            for size, wait in zip(formations.size, formations.max_wait_h, strict=True)
        ]
        loops = [Loop(n) for n in plan.loops.n_tracks.tolist()]
        self.pools = [self._pool(i) for i in range(len(plan.pools))]
        self.tracks = [self._track(i, [*loops, None]) for i in range(len(plan.tracks))]

    def _place(self, place: int) -> Servers | Attended:
        table, calendar = self.plan.places, self.lane.calendars[place]
        dates = table.server_from_h[place].tolist(), table.server_until_h[place].tolist()
        if place not in self.plan.attended:
            return Servers(calendar, *dates)
        n_classes, ageing_h = self.plan.n_classes[place], float(table.ageing_h[place])
        return Attended(self.env, place, calendar, *dates, n_classes, ageing_h)

    def _pool(self, pool: int) -> Pool:
        table = self.plan.pools
        columns = (table.stock[pool], table.keep[pool], table.home[pool], table.empty_h[pool])
        bases = [
            Base(stock, keep, int(home), hours)
            for stock, keep, home, hours in zip(*(c.tolist() for c in columns), strict=True)
        ]
        plan = self.plan
        order = len(plan.places) + len(plan.services) + len(plan.tracks) + len(plan.formations) + pool
        return Pool(self.env, order, bases)

    def _track(self, track: int, loops: list[Loop | None]) -> SingleTrack:
        table = self.plan.tracks
        first = len(self.plan.places) + len(self.plan.services)
        ends = loops[int(table.near_loop_idx[track])], loops[int(table.far_loop_idx[track])]
        calendar = self.lane.calendars[first + track]
        return SingleTrack(self.env, first + track, calendar, float(table.working_h[track]), ends)

    def _sailings(self, service: int) -> Sailings:
        departures = self.plan.services.departure_h[service].tolist()
        calendar = self.lane.calendars[len(self.plan.places) + service]
        capacity = float(self.plan.services.capacity[service])
        rates = np.array([calendar.rate_at(t) for t in departures])
        return Sailings(departures, room_millionths(capacity * rates).tolist())

    def build(self) -> list[Step]:
        """Return one step per stage, last stage first built, since a split holds the steps of its units."""
        steps: list[Step] = []
        inner: list[Step] = []
        for s in reversed(range(len(self.plan.stages))):
            step = self._step(s, inner)
            inner = [step] if isinstance(step, GatherStep) else [step, *inner] if inner else []
            if isinstance(step, SplitStep):
                inner = []
            steps.append(step)
        return steps[::-1]

    def _unit_ranks(self, members: npt.NDArray[np.int64], n_units: int) -> list[int]:
        """Ranks of all units of a stage."""
        first = np.repeat(_ranks(self.plan, members), n_units)
        ranks: list[int] = (first + np.tile(np.arange(n_units), members.size)).tolist()
        return ranks

    def _step(self, s: int, inner: list[Step]) -> Step:
        stages, lane = self.plan.stages, self.lane
        members, n_units = lane.members[int(stages.itinerary_idx[s])], int(stages.n_units[s])
        n_rows = members.size * n_units
        match StageKind(int(stages.kind[s])):
            case StageKind.HOLD | StageKind.TRAVEL:
                return PlainStep(n_rows, lane.service_h[s], self.plan.stage_calendars[int(stages.calendar_idx[s])])
            case StageKind.SPLIT:
                return SplitStep(self.env, _ranks(self.plan, members), int(stages.n_units[s + 1]), inner)
            case StageKind.GATHER:
                return GatherStep(n_rows, n_units)
            case _:
                return self._shared_step(s, members, n_units)

    def _shared_step(self, s: int, members: npt.NDArray[np.int64], n_units: int) -> Step:
        """Return the step of a stage at which consignments meet others."""
        stages, lane, target = self.plan.stages, self.lane, int(self.plan.stages.target_idx[s])
        n_rows, side, amount = members.size * n_units, int(stages.side[s]), float(stages.amount[s])
        hours = lane.service_h[s], lane.occupancy_h[s]
        match StageKind(int(stages.kind[s])):
            case StageKind.QUEUE if isinstance(place := self.servers[target], Servers):
                return QueueStep(n_rows, *hours, place)
            case StageKind.FORM:
                return FormStep(n_rows, self.formations[target])
            case StageKind.SAIL:
                load = lane.load_teu if self.plan.services.counts_teu[target] else lane.load_t
                per_unit = load_millionths(np.repeat(load[members] / n_units, n_units))
                return SailStep(n_rows, per_unit, self.sailings[target])
            case StageKind.GIVE:
                return GiveStep(n_rows, self.pools[target], side, amount)
            case _:
                return self._waiting_step(s, self._unit_ranks(members, n_units))

    def _waiting_step(self, s: int, ranks: list[int]) -> Step:
        """Return the step of a stage where it is decided later who goes on when."""
        stages, lane, target = self.plan.stages, self.lane, int(self.plan.stages.target_idx[s])
        side, hours = int(stages.side[s]), (lane.service_h[s], lane.occupancy_h[s])
        match StageKind(int(stages.kind[s])):
            case StageKind.SINGLE_TRACK:
                return TrackStep(ranks, *hours, self.tracks[target], side)
            case StageKind.TAKE:
                before = self.servers[int(stages.target_idx[s - 1])] if stages.blocks[s] else None
                held = before if isinstance(before, Attended) else None
                return TakeStep(ranks, self.pools[target], side, float(stages.amount[s]), held)
            case _:
                place = self.servers[target]
                if not isinstance(place, Attended):
                    raise TypeError(f"stage {s} has a rule that this engine lacks")
                holds = s in self.plan.holds_server
                return AttendedStep(ranks, *hours, place, int(self.plan.class_of[s]), holds=holds)


def _release_flows(env: simpy.Environment, plan: Plan, lane: Lane, steps: list[Step]) -> None:
    """Start one process per flow that sends its consignments on their way."""
    routes = [_outer_route([steps[s] for s in plan.stage_range(i)]) for i in range(len(plan.itineraries))]
    member = np.empty(lane.n_consignments, dtype=np.int64)
    for members in lane.members:
        member[members] = np.arange(members.size)
    first = np.searchsorted(lane.flow_idx, np.arange(len(plan.flows) + 1))
    ranks = _ranks(plan, np.arange(lane.n_consignments))
    for start, stop in pairwise(first.tolist()):
        own = slice(start, stop)
        env.process(
            _release(
                env,
                lane.release_h[own].tolist(),
                [routes[i] for i in lane.itinerary_idx[own].tolist()],
                member[own].tolist(),
                ranks[own],
            )
        )


def _outer_route(route: list[Step]) -> list[Step]:
    """Leave out what lies between a split and its gather: the split itself takes the units through it."""
    outer: list[Step] = []
    is_split = False
    for step in route:
        if not is_split:
            outer.append(step)
        is_split = isinstance(step, SplitStep) or (is_split and not isinstance(step, GatherStep))
    return outer


def _release(
    env: simpy.Environment, release_h: list[float], routes: list[list[Step]], rows: list[int], ranks: list[int]
) -> Journey:
    for at_h, route, row, rank in zip(release_h, routes, rows, ranks, strict=True):
        yield Wake(env, at_h, rank)
        env.process(walk(env, route, row, rank))
