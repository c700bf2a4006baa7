"""Sailings and formations: consignments that leave together, consignment by consignment, for all lanes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.engines.vectorised.arrivals import Arrivals
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.room import load_millionths, room_millionths

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.engines.vectorised.graph import Facility
    from corridor_sim.foundation.arena import Arena
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


def room_of_departures(plan: Plan, lanes: Lanes, service: int) -> Floats:
    """Room of every departure of a service, millionths of t or TEU: (n_lanes, n_departures)."""
    services = plan.services
    departure_h = services.departure_h[service]
    calendars = [c[len(plan.places) + service] for c in lanes.calendars]
    rates = np.array([c.rates[np.searchsorted(c.times_h, departure_h, side="right") - 1] for c in calendars])
    return room_millionths(float(services.capacity[service]) * rates)


def load_of_units(plan: Plan, lanes: Lanes, service: int, stage: int) -> Floats:
    """Load of every unit at a stage of a service, millionths of t or TEU: (n_lanes, n_members * n_units)."""
    members, units = lanes.itineraries[int(plan.stages.itinerary_idx[stage])], int(plan.stages.n_units[stage])
    load = members.load_teu if plan.services.counts_teu[service] else members.load_t
    return load_millionths(np.repeat(load / units, units, axis=1))


class Sailing:
    """Dated departures of a capacity: boards in order, what does not fit waits for the next and all behind it too."""

    keeps_state = False

    def __init__(self, plan: Plan, lanes: Lanes, facility: Facility, arena: Arena, _scratch: Arena) -> None:
        self.arrivals = Arrivals(plan, lanes, facility, arena)
        self.departure_h = plan.services.departure_h[facility.row]
        self.room = room_of_departures(plan, lanes, facility.row)
        self.load = np.zeros(self.arrivals.shape)
        for c in self.arrivals.stages:
            self.load[:, c.of(c.members)] = load_of_units(plan, lanes, facility.row, c.stage)

    def solve(self, rows: Ints, _since_h: float, until_h: float, due: Ints | None) -> int:
        """Compute start and departure of all arrivals up to a time, in some lanes; return how many."""
        ordered = self.arrivals.in_order(rows, 0.0, until_h, due)
        arrive = ordered.arrive_h
        load = np.take(self.load, ordered.cell, mode="clip")
        last = self.departure_h.size  # a departure that never comes
        leaves_h = np.append(self.departure_h, np.inf)
        room = np.concatenate([self.room[rows], np.full((rows.size, 1), np.inf)], axis=1)
        row = np.arange(rows.size)
        ship, left = np.full(rows.size, -1), np.zeros(rows.size)
        start = np.empty(arrive.shape)
        for k in range(arrive.shape[1]):
            first = np.searchsorted(self.departure_h, arrive[:, k])
            left = np.where(first > ship, room[row, first], left)
            ship = np.maximum(ship, first)
            while (full := (load[:, k] > left) & (ship < last)).any():
                ship = ship + full
                left = np.where(full, room[row, ship], left)
            left = left - load[:, k]
            start[:, k] = leaves_h[ship]
        self.arrivals.put(ordered, start, start + TICK_H)
        return int(ordered.count.sum())

    def settle(self) -> None:
        """Do nothing: every stretch is computed from the beginning."""


class Forming:
    """Consignments form a train or convoy that leaves when full, or a maximum wait after its first arrival."""

    keeps_state = False

    def __init__(self, plan: Plan, lanes: Lanes, facility: Facility, arena: Arena, _scratch: Arena) -> None:
        self.arrivals = Arrivals(plan, lanes, facility, arena)
        self.size = int(plan.formations.size[facility.row])
        self.max_wait_h = float(plan.formations.max_wait_h[facility.row])

    def solve(self, rows: Ints, _since_h: float, until_h: float, due: Ints | None) -> int:
        """Compute start and departure of all arrivals up to a time, in some lanes; return how many."""
        ordered = self.arrivals.in_order(rows, 0.0, until_h, due)
        arrive = ordered.arrive_h
        n_rows, n = arrive.shape
        row = np.arange(n_rows)
        train = np.empty((n_rows, n), dtype=np.int64)
        leaves = np.full((n_rows, n + 1), np.inf)
        now, count, last_h = np.full(n_rows, -1), np.full(n_rows, self.size), np.full(n_rows, np.inf)
        for k in range(n):
            a = arrive[:, k]
            is_first = (count == self.size) | (a > last_h)
            now, count = now + is_first, np.where(is_first, 1, count + 1)
            last_h = np.where(is_first, a + self.max_wait_h, last_h)
            train[:, k] = now
            leaves[row, now] = np.where(count == self.size, a, last_h)
        start = np.take_along_axis(leaves, train, axis=1)
        self.arrivals.put(ordered, start, start + TICK_H)
        return int(ordered.count.sum())

    def settle(self) -> None:
        """Do nothing: every stretch is computed from the beginning."""
