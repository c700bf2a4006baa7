"""How many wait at a place over time, in every lane: a step function of joins and leaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_axis import H_PER_DAY
from corridor_sim.foundation.time_grid import TICKS_PER_H
from corridor_sim.results.reductions.bins import Bins, Cells
from corridor_sim.results.reductions.percentiles import TICK_BITS

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.results.reductions.periods import Periods

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Slots:
    """The horizon cut at every midnight and at every border of months."""

    edges_h: Floats
    """(n_slots + 1,) from 0 to the end of the horizon."""
    first_of_day: Ints
    """(n_days,) first slot of each day."""
    first_of_month: Ints
    """(n_months + 1,) first slot of each month, and the end."""
    day_h: Floats
    """(n_days,) length of each day; the last one as far as it goes."""
    month_edges_h: Floats

    @classmethod
    def of(cls, periods: Periods, end_h: float) -> Slots:
        """Cut the horizon."""
        days = np.minimum(np.arange(np.ceil(end_h / H_PER_DAY) + 1) * H_PER_DAY, end_h)
        edges = np.union1d(days, periods.edges_h)
        first_of_day, first_of_month = (np.searchsorted(edges, x) for x in (days[:-1], periods.edges_h))
        return cls(edges, first_of_day, first_of_month, np.diff(days), periods.edges_h)

    def cells(self, n_lanes: int) -> Cells:
        """Cells of lanes and slots."""
        return Cells(n_lanes, Bins(self.edges_h))


class QueueLength:
    """Number waiting at one place.

    Parameters
    ----------
    slots
        How the horizon is cut.
    cells
        Cells of lanes and slots.
    lane, joined_h, left_h
        Lane of each who waits, when he joins, and later leaves; the end of the horizon, if he waits till then.
    """

    def __init__(self, slots: Slots, cells: Cells, lane: Ints, joined_h: Floats, left_h: Floats) -> None:
        self._slots, self._cells = slots, cells
        self._lane, self._joined_h, self._left_h = lane, joined_h, left_h

    @cached_property
    def _steps(self) -> tuple[Ints, Floats]:
        """(n_lanes, n_bins) how the number changes in each slot, and the part of the slot that leavers see more."""
        cells = self._cells
        lower_h = np.tile(cells.bins.lower_h, cells.n_lanes)
        counts, into = [], []
        for times_h in (self._joined_h, self._left_h):
            cell = cells.of_lanes(self._lane, times_h)
            counts.append(cells.count(cell))
            into.append(cells.total(cell, times_h - lower_h.take(cell)))
        return counts[0] - counts[1], into[1] - into[0]

    @cached_property
    def _after(self) -> Ints:
        """(n_lanes, n_bins) number waiting at the end of each slot."""
        return np.cumsum(self._steps[0], axis=1)

    @cached_property
    def _integral_h(self) -> Floats:
        """(n_lanes, n_slots) consignment-hours of waiting in each slot."""
        return self._after[:, 1:-1] * np.diff(self._slots.edges_h) + self._steps[1][:, 1:-1]

    def before_months(self) -> Ints:
        """Return the number waiting just before each border of months: (n_lanes, n_months + 1)."""
        return self._after[:, self._slots.first_of_month]

    def monthly_h(self) -> Floats:
        """Consignment-hours of waiting by month: (n_lanes, n_months)."""
        return np.add.reduceat(self._integral_h, self._slots.first_of_month[:-1], axis=1)

    def daily_mean(self) -> Floats:
        """Mean number waiting on each day: (n_lanes, n_days)."""
        return np.asarray(np.add.reduceat(self._integral_h, self._slots.first_of_day, axis=1) / self._slots.day_h)

    def longest(self) -> Ints:
        """Largest number waiting in each month: (n_lanes, n_months).

        At one instant those who start leave before those who come join; what happens at a border of months belongs to
        the later one.
        """
        keys = np.concatenate([self._keys(self._left_h), self._keys(self._joined_h) + 1])
        keys.sort()
        number = np.zeros(keys.size + 2, dtype=np.int64)
        np.cumsum((keys & 1) * 2 - 1, out=number[1:-1])
        lane = np.arange(self._cells.n_lanes)[:, None]
        edges = (lane << (TICK_BITS + 1)) + (self._slots.month_edges_h * TICKS_PER_H).astype(np.int64) * 2
        first, last = np.searchsorted(keys, edges[:, :-1] + 2), np.searchsorted(keys, edges[:, 1:])
        spans = np.stack([first, last + 1], axis=2)
        return np.maximum.reduceat(number, spans.reshape(-1))[::2].reshape(first.shape)

    def _keys(self, times_h: Floats) -> Ints:
        """Whole numbers in the order of lanes and times; the lowest bit is free."""
        return (self._lane << (TICK_BITS + 1)) + (times_h * (2 * TICKS_PER_H)).astype(np.int64)
