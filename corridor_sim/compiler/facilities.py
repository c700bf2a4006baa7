"""Places, sailings and formations of the plan."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.compiler.lines import build_lines
from corridor_sim.compiler.pools import build_pools
from corridor_sim.foundation.errors import nearest
from corridor_sim.foundation.time_grid import scalar_to_grid
from corridor_sim.plan.kinds import TRAIN_PATH
from corridor_sim.plan.tables import FormationTable, PlaceTable, Ragged, ServiceTable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from corridor_sim.compiler.calendars import CalendarBook
    from corridor_sim.compiler.context import Context
    from corridor_sim.compiler.lines import Lines
    from corridor_sim.plan.tables import PoolTable
    from corridor_sim.scenario.resources import Queue, Service


@dataclass(frozen=True)
class Facilities:
    """Tables of everything that serves, and where each id is found."""

    places: PlaceTable
    services: ServiceTable
    formations: FormationTable
    lines: Lines
    pools: PoolTable
    place_idx: dict[str, int]
    service_idx: dict[str, int]
    formation_idx: dict[str, int]

    def hit_by(self, target: str) -> tuple[int, ...]:
        """Return what a disruption of a target acts on: rows among places, then services, then tracks."""
        if target in self.place_idx:
            return (self.place_idx[target],)
        if target in self.service_idx:
            return (len(self.place_idx) + self.service_idx[target],)
        return tuple(len(self.place_idx) + len(self.service_idx) + row for row in self.lines.rows_of(target))


@dataclass(frozen=True)
class _Place:
    """One row of the place table."""

    id: str
    name: str
    kind: str
    node: str
    calendar: int
    reserved_frac: float
    from_h: list[float]
    until_h: list[float]
    to_node: str = ""
    section_id: str = ""
    ageing_h: float = math.inf


def build_facilities(context: Context, book: CalendarBook) -> Facilities:
    """Build places, sailings and formations."""
    lines = build_lines(context, book)
    places, services = _build_places(context, book, lines), _build_services(context, book)
    formations = _build_formations(context)
    return Facilities(
        places,
        services,
        formations,
        lines,
        build_pools(context),
        *({k: i for i, k in enumerate(t.id)} for t in (places, services, formations)),
    )


def with_servers(context: Context, places: PlaceTable) -> PlaceTable:
    """Return a place table with the numbers and dates of servers that the scenario's queues have now."""
    rows = {name: _servers(context, q) for name, q in context.scenario.queues.items()}
    old = [places.server_from_h[k].tolist() for k in range(len(places))]
    old_until = [places.server_until_h[k].tolist() for k in range(len(places))]
    from_h = [rows[i][0] if i in rows else old[k] for k, i in enumerate(places.id)]
    until_h = [rows[i][1] if i in rows else old_until[k] for k, i in enumerate(places.id)]
    first, last = _server_columns(from_h, until_h, context.axis.end_h)
    return replace(places, server_from_h=first, server_until_h=last)


def _servers(context: Context, queue: Queue) -> tuple[list[float], list[float]]:
    """Hours from which and until which each server of a queue is there."""
    from_h = [context.hours(g.from_, 0.0) for g in queue.servers for _ in range(g.n)]
    return from_h, [context.hours(_day_after(g.until), math.inf) for g in queue.servers for _ in range(g.n)]


def _server_columns(
    from_h: Sequence[list[float]], until_h: Sequence[list[float]], end_h: float
) -> tuple[Ragged, Ragged]:
    """First and last hours of servers within the horizon, place by place."""
    first = Ragged.of([[max(h, 0.0) for h in row] for row in from_h])
    return first, Ragged.of([[h if h < end_h else math.inf for h in row] for row in until_h])


def _build_places(context: Context, book: CalendarBook, lines: Lines) -> PlaceTable:
    s, end_h = context.scenario, context.axis.end_h
    rows: list[_Place] = []
    for name, q in s.queues.items():
        from_h, until_h = _servers(context, q)
        if q.at not in context.network.node_ids:
            hint = nearest(q.at, context.network.node_ids)
            context.problem(f"queues.{name}.at", f"the network has no node '{q.at}'", hint)
        calendar = book.of_facility(q.calendar, [name])
        place = _Place(name, q.name, q.kind, q.at, calendar, q.reserved.value, from_h, until_h)
        rows.append(replace(place, ageing_h=scalar_to_grid(q.ageing.value) if q.ageing else math.inf))
    for name, p in s.train_paths.items():
        a, _, b = name.partition(">")
        section = context.network.section(a, b, "rail")
        if section is None:
            context.problem(f"train_paths.{name}", f"the network has no rail section between {a} and {b}")
        if (a, b) in lines.by_ends:
            continue  # trains meet there, whatever the paths
        calendar = book.of_facility(p.calendar, [name])
        from_h, until_h = [context.hours(p.valid_from, 0.0)], [context.hours(_day_after(p.valid_until), math.inf)]
        path = _Place(name, f"train path {a} to {b}", TRAIN_PATH, a, calendar, p.reserved.value, from_h, until_h)
        rows.append(replace(path, to_node=b, section_id=section.id if section else ""))
    first, last = _server_columns([r.from_h for r in rows], [r.until_h for r in rows], end_h)
    return PlaceTable(
        id=tuple(r.id for r in rows),
        name=tuple(r.name for r in rows),
        kind=tuple(r.kind for r in rows),
        node=tuple(r.node for r in rows),
        to_node=tuple(r.to_node for r in rows),
        section_id=tuple(r.section_id for r in rows),
        calendar_idx=np.array([r.calendar for r in rows], dtype=np.int64),
        reserved_frac=np.array([r.reserved_frac for r in rows], dtype=np.float64),
        ageing_h=np.array([r.ageing_h for r in rows], dtype=np.float64),
        server_from_h=first,
        server_until_h=last,
    )


def _day_after(day: datetime | None) -> datetime | None:
    return None if day is None else day + timedelta(days=1)


def _build_services(context: Context, book: CalendarBook) -> ServiceTable:
    s = context.scenario
    departures = [
        [t for t in book.next_opening(m.calendar, _departures(context, m)) if t < context.axis.end_h]
        for m in s.services.values()
    ]
    return ServiceTable(
        id=tuple(s.services),
        node=tuple(m.at for m in s.services.values()),
        departure_h=Ragged.of(departures),
        capacity=np.array([m.capacity.value * (1 - m.reserved.value) for m in s.services.values()]),
        counts_teu=np.array([m.capacity.unit == "TEU" for m in s.services.values()], dtype=bool),
        calendar_idx=np.array([book.of_facility(m.calendar, [name]) for name, m in s.services.items()], dtype=np.int64),
    )


def _departures(context: Context, model: Service) -> Sequence[float]:
    """Departures within the horizon, h: dated ones, or every so many hours from the first on."""
    end_h = context.axis.end_h
    if model.departures:
        times = sorted(scalar_to_grid(context.axis.hours(d)) for d in model.departures)
        return [t for t in times if 0 <= t < end_h]
    assert model.every is not None  # noqa: S101  # the model has departures or every
    first = context.hours(model.first, 0.0)
    every_h = model.every.value
    skipped = max(math.ceil(-first / every_h), 0)
    times = [scalar_to_grid(first + k * every_h) for k in range(skipped, skipped + int(end_h / every_h) + 2)]
    return [t for t in times if 0 <= t < end_h]


def _build_formations(context: Context) -> FormationTable:
    f = context.scenario.formations
    return FormationTable(
        id=tuple(f),
        node=tuple(m.at for m in f.values()),
        size=np.array([m.size for m in f.values()], dtype=np.int64),
        max_wait_h=np.array([scalar_to_grid(m.max_wait.value) for m in f.values()], dtype=np.float64),
    )
