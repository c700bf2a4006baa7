"""Servers' time at a place: how much of it there is, and how much is taken, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.foundation.calendars import Calendar
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.reductions.bins import Binned, Cells
    from corridor_sim.results.reductions.calendars import LaneCalendars, Rows

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


def available_h(plan: Plan, place: int, calendars: LaneCalendars, edges_h: Floats) -> Floats:
    """Open server-hours by month: (n_lanes, n_months)."""
    from_h = plan.places.server_from_h[place]
    until_h = np.minimum(plan.places.server_until_h[place], plan.end_h)

    def of(calendar: Calendar, _: Rows) -> Floats:
        edges, since, until = (calendar.open_time(t) for t in (edges_h, from_h[:, None], until_h[:, None]))
        hours = np.minimum(edges[1:], until) - np.maximum(edges[:-1], since)
        return np.asarray(np.maximum(hours, 0.0).sum(axis=0))

    return calendars.by_lane(of)


def is_one_number(hours: Floats) -> bool:
    """Whether the hours of all visits are one number, broadcast."""
    return hours.size > 0 and hours.strides == (0, 0)


class BusyHours:
    """Open server-hours taken at one place, by lane and month.

    A visit takes its server from the start of service for its hours of open time. Most do so within one month; those
    that may reach into the next are shared out.

    Parameters
    ----------
    cells
        Cells of lanes and months.
    calendars
        Calendars of the place.
    hours
        Hours of open time of the visits to come, stage by stage.
    """

    def __init__(self, cells: Cells, calendars: LaneCalendars, hours: Sequence[Floats]) -> None:
        self._cells, self._calendars = cells, calendars
        edges_h = cells.bins.edges_h
        self._edges = calendars.by_lane(lambda calendar, _: calendar.open_time(edges_h))
        """(n_lanes, n_edges) open time at the borders of months."""
        self._lower = np.concatenate([np.zeros((cells.n_lanes, 1)), self._edges], axis=1)
        self._latest_h = self._latest(hours)
        """(n_lanes, n_bins) time up to which any start in a month is over within it; never is."""
        self._total = np.zeros(cells.shape)
        self._crossing: list[tuple[Ints, Floats, Floats]] = []
        """Cell of the start, start and hours of those that may reach into the next month."""

    def add(self, started: Binned, start_h: Floats, hours: Floats) -> None:
        """Add visits (n_lanes, n) that take servers for so many hours of open time, from each start."""
        if not start_h.size:
            return
        self._total += started.count * hours[0, 0] if is_one_number(hours) else started.hours(hours)
        start_h = start_h.reshape(-1)
        crossing = (start_h > started.spread(self._latest_h)).nonzero()[0]
        if crossing.size:
            work = np.full(crossing.size, hours[0, 0]) if is_one_number(hours) else hours.reshape(-1).take(crossing)
            self._crossing.append((started.cell().take(crossing), start_h.take(crossing), work))

    def total(self) -> Floats:
        """Sum by lane and month: (n_lanes, n_bins)."""
        if not self._crossing:
            return self._total
        return self._total + self._moved(*(np.concatenate(column) for column in zip(*self._crossing, strict=True)))

    def _latest(self, hours: Sequence[Floats]) -> Floats:
        longest = np.zeros(self._cells.n_lanes)
        for of_stage in hours:
            if of_stage.size:
                longest = np.maximum(longest, of_stage[0, 0] if is_one_number(of_stage) else of_stage.max(axis=1))
        spare = self._edges - (longest[:, None] + 2 * TICK_H)
        latest = self._calendars.by_lane(lambda calendar, rows: calendar.start_time(np.maximum(spare[rows], 0.0)))
        return np.concatenate([np.where(spare < 0, -1.0, latest), np.full((len(spare), 1), np.inf)], axis=1)

    def _moved(self, cell: Ints, start_h: Floats, hours: Floats) -> Floats:
        """Take hours out of the month of the start and put them where they belong: (n_lanes, n_bins)."""
        cells, lane, edges_h = self._cells, self._cells.lane_of.take(cell), self._cells.bins.edges_h
        start = self._calendars.of_each(lane, lambda calendar, rows: calendar.open_time(start_h[rows]))
        end = start + hours

        def bin_of_end(calendar: Calendar, rows: Rows) -> Floats:
            return np.searchsorted(calendar.open_time(edges_h), end[rows], side="right").astype(np.float64)

        end_cell = lane * cells.bins.n_bins + self._calendars.of_each(lane, bin_of_end).astype(np.int64)
        return self._before(end_cell, end) - self._before(cell, start) - cells.total(cell, hours)

    def _before(self, cell: Ints, open_h: Floats) -> Floats:
        """Sum, by lane and bin, of the part of the bin that lies before each value of open time."""
        cells = self._cells
        into = cells.total(cell, open_h - self._lower.reshape(-1).take(cell))
        count = cells.count(cell)
        later = count[:, ::-1].cumsum(axis=1)[:, ::-1] - count
        length = np.diff(self._lower, axis=1, append=self._lower[:, -1:])
        return into + later * length
