"""Places and sailings of the discrete-event engine: who is served when.

Service is first come, first served with work known on arrival, so a place can say at once when a new arrival starts
and leaves: it keeps a diary of its servers instead of a waiting list. Arrivals must come in order of time and rank.
"""

from __future__ import annotations

from heapq import heapify, heappop, heapreplace
from typing import TYPE_CHECKING

from corridor_sim.engines.discrete_event.wake import Wake
from corridor_sim.engines.discrete_event.woken import LAST_RANK, NEVER_H
from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    from collections.abc import Sequence

    import simpy
    from simpy.events import Event

    from corridor_sim.foundation.calendars import Calendar


class Servers:
    """Servers of a place, each with the open time at which it is free next and at which it closes for good.

    Parameters
    ----------
    calendar
        Availability of the place; service and occupancy advance in its open time.
    from_h, until_h
        Per server: first instant it may start work, and the instant from which it starts no more, h.
    """

    __slots__ = ("_calendar", "_free")

    def __init__(self, calendar: Calendar, from_h: Sequence[float], until_h: Sequence[float]) -> None:
        self._calendar = calendar
        self._free = [
            (calendar.open_time_at(a), calendar.open_time_at(b) if b < NEVER_H else NEVER_H)
            for a, b in zip(from_h, until_h, strict=True)
        ]
        heapify(self._free)

    def serve(self, arrive_h: float, service_h: float, occupancy_h: float) -> tuple[float, float]:
        """Give the next arrival to the server that frees first; return its start and departure, h.

        The server is taken for ``occupancy_h`` hours of open time, the consignment stays for ``service_h``.
        Both are infinite when no server will ever start again.
        """
        calendar, free = self._calendar, self._free
        arrive = calendar.open_time_at(arrive_h)
        while free:
            first, until = free[0]
            start = max(first, arrive)
            if start < until:
                break
            heappop(free)  # closed for good before it could start; later arrivals cannot start earlier
        else:
            return NEVER_H, NEVER_H
        heapreplace(free, (start + occupancy_h, until))
        if start == arrive and calendar.rate_at(arrive_h) > 0.0:
            start_h = arrive_h  # at once; the way through open time and back may be a tick off
        else:
            start_h = max(arrive_h, calendar.start_time_at(start))
        return start_h, max(calendar.end_time_at(start + service_h), start_h + TICK_H)


class Sailings:
    """Dated departures: boards in order of arrival, what does not fit waits for the next and all behind it too.

    Parameters
    ----------
    departures_h
        Instants of departure, increasing, h.
    capacity
        Room of each departure, millionths of t or TEU (see `corridor_sim.plan.room`).
    """

    __slots__ = ("_capacity", "_departures_h", "_left", "_next")

    def __init__(self, departures_h: Sequence[float], capacity: Sequence[float]) -> None:
        self._departures_h = departures_h
        self._capacity = capacity
        self._next = -1
        self._left = 0.0

    def board(self, arrive_h: float, load: float) -> tuple[float, float]:
        """Return when the next arrival boards (the ship's departure) and when it has left, h."""
        departures = self._departures_h
        while self._next < 0 or departures[self._next] < arrive_h or load > self._left:
            self._next += 1
            if self._next >= len(departures):
                self._next = len(departures) - 1
                self._left = -1.0
                return NEVER_H, NEVER_H
            self._left = self._capacity[self._next]
        self._left -= load
        start_h = departures[self._next]
        return start_h, start_h + TICK_H


class Formation:
    """Consignments that form a train or convoy: it leaves when full, or a maximum wait after its first arrival.

    One that arrives at the instant at which the wait runs out still goes along.

    Parameters
    ----------
    env
        The lane's clock.
    size
        Consignments of a full train.
    max_wait_h
        Longest wait of the first arrival, h.
    """

    def __init__(self, env: simpy.Environment, size: int, max_wait_h: float) -> None:
        self._env = env
        self._size = size
        self._max_wait_h = max_wait_h
        self._waiting: list[Event] = []
        self._trains_left = 0

    def join(self) -> Event:
        """Join the train in the making; the event happens when it leaves, its value is the time just after, h."""
        joined = self._env.event()
        self._waiting.append(joined)
        if len(self._waiting) == self._size:
            self._leave()
        elif len(self._waiting) == 1:
            train = self._trains_left
            timer = Wake(self._env, self._env.now + self._max_wait_h, LAST_RANK)
            timer.callbacks.append(lambda _: self._leave() if train == self._trains_left else None)
        return joined

    def _leave(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._trains_left += 1
        for joined in waiting:
            joined.succeed(self._env.now + TICK_H)
