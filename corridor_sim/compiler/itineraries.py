"""Itineraries of the plan: their stages one by one, connected from origin to destination."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.compiler.durations import DrawBook, Timing
from corridor_sim.foundation.errors import nearest
from corridor_sim.plan.kinds import Basis, Cause, StageKind
from corridor_sim.plan.room import load_millionths, room_millionths
from corridor_sim.plan.tables import ItineraryTable, StageTable
from corridor_sim.scenario.itineraries import (
    FormStage,
    GatherStage,
    HoldStage,
    QueueStage,
    SailStage,
    SplitStage,
    TravelStage,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.compiler.calendars import CalendarBook
    from corridor_sim.compiler.context import Context
    from corridor_sim.compiler.facilities import Facilities
    from corridor_sim.network import Section
    from corridor_sim.scenario.distributions import Distribution
    from corridor_sim.scenario.itineraries import Itinerary, Stage

INSPECTION_KINDS = frozenset({"border lanes", "customs", "phytosanitary"})
"""Kinds of queues whose service is inspection; the service of the others is handling."""
NO_TIME = Timing(0.0, Basis.CONSIGNMENT, -1)


@dataclass(frozen=True)
class StageRow:
    """One row of the stage table while it is being built."""

    kind: StageKind
    node: str
    cause: Cause
    id: str = ""
    n_units: int = 1
    target: int = -1
    to_node: str = ""
    section_id: str = ""
    mode: str = ""
    km: float = 0.0
    calendar: int = -1
    service: Timing = NO_TIME
    occupancy: Timing = NO_TIME
    path_t: float = 1.0
    path_teu: float = 1.0


@dataclass
class _Walk:
    """State while the stages of one itinerary are laid down."""

    context: Context
    name: str
    itinerary: Itinerary
    flow_idx: int
    facilities: Facilities
    calendars: CalendarBook
    draws: DrawBook
    rows: list[StageRow] = field(default_factory=list)
    n_units: int = 1
    rail_before: list[str] = field(default_factory=list)
    """Node before the one where the last leg ended, when that was by rail."""
    used: dict[str, int] = field(default_factory=dict)

    def problem(self, position: int, message: str, hint: str = "") -> None:
        self.context.problem(f"itineraries.{self.name}.stages.{position}", message, hint)

    def add(self, what: str, row: StageRow) -> None:
        """Append a row; its id tells itinerary, position, kind and what it is about."""
        stage_id = f"{self.name}/{len(self.rows):02d}/{row.kind.name.lower()}/{what}"
        self.rows.append(replace(row, id=stage_id, n_units=self.n_units))

    def stream(self, what: str) -> str:
        """Name a random stream after what it drives: it keeps its name when other stages come and go."""
        name = f"{self.itinerary.flow}/{self.name}/{what}"
        self.used[name] = self.used.get(name, 0) + 1
        return f"{name}#{self.used[name]}"

    def timing(self, distribution: Distribution, what: str, *, scale: float = 1.0) -> Timing:
        return self.draws.timing(distribution, self.stream(what), self.flow_idx, self.n_units, scale=scale)


def build_itineraries(
    context: Context, facilities: Facilities, calendars: CalendarBook, draws: DrawBook
) -> tuple[ItineraryTable, StageTable]:
    """Build the itineraries that are valid at some time of the horizon, and their stages."""
    s, axis = context.scenario, context.axis
    flow_idx = {name: i for i, name in enumerate(s.flows)}
    names, flows, shares, valid, walks = [], [], [], [], []
    for name, itinerary in s.itineraries.items():
        from_h = context.hours(itinerary.valid_from, -math.inf)
        until_h = math.inf if itinerary.valid_until is None else context.hours(itinerary.valid_until, 0.0) + 24.0
        walk = _Walk(context, name, itinerary, flow_idx[itinerary.flow], facilities, calendars, draws)
        is_outside = from_h >= axis.end_h or until_h <= 0
        draws.suspended = is_outside  # still checked, but it gets no rows
        _lay(walk)
        draws.suspended = False
        if is_outside:
            continue
        names.append(name)
        flows.append(walk.flow_idx)
        shares.append(itinerary.share.value)
        valid.append((from_h, until_h))
        walks.append(walk.rows)
    counts = [len(rows) for rows in walks]
    table = ItineraryTable(
        id=tuple(names),
        flow_idx=np.array(flows, dtype=np.int64),
        share=np.array(shares, dtype=np.float64),
        valid_from_h=np.array([v[0] for v in valid], dtype=np.float64),
        valid_until_h=np.array([v[1] for v in valid], dtype=np.float64),
        first_stage_idx=np.concatenate(([0], np.cumsum(counts)))[:-1].astype(np.int64),
        n_stages=np.array(counts, dtype=np.int64),
    )
    return table, _stage_table(walks)


def _lay(walk: _Walk) -> None:
    """Lay down the stages of one itinerary; that they join is checked where the scenario is read."""
    nodes = walk.context.network.node_ids
    for position, stage in enumerate(walk.itinerary.stages):
        if stage.at not in nodes:
            walk.problem(position, f"the network has no node '{stage.at}'", nearest(stage.at, nodes))
        _lay_stage(walk, position, stage)


def _lay_stage(walk: _Walk, position: int, stage: Stage) -> None:
    match stage:
        case HoldStage():
            hold = walk.context.scenario.holds[stage.hold]
            timing = replace(walk.timing(hold.duration, stage.hold), basis=Basis.UNIT)
            walk.add(
                stage.hold,
                StageRow(
                    kind=StageKind.HOLD,
                    node=stage.at,
                    cause=Cause[hold.cause.upper()],
                    calendar=walk.calendars.row(hold.calendar),
                    service=timing,
                ),
            )
        case TravelStage():
            _lay_travel(walk, position, stage)
        case QueueStage():
            _lay_queue(walk, position, stage)
        case SplitStage():
            walk.add(str(stage.split), StageRow(kind=StageKind.SPLIT, node=stage.at, cause=Cause.HANDLING))
            walk.n_units = stage.split
        case GatherStage():
            walk.add(str(stage.gather), StageRow(kind=StageKind.GATHER, node=stage.at, cause=Cause.HANDLING))
            walk.n_units = 1
        case FormStage():
            if walk.n_units != 1:
                walk.problem(position, "units of a split consignment cannot form a train, gather them first")
            target = walk.facilities.formation_idx[stage.form]
            walk.add(stage.form, StageRow(kind=StageKind.FORM, node=stage.at, cause=Cause.FORMING, target=target))
        case SailStage():
            _lay_sail(walk, position, stage)


def _lay_queue(walk: _Walk, position: int, stage: QueueStage) -> None:
    queue = walk.context.scenario.queues[stage.queue]
    if "TEU" in (queue.service.per, queue.occupancy.per if queue.occupancy else ""):
        _check_has_teu(walk, position, stage.queue)
    busy = 1.0 / (1.0 - queue.reserved.value)
    service = walk.timing(queue.service, stage.queue)
    if queue.occupancy is None:
        occupancy = Timing(service.mean_h * busy, service.basis, service.draw)
    else:
        occupancy = walk.timing(queue.occupancy, f"{stage.queue}/occupancy", scale=busy)
    if stage.occupancy is not None:
        occupancy = Timing(stage.occupancy.value * busy, Basis.UNIT, occupancy.draw)
    walk.add(
        stage.queue,
        StageRow(
            kind=StageKind.QUEUE,
            node=stage.at,
            service=service,
            occupancy=occupancy,
            cause=Cause.INSPECTION if queue.kind in INSPECTION_KINDS else Cause.HANDLING,
            target=walk.facilities.place_idx[stage.queue],
        ),
    )


def _lay_sail(walk: _Walk, position: int, stage: SailStage) -> None:
    service = walk.facilities.service_idx[stage.sail]
    table, flow = walk.facilities.services, walk.context.scenario.flows[walk.itinerary.flow]
    counts_teu = bool(table.counts_teu[service])
    if counts_teu:
        _check_has_teu(walk, position, stage.sail)
    load = (flow.consignment.teu.value if counts_teu else flow.consignment.load.value) / walk.n_units
    if flow.parcel_profile is not None:
        load *= max(walk.context.scenario.parcel_profiles[flow.parcel_profile].months)
    if load_millionths(load) > room_millionths(table.capacity[service]):
        unit = "TEU" if counts_teu else "t"
        walk.problem(
            position,
            f"a consignment of {load:g} {unit} never fits on {stage.sail}, "
            f"which has room for {table.capacity[service]:g} {unit} a departure",
        )
    walk.add(stage.sail, StageRow(kind=StageKind.SAIL, node=stage.at, cause=Cause.DEPARTURE, target=service))


def _check_has_teu(walk: _Walk, position: int, what: str) -> None:
    """Check that cargo has containers where they are what is counted: without them it would pass for nothing."""
    if walk.context.scenario.flows[walk.itinerary.flow].consignment.teu.value == 0:
        walk.problem(position, f"{what} counts TEU, but the consignments of flow {walk.itinerary.flow} have none")


def _lay_travel(walk: _Walk, position: int, stage: TravelStage) -> None:
    """Lay one leg: on rail a train path before each section; one factor on the travel time for the whole leg."""
    sections = _sections(walk, position, stage)
    travel_class = walk.context.scenario.travel_classes[stage.travel_class]
    draw = walk.draws.factor(
        travel_class.speed, walk.stream(f"{stage.travel_class}@{stage.from_}>{stage.to}"), walk.flow_idx, walk.n_units
    )
    calendar = walk.calendars.row(travel_class.calendar)
    _check_gauge(walk, position, sections, stage.mode)
    for a, b, section in sections:
        if stage.mode == "rail":
            _lay_path(walk, a, b)
        walk.add(
            f"{a}>{b}",
            StageRow(
                kind=StageKind.TRAVEL,
                node=a,
                to_node=b,
                section_id=section.id,
                mode=stage.mode,
                km=section.km,
                cause=Cause.MOVING,
                calendar=calendar,
                service=Timing(section.km / travel_class.speed.mean_value, Basis.UNIT, draw),
            ),
        )


def _sections(walk: _Walk, position: int, stage: TravelStage) -> list[tuple[str, str, Section]]:
    network = walk.context.network
    nodes: Sequence[str] | None = stage.nodes
    unknown = [n for n in (nodes or (stage.from_, stage.to)) if n not in network.node_ids]
    for node in unknown:
        if node != stage.at:  # that one was reported by the caller
            walk.problem(position, f"the network has no node '{node}'", nearest(node, network.node_ids))
    if unknown:
        return []
    if nodes is None:
        try:
            # a line still to be built may be used by itineraries that begin at a date
            nodes = network.route(
                stage.from_, stage.to, stage.mode, include_planned=walk.itinerary.valid_from is not None
            )
        except ValueError as error:
            walk.problem(position, str(error))
            return []
    found = []
    for a, b in pairwise(nodes):
        try:
            section = network.section(a, b, stage.mode, stage.via)
        except ValueError as error:
            walk.problem(position, str(error))
            continue
        if section is None:
            walk.problem(position, f"the network has no {stage.mode} section between {a} and {b}")
        else:
            found.append((a, b, section))
    return found


def _check_gauge(walk: _Walk, position: int, sections: list[tuple[str, str, Section]], mode: str) -> None:
    """Check that the gauge changes where it can be changed, also from one rail leg to the next."""
    if mode != "rail" or not sections:
        walk.rail_before = []
        return
    nodes = [sections[0][0], *(b for _, b, _ in sections)]
    works = {q.at for q in walk.context.scenario.queues.values() if q.kind == "gauge change"}
    for message in walk.context.network.gauge_problems([*walk.rail_before, *nodes], works):
        walk.problem(position, message)
    walk.rail_before = nodes[-2:-1]


def _lay_path(walk: _Walk, a: str, b: str) -> None:
    """Queue for a train path: served in no time, the path is taken for a headway per train that the load fills."""
    name = f"{a}>{b}"
    path = walk.context.scenario.train_paths.get(name)
    if path is None:
        return  # no limit is known for it
    headway_h = 24.0 / path.trains_per_day.value / (1.0 - path.reserved.value)
    walk.add(
        name,
        StageRow(
            kind=StageKind.QUEUE,
            node=a,
            cause=Cause.MOVING,
            target=walk.facilities.place_idx[name],
            occupancy=Timing(headway_h, Basis.PATH, -1),
            path_t=path.train_net.value,
            path_teu=path.train_teu.value if path.train_teu else math.inf,
        ),
    )


def _stage_table(walks: list[list[StageRow]]) -> StageTable:
    rows = [row for rows in walks for row in rows]
    itinerary = [i for i, own in enumerate(walks) for _ in own]

    def ints(values: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(values, dtype=np.int64)

    def floats(values: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array(values, dtype=np.float64)

    return StageTable(
        id=tuple(r.id for r in rows),
        itinerary_idx=ints(itinerary),
        kind=ints([r.kind for r in rows]),
        target_idx=ints([r.target for r in rows]),
        node=tuple(r.node for r in rows),
        to_node=tuple(r.to_node for r in rows),
        section_id=tuple(r.section_id for r in rows),
        mode=tuple(r.mode for r in rows),
        km=floats([r.km for r in rows]),
        n_units=ints([r.n_units for r in rows]),
        cause=ints([r.cause for r in rows]),
        calendar_idx=ints([r.calendar for r in rows]),
        service_mean_h=floats([r.service.mean_h for r in rows]),
        service_basis=ints([r.service.basis for r in rows]),
        service_draw_idx=ints([r.service.draw for r in rows]),
        occupancy_mean_h=floats([r.occupancy.mean_h for r in rows]),
        occupancy_basis=ints([r.occupancy.basis for r in rows]),
        occupancy_draw_idx=ints([r.occupancy.draw for r in rows]),
        path_t=floats([r.path_t for r in rows]),
        path_teu=floats([r.path_teu for r in rows]),
    )
