"""What is drawn for a lane of a gas run: when phases start, which strings are closed, which sets are out, cold spells.

Every draw has a stream named after what it drives, so that adding a station or an event leaves the others as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.distributions import Distribution

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.foundation.random_streams import RandomStreams
    from corridor_sim.plan.gas import GasLine, GasPlan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

H_PER_DAY = 24.0
SPARE_DRAWS = 6.0
"""Standard deviations beyond the mean for which outages are drawn at once."""
CAUSES = ("maintenance", "break", "landslide")
"""Why a string is closed."""


@dataclass(frozen=True, eq=False)
class GasLanes:
    """Drawn days of some lanes."""

    start_h: Floats
    """(n_lanes, n_phases) when each phase stands, h; may lie beyond the horizon."""
    state: Ints
    """(n_lanes, n_days) phase reached: 0 before the first."""
    closed: tuple[Bools, ...]
    """Per line (n_lanes, n_days, n_sections x n_slots) strings that are closed."""
    cause: Ints
    """(n_lanes, n_days) 1 + row of `CAUSES` of what closes a string, the last one that began; 0: nothing is closed."""
    units_out: tuple[npt.NDArray[np.int16], ...]
    """Per line (n_lanes, n_days, n_stations) sets that are out."""
    cold: Bools
    """(n_lanes, n_days)"""


def draw_gas(
    plan: GasPlan, streams: RandomStreams, replications: Sequence[int], ready_h: Floats | None = None
) -> GasLanes:
    """Draw lanes.

    Parameters
    ----------
    plan, streams, replications
        What, by which seed, which lanes.
    ready_h
        (n_lanes, n_phases) earliest start of each phase where freight decides it; none by default.
    """
    n, days = len(replications), plan.n_days
    start_h = _starts(plan, streams, replications, ready_h)
    midnight_h = H_PER_DAY * np.arange(days)
    state = (start_h[:, None, :] <= midnight_h[None, :, None]).sum(axis=2)
    closed = tuple(np.zeros((n, days, x.n_sections * len(x.strings)), dtype=bool) for x in plan.lines)
    cause = np.zeros((n, days), dtype=np.int64)
    for event in range(len(plan.events.id)):
        _close(plan, streams, replications, event, closed, cause)
    units_out = tuple(_units_out(plan, line, streams, replications) for line in plan.lines)
    cold = np.stack([_cold(plan, streams, r) for r in replications])
    return GasLanes(start_h, state, closed, cause, units_out, cold)


def _starts(plan: GasPlan, streams: RandomStreams, replications: Sequence[int], ready_h: Floats | None) -> Floats:
    """Draw the starts: as planned plus a slip, never before the phase before (nor before the pipes came)."""
    phases = plan.phases
    start = np.empty((len(replications), len(phases.id)))
    for k, name in enumerate(phases.id):
        slip = Distribution.of(phases.slip[k].tolist())
        for row, replication in enumerate(replications):
            start[row, k] = slip.sample(streams.generator(f"gas/phase/{name}/slip", replication), 1)[0]
        start[:, k] += phases.planned_h[k]
    if ready_h is not None:
        start = np.maximum(start, ready_h)
    return np.asarray(np.maximum.accumulate(start, axis=1))


def _close(
    plan: GasPlan,
    streams: RandomStreams,
    replications: Sequence[int],
    event: int,
    closed: tuple[Bools, ...],
    cause: Ints,
) -> None:
    """Close strings by one event, in every lane."""
    e = plan.events
    line = plan.lines[e.line_idx[event]]
    first, n_sections, n_slots = int(e.first_section[event]), int(e.n_sections[event]), len(line.strings)
    number = 1 + CAUSES.index(e.cause[event])
    target = closed[e.line_idx[event]]
    sections = np.arange(first, first + n_sections)
    if e.rate_per_h[event] == 0:  # dated: the whole stretch, every year
        inside = _in_window(plan, e.window[event])
        target[:, inside[:, None] & np.isin(np.arange(target.shape[2]), sections * n_slots + e.slot_idx[event])] = True
        cause[:, inside] = number
        return
    edges = np.cumsum(line.length_m[sections]) / line.length_m[sections].sum()
    for row, replication in enumerate(replications):
        days, lengths, where = _events(plan, streams, f"gas/event/{e.id[event]}", replication, e.rate_per_h[event],
                                       e.window[event], e.duration[event])  # fmt: skip
        for day, length, place in zip(days, lengths, where, strict=True):
            section = first + min(int(np.searchsorted(edges, place, side="right")), n_sections - 1)
            span = slice(int(day), int(day) + max(1, round(float(length) / H_PER_DAY)))
            target[row, span, section * n_slots + e.slot_idx[event]] = True
            cause[row, span] = number


def _events(  # an event process and where it is drawn from
    plan: GasPlan, streams: RandomStreams, stream: str, replication: int, rate_per_h: float, window: Ints,
    duration: Floats,
) -> tuple[Ints, Floats, Floats]:  # fmt: skip
    """Draw a Poisson process over the days of a window: days, durations, places in 0..1."""
    open_days = np.flatnonzero(_in_window(plan, window))
    expected = rate_per_h * H_PER_DAY * open_days.size
    if expected == 0:
        return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)
    most = int(expected + SPARE_DRAWS * np.sqrt(expected) + 8)
    generator = streams.generator(stream, replication)
    gaps = generator.standard_exponential(most)
    places = generator.random(most)
    lengths = Distribution.of(duration.tolist()).sample(generator, most)
    at = (np.cumsum(gaps) / (rate_per_h * H_PER_DAY)).astype(np.int64)
    here = at < open_days.size
    return open_days[at[here]], lengths[here], places[here]


def _in_window(plan: GasPlan, window: Ints) -> Bools:
    first, last = int(window[0]), int(window[1])
    day = plan.day_of_year
    if first <= last:
        return np.asarray((day >= first) & (day <= last))
    return np.asarray((day >= first) | (day <= last))


def _units_out(
    plan: GasPlan, line: GasLine, streams: RandomStreams, replications: Sequence[int]
) -> npt.NDArray[np.int16]:
    """Count the sets of each station that are out: each fails and is mended by itself, in turns."""
    out = np.zeros((len(replications), plan.n_days, len(line.stations)), dtype=np.int16)
    horizon_h = plan.n_days * H_PER_DAY
    for s, name in enumerate(line.stations):
        share, repair_h = float(line.unit_out_frac[s]), float(line.unit_repair_h[s])
        if share <= 0:
            continue
        up_h = repair_h * (1 - share) / share
        turns = int(horizon_h / (up_h + repair_h))
        turns += int(SPARE_DRAWS * np.sqrt(turns) + 8)
        for row, replication in enumerate(replications):
            generator = streams.generator(f"gas/station/{name}/sets", replication)
            x = generator.standard_exponential((int(line.n_units[s]), turns, 2)) * (up_h, repair_h)
            ends = np.cumsum(x.reshape(len(x), -1), axis=1)
            # out on a day if it is out at noon: whole days then add up to the share of the time
            noons = np.minimum(ends / H_PER_DAY + 0.5, plan.n_days).astype(np.int64)
            fails, mended = noons[:, 0::2], noons[:, 1::2]
            change = np.bincount(fails.ravel(), minlength=plan.n_days + 1).astype(np.int64)
            change -= np.bincount(mended.ravel(), minlength=plan.n_days + 1)
            out[row, :, s] = np.cumsum(change)[: plan.n_days]
    return out


def _cold(plan: GasPlan, streams: RandomStreams, replication: int) -> Bools:
    cold = np.zeros(plan.n_days, dtype=bool)
    days, lengths, _ = _events(
        plan, streams, "gas/cold-spells", replication, plan.cold_rate_per_h, plan.cold_window, plan.cold_duration
    )
    for day, length in zip(days, lengths, strict=True):
        cold[int(day) : int(day) + max(1, round(float(length) / H_PER_DAY))] = True
    return cold
