"""Open time in an event loop: the lines of `foundation.calendars`, one time after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.engines.vectorised.jit import inlined
from corridor_sim.engines.vectorised.loop_tables import Pieces, starts
from corridor_sim.foundation.calendars import ALWAYS_OPEN
from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    from corridor_sim.foundation.calendars import Calendar


class Calendars:
    """Calendars by number, in order of first use."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._calendars: list[Calendar] = []

    def number(self, calendar: Calendar) -> int:
        """Return the number of a calendar; -1 for one that is always open."""
        if calendar.is_always_open:
            return -1
        if id(calendar) not in self._numbers:
            self._numbers[id(calendar)] = len(self._calendars)
            self._calendars.append(calendar)
        return self._numbers[id(calendar)]

    def pieces(self) -> Pieces:
        """Return their pieces behind each other."""
        found = self._calendars or [ALWAYS_OPEN]
        columns = zip(
            *((c.times_h, c.open_h, c.rates, c.to_open.slope, c.to_open.intercept, c.to_clock.slope,
               c.to_clock.intercept) for c in found), strict=True
        )  # fmt: skip
        return Pieces(starts([c.times_h.size for c in found]), *(np.concatenate(column) for column in columns))


@inlined
def on_line(slope: Any, intercept: Any, piece: int, x: float) -> float:
    """Return the value at x on the line of a piece, on the grid."""
    return np.rint(slope[piece] * x + intercept[piece]) * TICK_H  # type: ignore[no-any-return]


@inlined
def piece_at(pieces: Pieces, calendar: int, time_h: float) -> int:
    """Return the piece in which a time lies."""
    first, last = pieces.first[calendar], pieces.first[calendar + 1]
    return first + np.searchsorted(pieces.times_h[first:last], time_h, side="right") - 1  # type: ignore[no-any-return]


@inlined
def closes_at(pieces: Pieces, calendar: int, time_h: float) -> bool:
    """Whether the calendar (-1: always open) is closed at a time."""
    return calendar >= 0 and pieces.rates[piece_at(pieces, calendar, time_h)] == 0.0


@inlined
def open_time(pieces: Pieces, calendar: int, time_h: float) -> float:
    """Return the open hours up to a time."""
    found = time_h
    if calendar >= 0:
        found = on_line(pieces.open_slope, pieces.open_intercept, piece_at(pieces, calendar, time_h), time_h)
    return found


@inlined
def starts_at(pieces: Pieces, calendar: int, x: float) -> float:
    """Return the last time at which the open hours are x: when work that waits for it can start."""
    found = x
    if calendar >= 0:
        first, last = pieces.first[calendar], pieces.first[calendar + 1]
        q = first + np.searchsorted(pieces.open_h[first:last], x, side="right") - 1
        found = on_line(pieces.clock_slope, pieces.clock_intercept, q, x)
    return found


@inlined
def done_at(pieces: Pieces, calendar: int, x: float) -> float:
    """Return the first time at which the open hours are x: when work is done."""
    found = x
    if calendar >= 0:
        first, last = pieces.first[calendar], pieces.first[calendar + 1]
        q = first + max(np.searchsorted(pieces.open_h[first:last], x, side="left") - 1, 0)
        found = on_line(pieces.clock_slope, pieces.clock_intercept, q, x)
    return found


@inlined
def next_opening(pieces: Pieces, calendar: int, time_h: float) -> float:
    """Return the time itself where the calendar is open, else when it opens, a tick later at least."""
    opens_h = time_h
    if closes_at(pieces, calendar, time_h):
        opens_h = max(starts_at(pieces, calendar, open_time(pieces, calendar, time_h)), time_h + TICK_H)
    return opens_h


@inlined
def work_done(pieces: Pieces, calendar: int, time_h: float, work_h: float) -> float:
    """Return when hours of open time have passed, at least a tick later."""
    return max(done_at(pieces, calendar, open_time(pieces, calendar, time_h) + work_h), time_h + TICK_H)  # type: ignore[no-any-return]
