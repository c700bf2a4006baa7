"""Closed pools: equipment that comes back, or room in a yard."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_sim.engines.discrete_event.woken import Woken
from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    from collections.abc import Sequence

    import simpy
    from simpy.events import Event


@dataclass(frozen=True)
class Base:
    """Where a pool stands.

    Parameters
    ----------
    stock
        What stands there at first.
    keep
        What is given back beyond this goes home empty, unless somebody waits for it.
    home
        Base that empties go to; -1: they stay.
    empty_h
        Hours of that.
    """

    stock: float
    keep: float
    home: int
    empty_h: float


class Pool(Woken):
    """What is taken at a base comes back to this or another one; those who wait at a base get it in order.

    Parameters
    ----------
    env, order
        See `Woken`.
    bases
        Where it stands.
    """

    def __init__(self, env: simpy.Environment, order: int, bases: Sequence[Base]) -> None:
        super().__init__(env, order)
        self._bases = bases
        self._stock = [b.stock for b in bases]
        self._given = [0.0 for _ in bases]
        self._waiting: list[deque[tuple[float, Event]]] = [deque() for _ in bases]
        self._empties: list[deque[tuple[float, float]]] = [deque() for _ in bases]

    def take(self, base: int, amount: float) -> Event:
        """Wait for an amount at a base; the event happens when it is there, its values are then and a tick later, h."""
        taken = self._env.event()
        self._waiting[base].append((amount, taken))
        self.wake(self._env.now)
        return taken

    def give(self, base: int, amount: float) -> None:
        """Give an amount back at a base."""
        self._given[base] += amount
        self.wake(self._env.now)

    def decide(self, now_h: float) -> None:
        """Take in what comes, serve those who wait, send the rest home."""
        for base, empties in zip(self._bases, self._empties, strict=True):
            while empties and empties[0][0] <= now_h:
                self._stock[base.home] += empties.popleft()[1]
        for k, waiting in enumerate(self._waiting):
            self._stock[k] += self._given[k]
            while waiting and waiting[0][0] <= self._stock[k]:
                amount, taken = waiting.popleft()
                self._stock[k] -= amount
                taken.succeed((now_h, now_h + TICK_H))
        for k, base in enumerate(self._bases):
            surplus = min(self._given[k], self._stock[k] - base.keep)
            self._given[k] = 0.0
            if base.home >= 0 and surplus > 0 and not self._waiting[k]:
                self._stock[k] -= surplus
                self._empties[k].append((now_h + base.empty_h, surplus))
            if self._empties[k]:
                self.wake(self._empties[k][0][0])
