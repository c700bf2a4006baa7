"""A lane: one replication of a plan with everything random drawn, the same input for every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from corridor_sim.foundation.calendars import Calendar

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
    """Per stage: hours for which a server is taken; empty unless the stage is a queue or a single track."""
    calendars: tuple[Calendar, ...]
    """Per facility (places, then services, then tracks), drawn disruptions included."""

    @property
    def n_consignments(self) -> int:
        """Number of consignments released before the end of the horizon."""
        return self.flow_idx.size
