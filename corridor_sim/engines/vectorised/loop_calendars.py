"""Open time in an event loop: the lines of `foundation.calendars`, one time after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.engines.vectorised.jit import inlined
from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    from corridor_sim.engines.vectorised.loop_tables import Pieces


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
def next_opening(pieces: Pieces, calendar: int, time_h: float) -> float:
    """Return the time itself where the calendar is open (or -1: always), else when it opens, a tick later at least."""
    opens_h = time_h
    if calendar >= 0:
        p = piece_at(pieces, calendar, time_h)
        if pieces.rates[p] == 0.0:
            first, last = pieces.first[calendar], pieces.first[calendar + 1]
            x = on_line(pieces.open_slope, pieces.open_intercept, p, time_h)
            q = first + np.searchsorted(pieces.open_h[first:last], x, side="right") - 1
            opens_h = max(on_line(pieces.clock_slope, pieces.clock_intercept, q, x), time_h + TICK_H)
    return opens_h


@inlined
def work_done(pieces: Pieces, calendar: int, time_h: float, work_h: float) -> float:
    """Return when hours of open time have passed, at least a tick later."""
    first, last = pieces.first[calendar], pieces.first[calendar + 1]
    p = piece_at(pieces, calendar, time_h)
    done = on_line(pieces.open_slope, pieces.open_intercept, p, time_h) + work_h
    p = first + max(np.searchsorted(pieces.open_h[first:last], done, side="left") - 1, 0)
    return max(on_line(pieces.clock_slope, pieces.clock_intercept, p, done), time_h + TICK_H)  # type: ignore[no-any-return]
