"""Legs of an itinerary: sections one after the other, with train paths or over single track with meets."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from corridor_sim.compiler.durations import Timing
from corridor_sim.compiler.walk import StageRow
from corridor_sim.foundation.errors import nearest
from corridor_sim.plan.kinds import Basis, Cause, StageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.compiler.lines import Line
    from corridor_sim.compiler.walk import Walk
    from corridor_sim.network import Section
    from corridor_sim.scenario.itineraries import TravelStage


def lay_travel(walk: Walk, position: int, stage: TravelStage) -> None:
    """Lay one leg: on rail a train path before each section; one factor on the travel time for the whole leg."""
    sections = _sections(walk, position, stage)
    travel_class = walk.context.scenario.travel_classes[stage.travel_class]
    draw = walk.draws.factor(
        travel_class.speed, walk.stream(f"{stage.travel_class}@{stage.from_}>{stage.to}"), walk.flow_idx, walk.n_units
    )
    calendar = walk.calendars.row(travel_class.calendar)
    _check_gauge(walk, position, sections, stage.mode)
    for a, b, section in sections:
        line = walk.facilities.lines.by_ends.get((a, b)) if stage.mode == "rail" else None
        time_h = section.km / travel_class.speed.mean_value
        if line is not None:
            # what the commercial speed holds beside the run: stops, crews, brakes; waiting for meets comes on top
            time_h -= _lay_line(walk, line, a, b)
            if time_h < 0:
                message = f"{stage.travel_class} is faster than trains run between {a} and {b}"
                walk.problem(position, message, f"raise single_tracks.{line.a}-{line.b}.run_speed")
        elif stage.mode == "rail":
            _lay_path(walk, a, b)
        walk.add(
            f"{a}>{b}",
            StageRow(
                kind=StageKind.TRAVEL,
                node=a,
                to_node=b,
                section_id=section.id,
                mode=stage.mode,
                km=section.km if line is None else 0.0,  # of a line its stretches have them
                cause=Cause.MOVING,
                calendar=calendar,
                service=Timing(time_h, Basis.UNIT, draw),
            ),
        )


def _sections(walk: Walk, position: int, stage: TravelStage) -> list[tuple[str, str, Section]]:
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


def _check_gauge(walk: Walk, position: int, sections: list[tuple[str, str, Section]], mode: str) -> None:
    """Check that the gauge changes where it can be changed, also from one rail leg to the next."""
    if mode != "rail" or not sections:
        walk.rail_before = []
        return
    nodes = [sections[0][0], *(b for _, b, _ in sections)]
    s = walk.context.scenario
    works = {q.at for q in s.queues.values() if q.kind == "gauge change"}
    works |= {step.at for b in s.gauge_breaks.values() for t in b.technologies.values() for step in t.steps}
    for message in walk.context.network.gauge_problems([*walk.rail_before, *nodes], works):
        walk.problem(position, message)
    walk.rail_before = nodes[-2:-1]


def _lay_path(walk: Walk, a: str, b: str) -> None:
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


def _lay_line(walk: Walk, line: Line, a: str, b: str) -> float:
    """Lay the runs of a train over a single-track line, each of its trains by itself; return the hours of the runs."""
    n_trains = _trains_of(walk, a, b)
    is_split = n_trains > 1 and walk.n_units == 1
    if is_split:
        walk.add(f"{n_trains} trains", StageRow(kind=StageKind.SPLIT, node=a, cause=Cause.HANDLING))
        walk.n_units = n_trains
    back = a != line.a
    total_h = 0.0
    for stretch in reversed(line.stretches) if back else line.stretches:
        run_h = line.run_h(stretch, back=back)
        total_h += run_h
        walk.add(
            walk.facilities.lines.tracks.id[stretch.row],
            StageRow(
                kind=StageKind.SINGLE_TRACK,
                node=a,
                section_id=walk.facilities.lines.tracks.section_id[stretch.row],
                mode="rail",
                km=stretch.km,
                cause=Cause.MOVING,
                target=stretch.row,
                side=int(back),
                service=Timing(run_h, Basis.UNIT, -1),
                occupancy=Timing(line.model.headway.value * line.busy, Basis.UNIT, -1),
            ),
        )
    if is_split:
        walk.add("trains", StageRow(kind=StageKind.GATHER, node=b, cause=Cause.HANDLING))
        walk.n_units = 1
    return total_h


def _trains_of(walk: Walk, a: str, b: str) -> int:
    """Return how many trains a consignment fills on a section, from the train paths there; 1 where none are known."""
    path = walk.context.scenario.train_paths.get(f"{a}>{b}")
    if path is None:
        return 1
    consignment = walk.context.scenario.flows[walk.itinerary.flow].consignment
    by_teu = consignment.teu.value > 0 and path.train_teu is not None
    of_one = path.train_teu.value if by_teu and path.train_teu is not None else path.train_net.value
    return max(1, round((consignment.teu.value if by_teu else consignment.load.value) / of_one))
