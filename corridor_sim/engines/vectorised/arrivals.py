"""Arrivals at a facility: the units of all its stages, brought into the order in which they are served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_grid import TICK_H, TICKS_PER_H

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.engines.vectorised.graph import Facility
    from corridor_sim.foundation.arena import Arena
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

MOSTLY = 0.7
"""Part of the columns from which on it is cheaper to sort all than to leave the others out."""
LAST_KEY = np.iinfo(np.int64).max


@dataclass(frozen=True)
class StageColumns:
    """Columns of one stage: member by member, unit by unit."""

    stage: int
    first: int
    n_units: int
    n_members: int

    def of(self, members: slice) -> slice:
        """Columns of some members."""
        return slice(self.first + members.start * self.n_units, self.first + members.stop * self.n_units)

    @property
    def members(self) -> slice:
        """All members."""
        return slice(0, self.n_members)


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
    stages
        The columns of each stage.
    columns, arrive_h
        Columns that are looked at, and when those arrive: (n_lanes, n_columns) h.
    start_h, depart_h
        (n_lanes, n) h, of all columns; infinite where it does not happen, or is not known yet.
    """

    def __init__(self, plan: Plan, lanes: Lanes, facility: Facility, arena: Arena) -> None:
        self.end_h = plan.end_h
        self.stages: list[StageColumns] = []
        first = 0
        for s in facility.stages:
            members, units = lanes.itineraries[int(plan.stages.itinerary_idx[s])].width, int(plan.stages.n_units[s])
            self.stages.append(StageColumns(s, first, units, members))
            first += members * units
        self.shape = len(lanes), first
        # one cell more than there are arrivals: what is computed for padding lands there
        self._cells = tuple(arena.floats(len(lanes) * first + 1) for _ in range(2))
        for cells in self._cells:
            cells.fill(np.inf)
        self.start_h, self.depart_h = (c[:-1].reshape(self.shape) for c in self._cells)
        self.columns: Ints = np.arange(first)
        self.arrive_h: Floats = np.empty((len(lanes), 0))
        self._bits = max(1, (first - 1).bit_length())
        self._rank, self._cell_by_rank = self._ranks(plan, lanes, facility)
        self._rank_of_columns = self._rank

    def look_at(self, columns: Ints) -> None:
        """Look at some of the columns from now on; nothing is known of their arrivals yet."""
        self.columns = columns
        self.arrive_h = np.full((self.shape[0], columns.size), np.inf)
        self._rank_of_columns = None if self._rank is None else self._rank[:, columns]

    def _ranks(self, plan: Plan, lanes: Lanes, facility: Facility) -> tuple[Ints | None, Ints | None]:
        """Order of columns in ties, and the cell of each rank; None where it is that of the columns themselves.

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
        np.put_along_axis(rank, by_rank, np.broadcast_to(self.columns, by_rank.shape), axis=1)
        by_rank += np.arange(self.shape[0])[:, None] * self.shape[1]
        return rank, by_rank.ravel()

    def in_order(self, rows: Ints, since_h: float, until_h: float, due: Ints | None = None) -> Ordered:
        """Sort the arrivals in ``since_h <= t < until_h`` by time and rank.

        Time and rank are packed into one whole number, which sorts faster than times with their places.

        Parameters
        ----------
        rows
            Lanes.
        since_h, until_h
            Stretch of time, h.
        due
            Positions of the columns that may have such an arrival at all; all by default.
        """
        lane = _as_slice(rows)
        arrive = self.arrive_h[lane]
        order = self.columns if self._rank_of_columns is None else self._rank_of_columns[lane]
        if due is not None and due.size < MOSTLY * self.columns.size:
            arrive, order = arrive.take(due, axis=1), order.take(due, axis=-1)
        ticks = np.minimum(arrive, until_h)
        ticks *= TICKS_PER_H
        key = ticks.astype(np.int64)
        key <<= self._bits
        key |= order
        if since_h > 0.0:
            key[arrive < since_h] = LAST_KEY
        key.sort(axis=1)
        return self._unpack(key, rows, until_h, ticks)

    def _unpack(self, key: Ints, rows: Ints, until_h: float, scratch: Floats) -> Ordered:
        count = np.count_nonzero(key < int(until_h * TICKS_PER_H) << self._bits, axis=1)
        n, least = int(count.max(initial=0)), int(count.min(initial=key.shape[1]))
        key, times = key[:, :n], scratch[:, :n]
        times[...] = key >> self._bits
        times *= TICK_H
        key &= (1 << self._bits) - 1
        key += (rows * self.shape[1])[:, None]
        cell = key if self._cell_by_rank is None else self._cell_by_rank.take(key, mode="clip")
        if least < n:
            is_padding = np.arange(least, n) >= count[:, None]
            times[:, least:][is_padding] = np.inf
            cell[:, least:][is_padding] = self.shape[0] * self.shape[1]
        return Ordered(times, cell, count)

    def put(self, ordered: Ordered, start_h: Floats, depart_h: Floats) -> None:
        """Write starts and departures back to their columns."""
        starts, departs = self._cells
        starts[ordered.cell] = start_h
        departs[ordered.cell] = depart_h

    def take_back(self, row: Ints, column: Ints) -> None:
        """Forget start and departure of arrivals that no longer happen in the time that is computed."""
        self.start_h[row, column] = np.inf
        self.depart_h[row, column] = np.inf


def _as_slice(rows: Ints) -> slice | Ints:
    """Return neighbouring rows as a slice, which takes no copy."""
    if not rows.size:
        return rows
    first, last = int(rows[0]), int(rows[-1])
    return slice(first, last + 1) if last - first + 1 == rows.size else rows
