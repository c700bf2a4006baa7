"""Engines with a planted fault, to see that what compares engines finds it.

`Edited` changes single times of the reference afterwards. Those in `FAULTS` break one rule each: they run the reference
on a plan or lanes that they have misread, or with a rule of it replaced.
"""

from copy import copy
from dataclasses import dataclass, replace
from unittest import mock

import numpy as np

from corridor_sim.engines.discrete_event import engine as discrete_event
from corridor_sim.engines.discrete_event.engine import FIRST_RANK, DiscreteEventEngine
from corridor_sim.engines.discrete_event.facilities import Servers
from corridor_sim.foundation.calendars import Calendar
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.kinds import StageKind
from corridor_sim.plan.lanes import Lanes
from corridor_sim.plan.plan import Plan
from corridor_sim.plan.tables import Ragged
from corridor_sim.results.events import Events

COLUMNS = ("arrive_h", "start_h", "depart_h")


@dataclass(frozen=True)
class Edit:
    """Put another time in one cell of the events; in all lanes, or one."""

    stage: int
    row: int
    column: str
    to_h: float
    replication: int | None = None


class Edited:
    """The reference with edits."""

    name = "edited"
    supported = frozenset(StageKind)

    def __init__(self, *edits: Edit) -> None:
        self.edits = edits

    def run(self, plan: Plan, lanes: Lanes) -> Events:
        events = DiscreteEventEngine().run(plan, lanes)
        for e in self.edits:
            for lane, replication in enumerate(lanes.replications):
                if e.replication in {None, replication}:
                    getattr(events, e.column)[e.stage][lane, e.row] = e.to_h
        return events


class Misread:
    """The reference on a plan or lanes that were misread."""

    supported = frozenset(StageKind)

    @property
    def name(self) -> str:
        return type(self).__name__.lower()

    def read(self, plan: Plan, lanes: Lanes) -> tuple[Plan, Lanes]:
        return plan, lanes

    def run(self, plan: Plan, lanes: Lanes) -> Events:
        return DiscreteEventEngine().run(*self.read(plan, lanes))


class TickLate(Misread):
    """Every service takes a tick more."""

    def read(self, plan: Plan, lanes: Lanes) -> tuple[Plan, Lanes]:
        queues = plan.stages.kind == StageKind.QUEUE
        late = [h + TICK_H if q else h for h, q in zip(lanes.service_h, queues, strict=True)]
        return plan, replace(lanes, service_h=tuple(late))


class ServiceForOccupancy(Misread):
    def read(self, plan: Plan, lanes: Lanes) -> tuple[Plan, Lanes]:
        return plan, replace(lanes, occupancy_h=lanes.service_h)


class NeverClosing(Misread):
    """Servers stay on after the date on which they close."""

    def read(self, plan: Plan, lanes: Lanes) -> tuple[Plan, Lanes]:
        until = [np.full(u.size, np.inf) for u in plan.places.server_until_h]
        return replace(plan, places=replace(plan.places, server_until_h=Ragged.of(until))), lanes


class Undisturbed(Misread):
    """Drawn disruptions do not happen."""

    def read(self, plan: Plan, lanes: Lanes) -> tuple[Plan, Lanes]:
        return plan, replace(lanes, calendars=(plan.facility_calendars,) * len(lanes))


class FirstLanesWeather(Misread):
    """Drawn disruptions of the first lane hit all."""

    def read(self, plan: Plan, lanes: Lanes) -> tuple[Plan, Lanes]:
        return plan, replace(lanes, calendars=(lanes.calendars[0],) * len(lanes))


class MeanLoads(Misread):
    """Ships count the load of every consignment as that of the flow, whatever its date."""

    def read(self, plan: Plan, lanes: Lanes) -> tuple[Plan, Lanes]:
        mean = zip(plan.flows.load_t, plan.flows.load_teu, strict=True)
        flows = [
            replace(f, load_t=np.full_like(f.load_t, t), load_teu=np.full_like(f.load_teu, teu))
            for f, (t, teu) in zip(lanes.flows, mean, strict=True)
        ]
        return plan, replace(lanes, flows=tuple(flows))


class TiesTheOtherWay(Misread):
    """The last in rank goes first."""

    def run(self, plan: Plan, lanes: Lanes) -> Events:
        def ranks(_plan: Plan, consignments: np.ndarray) -> list[int]:
            return (FIRST_RANK + (10**6 - consignments) * 1000).tolist()

        with mock.patch.object(discrete_event, "_ranks", ranks):
            return super().run(plan, lanes)


class NoHeadway(Misread):
    """Trains follow each other over a single track as soon as they like."""

    def read(self, plan: Plan, lanes: Lanes) -> tuple[Plan, Lanes]:
        tracks = plan.stages.kind == StageKind.SINGLE_TRACK
        gaps = [np.full_like(h, TICK_H) if t else h for h, t in zip(lanes.occupancy_h, tracks, strict=True)]
        return plan, replace(lanes, occupancy_h=tuple(gaps))


class WiderLoops(Misread):
    """Loops have a track more than they have."""

    def read(self, plan: Plan, lanes: Lanes) -> tuple[Plan, Lanes]:
        return replace(plan, loops=replace(plan.loops, n_tracks=plan.loops.n_tracks + 1)), lanes


class MeetsWithoutWorking(Misread):
    """A train the other way enters as soon as the track is clear."""

    def read(self, plan: Plan, lanes: Lanes) -> tuple[Plan, Lanes]:
        return replace(plan, tracks=replace(plan.tracks, working_h=0.0 * plan.tracks.working_h)), lanes


class StartsAtClosingTime(Misread):
    """A start whose open time is an interval takes its first instant, like an end.

    Only where it is said on arrival: who waits for an opening that never comes looks again every tick.
    """

    def run(self, plan: Plan, lanes: Lanes) -> Events:
        with mock.patch.object(discrete_event, "Servers", _EarlyServers):
            return super().run(plan, lanes)


class _EarlyServers(Servers):
    def __init__(self, calendar: Calendar, from_h: list[float], until_h: list[float]) -> None:
        early = copy(calendar)
        early.start_time_at = calendar.end_time_at
        super().__init__(early, from_h, until_h)


FAULTS = (
    TickLate, ServiceForOccupancy, NeverClosing, Undisturbed, FirstLanesWeather, MeanLoads, TiesTheOtherWay,
    StartsAtClosingTime, NoHeadway, WiderLoops, MeetsWithoutWorking,
)  # fmt: skip
