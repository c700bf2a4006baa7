"""A part of the stage graph as tables for the event loop: its stages, ways, units and facilities, numbered from 0."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.engines.vectorised import loop_tables as loop
from corridor_sim.engines.vectorised.agenda import Agenda, Wakes
from corridor_sim.engines.vectorised.departures import load_of_units, room_of_departures
from corridor_sim.engines.vectorised.event_loop import follow_lane
from corridor_sim.engines.vectorised.loop_calendars import Calendars
from corridor_sim.engines.vectorised.loop_tables import starts
from corridor_sim.engines.vectorised.ways import Latest, Repeat, Work, steps_through
from corridor_sim.plan.kinds import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from corridor_sim.engines.vectorised.graph import Facility, StageGraph
    from corridor_sim.foundation.arena import Arena
    from corridor_sim.plan.lanes import Lanes, Members
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

VISITS_PER_BOX = 8
"""Arrivals that share a box of the agenda, about."""
NOTHING: Floats = np.empty(0)


def ints(values: Sequence[int]) -> Ints:
    """Return whole numbers as an array."""
    return np.array(values, dtype=np.int64)


class Coupled:
    """A part of the stage graph in one block of lanes.

    Parameters
    ----------
    plan, lanes, graph
        What is run.
    facilities
        Those of the part.
    arrivals
        Arrivals at a stage at which units enter the part: (n_lanes, n_members * n_units) h.
    arena, scratch
        Memory for the results, and for what is needed on the way.

    Attributes
    ----------
    stages
        Stages of the plan that the part consists of, facility by facility.
    start_h, depart_h
        (n_lanes, n_visits) h, stage by stage, see `columns`; infinite where it does not happen.
    """

    def __init__(
        self,
        plan: Plan,
        lanes: Lanes,
        graph: StageGraph,
        facilities: Sequence[Facility],
        arrivals: Callable[[int], Floats],
        arena: Arena,
        scratch: Arena,
    ) -> None:
        self.plan, self.lanes, self.facilities, self._scratch = plan, lanes, facilities, scratch
        self.stages = [s for f in facilities for s in f.stages]
        self._number = {s: k for k, s in enumerate(self.stages)}
        self._itinerary = [int(plan.stages.itinerary_idx[s]) for s in self.stages]
        self._members: list[Members] = [lanes.itineraries[i] for i in self._itinerary]
        self._units = [int(plan.stages.n_units[s]) for s in self.stages]
        self._visit = starts([m.width * u for m, u in zip(self._members, self._units, strict=True)])
        following = [graph.next_shared(s) for s in self.stages]
        self._next = [-1 if n is None else self._number.get(n, -1) for n in following]
        self._steps = [
            steps_through(plan, lanes, graph.after[s]) if n >= 0 else ()
            for s, n in zip(self.stages, self._next, strict=True)
        ]
        fed = set(self._next)
        self._entries = [s for k, s in enumerate(self.stages) if k not in fed]
        self._arrivals = [arrivals(s) for s in self._entries]
        # an itinerary passes a part once; there are as many of each member as it ever has units there
        self._most = dict.fromkeys(self._itinerary, 1)
        for i, u, way in zip(self._itinerary, self._units, self._steps, strict=True):
            self._most[i] = max([self._most[i], u, *(step.n_units for step in way)])
        self._calendars = Calendars()
        self.start_h, self.depart_h = (arena.floats(len(lanes), int(self._visit[-1])) for _ in range(2))
        self.start_h.fill(np.inf)
        self.depart_h.fill(np.inf)

    def columns(self, stage: int) -> slice:
        """Columns of the visits of one of the stages."""
        k = self._number[stage]
        return slice(int(self._visit[k]), int(self._visit[k + 1]))

    def run(self) -> int:
        """Follow every lane to the end of the horizon; return the number of arrivals."""
        part, rows = self._part(), self._rows()
        rest = self._calendars.pieces(), self._agenda(part), self._wakes(part), self._state(part)
        return sum(follow_lane(part, loop.Rows(*row), *rest) for row in zip(*rows, strict=True))

    def _part(self) -> loop.Part:
        plan, facilities, steps = self.plan, self.facilities, [step for way in self._steps for step in way]
        servers = [plan.places.server_until_h[f.row] if f.kind is StageKind.QUEUE else NOTHING for f in facilities]
        ships = [plan.services.departure_h[f.row] if f.kind is StageKind.SAIL else NOTHING for f in facilities]
        size, max_wait_h = np.zeros(len(facilities), dtype=np.int64), np.zeros(len(facilities))
        for k, f in enumerate(facilities):
            if f.kind is StageKind.FORM:
                size[k], max_wait_h[k] = plan.formations.size[f.row], plan.formations.max_wait_h[f.row]
        place_of = {s: k for k, f in enumerate(facilities) for s in f.stages}
        own = [(np.arange(self.lanes.itineraries[i].width), u) for i, u in self._most.items()]
        return loop.Part(
            end_h=float(plan.end_h),
            stage_facility=ints([k for k, f in enumerate(facilities) for _ in f.stages]),
            stage_visit=self._visit,
            stage_units=ints(self._units),
            stage_next=ints(self._next),
            stage_step=starts([len(way) for way in self._steps]),
            step_kind=ints([loop.KINDS_OF_STEPS[type(step).__name__] for step in steps]),
            step_hours=starts(self._widths_of_steps()),
            step_units=ints([step.n_units for step in steps]),
            step_calendar=ints([self._calendars.number(x.calendar) if isinstance(x, Work) else -1 for x in steps]),
            unit_member=np.concatenate([np.repeat(members, u) for members, u in own]),
            unit_number=np.concatenate([np.tile(np.arange(u), members.size) for members, u in own]),
            entry_stage=ints([self._number[s] for s in self._entries]),
            entry_column=starts([a.shape[1] for a in self._arrivals]),
            entry_unit=np.concatenate([self._units_at(s) for s in self._entries]),
            facility_kind=ints([f.kind for f in facilities]),
            facility_server=starts([until.size for until in servers]),
            facility_closes=np.array([bool(np.isfinite(until).any()) for until in servers]),
            facility_size=size,
            facility_max_wait_h=max_wait_h,
            facility_ship=starts([s.size for s in ships]),
            ship_h=np.concatenate(ships),
            stage_line=plan.stages.side[self.stages] + plan.class_of[self.stages],
            stage_amount=plan.stages.amount[self.stages],
            stage_gives=plan.stages.kind[self.stages] == StageKind.GIVE,
            stage_holds=np.array([s in plan.holds_server for s in self.stages]),
            stage_blocks=ints([place_of[s - 1] if plan.stages.blocks[s] else -1 for s in self.stages]),
            facility_line=starts([self._n_lines(f) for f in facilities]),
            facility_ageing_h=np.array(
                [plan.places.ageing_h[f.row] if f.kind is StageKind.QUEUE else np.inf for f in facilities]
            ),
            facility_order=self._order,
            **self._bases(),
            **self._tracks(),
        )

    @cached_property
    def _order(self) -> Ints:
        """Row of each facility among all: places, services, tracks, formations, then pools."""
        plan = self.plan
        sizes = {
            StageKind.QUEUE: len(plan.places), StageKind.SAIL: len(plan.services),
            StageKind.SINGLE_TRACK: len(plan.tracks), StageKind.FORM: len(plan.formations),
            StageKind.TAKE: len(plan.pools),
        }  # fmt: skip
        first = dict(zip(sizes, starts(list(sizes.values())).tolist(), strict=False))
        return ints([first[f.kind] + f.row for f in self.facilities])

    def _n_lines(self, facility: Facility) -> int:
        """Return in how many lines units wait for a facility; none where it says on arrival what becomes of them."""
        if facility.kind is StageKind.SINGLE_TRACK:
            return 2
        if facility.kind is StageKind.TAKE:
            return int(self.plan.pools.stock[facility.row].size)
        is_attended = facility.kind is StageKind.QUEUE and facility.row in self.plan.attended
        return self.plan.n_classes[facility.row] if is_attended else 0

    def _bases(self) -> dict[str, npt.NDArray[Any]]:
        """Bases of the pools, line by line; the lines of other facilities are none."""
        pools = self.plan.pools
        lines = starts([self._n_lines(f) for f in self.facilities])
        values = {name: np.zeros(int(lines[-1])) for name in ("stock", "keep", "home", "empty_h")}
        for k, f in enumerate(self.facilities):
            if f.kind is StageKind.TAKE:
                for name, column in values.items():
                    column[lines[k] : lines[k + 1]] = getattr(pools, name)[f.row]
                home = values["home"][lines[k] : lines[k + 1]]
                home[home >= 0] += lines[k]
        return {
            "base_stock": values["stock"], "base_keep": values["keep"],
            "base_home": values["home"].astype(np.int64), "base_empty_h": values["empty_h"],
        }  # fmt: skip

    def _tracks(self) -> dict[str, npt.NDArray[Any]]:
        """Single tracks, and the loops at their ends."""
        table = self.plan.tracks
        rows = {k: f.row for k, f in enumerate(self.facilities) if f.kind is StageKind.SINGLE_TRACK}
        working_h, loops = np.zeros(len(self.facilities)), np.full((len(self.facilities), 2), -1)
        at: list[list[int]] = [[] for _ in range(len(self.plan.loops))]
        for k, row in rows.items():
            working_h[k], loops[k] = table.working_h[row], (table.near_loop_idx[row], table.far_loop_idx[row])
            for loop_row in loops[k][loops[k] >= 0].tolist():
                at[loop_row].append(k)
        return {
            "track_working_h": working_h,
            "track_loops": loops.ravel(),
            "loop_tracks": self.plan.loops.n_tracks,
            "loop_first": starts([len(tracks) for tracks in at]),
            "loop_facility": ints([k for tracks in at for k in tracks]),
        }

    def _widths_of_steps(self) -> list[int]:
        return [
            0 if isinstance(step, Repeat | Latest) else members.width * step.n_units
            for members, way in zip(self._members, self._steps, strict=True)
            for step in way
        ]

    def _units_at(self, stage: int) -> Ints:
        """Units that visit a stage, column by column."""
        k = self._number[stage]
        itineraries = list(self._most)
        firsts = starts([self.lanes.itineraries[i].width * u for i, u in self._most.items()])
        i = self._itinerary[k]
        of_members = firsts[itineraries.index(i)] + np.arange(self._members[k].width) * self._most[i]
        return np.asarray(np.add.outer(of_members, np.arange(self._units[k])).ravel())

    def _rows(self) -> loop.Rows:
        free, until = self._servers()
        calendar = [
            [-1 if f.kind in (StageKind.FORM, StageKind.TAKE) else self._calendars.number(own[i]) for f, i in zip(
                self.facilities, self._order.tolist(), strict=True)]
            for own in self.lanes.calendars
        ]  # fmt: skip
        return loop.Rows(
            rank=self._ranks(),
            entry_h=self._side_by_side(self._arrivals),
            service_h=self._by_visit(self.lanes.service_h),
            occupancy_h=self._by_visit(self.lanes.occupancy_h),
            load=self._loads(),
            hours=self._side_by_side(self._hours()),
            free=free,
            until=until,
            ship_room=self._room(),
            calendar=np.array(calendar, dtype=np.int64),
            start_h=self.start_h,
            depart_h=self.depart_h,
        )

    def _hours(self) -> list[Floats]:
        """Hours of the steps on all ways."""
        shapes = zip(self._widths_of_steps(), (step for way in self._steps for step in way), strict=True)
        n = len(self.lanes)
        return [np.broadcast_to(s.hours, (n, w)) for w, s in shapes if not isinstance(s, Repeat | Latest)]

    def _side_by_side(self, arrays: Sequence[Floats]) -> Floats:
        """Return arrays of a row per lane as one."""
        at = starts([a.shape[1] for a in arrays])
        out = self._scratch.floats(len(self.lanes), int(at[-1]))
        for a, begin, end in zip(arrays, at[:-1], at[1:], strict=True):
            out[:, begin:end] = a
        return out

    def _by_visit(self, hours: Sequence[Floats]) -> Floats:
        """Durations of all visits; those without have none."""
        shapes = [(len(self.lanes), m.width * u) for m, u in zip(self._members, self._units, strict=True)]
        own = [hours[s] for s in self.stages]
        return self._side_by_side([h if h.shape == x else np.zeros(x) for h, x in zip(own, shapes, strict=True)])

    def _ranks(self) -> Ints:
        """Order of units in ties: (n_lanes, n_units)."""
        most = max(self._most.values())
        ranks = []
        for i, u in self._most.items():
            members = self.lanes.itineraries[i]
            ranks.append(np.repeat(members.consignment * most, u, axis=1) + np.tile(np.arange(u), members.width))
        return np.concatenate(ranks, axis=1)

    def _servers(self) -> tuple[Floats, Floats]:
        """When servers get free at first and when they close, open time, in the order of closing within a place."""
        free, until = (np.empty((len(self.lanes), int(n))) for n in [sum(self._n_servers())] * 2)
        last = 0
        for f, n in zip(self.facilities, self._n_servers(), strict=True):
            first, last = last, last + n
            if n == 0:
                continue
            from_h, until_h = self.plan.places.server_from_h[f.row], self.plan.places.server_until_h[f.row]
            # of servers that get free together the one that closes first is taken; a heap begins in order
            order = np.lexsort((from_h, until_h))
            opened: dict[int, tuple[Floats, Floats]] = {}
            for row, own in enumerate(self.lanes.calendars):
                calendar = own[f.row]
                if id(calendar) not in opened:
                    opened[id(calendar)] = calendar.open_time(from_h[order]), calendar.open_time(until_h[order])
                free[row, first:last], until[row, first:last] = opened[id(calendar)]
        return free, until

    def _n_servers(self) -> Iterator[int]:
        for f in self.facilities:
            yield self.plan.places.server_until_h[f.row].size if f.kind is StageKind.QUEUE else 0

    def _loads(self) -> Floats:
        """Millionths of t or TEU of visits; a row per lane, empty where no service is."""
        if all(f.kind is not StageKind.SAIL for f in self.facilities):
            return np.empty((len(self.lanes), 0))
        out = np.zeros(self.start_h.shape)
        for f in self.facilities:
            for s in f.stages if f.kind is StageKind.SAIL else ():
                out[:, self.columns(s)] = load_of_units(self.plan, self.lanes, f.row, s)
        return out

    def _room(self) -> Floats:
        """Room of every departure, millionths: a row per lane."""
        sails = [f.row for f in self.facilities if f.kind is StageKind.SAIL]
        rooms = [room_of_departures(self.plan, self.lanes, row) for row in sails]
        return np.concatenate([np.empty((len(self.lanes), 0)), *rooms], axis=1)

    def _agenda(self, part: loop.Part) -> Agenda:
        """Return an agenda with room for all units."""
        n = part.unit_member.size
        n_boxes = 1 + int(self._visit[-1]) // VISITS_PER_BOX
        return Agenda(
            per_h=n_boxes / self.plan.end_h,
            due_h=np.empty(n),
            behind=np.empty(n, dtype=np.int64),
            box=np.empty(n_boxes + 1, dtype=np.int64),
            heap_h=np.empty(n),
            heap_who=np.empty(n, dtype=np.int64),
            state=np.empty(2, dtype=np.int64),
        )

    def _wakes(self, part: loop.Part) -> Wakes:
        n = len(self.facilities)
        whole = (np.empty(k, dtype=np.int64) for k in (n, n, 1))
        return Wakes(part.end_h, np.empty(n), part.facility_order, *whole)

    def _state(self, part: loop.Part) -> loop.State:
        """Return room for the state of a lane."""
        n, n_facilities, n_servers = part.unit_member.size, len(self.facilities), int(part.facility_server[-1])
        n_loops = part.loop_tracks.size
        whole = (np.empty(n_facilities, dtype=np.int64) for _ in range(7))
        return loop.State(
            stage=np.empty(n, dtype=np.int64),
            missing=np.empty(n, dtype=np.int64),
            latest_h=np.empty(n),
            free=np.empty(n_servers),
            until=np.empty(n_servers),
            arrive_piece=next(whole),
            start_piece=next(whole),
            ship=next(whole),
            ship_left=np.empty(n_facilities),
            train_first=next(whole),
            train_last=next(whole),
            train_count=next(whole),
            train_leaves_h=np.empty(n_facilities),
            line_first=np.empty(part.facility_line[-1], dtype=np.int64),
            line_last=np.empty(part.facility_line[-1], dtype=np.int64),
            holds=np.empty(n, dtype=np.int64),
            is_held=np.zeros(n_servers, dtype=np.bool_),
            **self._state_of_pools(part),
            track_side=next(whole),
            track_entered_h=np.empty(n_facilities),
            track_gap_h=np.empty(n_facilities),
            track_left_h=np.empty(n_facilities),
            loop_taken=np.empty(2 * n_loops, dtype=np.int64),
            loop_left_h=np.empty(2 * n_loops),
            loop_n_left=np.empty(2 * n_loops, dtype=np.int64),
        )

    def _state_of_pools(self, part: loop.Part) -> dict[str, npt.NDArray[Any]]:
        """Return room for the state of the pools: nothing can be sent home more often than it is given back."""
        n_lines, gives = int(part.facility_line[-1]), part.stage_gives
        n = int((np.diff(self._visit) * gives).sum())
        return {
            **{name: np.empty(n_lines) for name in ("stock", "given", "fresh")},
            **{name: np.empty(n_lines, dtype=np.int64) for name in ("empties_first", "empties_last")},
            "empties_n": np.empty(1, dtype=np.int64),
            "empties_h": np.empty(n),
            "empties_amount": np.empty(n),
            "empties_behind": np.empty(n, dtype=np.int64),
        }
