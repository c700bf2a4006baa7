"""Places: arrivals of all their stages brought in order, served, and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.engines.vectorised.servers import serve_closing, serve_equal, serve_many, serve_one
from corridor_sim.foundation.calendar_rows import calendar_rows
from corridor_sim.foundation.time_grid import TICK_H, TICKS_PER_H

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.engines.vectorised.graph import Facility
    from corridor_sim.foundation.arena import Arena
    from corridor_sim.foundation.calendar_rows import CalendarRows
    from corridor_sim.foundation.calendars import Calendar
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


class Arrivals:
    """Arrivals at a facility: one column per unit of each of its stages, stage by stage.

    Attributes
    ----------
    arrive_h, start_h, depart_h
        (n_lanes, n) h; a stage's own columns are `columns`.
    """

    def __init__(self, plan: Plan, lanes: Lanes, facility: Facility, arena: Arena) -> None:
        self.end_h = plan.end_h
        members = [lanes.itineraries[int(plan.stages.itinerary_idx[s])] for s in facility.stages]
        units = [int(plan.stages.n_units[s]) for s in facility.stages]
        widths = [m.width * u for m, u in zip(members, units, strict=True)]
        edges = np.concatenate(([0], np.cumsum(widths)))
        self.columns = {
            s: slice(int(a), int(b)) for s, a, b in zip(facility.stages, edges[:-1], edges[1:], strict=True)
        }
        self.shape = len(lanes), int(edges[-1])
        self.arrive_h, self.start_h, self.depart_h = (arena.floats(*self.shape) for _ in range(3))
        self._bits = max(1, (self.shape[1] - 1).bit_length())
        self._column = np.arange(self.shape[1])
        self._rank, self._by_rank = self._ranks(plan, lanes, facility, units)

    def _ranks(
        self, plan: Plan, lanes: Lanes, facility: Facility, units: list[int]
    ) -> tuple[Ints | None, Ints | None]:
        """Order of columns in ties, and its inverse; None where it is that of the columns themselves.

        It is, unless a flow comes by more than one stage: flows are in order, and so are a stage's consignments.
        """
        flows = plan.itineraries.flow_idx[plan.stages.itinerary_idx[list(facility.stages)]]
        if np.all(np.diff(flows) > 0):
            return None, None
        most = max(units)
        rank = [
            np.repeat(lanes.itineraries[int(plan.stages.itinerary_idx[s])].consignment * most, u, axis=1)
            + np.tile(np.arange(u), lanes.itineraries[int(plan.stages.itinerary_idx[s])].width)
            for s, u in zip(facility.stages, units, strict=True)
        ]
        by_rank = np.argsort(np.concatenate(rank, axis=1), axis=1, kind="stable")
        ranks = np.empty_like(by_rank)
        np.put_along_axis(ranks, by_rank, np.broadcast_to(self._column, by_rank.shape), axis=1)
        return ranks, by_rank

    def in_order(self, rows: Ints | None) -> tuple[Floats, Ints]:
        """Sort arrivals by time and rank.

        Time and rank are packed into one whole number, which sorts faster than times with their places.

        Returns
        -------
        (n_rows, n) times, those that do not happen at the end of the horizon, and the column of each.
        """
        arrive = self.arrive_h if rows is None else self.arrive_h[rows]
        ticks = np.minimum(arrive, self.end_h)
        ticks *= TICKS_PER_H
        key = ticks.astype(np.int64)
        key <<= self._bits
        key |= self._column if self._rank is None else self._rank if rows is None else self._rank[rows]
        key.sort(axis=1)
        np.multiply(key >> self._bits, TICK_H, out=ticks)
        key &= (1 << self._bits) - 1
        if self._by_rank is not None:
            key = np.take_along_axis(self._by_rank if rows is None else self._by_rank[rows], key, axis=1)
        return ticks, key


class Place:
    """One place of the plan, for all lanes of a block."""

    def __init__(self, plan: Plan, lanes: Lanes, facility: Facility, arena: Arena) -> None:
        self.arrivals = Arrivals(plan, lanes, facility, arena)
        self.service_h = self._durations(lanes.service_h, facility, arena)
        self.occupancy_h = self._durations(lanes.occupancy_h, facility, arena)
        self.calendar: Calendar | CalendarRows = calendar_rows([c[facility.row] for c in lanes.calendars])
        order = np.argsort(plan.places.server_until_h[facility.row], kind="stable")
        self.from_h = plan.places.server_from_h[facility.row][order]
        self.until_h = plan.places.server_until_h[facility.row][order]

    def _durations(self, hours: tuple[Floats, ...], facility: Facility, arena: Arena) -> Floats | float:
        """Durations by column; one number when it is the same for all."""
        numbers = {float(hours[s].flat[0]) if hours[s].strides == (0, 0) else np.nan for s in facility.stages if hours[s].size}
        if len(numbers) == 1 and not np.isnan(only := next(iter(numbers))):
            return only
        out = arena.floats(*self.arrivals.shape)
        for s, columns in self.arrivals.columns.items():
            out[:, columns] = hours[s]
        return out

    def solve(self, rows: Ints | None) -> None:
        """Compute start and departure of all arrivals, in all lanes or some."""
        found = self.arrivals
        if not found.shape[1] or not len(self.from_h):
            found.start_h[...] = found.depart_h[...] = np.inf
            return
        calendar = self.calendar if rows is None else self.calendar.rows(rows)
        arrive, column = found.in_order(rows)
        lane = np.arange(found.shape[0]) if rows is None else rows
        flat = column + (lane * found.shape[1])[:, None]
        occupancy = self.occupancy_h if isinstance(self.occupancy_h, float) else self.occupancy_h.ravel()[flat]
        service = self.service_h if isinstance(self.service_h, float) else self.service_h.ravel()[flat]
        begin = calendar.open_time(arrive)
        start_open = self._starts(begin, occupancy, calendar)
        if calendar.is_always_open:
            start, depart = start_open, start_open + service
        else:
            at_once = (start_open == begin) & calendar.is_open(arrive)
            # at once: the way through open time and back may be a tick off
            start = np.where(at_once, arrive, np.maximum(arrive, calendar.start_time(start_open)))
            depart = np.maximum(calendar.end_time(start_open + service), start + TICK_H)
        found.start_h.reshape(-1)[flat] = start
        found.depart_h.reshape(-1)[flat] = depart

    def _starts(self, arrive: Floats, occupancy: Floats | float, calendar: Calendar | CalendarRows) -> Floats:
        n_servers = len(self.from_h)
        free = _opened(self.from_h, calendar, arrive.shape[0])
        closes = bool(np.any(np.isfinite(self.until_h)))
        if n_servers > 1 and isinstance(occupancy, float) and not closes and not free.any():
            return serve_equal(arrive, occupancy, n_servers)
        if n_servers > 1 or closes:
            occupancy = np.broadcast_to(occupancy, arrive.shape)
        if closes:
            return serve_closing(arrive, occupancy, free, _opened(self.until_h, calendar, arrive.shape[0]))
        if n_servers > 1:
            return serve_many(arrive, occupancy, free)
        return serve_one(arrive, occupancy, free[:, 0])


def _opened(times_h: Floats, calendar: Calendar | CalendarRows, n_lanes: int) -> Floats:
    """Dates of servers in open time, a row per lane."""
    return calendar.open_time(np.repeat(times_h[None, :], n_lanes, axis=0))
