"""Calendars of several lanes at once: a row of times per lane, each in its own calendar.

Where all lanes share one calendar (most do; disruptions are drawn for few facilities) that calendar is used as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.calendars import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.foundation.calendars import Calendar

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


class CalendarRows:
    """One calendar per row, in the same words as `Calendar`.

    The pieces of all rows lie behind each other; a row finds its own by a span of time that is added to it. Spans are
    powers of two, so no bit of a time is lost.

    Parameters
    ----------
    calendars
        One per row.
    """

    is_always_open = False

    def __init__(self, calendars: Sequence[Calendar]) -> None:
        self._calendars = tuple(calendars)
        longest = max(max(c.times_h[-1], c.open_h[-1]) for c in calendars)
        self._span = 2.0 ** np.ceil(np.log2(longest + 2.0))
        self._shift = np.arange(len(calendars))[:, None] * self._span
        shift = np.repeat(self._shift[:, 0], [c.times_h.size for c in calendars])
        self._rates = np.concatenate([c.rates for c in calendars])
        self._to_open = Lines.joined([c.to_open for c in calendars])
        self._to_clock = Lines.joined([c.to_clock for c in calendars])
        self._times_from_h = np.concatenate([c.times_h for c in calendars]) + shift
        self._open_from_h = np.concatenate([c.open_h for c in calendars]) + shift
        self._first = np.concatenate(([0], np.cumsum([c.times_h.size for c in calendars])))[:-1, None]

    def _piece(self, edges: Floats, values: Floats, side: str) -> Ints:
        within = np.minimum(values, self._span - 1.0)
        return np.searchsorted(edges, within + self._shift, side=side) - 1  # type: ignore[call-overload,no-any-return]

    def open_time(self, times_h: Floats) -> Floats:
        """Return U(t), see `Calendar.open_time`."""
        t = np.maximum(times_h, 0.0)
        return self._to_open.at(self._piece(self._times_from_h, t, "right"), t)

    def start_time(self, open_h: Floats) -> Floats:
        """Return the last time at which U equals each value, see `Calendar.start_time`."""
        return self._to_clock.at(self._piece(self._open_from_h, open_h, "right"), open_h)

    def end_time(self, open_h: Floats) -> Floats:
        """Return the first time at which U equals each value, see `Calendar.end_time`."""
        piece = np.maximum(self._piece(self._open_from_h, open_h, "left"), self._first)
        return self._to_clock.at(piece, open_h)

    @property
    def never_closes(self) -> bool:
        """Whether no rate is 0."""
        return bool(self._rates.all())

    def is_open(self, times_h: Floats) -> npt.NDArray[np.bool_]:
        """Whether the rate is above 0 at each time."""
        return np.asarray(self._rates[self._piece(self._times_from_h, times_h, "right")] > 0.0)

    def rows(self, chosen: Ints) -> Calendar | CalendarRows:
        """Return the calendars of some rows."""
        return calendar_rows([self._calendars[i] for i in chosen.tolist()])


def calendar_rows(calendars: Sequence[Calendar]) -> Calendar | CalendarRows:
    """Return the calendars of rows as one object; the calendar itself where all are the same."""
    first = calendars[0]
    return first if all(c is first for c in calendars) else CalendarRows(calendars)
