"""Loads: tonnes and TEU of the consignments of one itinerary, summed by lane and month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.plan.lanes import Members
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.reductions.bins import Binned, Cells

    Floats = npt.NDArray[np.float64]


class Loads:
    """Tonnes and TEU of consignments: one number each, unless they vary with the date of release."""

    def __init__(self, plan: Plan, flow: int, members: Members) -> None:
        table, factor = plan.flows, plan.flows.load_factor[flow]
        self.is_one_number = factor.size == 1
        self.of_one = table.load_t[flow] * factor[0], table.load_teu[flow] * factor[0]
        self.members = members
        self._units: dict[int, tuple[Floats, Floats]] = {}

    def of_units(self, n_units: int) -> tuple[Floats, Floats]:
        """(n_lanes, n * n_units) each: the load of every consignment, once for every unit."""
        if n_units not in self._units:
            t, teu = self.members.load_t, self.members.load_teu
            self._units[n_units] = (
                (t, teu) if n_units == 1 else (np.repeat(t, n_units, axis=1), np.repeat(teu, n_units, axis=1))
            )
        return self._units[n_units]

    def total(self, cells: Cells, units: Binned, n_units: int = 1) -> tuple[Floats, Floats]:
        """Sum by lane and bin: (n_lanes, n_bins) each."""
        if self.is_one_number:
            parts = units.count / n_units
            return parts * self.of_one[0], parts * self.of_one[1]
        t, teu = self.of_units(n_units)
        cell = units.cell()
        total_t = cells.total(cell, t) / n_units
        return total_t, cells.total(cell, teu) / n_units if self.of_one[1] else np.zeros(total_t.shape)
