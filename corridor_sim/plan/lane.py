"""A lane: one replication of a plan with everything random drawn, the same input for every engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.distributions import Distribution
from corridor_sim.foundation.time_grid import durations_to_grid, to_grid
from corridor_sim.plan.disruptions import draw_interruptions
from corridor_sim.plan.kinds import Basis, ReleasePattern, StageKind

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.foundation.calendars import Calendar
    from corridor_sim.foundation.random_streams import RandomStreams
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Lane:
    """One replication, drawn.

    Consignments are numbered flow by flow and, within a flow, in order of release: that number is their rank in ties.
    """

    replication: int
    flow_idx: Ints
    """(n_consignments,) flow of each consignment."""
    release_h: Floats
    load_t: Floats
    load_teu: Floats
    itinerary_idx: Ints
    members: tuple[Ints, ...]
    """Per itinerary: its consignments, in order."""
    service_h: tuple[Floats, ...]
    """Per stage: (n_members * n_units,) hours of work, on the grid; empty for split, gather, form and sail."""
    occupancy_h: tuple[Floats, ...]
    """Per stage: hours of open time for which a server is taken; empty unless the stage is a queue."""
    calendars: tuple[Calendar, ...]
    """Per facility (places, then services), drawn disruptions included."""

    @property
    def n_consignments(self) -> int:
        """Number of consignments released before the end of the horizon."""
        return self.flow_idx.size


def draw_lane(plan: Plan, streams: RandomStreams, replication: int) -> Lane:
    """Draw releases, itineraries, durations and disruptions of one replication.

    Parameters
    ----------
    plan
        The plan.
    streams
        Source of randomness; only its seed matters, not what was drawn before.
    replication
        Number of the replication, from 0.
    """
    releases = [_draw_releases(plan, i, streams, replication) for i in range(len(plan.flows))]
    counts = [r.size for r in releases]
    flow_idx = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    factors = [_load_factors(plan, i, r) for i, r in enumerate(releases)]
    release_h = np.concatenate([*releases, np.empty(0)])
    factor = np.concatenate([*factors, np.empty(0)])
    load_t = plan.flows.load_t[flow_idx] * factor
    load_teu = plan.flows.load_teu[flow_idx] * factor
    itinerary_idx = _draw_itineraries(plan, releases, streams, replication)
    first = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    members = tuple(np.flatnonzero(itinerary_idx == i) for i in range(len(plan.itineraries)))
    lane = Lane(
        replication, flow_idx, release_h, load_t, load_teu, itinerary_idx, members, (), (),
        draw_interruptions(plan, streams, replication),
    )  # fmt: skip
    service, occupancy = _draw_durations(plan, lane, first, streams)
    return replace(lane, service_h=service, occupancy_h=occupancy)


def _draw_releases(plan: Plan, flow: int, streams: RandomStreams, replication: int) -> Floats:
    """Release times of one flow, h, increasing, before the end of the horizon."""
    t_h, cum = plan.flows.release_t_h[flow], plan.flows.release_cum[flow]
    pattern = ReleasePattern(int(plan.flows.pattern[flow]))
    if pattern is ReleasePattern.TIMETABLE:
        times = t_h
    else:
        total = float(cum[-1])
        generator = streams.generator(f"{plan.flows.id[flow]}/release", replication)
        if pattern is ReleasePattern.EVEN:
            n = int(np.floor(total)) + 1
            at = np.arange(n) + generator.random()
        else:
            # gaps of a unit-rate Poisson process, with room to spare; the tail beyond the horizon is cut
            n = int(total + 10 * np.sqrt(total) + 20)
            at = np.cumsum(generator.standard_exponential(n))
        times = np.interp(at[at < total], cum, t_h)
    times = to_grid(times)
    return np.asarray(times[(times >= 0) & (times < plan.end_h)])


def _load_factors(plan: Plan, flow: int, release_h: Floats) -> Floats:
    piece = np.searchsorted(plan.flows.load_from_h[flow], release_h, side="right") - 1
    return np.asarray(plan.flows.load_factor[flow][piece])


def _draw_itineraries(plan: Plan, releases: list[Floats], streams: RandomStreams, replication: int) -> Ints:
    """Itinerary of every consignment, by shares among those valid at its release."""
    chosen = []
    for flow, release_h in enumerate(releases):
        rows = np.flatnonzero(plan.itineraries.flow_idx == flow)
        if rows.size == 1:
            chosen.append(np.full(release_h.size, rows[0], dtype=np.int64))
            continue
        valid = (plan.itineraries.valid_from_h[rows, None] <= release_h) & (
            release_h < plan.itineraries.valid_until_h[rows, None]
        )
        cum = np.cumsum(plan.itineraries.share[rows, None] * valid, axis=0)
        u = streams.generator(f"{plan.flows.id[flow]}/route", replication).random(release_h.size)
        pick = (u * cum[-1] >= cum).sum(axis=0)
        chosen.append(rows[np.minimum(pick, rows.size - 1)])
    return np.concatenate([*chosen, np.empty(0, dtype=np.int64)])


def _draw_durations(
    plan: Plan, lane: Lane, first_of_flow: Ints, streams: RandomStreams
) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
    """Service and occupancy of every stage, unit by unit.

    A factor is drawn for every consignment of the flow, whether or not it takes the itinerary: who goes where then
    changes nobody else's luck.
    """
    stages, draws = plan.stages, plan.draws
    n_flow = np.diff(first_of_flow)
    factors: dict[int, Floats] = {}

    def factor(draw: int, members: Ints) -> Floats | float:
        if draw < 0:
            return 1.0
        if draw not in factors:
            flow, units = int(draws.flow_idx[draw]), int(draws.n_units[draw])
            generator = streams.generator(draws.stream[draw], lane.replication)
            values = Distribution.of(draws.factor[draw].tolist()).sample(generator, int(n_flow[flow]) * units)
            factors[draw] = values.reshape(-1, units)[members - first_of_flow[flow]]
        return factors[draw]

    service: list[Floats] = []
    occupancy: list[Floats] = []
    for itinerary, members in enumerate(lane.members):
        factors.clear()
        for s in plan.stage_range(itinerary):
            kind = StageKind(int(stages.kind[s]))
            timed = kind in (StageKind.HOLD, StageKind.TRAVEL, StageKind.QUEUE)
            work = _hours(plan, lane, s, members, stages.service_mean_h, stages.service_basis) if timed else None
            service.append(_grid(work, factor(int(stages.service_draw_idx[s]), members)))
            taken = (
                _hours(plan, lane, s, members, stages.occupancy_mean_h, stages.occupancy_basis)
                if kind is StageKind.QUEUE
                else None
            )
            occupancy.append(_grid(taken, factor(int(stages.occupancy_draw_idx[s]), members)))
    return tuple(service), tuple(occupancy)


def _grid(hours: Floats | None, factor: Floats | float) -> Floats:
    return np.empty(0) if hours is None else durations_to_grid(hours * factor).ravel()


def _hours(plan: Plan, lane: Lane, stage: int, members: Ints, mean_h: Floats, basis: Ints) -> Floats:
    """Mean hours of every unit at one stage, before the random factor: (n_members, n_units)."""
    units = int(plan.stages.n_units[stage])
    match Basis(int(basis[stage])):
        case Basis.CONSIGNMENT:
            amount = np.full(members.size, 1.0 / units)
        case Basis.UNIT:
            amount = np.ones(members.size)
        case Basis.TONNE:
            amount = lane.load_t[members] / units
        case Basis.TEU:
            amount = lane.load_teu[members] / units
        case Basis.PATH:
            teu, t = lane.load_teu[members], lane.load_t[members]
            by_teu = (teu > 0) & np.isfinite(plan.stages.path_teu[stage])
            amount = np.where(by_teu, teu / plan.stages.path_teu[stage], t / plan.stages.path_t[stage]) / units
    return np.repeat((mean_h[stage] * amount)[:, None], units, axis=1)
