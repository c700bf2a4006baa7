"""Places where somebody decides who is next: servers with classes of priority, no pre-emption."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_sim.engines.discrete_event.woken import NEVER_H, Woken
from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    from collections.abc import Sequence

    import simpy
    from simpy.events import Event

    from corridor_sim.foundation.calendars import Calendar


@dataclass(frozen=True)
class _Visitor:
    arrive_h: float
    arrive: float
    """In open time."""
    rank: int
    service_h: float
    occupancy_h: float
    holds: bool
    started: Event


class Attended(Woken):
    """Servers of a place that choose among those who wait when one of them gets free and is open.

    Next is who has the smallest class, and of a class who came first. With ageing, waiting makes up for class: next is
    who came first if everybody had come later by so many hours per class; so nobody waits for ever.

    Parameters
    ----------
    env, order
        See `Woken`.
    calendar
        Availability of the place; service and occupancy advance in its open time.
    from_h, until_h
        Per server: first instant it may start work, and the instant from which it starts no more, h.
    n_classes
        Classes of priority, from 0.
    ageing_h
        Hours of waiting that make up for one class; infinite: nothing does.
    """

    def __init__(
        self,
        env: simpy.Environment,
        order: int,
        calendar: Calendar,
        from_h: Sequence[float],
        until_h: Sequence[float],
        n_classes: int,
        ageing_h: float,
    ) -> None:
        super().__init__(env, order)
        self._calendar, self._ageing_h = calendar, ageing_h
        opened = [
            (calendar.open_time_at(b) if b < NEVER_H else NEVER_H, calendar.open_time_at(a))
            for a, b in zip(from_h, until_h, strict=True)
        ]
        # of servers that get free together the one that closes first is taken
        self._until = [until for until, _ in sorted(opened)]
        self._free = [free for _, free in sorted(opened)]
        self._waiting: list[deque[_Visitor]] = [deque() for _ in range(n_classes)]
        self._held: dict[int, tuple[int, float]] = {}

    def ask(self, priority: int, rank: int, service_h: float, occupancy_h: float, *, holds: bool) -> Event:
        """Wait to be served; the event happens at the start, its values are the times of start and departure, h.

        One that ``holds`` its server keeps it until `release`.
        """
        now_h = self._env.now
        visitor = _Visitor(
            now_h, self._calendar.open_time_at(now_h), rank, service_h, occupancy_h, holds, self._env.event()
        )  # fmt: skip
        self._waiting[priority].append(visitor)
        self.wake(now_h)
        return visitor.started

    def decide(self, now_h: float) -> None:
        """Give servers that are free and open to those who are next."""
        while (chosen := self._next()) >= 0 and (server := self._server(now_h)) >= 0:
            visitor = self._waiting[chosen][0]
            start = max(visitor.arrive, self._free[server])
            if start == visitor.arrive and self._calendar.rate_at(visitor.arrive_h) > 0.0:
                start_h = visitor.arrive_h
            else:
                start_h = max(visitor.arrive_h, self._calendar.start_time_at(start))
            if start_h > now_h:
                self.wake(start_h)
                return
            self._waiting[chosen].popleft()
            self._free[server] = start + visitor.occupancy_h
            if visitor.holds:
                self._held[visitor.rank] = server, self._free[server]
            depart_h = max(self._calendar.end_time_at(start + visitor.service_h), now_h + TICK_H)
            visitor.started.succeed((now_h, depart_h))

    def release(self, rank: int, now_h: float) -> None:
        """Let go of a server that was held, from a tick later on."""
        server, free = self._held.pop(rank)
        self._free[server] = max(free, self._calendar.open_time_at(now_h + TICK_H))
        self.wake(now_h + TICK_H)

    def _next(self) -> int:
        """Return the class whose first is next; -1: nobody waits."""
        chosen, best = -1, (0.0, 0.0, 0)
        for priority, line in enumerate(self._waiting):
            if line:
                first = line[0]
                if self._ageing_h == NEVER_H:
                    key = float(priority), first.arrive_h, first.rank
                else:
                    key = 0.0, first.arrive_h + priority * self._ageing_h, first.rank
                if chosen < 0 or key < best:
                    chosen, best = priority, key
        return chosen

    def _server(self, now_h: float) -> int:
        """Return the server that gets free first; -1: none will start again, as things stand."""
        now = self._calendar.open_time_at(now_h)
        held = {server for server, _ in self._held.values()}
        chosen = -1
        for k, until in enumerate(self._until):
            is_there = k not in held and max(self._free[k], now) < until  # else closed for good before it could start
            if is_there and (chosen < 0 or self._free[k] < self._free[chosen]):
                chosen = k
        return chosen
