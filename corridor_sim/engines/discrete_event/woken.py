"""Facilities that decide later: they wake when something may have changed, after all arrivals of that instant."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from corridor_sim.engines.discrete_event.wake import Wake

if TYPE_CHECKING:
    import simpy

NEVER_H = float("inf")
LAST_RANK = 2**62
"""Event priority after every arrival of an instant."""


class Woken(ABC):
    """A facility that is woken; of several wakes it is told to have, the earliest counts.

    Parameters
    ----------
    env
        The lane's clock.
    order
        Its turn among facilities that wake at the same instant.
    """

    def __init__(self, env: simpy.Environment, order: int) -> None:
        self._env = env
        self._rank = LAST_RANK + order
        self._wakes_h = NEVER_H

    def wake(self, at_h: float) -> None:
        """Wake at an instant, or earlier where that is planned already."""
        if at_h < self._wakes_h:
            self._wakes_h = at_h
            timer = Wake(self._env, at_h, self._rank)
            timer.callbacks.append(lambda _: self._on(at_h))

    def _on(self, at_h: float) -> None:
        if at_h == self._wakes_h:  # else an earlier one took its place
            self._wakes_h = NEVER_H
            self.decide(at_h)

    @abstractmethod
    def decide(self, now_h: float) -> None:
        """Decide what can be decided now, and wake again when there may be more."""
