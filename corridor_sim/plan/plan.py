"""The Plan: everything an engine needs, as frozen tables, with a stable text dump and a digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from corridor_sim.foundation.calendars import Calendar
from corridor_sim.foundation.time_axis import TimeAxis
from corridor_sim.plan.kinds import TRAIN_PATH, StageKind
from corridor_sim.plan.tables import Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from corridor_sim.plan.gas import GasPlan
    from corridor_sim.plan.tables import (
        BorderPostTable,
        CalendarTable,
        DisruptionTable,
        DrawTable,
        FlowTable,
        FormationTable,
        ItineraryTable,
        JourneyTable,
        LoopTable,
        PlaceTable,
        PoolTable,
        ServiceTable,
        StageTable,
        TrackTable,
    )

    Ints = npt.NDArray[np.int64]

PLAN_VERSION = 1
"""Raised whenever the same plan would run to other numbers."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A compiled scenario: frozen arrays, no names left to resolve.

    Times are hours since ``start``; every duration becomes a multiple of the tick when it is drawn.
    """

    name: str
    start: str
    """Instant of hour 0, ISO 8601, UTC."""
    end_h: float
    warm_up_h: float
    trucks_per_unit: float
    """Trucks in one truck group, for counts of trucks."""
    flows: FlowTable
    itineraries: ItineraryTable
    stages: StageTable
    draws: DrawTable
    places: PlaceTable
    services: ServiceTable
    formations: FormationTable
    loops: LoopTable
    tracks: TrackTable
    pools: PoolTable
    calendars: CalendarTable
    disruptions: DisruptionTable
    border_posts: BorderPostTable
    journeys: JourneyTable
    gas: GasPlan | None = None
    """The gas pipeline, if there is one."""

    @cached_property
    def time_axis(self) -> TimeAxis:
        """Dates of the horizon."""
        return TimeAxis(datetime.fromisoformat(self.start), self.end_h, self.warm_up_h)

    @cached_property
    def facility_calendars(self) -> tuple[Calendar, ...]:
        """Calendars of places, then services, then tracks, before drawn disruptions."""
        built = self.stage_calendars
        rows = [x for table in (self.places, self.services, self.tracks) for x in table.calendar_idx.tolist()]
        return tuple(built[i] for i in rows)

    @cached_property
    def stage_calendars(self) -> tuple[Calendar, ...]:
        """One calendar per row of the calendar table."""
        pieces = zip(self.calendars.times_h, self.calendars.rates, strict=True)
        return tuple(Calendar(times, rates) for times, rates in pieces)

    def stage_range(self, itinerary_idx: int) -> range:
        """Rows of the stage table that belong to an itinerary."""
        first = int(self.itineraries.first_stage_idx[itinerary_idx])
        return range(first, first + int(self.itineraries.n_stages[itinerary_idx]))

    def waits_for_path(self, stage: int) -> bool:
        """Whether a stage is the wait for a train path: part of the run, not of the stop."""
        is_queue = StageKind(int(self.stages.kind[stage])) is StageKind.QUEUE
        return is_queue and self.places.kind[int(self.stages.target_idx[stage])] == TRAIN_PATH

    @cached_property
    def n_classes(self) -> tuple[int, ...]:
        """Per place: classes of priority, from 0; a place with one serves in order of arrival."""
        found = [1] * len(self.places)
        queues = (self.stages.kind == StageKind.QUEUE).nonzero()[0]
        classes: dict[int, set[int]] = {}
        for place, priority in zip(
            self.stages.target_idx[queues].tolist(), self.stages.priority[queues].tolist(), strict=True
        ):
            classes.setdefault(place, set()).add(priority)
        for place, own in classes.items():
            if len(own) > 1:
                found[place] = 1 + max(own)
        return tuple(found)

    @cached_property
    def class_of(self) -> Ints:
        """(n_stages,) class of priority of each; 0 where its place has one class only."""
        by_stage = self.stages.priority.copy()
        for s in (self.stages.kind == StageKind.QUEUE).nonzero()[0].tolist():
            if self.n_classes[int(self.stages.target_idx[s])] == 1:
                by_stage[s] = 0
        return by_stage

    @cached_property
    def holds_server(self) -> frozenset[int]:
        """Stages at a place after which the server stays taken until a pool has room."""
        return frozenset((self.stages.blocks.nonzero()[0] - 1).tolist())

    @cached_property
    def attended(self) -> frozenset[int]:
        """Places where it is not known on arrival who is served when: classes of priority, or servers that are held."""
        held = {int(self.stages.target_idx[s]) for s in self.holds_server}
        return frozenset(held | {place for place, n in enumerate(self.n_classes) if n > 1})

    def stage_kinds(self) -> frozenset[StageKind]:
        """Kinds of stages that the plan uses."""
        return frozenset(StageKind(k) for k in set(self.stages.kind.tolist()))

    def dump(self) -> str:
        """Text of the whole plan, the same for the same plan on every machine; for reading and comparing."""
        lines = [f"plan {self.name}, version {PLAN_VERSION}"]
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, Table):
                lines += ["", *value.dump()]
            elif f.name == "gas":
                lines += [] if value is None else ["", "[gas]", *value.dump()]
            elif f.name != "name":
                lines.append(f"{f.name} = {value}")
        return "\n".join(lines) + "\n"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the dump, hexadecimal."""
        return hashlib.sha256(self.dump().encode()).hexdigest()
