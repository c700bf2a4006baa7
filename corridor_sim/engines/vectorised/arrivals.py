"""Arrivals at a facility: the units of all its stages, brought into the order in which they are served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_grid import TICK_H, TICKS_PER_H

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from corridor_sim.engines.vectorised.graph import Facility
    from corridor_sim.foundation.arena import Arena
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Feed = Callable[[int, slice], Floats]

LAST_KEY = np.iinfo(np.int64).max


@dataclass
class StageColumns:
    """Columns of one stage: member by member, unit by unit.

    Members before ``low`` have their times for good; those from ``high`` on have not set out yet. Of the others those
    from ``due_low`` to ``due_high`` arrive, in some lane, in the window that is computed.
    """

    stage: int
    first: int
    n_units: int
    n_members: int
    low: int = 0
    high: int = 0
    due_low: int = 0
    due_high: int = 0

    def columns(self, members: slice) -> slice:
        """Columns of some members."""
        return slice(self.first + members.start * self.n_units, self.first + members.stop * self.n_units)

    @property
    def all(self) -> slice:
        """All members."""
        return slice(0, self.n_members)

    @property
    def open(self) -> slice:
        """Members whose times may change."""
        return slice(self.low, self.high)

    @property
    def due(self) -> slice:
        """Members that arrive in the window."""
        return slice(self.due_low, self.due_high)

    def expect(self, columns_due: npt.NDArray[np.bool_], *, anew: bool) -> None:
        """Set or widen the members that are due, from a mask of the open columns."""
        if not columns_due.any():
            found = self.low, self.low
        else:
            first, last = int(columns_due.argmax()), columns_due.size - int(columns_due[::-1].argmax())
            found = self.low + first // self.n_units, self.low - (-last // self.n_units)
        if anew or self.due_low == self.due_high:
            self.due_low, self.due_high = found
        elif found[0] < found[1]:
            self.due_low, self.due_high = min(self.due_low, found[0]), max(self.due_high, found[1])


@dataclass(frozen=True, eq=False)
class Ordered:
    """Arrivals of some lanes in the order in which they are served, padded on the right."""

    arrive_h: Floats
    """(n_rows, n) h; padding is infinite."""
    cell: Ints
    """Where each stands in the facility's flat arrays; padding has a cell of its own."""
    count: Ints
    """(n_rows,) arrivals of each row."""


class Arrivals:
    """Arrivals at a facility: one column per unit of each of its stages, stage by stage.

    Attributes
    ----------
    arrive_h, start_h, depart_h
        (n_lanes, n) h; infinite where it does not happen, or is not known yet.
    """

    def __init__(self, plan: Plan, lanes: Lanes, facility: Facility, arena: Arena, scratch: Arena) -> None:
        self.end_h = plan.end_h
        self.stages: list[StageColumns] = []
        first = 0
        for s in facility.stages:
            members, units = lanes.itineraries[int(plan.stages.itinerary_idx[s])].width, int(plan.stages.n_units[s])
            self.stages.append(StageColumns(s, first, units, members))
            first += members * units
        self.shape = len(lanes), first
        # one cell more than there are arrivals: what is computed for padding lands there
        n_cells = len(lanes) * first + 1
        self._cells = scratch.floats(n_cells), arena.floats(n_cells), arena.floats(n_cells)
        for cells in self._cells:
            cells.fill(np.inf)
        self.arrive_h, self.start_h, self.depart_h = (c[:-1].reshape(self.shape) for c in self._cells)
        self._bits = max(1, (first - 1).bit_length())
        self._columns = np.arange(first)
        self._rank, self._by_rank = self._ranks(plan, lanes, facility)

    def _ranks(self, plan: Plan, lanes: Lanes, facility: Facility) -> tuple[Ints | None, Ints | None]:
        """Order of columns in ties, and its inverse; None where it is that of the columns themselves.

        It is, unless a flow comes by more than one stage: flows are in order, and so are a stage's consignments.
        """
        itinerary = plan.stages.itinerary_idx[list(facility.stages)]
        if np.all(np.diff(plan.itineraries.flow_idx[itinerary]) > 0):
            return None, None
        most = max(c.n_units for c in self.stages)
        ranks = [
            np.repeat(lanes.itineraries[i].consignment * most, c.n_units, axis=1)
            + np.tile(np.arange(c.n_units), c.n_members)
            for c, i in zip(self.stages, itinerary.tolist(), strict=True)
        ]
        by_rank = np.argsort(np.concatenate(ranks, axis=1), axis=1, kind="stable")
        rank = np.empty_like(by_rank)
        np.put_along_axis(rank, by_rank, np.broadcast_to(self._columns, by_rank.shape), axis=1)
        return rank, by_rank

    def bring(self, feed: Feed) -> None:
        """Take in all arrivals; all are due."""
        for c in self.stages:
            self.arrive_h[:, c.columns(c.all)] = feed(c.stage, c.all)
            c.high = c.due_high = c.n_members

    def n_arrived(self) -> int:
        """Arrivals before the end of the horizon, all lanes."""
        return int(np.count_nonzero(self.arrive_h < self.end_h))

    @property
    def n_due(self) -> int:
        """Columns of the members that are due."""
        return sum((c.due_high - c.due_low) * c.n_units for c in self.stages)

    def renew(self, feed: Feed, since_h: float, until_h: float, *, anew: bool) -> npt.NDArray[np.bool_]:
        """Take in arrivals that may change; return per lane whether one before ``until_h`` did.

        What was said of an arrival that no longer comes before ``until_h`` is taken back. With ``anew`` a window begins:
        who is due is found again.
        """
        changed = np.zeros(self.shape[0], dtype=np.bool_)
        for c in self.stages:
            if c.low == c.high:
                continue
            old, new = self.arrive_h[:, c.columns(c.open)], feed(c.stage, c.open)
            differs = (old != new).any(axis=1)
            if anew:
                c.expect(((new >= since_h) & (new < until_h)).any(axis=0), anew=True)
            if not differs.any():
                continue
            rows = np.flatnonzero(differs)
            before, now = old[rows], new[rows]
            was, comes = before < until_h, now < until_h
            changed[rows] |= ((before != now) & (was | comes)).any(axis=1)
            old[rows] = now
            self._take_back(c, rows, was & ~comes)
            if not anew:
                c.expect((comes & (now >= since_h)).any(axis=0), anew=False)
        return changed

    def _take_back(self, c: StageColumns, rows: Ints, which: npt.NDArray[np.bool_]) -> None:
        row, column = np.nonzero(which)
        if row.size:
            for times in (self.start_h, self.depart_h):
                times[rows[row], c.columns(c.open).start + column] = np.inf

    def open_up(self, n_released: Callable[[int], int]) -> None:
        """Let the members up to a number per stage change."""
        for c in self.stages:
            c.high = n_released(c.stage)

    def settle(self, until_h: float) -> None:
        """Leave the first members alone from now on: those that arrived in every lane before ``until_h``."""
        for c in self.stages:
            is_open = (self.arrive_h[:, c.columns(c.open)] >= until_h).any(axis=0)
            if is_open.size:
                c.low += (int(is_open.argmax()) if is_open.any() else is_open.size) // c.n_units

    def in_order(self, rows: Ints | None, since_h: float, until_h: float) -> Ordered:
        """Sort the arrivals in ``since_h <= t < until_h`` by time and rank.

        Time and rank are packed into one whole number, which sorts faster than times with their places.
        """
        lane = _as_slice(rows)
        chosen = [c.columns(c.due) for c in self.stages if c.due_low < c.due_high] or [slice(0, 0)]

        def pick(values: npt.NDArray[np.float64] | Ints) -> npt.NDArray[np.float64]:
            whole = [values[lane, c] for c in chosen]
            return whole[0] if len(whole) == 1 else np.concatenate(whole, axis=1)

        arrive = pick(self.arrive_h)
        ticks = np.minimum(arrive, until_h)
        ticks *= TICKS_PER_H
        key = ticks.astype(np.int64)
        key <<= self._bits
        if self._rank is None:
            key |= np.concatenate([self._columns[c] for c in chosen])
        else:
            key |= pick(self._rank)
        if since_h > 0.0:
            key[arrive < since_h] = LAST_KEY
        key.sort(axis=1)
        return self._unpack(key, rows, until_h)

    def _unpack(self, key: Ints, rows: Ints | None, until_h: float) -> Ordered:
        limit = int(until_h * TICKS_PER_H) << self._bits
        count = (key < limit).sum(axis=1)
        n = int(count.max(initial=0))
        key = key[:, :n]
        times = (key >> self._bits) * TICK_H
        cell = key & ((1 << self._bits) - 1)
        if self._by_rank is not None:
            np.minimum(cell, self.shape[1] - 1, out=cell)
            cell = np.take_along_axis(self._by_rank[_as_slice(rows)], cell, axis=1)
        lanes = np.arange(self.shape[0]) if rows is None else rows
        cell += (lanes * self.shape[1])[:, None]
        least = int(count.min(initial=n))
        if least < n:
            is_padding = np.arange(least, n) >= count[:, None]
            times[:, least:][is_padding] = np.inf
            cell[:, least:][is_padding] = self.shape[0] * self.shape[1]
        return Ordered(times, cell, count)

    def put(self, ordered: Ordered, start_h: Floats, depart_h: Floats) -> None:
        """Write starts and departures back to their columns."""
        _, starts, departs = self._cells
        starts[ordered.cell] = start_h
        departs[ordered.cell] = depart_h


def _as_slice(rows: Ints | None) -> slice | Ints:
    """Return neighbouring rows as a slice, which takes no copy."""
    if rows is None:
        return slice(None)
    first, last = int(rows[0]), int(rows[-1])
    return slice(first, last + 1) if last - first + 1 == rows.size else rows
