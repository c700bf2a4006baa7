"""Single track between passing loops: both directions share it, and meet at its ends."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_sim.engines.discrete_event.woken import Woken
from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    import simpy
    from simpy.events import Event

    from corridor_sim.foundation.calendars import Calendar


class Loop:
    """A passing loop: its tracks are limited, and of one direction it takes one train less than it has tracks.

    So a train that is the first of its direction always finds room at the next loop, whatever comes towards it: its
    track is free of opposing trains some time, it goes on, and the one behind it is the first after it. No set of
    trains can wait for each other in a circle.

    Parameters
    ----------
    n_tracks
        At least 2.
    """

    def __init__(self, n_tracks: int) -> None:
        self.tracks: list[SingleTrack] = []
        """Tracks that end here."""
        self._n_tracks = n_tracks
        self._taken = [0, 0]
        self._left_h = [-1.0, -1.0]
        self._n_left = [0, 0]

    def has_room(self, side: int, now_h: float) -> bool:
        """Whether a train of a direction may be sent here; who left at this very instant still counts."""
        mine, other = (self._taken[k] + (self._n_left[k] if self._left_h[k] == now_h else 0) for k in (side, 1 - side))
        return mine < self._n_tracks - 1 and mine + other < self._n_tracks

    def changes(self, now_h: float) -> bool:
        """Whether somebody leaves at this very instant: there is more room a tick later."""
        return now_h in self._left_h

    def take(self, side: int) -> None:
        """Keep a track for a train that sets out to come here."""
        self._taken[side] += 1

    def leave(self, side: int, now_h: float) -> None:
        """Give its track back, from a tick later on."""
        self._taken[side] -= 1
        self._n_left[side] = 1 + (self._n_left[side] if self._left_h[side] == now_h else 0)
        self._left_h[side] = now_h
        for track in self.tracks:
            track.wake(now_h + TICK_H)


@dataclass(frozen=True)
class _Request:
    arrive_h: float
    rank: int
    run_h: float
    gap_h: float
    entered: Event


class SingleTrack(Woken):
    """A track from one loop or station to the next.

    Trains enter in the order of their requests, those left out for which the loop at the other end has no room. One
    that follows enters and leaves a headway after the one before at least; one the other way waits until the track is
    clear, and a while more.

    Parameters
    ----------
    env, order
        See `Woken`.
    calendar
        When trains may enter; runs take its open time.
    working_h
        From when a train has left until one the other way may enter, h.
    loops
        Loops at its beginning and its end; None at a station.
    """

    def __init__(
        self,
        env: simpy.Environment,
        order: int,
        calendar: Calendar,
        working_h: float,
        loops: tuple[Loop | None, Loop | None],
    ) -> None:
        super().__init__(env, order)
        self._calendar, self._working_h, self._loops = calendar, working_h, loops
        for loop in loops:
            if loop is not None:
                loop.tracks.append(self)
        self._waiting: tuple[deque[_Request], deque[_Request]] = deque(), deque()
        self._side = -1
        self._entered_h = self._gap_h = self._left_h = 0.0

    def ask(self, side: int, rank: int, run_h: float, gap_h: float) -> Event:
        """Ask to run; the event happens on entry, its values are the times of entry and of leaving, h."""
        request = _Request(self._env.now, rank, run_h, gap_h, self._env.event())
        self._waiting[side].append(request)
        self.wake(self._env.now)
        return request.entered

    def decide(self, now_h: float) -> None:
        """Let trains in."""
        while (side := self._next(now_h)) >= 0:
            possible_h = self._possible_h(side, now_h)
            if possible_h > now_h:
                self.wake(possible_h)
                return
            self._enter(side, now_h)

    def _next(self, now_h: float) -> int:
        """Return the direction whose first request comes first, of those that have room ahead; -1: none."""
        chosen = -1
        for side in (0, 1):
            ahead = self._loops[1 - side]
            if not self._waiting[side]:
                continue
            if ahead is not None and not ahead.has_room(side, now_h):
                if ahead.changes(now_h):
                    self.wake(now_h + TICK_H)
                continue
            first = self._waiting[side][0]
            best = self._waiting[chosen][0] if chosen >= 0 else None
            if best is None or (first.arrive_h, first.rank) < (best.arrive_h, best.rank):
                chosen = side
        return chosen

    def _possible_h(self, side: int, now_h: float) -> float:
        """Return when a train of a direction can enter, as things stand, h."""
        possible_h = now_h
        if self._side >= 0:
            follows = self._side == side
            possible_h = max(now_h, self._entered_h + self._gap_h if follows else self._left_h + self._working_h)
        if self._calendar.rate_at(possible_h) == 0.0:
            opens_h = self._calendar.start_time_at(self._calendar.open_time_at(possible_h))
            possible_h = max(opens_h, possible_h + TICK_H)
        return possible_h

    def _enter(self, side: int, now_h: float) -> None:
        request = self._waiting[side].popleft()
        leaves_h = self._calendar.after(now_h, request.run_h)
        if self._side == side:
            leaves_h = max(leaves_h, self._left_h + self._gap_h)
        self._side, self._entered_h, self._gap_h, self._left_h = side, now_h, request.gap_h, leaves_h
        behind, ahead = self._loops[side], self._loops[1 - side]
        if ahead is not None:
            ahead.take(side)
        if behind is not None:
            behind.leave(side, now_h)
        request.entered.succeed((now_h, leaves_h))
