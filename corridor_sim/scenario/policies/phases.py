"""Itineraries cut at dates, so that what changes on a day holds for what is released from then on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from corridor_sim.scenario.processes import VARIANT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from corridor_sim.scenario.itineraries import Itinerary


def cut_at(name: str, itinerary: Itinerary, dates: Iterable[datetime]) -> list[tuple[str, Itinerary]]:
    """Cut an itinerary at dates within its validity.

    Returns
    -------
    list of (id, Itinerary)
        In order of time; the itinerary itself where no date lies within. Later phases carry their first day in their
        id, as variants do, so that all of them draw the same random numbers.
    """
    begin, end = itinerary.valid_from, itinerary.valid_until
    last = None if end is None else end + timedelta(days=1)  # the first instant at which it is over
    inside = sorted(d for d in set(dates) if (begin is None or d > begin) and (last is None or d < last))
    phases = []
    for k in range(len(inside) + 1):
        since = inside[k - 1] if k else begin
        until = inside[k] - timedelta(days=1) if k < len(inside) else end
        phase_name = f"{name}{VARIANT}{inside[k - 1]:%Y-%m-%d}" if k else name
        phases.append((phase_name, itinerary.model_copy(update={"valid_from": since, "valid_until": until})))
    return phases
