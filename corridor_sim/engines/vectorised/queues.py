"""Places: what arrives is brought in order, served in open time of the place, and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from corridor_sim.engines.vectorised.arrivals import Arrivals
from corridor_sim.engines.vectorised.servers import serve_closing, serve_in_turn, serve_many, serve_one
from corridor_sim.foundation.calendar_rows import CalendarRows, calendar_rows
from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.engines.vectorised.arrivals import Ordered
    from corridor_sim.engines.vectorised.graph import Facility
    from corridor_sim.foundation.arena import Arena
    from corridor_sim.foundation.calendars import Calendar, OpenStretch
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


class Solver(Protocol):
    """A facility in one block: from arrivals to starts and departures."""

    arrivals: Arrivals
    keeps_state: bool
    """Whether a stretch of time is computed from where the one before ended, else always from the beginning."""

    def solve(self, rows: Ints, since_h: float, until_h: float, due: Ints | None) -> int:
        """Compute start and departure of arrivals in a stretch of time, in some lanes; return how many."""
        ...

    def settle(self) -> None:
        """Keep the state at the end of the stretch for the next one."""
        ...


CELLS = 32768
"""Arrivals that are computed in one go where lanes need not go side by side: their arrays stay in the cache."""


class Place:
    """One place of the plan, for all lanes of a block."""

    keeps_state = True

    def __init__(self, plan: Plan, lanes: Lanes, facility: Facility, arena: Arena, scratch: Arena) -> None:
        self.arrivals = Arrivals(plan, lanes, facility, arena)
        self.service_h = self._by_column(lanes.service_h, scratch)
        self.occupancy_h = self._by_column(lanes.occupancy_h, scratch)
        self.calendar: Calendar | CalendarRows = calendar_rows([c[facility.row] for c in lanes.calendars])
        from_h, until_h = plan.places.server_from_h[facility.row], plan.places.server_until_h[facility.row]
        order = np.argsort(until_h, kind="stable")
        self.free, self.until = (self._opened(times[order], len(lanes)) for times in (from_h, until_h))
        self.closes = bool(np.isfinite(until_h).any())
        self.takes_turns = isinstance(self.occupancy_h, float) and not from_h.any()
        self._left = self.free.copy()

    def _opened(self, times_h: Floats, n_lanes: int) -> Floats:
        """Dates of servers in open time, a row per lane."""
        return self.calendar.open_time(np.repeat(times_h[None, :], n_lanes, axis=0))

    def _by_column(self, hours: tuple[Floats, ...], scratch: Arena) -> Floats | float:
        """Durations of all columns, flat; one number when it is the same for all."""
        mine = [hours[c.stage] for c in self.arrivals.stages if c.n_members]
        numbers = {float(h[0, 0]) if h.strides == (0, 0) else None for h in mine}
        if len(numbers) <= 1 and None not in numbers:
            return numbers.pop() if numbers else 0.0  # type: ignore[return-value]
        out = scratch.floats(*self.arrivals.shape)
        for c in self.arrivals.stages:
            out[:, c.of(c.members)] = hours[c.stage]
        return out.reshape(-1)

    def solve(self, rows: Ints, since_h: float, until_h: float, due: Ints | None) -> int:
        """Compute start and departure of arrivals in a stretch of time, in some lanes; return how many.

        Parameters
        ----------
        rows
            Lanes, in order.
        since_h, until_h
            Stretch of time, h; servers are as they were at its beginning.
        due
            Positions of the columns that may have an arrival in it; all by default.
        """
        if not self.free.shape[1]:
            return 0
        n_due = self.arrivals.columns.size if due is None else due.size
        # servers that close are followed arrival by arrival in all lanes side by side
        step = rows.size if self.closes else max(1, CELLS // max(n_due, 1))
        chunks = (rows[i : i + step] for i in range(0, rows.size, step))
        return sum(self._solve(self.arrivals.in_order(chunk, since_h, until_h, due), chunk) for chunk in chunks)

    def _solve(self, ordered: Ordered, rows: Ints) -> int:
        if not ordered.arrive_h.shape[1]:
            self._left[rows] = self.free[rows]
            return 0
        calendar = self.calendar.rows(rows)
        occupancy, service = (self._of(hours, ordered) for hours in (self.occupancy_h, self.service_h))
        stretch = _open_stretch(calendar, ordered)
        arrive = calendar.open_time(ordered.arrive_h) if stretch is None else ordered.arrive_h + stretch.ahead_h
        start, self._left[rows] = self._serve(arrive, occupancy, self.free[rows], self.until[rows], ordered.count)
        if stretch is not None and _latest(start, ordered.count) + np.max(service) <= stretch.until_open_h:
            start -= stretch.ahead_h
            self.arrivals.put(ordered, start, start + service)
        else:
            self.arrivals.put(ordered, *_closed_time(calendar, ordered.arrive_h, arrive, start, service))
        return int(ordered.count.sum())

    def settle(self) -> None:
        """Serve what comes next from where the last stretch ended."""
        self.free[...] = self._left

    @staticmethod
    def _of(hours: Floats | float, ordered: Ordered) -> Floats | float:
        return hours if isinstance(hours, float) else np.take(hours, ordered.cell, mode="clip")

    def _serve(
        self, arrive: Floats, occupancy: Floats | float, free: Floats, until: Floats, count: Ints
    ) -> tuple[Floats, Floats]:
        if not self.closes:
            if free.shape[1] == 1:
                return serve_one(arrive, occupancy, free, count)
            if self.takes_turns and isinstance(occupancy, float):
                return serve_in_turn(arrive, occupancy, free, count)
        taken = np.broadcast_to(occupancy, arrive.shape)
        return serve_closing(arrive, taken, free, until) if self.closes else serve_many(arrive, taken, free)


def _open_stretch(calendar: Calendar | CalendarRows, ordered: Ordered) -> OpenStretch | None:
    """Return the stretch at rate 1 in which all arrivals fall, if there is one: open time is time, shifted, there."""
    if isinstance(calendar, CalendarRows):
        return None
    first = float(ordered.arrive_h[:, 0].min())
    return calendar.open_stretch(first, _latest(ordered.arrive_h, ordered.count))


def _latest(times: Floats, count: Ints) -> float:
    """Return the largest time of rows in order, padding aside."""
    return float(times[np.arange(count.size), np.maximum(count - 1, 0)].max(initial=0.0, where=count > 0))


def _closed_time(
    calendar: Calendar | CalendarRows, arrive_h: Floats, arrive: Floats, start: Floats, service: Floats | float
) -> tuple[Floats, Floats]:
    """Turn starts in open time into starts and departures by the clock."""
    if calendar.is_always_open:
        return start, start + service
    # who starts at once does so on arrival: the way through open time and back may be a tick off
    waits = start != arrive if calendar.never_closes else (start != arrive) | ~calendar.is_open(arrive_h)
    if isinstance(calendar, CalendarRows):
        start_h = np.where(waits, np.maximum(arrive_h, calendar.start_time(start)), arrive_h)
    else:
        start_h, late = arrive_h.copy(), np.flatnonzero(waits)
        start_h.reshape(-1)[late] = np.maximum(arrive_h.take(late), calendar.start_time(start.take(late)))
    depart_h = calendar.end_time(start + service)
    return start_h, np.maximum(depart_h, start_h + TICK_H, out=depart_h)
