"""Calendars: availability over time, and the one place where open time is computed.

A calendar holds a rate a(t) >= 0, piecewise constant. Work advances at that rate: with U(t) the integral of a from 0,
"T hours of open time after t" is the time at which U reaches U(t) + T. Where the calendar is closed, U is flat and its
inverse is an interval: an end takes its first instant, a start its last. Results are put on the time grid.

Within a piece U is a line, slope times t plus intercept, and so is its inverse. Single times and arrays give the same
bits: both use one multiplication and one addition on the same lines, each rounded by itself (numpy calls never fuse
them), and the same rounding to the grid.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_grid import TICK_H, TICKS_PER_H, scalar_to_grid, to_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines of pieces, in ticks: the value at x of piece i is ``slope[i] * x + intercept[i]``, put on the grid."""

    slope: Floats
    """Ticks per hour."""
    intercept: Floats
    """Ticks."""

    @classmethod
    def through(cls, x_h: Floats, y_h: Floats, slope: Floats) -> Lines:
        """Return the lines through points, h, with slopes, h per h."""
        return cls(slope * TICKS_PER_H, (y_h - slope * x_h) * TICKS_PER_H)

    @classmethod
    def joined(cls, lines: Sequence[Lines]) -> Lines:
        """Return the lines of several calendars behind each other."""
        return cls(np.concatenate([x.slope for x in lines]), np.concatenate([x.intercept for x in lines]))

    def at(self, piece: npt.NDArray[np.int64], x_h: Floats) -> Floats:
        """Return the values at times, each on the line of its piece, h."""
        values = self.slope.take(piece, mode="clip")
        values *= x_h
        values += self.intercept.take(piece, mode="clip")
        np.rint(values, out=values)
        values *= TICK_H
        return values

    def pairs(self) -> list[tuple[float, float]]:
        """Slope and intercept of each piece."""
        return list(zip(self.slope.tolist(), self.intercept.tolist(), strict=True))


@dataclass(frozen=True)
class _Scalars:
    """The breakpoints as lists, for single times: a list is several times faster to bisect than an array."""

    times_h: list[float]
    open_h: list[float]
    to_open: list[tuple[float, float]]
    to_clock: list[tuple[float, float]]


@dataclass(frozen=True)
class OpenStretch:
    """A stretch of time at rate 1."""

    ahead_h: float
    """Open time less time, all along the stretch, h; exact."""
    until_open_h: float
    """Open time at its end, h."""


class Calendar:
    """Availability a(t), piecewise constant from time 0 on; the last rate holds for ever.

    Parameters
    ----------
    times_h
        Start of each piece, increasing, the first is 0, h (put on the time grid).
    rates
        Availability of each piece, >= 0, dimensionless: 0 closed, 1 open, 0.5 work at half speed, 1.2 faster.

    Raises
    ------
    ValueError
        When the pieces are not increasing from 0, a rate is negative or not finite, or the last rate is 0 (work
        begun before it would never end; add a piece that opens at the end of the horizon).
    """

    def __init__(self, times_h: npt.ArrayLike, rates: npt.ArrayLike) -> None:
        times, rate = to_grid(times_h), np.asarray(rates, dtype=np.float64)
        if times.shape != rate.shape or times.size == 0 or times[0] != 0 or np.any(np.diff(times) <= 0):
            raise ValueError("calendar pieces must start at 0 and increase")
        if np.any(rate < 0) or not np.all(np.isfinite(rate)):
            raise ValueError("calendar rates must be finite and not negative")
        if rate[-1] == 0:
            raise ValueError("the last rate of a calendar must be above 0")
        keep = np.concatenate(([True], rate[1:] != rate[:-1]))
        self.times_h: Floats = times[keep]
        self.rates: Floats = rate[keep]
        # U is put on the grid at the breakpoints, so that open time spent waiting at a closed gate is one number
        self.open_h: Floats = np.concatenate(([0.0], to_grid(np.cumsum(np.diff(self.times_h) * self.rates[:-1]))))
        slopes = np.append(np.diff(self.open_h) / np.diff(self.times_h), self.rates[-1])
        inverse = np.divide(1.0, slopes, out=np.zeros_like(slopes), where=slopes > 0)
        self.to_open = Lines.through(self.times_h, self.open_h, slopes)
        self.to_clock = Lines.through(self.open_h, self.times_h, inverse)
        for array in (self.times_h, self.rates, self.open_h):
            array.flags.writeable = False

    @property
    def is_always_open(self) -> bool:
        """Whether the rate is 1 at all times, so that open time is time."""
        return self.rates.size == 1 and self.rates[0] == 1.0

    @cached_property
    def _scalars(self) -> _Scalars:
        return _Scalars(self.times_h.tolist(), self.open_h.tolist(), self.to_open.pairs(), self.to_clock.pairs())

    def open_time(self, times_h: Floats) -> Floats:
        """Return U(t), the open hours from 0 to each time, on the grid; times before 0 count as 0."""
        if self.is_always_open:
            return times_h
        t = np.maximum(times_h, 0.0)
        return self.to_open.at(np.searchsorted(self.times_h, t, side="right") - 1, t)

    def start_time(self, open_h: Floats) -> Floats:
        """Return the last time at which U equals each value: when work waiting for it can start."""
        if self.is_always_open:
            return open_h
        return self.to_clock.at(np.searchsorted(self.open_h, open_h, side="right") - 1, open_h)

    def end_time(self, open_h: Floats) -> Floats:
        """Return the first time at which U equals each value: when work is done."""
        if self.is_always_open:
            return open_h
        piece = np.searchsorted(self.open_h, open_h, side="left") - 1
        return self.to_clock.at(np.maximum(piece, 0), open_h)

    def open_time_at(self, time_h: float) -> float:
        """Return U(t) of one time, the same bits as `open_time`."""
        if self.is_always_open:
            return time_h
        s = self._scalars
        t = time_h if time_h > 0.0 else 0.0
        slope, intercept = s.to_open[bisect_right(s.times_h, t) - 1]
        return round(slope * t + intercept) * TICK_H

    def start_time_at(self, open_h: float) -> float:
        """Return the start for one value of U, the same bits as `start_time`."""
        if self.is_always_open:
            return open_h
        s = self._scalars
        slope, intercept = s.to_clock[bisect_right(s.open_h, open_h) - 1]
        return round(slope * open_h + intercept) * TICK_H

    def end_time_at(self, open_h: float) -> float:
        """Return the end for one value of U, the same bits as `end_time`."""
        if self.is_always_open:
            return open_h
        s = self._scalars
        slope, intercept = s.to_clock[max(bisect_left(s.open_h, open_h) - 1, 0)]
        return round(slope * open_h + intercept) * TICK_H

    def after(self, time_h: float, work_h: float) -> float:
        """Return when ``work_h`` hours of open time have passed since ``time_h``, at least a tick later."""
        if self.is_always_open:
            return time_h + work_h
        return max(self.end_time_at(self.open_time_at(time_h) + work_h), time_h + TICK_H)

    def rate_at(self, time_h: float) -> float:
        """Return the availability at one time (just after it, at a breakpoint)."""
        return float(self.rates[max(bisect_right(self._scalars.times_h, time_h) - 1, 0)])

    def open_stretch(self, first_h: float, last_h: float) -> OpenStretch | None:
        """Return the piece in which a stretch of time lies, if it lies in one whose rate is 1, to the tick."""
        times = self._scalars.times_h
        piece = max(bisect_right(times, first_h) - 1, 0)
        ends_h = times[piece + 1] if piece + 1 < len(times) else math.inf
        # open time is rounded at both ends of a piece, so that one of rate 1 may be a tick longer or shorter in it
        if last_h >= ends_h or self._scalars.to_open[piece][0] != TICKS_PER_H:
            return None
        begins_open_h = self._scalars.open_h[piece]
        return OpenStretch(begins_open_h - times[piece], begins_open_h + (ends_h - times[piece]))

    @property
    def never_closes(self) -> bool:
        """Whether no rate is 0."""
        return bool(self.rates.all())

    def is_open(self, times_h: Floats) -> npt.NDArray[np.bool_]:
        """Whether the rate is above 0 at each time (just after it, at a breakpoint)."""
        return np.asarray(self.rates[np.searchsorted(self.times_h, times_h, side="right") - 1] > 0.0)

    def rows(self, _chosen: npt.NDArray[np.int64]) -> Calendar:
        """Return the calendar of some of the lanes that share it: itself."""
        return self

    def closed_before(self, times_h: Floats) -> Floats:
        """Return the hours closed (rate 0) from 0 to each time; exact on the grid."""
        if self.is_always_open:
            return np.zeros_like(times_h)
        shut = (self.rates == 0.0).astype(np.float64)
        total = np.concatenate(([0.0], np.cumsum(np.diff(self.times_h) * shut[:-1])))
        piece = np.maximum(np.searchsorted(self.times_h, times_h, side="right") - 1, 0)
        return np.asarray(total[piece] + shut[piece] * (times_h - self.times_h[piece]))

    def times(self, other: Calendar) -> Calendar:
        """Return the calendar whose rate is the product of both rates."""
        if self.is_always_open:
            return other
        if other.is_always_open:
            return self
        times = np.union1d(self.times_h, other.times_h)
        own = self.rates[np.searchsorted(self.times_h, times, side="right") - 1]
        theirs = other.rates[np.searchsorted(other.times_h, times, side="right") - 1]
        return Calendar(times, own * theirs)

    def with_intervals(self, intervals: Sequence[tuple[float, float, float]], end_h: float) -> Calendar:
        """Return this calendar multiplied by factors in intervals; from ``end_h`` on nothing is multiplied.

        Parameters
        ----------
        intervals
            Tuples (start_h, stop_h, factor >= 0); they may overlap, factors then multiply.
        end_h
            End of the horizon, h: intervals are cut there, so that the calendar always opens again.
        """
        cut = [
            (scalar_to_grid(max(start_h, 0.0)), scalar_to_grid(min(stop_h, end_h)), factor)
            for start_h, stop_h, factor in intervals
        ]
        struck = [(start, stop, factor) for start, stop, factor in cut if stop > start and factor != 1.0]
        if not struck:
            return self
        times = np.unique(np.concatenate([self.times_h, *(interval[:2] for interval in struck)]))
        rates = self.rates[np.searchsorted(self.times_h, times, side="right") - 1].copy()
        for start, stop, factor in struck:
            rates[(times >= start) & (times < stop)] *= factor
        return Calendar(times, rates)


ALWAYS_OPEN = Calendar([0.0], [1.0])
"""Open round the clock: open time is time."""
