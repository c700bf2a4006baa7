"""Lanes drawn together: the same numbers as lane by lane, as arrays of lanes x consignments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.arena import Arena
from corridor_sim.foundation.distributions import Distribution
from corridor_sim.foundation.time_grid import TICK_H, TICKS_PER_H, to_grid
from corridor_sim.plan.disruptions import draw_interruptions
from corridor_sim.plan.kinds import OCCUPIED, Basis, ReleasePattern, StageKind
from corridor_sim.plan.lane import Lane

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.foundation.calendars import Calendar
    from corridor_sim.foundation.random_streams import RandomStreams
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

TIMED = (StageKind.HOLD, StageKind.TRAVEL, StageKind.QUEUE, StageKind.SINGLE_TRACK)


@dataclass(frozen=True, eq=False)
class Members:
    """Consignments of one itinerary (or one flow), a row per lane, in order of release, padded on the right."""

    count: Ints
    """(n_lanes,) how many there are; what lies beyond in a row is padding."""
    consignment: Ints
    """(n_lanes, n) number in the lane; padding goes on counting."""
    release_h: Floats
    """(n_lanes, n) h; padding is infinite."""
    load_t: Floats
    """(n_lanes, n); padding is 0."""
    load_teu: Floats

    @property
    def width(self) -> int:
        """Length of the rows."""
        return int(self.release_h.shape[1])

    def choose(self, chosen: npt.NDArray[np.bool_]) -> tuple[Members, Ints]:
        """Return those of a mask (n_lanes, n), packed to the left, and the column that each was in."""
        count = chosen.sum(axis=1)
        column = np.argsort(~chosen, axis=1, kind="stable")[:, : int(count.max(initial=0))]
        is_there = np.arange(column.shape[1]) < count[:, None]

        def take(values: npt.NDArray[np.float64], padding: float) -> Floats:
            return np.where(is_there, np.take_along_axis(values, column, axis=1), padding)

        packed = Members(
            count,
            np.take_along_axis(self.consignment, column, axis=1),
            take(self.release_h, np.inf),
            take(self.load_t, 0.0),
            take(self.load_teu, 0.0),
        )
        return packed, column


@dataclass(frozen=True, eq=False)
class Lanes:
    """Several replications, drawn. Rows of every array are lanes, in the order of ``replications``.

    Rows of a stage hold its consignments in order, unit by unit: column = member * n_units + unit.
    """

    replications: tuple[int, ...]
    flows: tuple[Members, ...]
    """Per flow: all its consignments."""
    itineraries: tuple[Members, ...]
    """Per itinerary: those that take it."""
    service_h: tuple[Floats, ...]
    """Per stage: (n_lanes, n_members * n_units) hours of work, on the grid; empty for split, gather, form and sail."""
    occupancy_h: tuple[Floats, ...]
    """Per stage: hours of open time for which a server is taken, or until the next train may follow on a single track;
    no columns for the others."""
    calendars: tuple[tuple[Calendar, ...], ...]
    """Per lane, per facility (places, then services, then tracks), drawn disruptions included."""

    def __len__(self) -> int:
        return len(self.replications)

    @property
    def n_consignments(self) -> Ints:
        """(n_lanes,) number of consignments released before the end of the horizon."""
        return np.asarray(np.sum([f.count for f in self.flows], axis=0))

    def lane(self, plan: Plan, row: int) -> Lane:
        """Return one of the lanes by itself."""
        n = [int(f.count[row]) for f in self.flows]
        columns = {
            name: np.concatenate([*(getattr(f, name)[row, :k] for f, k in zip(self.flows, n, strict=True)), []])
            for name in ("release_h", "load_t", "load_teu")
        }
        members = tuple(m.consignment[row, : m.count[row]] for m in self.itineraries)
        itinerary_idx = np.empty(sum(n), dtype=np.int64)
        for i, who in enumerate(members):
            itinerary_idx[who] = i
        rows = [self.itineraries[int(i)].count[row] * u for i, u in zip(plan.stages.itinerary_idx, plan.stages.n_units,
                                                                       strict=True)]  # fmt: skip
        return Lane(
            replication=self.replications[row],
            flow_idx=np.repeat(np.arange(len(n), dtype=np.int64), n),
            **columns,
            itinerary_idx=itinerary_idx,
            members=members,
            service_h=tuple(h[row, :k] for h, k in zip(self.service_h, rows, strict=True)),
            occupancy_h=tuple(h[row, :k] for h, k in zip(self.occupancy_h, rows, strict=True)),
            calendars=self.calendars[row],
        )


def draw_lane(plan: Plan, streams: RandomStreams, replication: int) -> Lane:
    """Draw one replication, see `draw_lanes`."""
    return draw_lanes(plan, streams, [replication]).lane(plan, 0)


def draw_lanes(plan: Plan, streams: RandomStreams, replications: Sequence[int], arena: Arena | None = None) -> Lanes:
    """Draw releases, itineraries, durations and disruptions of several replications.

    Parameters
    ----------
    plan
        The plan.
    streams
        Source of randomness; only its seed matters, not what was drawn before.
    replications
        Numbers of the replications, from 0. What is drawn for one does not depend on the others.
    arena
        Memory for the durations; of its own by default.
    """
    flows = _draw_flows(plan, streams, replications)
    itineraries, columns = _draw_itineraries(plan, flows, streams, replications)
    durations = _Durations(plan, flows, itineraries, columns, streams, replications, arena or Arena())
    service, occupancy = durations.draw()
    return Lanes(
        tuple(replications), flows, itineraries, service, occupancy,
        tuple(draw_interruptions(plan, streams, r) for r in replications),
    )  # fmt: skip


def _draw_flows(plan: Plan, streams: RandomStreams, replications: Sequence[int]) -> tuple[Members, ...]:
    """Releases and loads of every flow; consignments are numbered flow by flow."""
    flows = []
    first = np.zeros(len(replications), dtype=np.int64)
    for f in range(len(plan.flows)):
        times = [_draw_releases(plan, f, streams, r) for r in replications]
        count = np.array([t.size for t in times], dtype=np.int64)
        release_h = np.full((len(times), int(count.max(initial=0))), np.inf)
        for row, t in zip(release_h, times, strict=True):
            row[: t.size] = t
        factor = _load_factors(plan, f, release_h)
        flows.append(
            Members(
                count,
                first[:, None] + np.arange(release_h.shape[1]),
                release_h,
                plan.flows.load_t[f] * factor,
                plan.flows.load_teu[f] * factor,
            )
        )
        first = first + count
    return tuple(flows)


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
    """Factor on the load at each release; 0 for padding."""
    factor = plan.flows.load_factor[flow]
    piece = np.searchsorted(plan.flows.load_from_h[flow], release_h, side="right") - 1 if factor.size > 1 else 0
    return np.where(np.isfinite(release_h), factor[piece], 0.0)


def _draw_itineraries(
    plan: Plan, flows: tuple[Members, ...], streams: RandomStreams, replications: Sequence[int]
) -> tuple[tuple[Members, ...], list[Ints | None]]:
    """Consignments of every itinerary, by shares among those valid at the release.

    Also returns, per itinerary, which of the flow's columns they are; None: all of them.
    """
    found: dict[int, tuple[Members, Ints | None]] = {}
    for f, members in enumerate(flows):
        rows = np.flatnonzero(plan.itineraries.flow_idx == f)
        if rows.size == 1:
            found[int(rows[0])] = members, None
            continue
        u = np.zeros(members.release_h.shape)
        for row, n, r in zip(u, members.count, replications, strict=True):
            streams.generator(f"{plan.flows.id[f]}/route", r).random(out=row[:n])
        release_h = members.release_h
        share = plan.itineraries.share[rows, None, None] * (
            (plan.itineraries.valid_from_h[rows, None, None] <= release_h)
            & (release_h < plan.itineraries.valid_until_h[rows, None, None])
        )
        _scale(share, plan, rows, release_h)
        cum = np.cumsum(share, axis=0)
        pick = np.minimum((u * cum[-1] >= cum).sum(axis=0), rows.size - 1)
        is_there = np.isfinite(release_h)
        for k, i in enumerate(rows.tolist()):
            found[i] = members.choose(is_there & (pick == k))
    ordered = [found[i] for i in range(len(plan.itineraries))]
    return tuple(m for m, _ in ordered), [c for _, c in ordered]


def _scale(share: Floats, plan: Plan, rows: Ints, release_h: Floats) -> None:
    """Multiply the shares, (n_itineraries, n_lanes, n), of those whose share changes over time."""
    for own, i in zip(share, rows.tolist(), strict=True):
        factor = plan.itineraries.share_factor[i]
        if factor.size > 1:
            piece = np.searchsorted(plan.itineraries.share_from_h[i], release_h, side="right") - 1
            np.multiply(own, factor[piece], out=own)


class _Durations:
    """Draws the service and occupancy of every stage, unit by unit.

    A factor is drawn for every consignment of the flow, whether or not it takes the itinerary: who goes where then
    changes nobody else's luck.
    """

    def __init__(
        self,
        plan: Plan,
        flows: tuple[Members, ...],
        itineraries: tuple[Members, ...],
        columns: list[Ints | None],
        streams: RandomStreams,
        replications: Sequence[int],
        arena: Arena,
    ) -> None:
        self.plan, self.flows, self.itineraries, self.columns = plan, flows, itineraries, columns
        self.streams, self.replications, self.arena = streams, replications, arena
        self.factors: dict[int, Floats] = {}
        self.none = np.empty((len(replications), 0))
        self.scratch = Arena()

    def draw(self) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
        """Return service and occupancy per stage; what is the same for all is one number, broadcast."""
        stages = self.plan.stages
        service: list[Floats] = []
        occupancy: list[Floats] = []
        kinds = [StageKind(k) for k in stages.kind.tolist()]
        for i in range(len(self.itineraries)):
            self.factors.clear()
            self.scratch.reset()
            for s in self.plan.stage_range(i):
                timed = kinds[s] in TIMED
                service.append(
                    self._hours(s, stages.service_mean_h, stages.service_basis, stages.service_draw_idx, i)
                    if timed
                    else self.none
                )
                if kinds[s] not in OCCUPIED:
                    occupancy.append(self.none)
                elif self._is_one_number(s):
                    occupancy.append(service[-1])
                else:
                    occupancy.append(
                        self._hours(s, stages.occupancy_mean_h, stages.occupancy_basis, stages.occupancy_draw_idx, i)
                    )
        return tuple(service), tuple(occupancy)

    def _is_one_number(self, s: int) -> bool:
        """Whether service and occupancy of a stage are the same by definition."""
        stages = self.plan.stages
        return bool(
            stages.service_mean_h[s] == stages.occupancy_mean_h[s]
            and stages.service_basis[s] == stages.occupancy_basis[s]
            and stages.service_draw_idx[s] == stages.occupancy_draw_idx[s]
        )

    def _hours(self, s: int, mean_h: Floats, basis: Ints, draws: Ints, itinerary: int) -> Floats:
        """Hours of every unit at one stage, on the grid, at least a tick: no stage takes no time at all."""
        units, members = int(self.plan.stages.n_units[s]), self.itineraries[itinerary]
        if not members.width:
            return self.none
        shape = (len(self.replications), members.width * units)
        mean = float(mean_h[s]) * self._amount(s, Basis(int(basis[s])), itinerary)
        draw = int(draws[s])
        if draw < 0 and isinstance(mean, float):
            one = np.maximum(np.rint(np.float64(mean * TICKS_PER_H)) * TICK_H, TICK_H)
            return np.broadcast_to(one, shape)
        if not isinstance(mean, float):
            mean = np.repeat(mean, units, axis=1)
        out = self.arena.floats(*shape)
        np.multiply(1.0 if draw < 0 else self._factor(draw, itinerary), mean * TICKS_PER_H, out=out)
        np.rint(out, out=out)
        np.maximum(out, 1.0, out=out)
        np.multiply(out, TICK_H, out=out)
        return out

    def _amount(self, s: int, basis: Basis, itinerary: int) -> Floats | float:
        """Return what one unit is of the basis of its duration: one number for all, or (n_lanes, n_members)."""
        stages, units = self.plan.stages, int(self.plan.stages.n_units[s])
        match basis:
            case Basis.CONSIGNMENT:
                return 1.0 / units
            case Basis.UNIT:
                return 1.0
            case Basis.TONNE:
                return self._load(itinerary)[0] / units
            case Basis.TEU:
                return self._load(itinerary)[1] / units
            case Basis.PATH:
                t, teu = self._load(itinerary)
                by_teu = (np.asarray(teu) > 0) & np.isfinite(stages.path_teu[s])
                amount = np.where(by_teu, teu / stages.path_teu[s], t / stages.path_t[s]) / units
                return float(amount) if isinstance(t, float) else amount

    def _load(self, itinerary: int) -> tuple[Floats | float, Floats | float]:
        """Tonnes and TEU of consignments: one number each, unless they vary with the date."""
        flow = int(self.plan.itineraries.flow_idx[itinerary])
        factor = self.plan.flows.load_factor[flow]
        if factor.size == 1:
            table = self.plan.flows
            return float(table.load_t[flow] * factor[0]), float(table.load_teu[flow] * factor[0])
        members = self.itineraries[itinerary]
        return members.load_t, members.load_teu

    def _factor(self, draw: int, itinerary: int) -> Floats:
        """Random factors of one row of the draw table: (n_lanes, n_members * n_units)."""
        if draw not in self.factors:
            self.factors[draw] = self._draw_factor(draw, itinerary)
        return self.factors[draw]

    def _draw_factor(self, draw: int, itinerary: int) -> Floats:
        table = self.plan.draws
        flow, units = self.flows[int(table.flow_idx[draw])], int(table.n_units[draw])
        distribution = Distribution.of(table.factor[draw].tolist())
        values = self.scratch.floats(len(self.replications), flow.width * units)
        stream, generator, fill = table.stream[draw], self.streams.generator, distribution.fill
        for row, n, r in zip(values, (flow.count * units).tolist(), self.replications, strict=True):
            fill(generator(stream, r), row[:n])
            row[n:] = 0.0
        distribution.shape(values)
        columns = self.columns[itinerary]
        if columns is None:
            return values
        by_member = values.reshape(len(self.replications), flow.width, units)
        return np.take_along_axis(by_member, columns[:, :, None], axis=1).reshape(len(self.replications), -1)
