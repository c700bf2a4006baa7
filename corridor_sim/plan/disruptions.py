"""Drawn disruptions: when they strike in one lane, what they hit, and the calendars that result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.distributions import Distribution
from corridor_sim.plan.kinds import Occurrence

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.foundation.calendars import Calendar
    from corridor_sim.foundation.random_streams import RandomStreams
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]


def draw_interruptions(plan: Plan, streams: RandomStreams, replication: int) -> tuple[Calendar, ...]:
    """Return the calendar of every facility (places, then services) in one lane."""
    hits: dict[int, list[tuple[float, float, float]]] = {}
    for row in range(len(plan.disruptions)):
        for facility, start_h, stop_h, factor in _events(plan, row, streams, replication):
            hits.setdefault(facility, []).append((start_h, stop_h, factor))
    base = plan.facility_calendars
    return tuple(
        calendar.with_intervals(hits[i], plan.end_h) if i in hits else calendar for i, calendar in enumerate(base)
    )


def _events(plan: Plan, row: int, streams: RandomStreams, replication: int) -> list[tuple[int, float, float, float]]:
    """Events of one disruption as (facility, start_h, stop_h, factor)."""
    table = plan.disruptions
    generator = streams.generator(f"disruption/{table.id[row]}", replication)
    found = []
    for start, stop in zip(table.window_from_h[row], table.window_until_h[row], strict=True):
        once = Occurrence(int(table.occurrence[row])) is Occurrence.ONCE
        n = 1 if once else int(generator.poisson(table.rate_per_h[row] * (stop - start)))
        starts = np.sort(start + (stop - start) * generator.random(n))
        durations = Distribution.of(table.duration[row].tolist()).sample(generator, n)
        factors = Distribution.of(table.factor[row].tolist()).sample(generator, n)
        targets, group = table.target_idx[row], table.target_group[row]
        picks = generator.integers(group.max() + 1, size=n)
        for at, duration, factor, pick in zip(starts, durations, factors, picks, strict=True):
            hit = np.flatnonzero(group == pick) if table.choose_one[row] else range(targets.size)
            found += [
                (
                    int(targets[k]),
                    float(at),
                    float(at + duration),
                    float(table.target_base[row][k] + table.target_slope[row][k] * factor),
                )
                for k in hit
            ]
    return found
