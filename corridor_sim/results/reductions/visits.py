"""Visits to places, added up stage by stage: how many start and leave, for how long, and the work they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import StageKind
from corridor_sim.results.reductions.calendars import LaneCalendars
from corridor_sim.results.reductions.work import BusyHours, available_h, is_one_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import Events
    from corridor_sim.results.reductions.bins import Binned, Cells

    Floats = npt.NDArray[np.float64]


class Visits:
    """Sums over the visits to each place, by month: (n_lanes, n_places, n_bins) each.

    Parameters
    ----------
    plan, lanes, events
        What was run, and what came of it.
    cells
        Cells of lanes and months.
    places
        Places to look at; sums of the others stay 0.
    """

    def __init__(self, plan: Plan, lanes: Lanes, events: Events, cells: Cells, places: Sequence[int]) -> None:
        self._plan, self._lanes, self._events, self._cells = plan, lanes, events, cells
        queues, asked = np.flatnonzero(plan.stages.kind == StageKind.QUEUE).tolist(), set(places)
        self.place_of = {s: place for s in queues if (place := int(plan.stages.target_idx[s])) in asked}
        """Place of every stage that visits one of these places."""
        self.stages_of: list[list[int]] = [[] for _ in range(len(plan.places))]
        for s, place in self.place_of.items():
            self.stages_of[place].append(s)
        by_place = cells.n_lanes, len(plan.places), cells.bins.n_bins
        self.started, self.left = np.zeros((2, *by_place), dtype=np.int64)
        self.visit_h, self.offered_h = np.zeros((2, *by_place))
        hours = [[lanes.occupancy_h[s] for s in stages] for stages in self.stages_of]
        self._calendars = [LaneCalendars.of([of_lane[i] for of_lane in lanes.calendars]) for i in range(len(hours))]
        self._busy = [BusyHours(cells, c, h) for c, h in zip(self._calendars, hours, strict=True)]

    def add(self, stage: int, arrived: Binned, left: Binned) -> None:
        """Add the visits of one stage; it is known when they arrive and leave."""
        events, place, hours = self._events, self.place_of[stage], self._lanes.occupancy_h[stage]
        arrive, start, depart = events.arrive_h[stage], events.start_h[stage], events.depart_h[stage]
        started = arrived if start is arrive else self._cells.of(start)
        self.started[:, place] += started.count
        self.left[:, place] += left.count
        self.visit_h[:, place] += left.hours(depart - arrive)
        self.offered_h[:, place] += arrived.count * hours[0, 0] if is_one_number(hours) else arrived.hours(hours)
        self._busy[place].add(started, start, hours)

    def busy_h(self) -> Floats:
        """Open server-hours taken: (n_lanes, n_places, n_months)."""
        return self._by_place([busy.total()[:, 1:-1] for busy in self._busy])

    def available_h(self, edges_h: Floats) -> Floats:
        """Open server-hours there are: (n_lanes, n_places, n_months)."""
        return self._by_place([available_h(self._plan, i, c, edges_h) for i, c in enumerate(self._calendars)])

    def _by_place(self, parts: list[Floats]) -> Floats:
        shape = len(parts), self._cells.n_lanes, self._cells.bins.n_bins - 2
        return np.array(parts, dtype=np.float64).reshape(shape).swapaxes(0, 1)
