"""One object per stage of the plan: takes an arrival, says when it leaves, and records both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from simpy.events import Event

from corridor_sim.engines.discrete_event.wake import Wake
from corridor_sim.engines.discrete_event.woken import NEVER_H
from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    import numpy as np
    import numpy.typing as npt
    import simpy

    from corridor_sim.engines.discrete_event.attended import Attended
    from corridor_sim.engines.discrete_event.facilities import Formation, Sailings, Servers
    from corridor_sim.engines.discrete_event.pools import Pool
    from corridor_sim.engines.discrete_event.tracks import SingleTrack
    from corridor_sim.foundation.calendars import Calendar

    Floats = npt.NDArray[np.float64]
    Journey = Generator[Event, Any, None]

NAN = float("nan")


class Step(ABC):
    """A stage as the engine runs it: three lists that fill up as consignments pass.

    Parameters
    ----------
    n_rows
        Rows of the stage's events: consignments times units.
    """

    __slots__ = ("arrive_h", "depart_h", "start_h")

    def __init__(self, n_rows: int) -> None:
        self.arrive_h = [NAN] * n_rows
        self.start_h = [NAN] * n_rows
        self.depart_h = [NAN] * n_rows

    @abstractmethod
    def admit(self, row: int, now_h: float) -> float | Event:
        """Take the arrival of a row now.

        Returns
        -------
        When it leaves, h (infinite: never), or an event that happens when that is known and has it as its value.
        """

    def _then(self, started: Event, row: int) -> Event:
        """Return the event that happens with an event whose values are start and departure, once they are recorded."""
        leaves: Event = started.env.event()

        def record(event: Event) -> None:
            start_h, depart_h = event.value  # type: ignore[misc]  # what it succeeded with
            leaves.succeed(self._record(row, self.arrive_h[row], start_h, depart_h))

        started.callbacks.append(record)
        return leaves

    def _record(self, row: int, arrive_h: float, start_h: float, depart_h: float) -> float:
        self.arrive_h[row] = arrive_h
        self.start_h[row] = start_h
        self.depart_h[row] = depart_h
        return depart_h


def walk(env: simpy.Environment, route: Sequence[Step], row: int, rank: int) -> Journey:
    """Take one consignment, or one unit of it, through its stages: the process behind everything that moves."""
    for step in route:
        departs = step.admit(row, env.now)
        if isinstance(departs, Event):
            departs = yield departs
        if departs == NEVER_H:
            return
        yield Wake(env, departs, rank)


class PlainStep(Step):
    """A hold or a move along a section: starts at once, ends when its open time has passed."""

    __slots__ = ("_calendar", "_work_h")

    def __init__(self, n_rows: int, work_h: Floats, calendar: Calendar) -> None:
        super().__init__(n_rows)
        self._work_h = work_h.tolist()
        self._calendar = calendar

    def admit(self, row: int, now_h: float) -> float:
        """Start at once."""
        return self._record(row, now_h, now_h, self._calendar.after(now_h, self._work_h[row]))


class QueueStep(Step):
    """A visit to a place with servers."""

    __slots__ = ("_occupancy_h", "_serve", "_service_h")

    def __init__(self, n_rows: int, service_h: Floats, occupancy_h: Floats, servers: Servers) -> None:
        super().__init__(n_rows)
        self._service_h = service_h.tolist()
        self._occupancy_h = occupancy_h.tolist()
        self._serve = servers.serve

    def admit(self, row: int, now_h: float) -> float:
        """Start when a server is free and open."""
        return self._record(row, now_h, *self._serve(now_h, self._service_h[row], self._occupancy_h[row]))


class AttendedStep(Step):
    """A visit to a place with classes of priority."""

    __slots__ = ("_holds", "_occupancy_h", "_place", "_priority", "_ranks", "_service_h")

    def __init__(
        self, ranks: list[int], service_h: Floats, occupancy_h: Floats, place: Attended, priority: int, *, holds: bool
    ) -> None:
        super().__init__(len(ranks))
        self._ranks, self._service_h, self._occupancy_h = ranks, service_h.tolist(), occupancy_h.tolist()
        self._place, self._priority, self._holds = place, priority, holds

    def admit(self, row: int, now_h: float) -> Event:
        """Wait for a server; the event happens when the departure is known."""
        self.arrive_h[row] = now_h
        hours = self._service_h[row], self._occupancy_h[row]
        return self._then(self._place.ask(self._priority, self._ranks[row], *hours, holds=self._holds), row)


class SailStep(Step):
    """A wait for a ship with room."""

    __slots__ = ("_board", "_load")

    def __init__(self, n_rows: int, load: Floats, sailings: Sailings) -> None:
        super().__init__(n_rows)
        self._load = load.tolist()
        self._board = sailings.board

    def admit(self, row: int, now_h: float) -> float:
        """Board the first departure that has room."""
        return self._record(row, now_h, *self._board(now_h, self._load[row]))


class FormStep(Step):
    """A wait until a train or convoy has formed."""

    __slots__ = ("_formation",)

    def __init__(self, n_rows: int, formation: Formation) -> None:
        super().__init__(n_rows)
        self._formation = formation

    def admit(self, row: int, now_h: float) -> Event:
        """Join the batch in the making; the event happens when it leaves."""
        self.arrive_h[row] = now_h
        leaves = self._formation.join()
        leaves.callbacks.append(lambda event: self._left(row, now_h, event.value))
        return leaves

    def _left(self, row: int, arrive_h: float, depart_h: float) -> None:
        self._record(row, arrive_h, depart_h - TICK_H, depart_h)


class TrackStep(Step):
    """A run over a single track, one way."""

    __slots__ = ("_gap_h", "_ranks", "_run_h", "_side", "_track")

    def __init__(self, ranks: list[int], run_h: Floats, gap_h: Floats, track: SingleTrack, side: int) -> None:
        super().__init__(len(ranks))
        self._ranks, self._run_h, self._gap_h = ranks, run_h.tolist(), gap_h.tolist()
        self._track, self._side = track, side

    def admit(self, row: int, now_h: float) -> Event:
        """Ask for the track; the event happens on leaving it being known."""
        self.arrive_h[row] = now_h
        return self._then(self._track.ask(self._side, self._ranks[row], self._run_h[row], self._gap_h[row]), row)


class TakeStep(Step):
    """A wait for equipment, or for room in a yard; perhaps with the server of the place before held meanwhile."""

    __slots__ = ("_amount", "_base", "_blocked", "_pool", "_ranks")

    def __init__(self, ranks: list[int], pool: Pool, base: int, amount: float, blocked: Attended | None) -> None:
        super().__init__(len(ranks))
        self._ranks, self._pool, self._base, self._amount, self._blocked = ranks, pool, base, amount, blocked

    def admit(self, row: int, now_h: float) -> Event:
        """Wait; the event happens when it goes on."""
        self.arrive_h[row] = now_h
        taken = self._pool.take(self._base, self._amount)
        if self._blocked is not None:
            place, rank = self._blocked, self._ranks[row]
            taken.callbacks.append(lambda event: place.release(rank, event.env.now))
        return self._then(taken, row)


class GiveStep(Step):
    """Equipment or room is given back."""

    __slots__ = ("_amount", "_base", "_pool")

    def __init__(self, n_rows: int, pool: Pool, base: int, amount: float) -> None:
        super().__init__(n_rows)
        self._pool, self._base, self._amount = pool, base, amount

    def admit(self, row: int, now_h: float) -> float:
        """Give it back and go on."""
        self._pool.give(self._base, self._amount)
        return self._record(row, now_h, now_h, now_h + TICK_H)


class GatherStep(Step):
    """Where the units of a consignment meet again."""

    __slots__ = ("_all_in", "_missing", "_n_units")

    def __init__(self, n_rows: int, n_units: int) -> None:
        super().__init__(n_rows)
        self._n_units = n_units
        self._missing: dict[int, int] = {}
        self._all_in: dict[int, Event] = {}

    def expect(self, member: int, all_in: Event) -> None:
        """Announce the units of one consignment; ``all_in`` happens when the last of them has arrived."""
        self._missing[member] = self._n_units
        self._all_in[member] = all_in

    def admit(self, row: int, now_h: float) -> float:
        """Wait for the others. Units end here, the consignment goes on by itself."""
        member = row // self._n_units
        self.arrive_h[row] = now_h
        self._missing[member] -= 1
        if self._missing[member] == 0:
            for unit_row in range(member * self._n_units, (member + 1) * self._n_units):
                self.start_h[unit_row] = now_h
                self.depart_h[unit_row] = now_h + TICK_H
            self._all_in.pop(member).succeed(now_h + TICK_H)
        return NEVER_H


class SplitStep(Step):
    """One consignment becomes units, which take the stages up to the gather by themselves.

    Parameters
    ----------
    env
        The lane's clock.
    ranks
        Rank of each consignment; its units get the ranks that follow.
    n_units
        Units per consignment.
    inner
        Stages of the units, the gather at the end.
    """

    __slots__ = ("_env", "_inner", "_n_units", "_ranks")

    def __init__(self, env: simpy.Environment, ranks: list[int], n_units: int, inner: Sequence[Step]) -> None:
        super().__init__(len(ranks))
        self._env = env
        self._ranks = ranks
        self._n_units = n_units
        self._inner = inner

    def admit(self, row: int, now_h: float) -> Event:
        """Send the units on their way; the event happens when the last has arrived at the gather."""
        depart_h = self._record(row, now_h, now_h, now_h + TICK_H)
        gather, all_in = self._inner[-1], self._env.event()
        if not isinstance(gather, GatherStep):
            raise TypeError("the stages of units must end with a gather")
        gather.expect(row, all_in)
        for unit in range(self._n_units):
            self._env.process(self._unit(row * self._n_units + unit, depart_h, self._ranks[row] + unit))
        return all_in

    def _unit(self, row: int, depart_h: float, rank: int) -> Journey:
        yield Wake(self._env, depart_h, rank)
        yield from walk(self._env, self._inner, row, rank)
