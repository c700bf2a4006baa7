"""Events that happen in the order of ranks: what makes a tie a tie with one outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from simpy.events import Event

if TYPE_CHECKING:
    import simpy
    from simpy.events import EventPriority


class Wake(Event):
    """An event at a given instant; those of one instant happen in the order of their ranks."""

    def __init__(self, env: simpy.Environment, at_h: float, rank: int) -> None:
        self.env = env
        self.callbacks = []
        self._ok = True
        self._value = None
        env.schedule(self, cast("EventPriority", rank), at_h - env.now)  # any integer orders events
