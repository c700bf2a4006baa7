"""Drawn disruptions of the plan: windows, durations, factors, targets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.compiler.durations import as_distribution
from corridor_sim.foundation.time_axis import H_PER_YEAR
from corridor_sim.plan.kinds import Occurrence
from corridor_sim.plan.tables import DisruptionTable, Ragged

if TYPE_CHECKING:
    from corridor_sim.compiler.context import Context
    from corridor_sim.compiler.facilities import Facilities
    from corridor_sim.scenario.disruptions import Disruption, DisruptionTarget


def build_disruptions(context: Context, facilities: Facilities) -> DisruptionTable:
    """Build the disruptions that are drawn per lane; dated ones are part of the calendars."""
    drawn = {k: d for k, d in context.scenario.disruptions.items() if d.enabled and d.during is None}
    rows = list(drawn.values())
    windows = [_windows(context, d) for d in rows]
    hits = [_hits(d, facilities) for d in rows]
    return DisruptionTable(
        id=tuple(drawn),
        occurrence=np.array(
            [Occurrence.POISSON if d.rate is not None else Occurrence.ONCE for d in rows], dtype=np.int64
        ),
        rate_per_h=np.array([_rate_per_h(d, w) for d, w in zip(rows, windows, strict=True)], dtype=np.float64),
        window_from_h=Ragged.of([[a for a, _ in w] for w in windows]),
        window_until_h=Ragged.of([[b for _, b in w] for w in windows]),
        duration=Ragged.of([as_distribution(d.duration).parameters if d.duration else [] for d in rows]),
        factor=Ragged.of([as_distribution(d.factor).parameters for d in rows]),
        choose_one=np.array([d.choose == "one" for d in rows], dtype=bool),
        target_idx=Ragged.of([[i for i, _, _ in own] for own in hits], dtype=np.int64),
        target_group=Ragged.of([[group for _, group, _ in own] for own in hits], dtype=np.int64),
        target_base=Ragged.of([[t.base for _, _, t in own] for own in hits]),
        target_slope=Ragged.of([[t.slope for _, _, t in own] for own in hits]),
    )


def _hits(d: Disruption, facilities: Facilities) -> list[tuple[int, int, DisruptionTarget]]:
    """Facilities that a disruption hits, their group and the target that names them first.

    A line of several tracks is one group, also where both of its directions are named.
    """
    found: dict[int, tuple[int, int, DisruptionTarget]] = {}
    n_groups = 0
    for target in d.targets:
        fresh = [i for i in facilities.hit_by(target.target) if i not in found]
        found |= {i: (i, n_groups, target) for i in fresh}
        n_groups += bool(fresh)
    return list(found.values())


def _windows(context: Context, d: Disruption) -> list[tuple[float, float]]:
    """Windows that overlap the horizon, h. They are not cut to it: an event may have begun before hour 0."""
    period = d.start_window or d.window
    axis = context.axis
    if d.start_window is not None:
        # one event starts in each of them, and may last well into a horizon that starts later
        since = axis.start - timedelta(days=366)
        return [(axis.hours(a), axis.hours(b)) for a, b in period.intervals(since, axis.end)]
    return [(axis.hours(a), axis.hours(b)) for a, b in period.intervals(axis.start, axis.end)]


def _rate_per_h(d: Disruption, windows: list[tuple[float, float]]) -> float:
    """Events per hour inside the windows, so that a year sees the yearly rate."""
    if d.rate is None or not windows:
        return 0.0
    return d.rate.value / min(max(b - a for a, b in windows), H_PER_YEAR)
