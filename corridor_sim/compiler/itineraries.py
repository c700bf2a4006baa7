"""Itineraries of the plan: their stages one by one, connected from origin to destination."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.compiler.durations import DrawBook, Timing
from corridor_sim.compiler.legs import lay_travel
from corridor_sim.compiler.walk import StageRow, Walk
from corridor_sim.foundation.errors import nearest
from corridor_sim.plan.kinds import Basis, Cause, StageKind
from corridor_sim.plan.room import load_millionths, room_millionths
from corridor_sim.plan.tables import ItineraryTable, Ragged, StageTable
from corridor_sim.scenario.itineraries import (
    FormStage,
    GatherStage,
    GiveStage,
    HoldStage,
    QueueStage,
    SailStage,
    SplitStage,
    TakeStage,
    TravelStage,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.compiler.calendars import CalendarBook
    from corridor_sim.compiler.context import Context
    from corridor_sim.compiler.facilities import Facilities
    from corridor_sim.scenario.itineraries import Stage

INSPECTION_KINDS = frozenset({"border lanes", "customs", "phytosanitary"})
"""Kinds of queues whose service is inspection; the service of the others is handling."""


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
        walk = Walk(context, name, itinerary, flow_idx[itinerary.flow], facilities, calendars, draws)
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
    share_from_h, share_factor = _share_factors(context, names)
    table = ItineraryTable(
        id=tuple(names),
        flow_idx=np.array(flows, dtype=np.int64),
        share=np.array(shares, dtype=np.float64),
        valid_from_h=np.array([v[0] for v in valid], dtype=np.float64),
        valid_until_h=np.array([v[1] for v in valid], dtype=np.float64),
        first_stage_idx=np.concatenate(([0], np.cumsum(counts)))[:-1].astype(np.int64),
        n_stages=np.array(counts, dtype=np.int64),
        share_from_h=share_from_h,
        share_factor=share_factor,
    )
    return table, _stage_table(walks)


def with_shares(context: Context, itineraries: ItineraryTable) -> ItineraryTable:
    """Return the same itineraries with the factors on their shares that the scenario says now."""
    share_from_h, share_factor = _share_factors(context, itineraries.id)
    return replace(itineraries, share_from_h=share_from_h, share_factor=share_factor)


def _share_factors(context: Context, names: Sequence[str]) -> tuple[Ragged, Ragged]:
    """Pieces of the factor on the share of every itinerary: one in all, or one per month."""
    demand, starts = context.scenario.demand, context.axis.month_starts()[:-1]
    months = [max(context.axis.hours(m), 0.0) for m in starts]
    pieces = [
        (months, [demand.share_factor(name, m) for m in starts]) if name in demand.by_itinerary else ([0.0], [1.0])
        for name in names
    ]
    return Ragged.of([p[0] for p in pieces]), Ragged.of([p[1] for p in pieces])


def _lay(walk: Walk) -> None:
    """Lay down the stages of one itinerary; that they join is checked where the scenario is read."""
    nodes = walk.context.network.node_ids
    for position, stage in enumerate(walk.itinerary.stages):
        if stage.at not in nodes:
            walk.problem(position, f"the network has no node '{stage.at}'", nearest(stage.at, nodes))
        _lay_stage(walk, position, stage)


def _lay_stage(walk: Walk, position: int, stage: Stage) -> None:
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
            lay_travel(walk, position, stage)
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
        case TakeStage():
            _lay_pool(walk, StageKind.TAKE, stage.take, stage)
        case GiveStage():
            _lay_pool(walk, StageKind.GIVE, stage.give, stage)


def _lay_pool(walk: Walk, kind: StageKind, pool: str, stage: TakeStage | GiveStage) -> None:
    """Take from a pool or give back to it, at one of its bases; waiting for a yard is queueing, else for equipment."""
    table = walk.facilities.pools
    row = table.id.index(pool)
    walk.add(
        pool,
        StageRow(
            kind=kind,
            node=stage.at,
            cause=Cause.QUEUEING if table.kind[row] == "yard" else Cause.EQUIPMENT,
            target=row,
            side=table.node[row].split().index(stage.at) if stage.at in table.node[row].split() else 0,
            amount=float(stage.n),
            blocks=isinstance(stage, TakeStage) and stage.holds_server,
        ),
    )


def _lay_queue(walk: Walk, position: int, stage: QueueStage) -> None:
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
            priority=_priority(walk, stage) if queue.by_priority else 0,
        ),
    )


def _priority(walk: Walk, stage: QueueStage) -> int:
    """Class of a consignment at a queue that serves by priority."""
    flow = walk.context.scenario.flows[walk.itinerary.flow]
    return flow.priority if stage.priority is None else stage.priority


def _lay_sail(walk: Walk, position: int, stage: SailStage) -> None:
    service = walk.facilities.service_idx[stage.sail]
    table, flow = walk.facilities.services, walk.context.scenario.flows[walk.itinerary.flow]
    counts_teu = bool(table.counts_teu[service])
    if counts_teu:
        _check_has_teu(walk, position, stage.sail)
    load = (flow.consignment.teu.value if counts_teu else flow.consignment.load.value) / walk.n_units
    if flow.parcel_profile is not None:
        levels = walk.context.scenario.sea_levels.values()
        most = [v.most_load_factor for v in levels if v.enabled and flow.parcel_profile in v.parcel_profiles]
        load *= max(walk.context.scenario.parcel_profiles[flow.parcel_profile].months) * math.prod(most)
    if load_millionths(load) > room_millionths(table.capacity[service]):
        unit = "TEU" if counts_teu else "t"
        walk.problem(
            position,
            f"a consignment of {load:g} {unit} never fits on {stage.sail}, "
            f"which has room for {table.capacity[service]:g} {unit} a departure",
        )
    walk.add(stage.sail, StageRow(kind=StageKind.SAIL, node=stage.at, cause=Cause.DEPARTURE, target=service))


def _check_has_teu(walk: Walk, position: int, what: str) -> None:
    """Check that cargo has containers where they are what is counted: without them it would pass for nothing."""
    if walk.context.scenario.flows[walk.itinerary.flow].consignment.teu.value == 0:
        walk.problem(position, f"{what} counts TEU, but the consignments of flow {walk.itinerary.flow} have none")


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
        priority=ints([r.priority for r in rows]),
        amount=floats([r.amount for r in rows]),
        blocks=ints([r.blocks for r in rows]),
        side=ints([r.side for r in rows]),
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
