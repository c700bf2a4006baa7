"""The walk through an itinerary while its stages are laid down, and the rows that come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from corridor_sim.compiler.durations import Timing
from corridor_sim.plan.kinds import Basis, Cause, StageKind
from corridor_sim.scenario.processes import VARIANT

if TYPE_CHECKING:
    from corridor_sim.compiler.calendars import CalendarBook
    from corridor_sim.compiler.context import Context
    from corridor_sim.compiler.durations import DrawBook
    from corridor_sim.compiler.facilities import Facilities
    from corridor_sim.scenario.distributions import Distribution
    from corridor_sim.scenario.itineraries import Itinerary

NO_TIME = Timing(0.0, Basis.CONSIGNMENT, -1)


class StageRow(NamedTuple):
    """One row of the stage table while it is being built; thousands are, so it is a tuple."""

    kind: StageKind
    node: str
    cause: Cause
    id: str = ""
    n_units: int = 1
    target: int = -1
    to_node: str = ""
    section_id: str = ""
    mode: str = ""
    km: float = 0.0
    calendar: int = -1
    service: Timing = NO_TIME
    occupancy: Timing = NO_TIME
    path_t: float = 1.0
    path_teu: float = 1.0
    priority: int = 0
    amount: float = 0.0
    blocks: bool = False
    side: int = 0


@dataclass
class Walk:
    """State while the stages of one itinerary are laid down."""

    context: Context
    name: str
    itinerary: Itinerary
    flow_idx: int
    facilities: Facilities
    calendars: CalendarBook
    draws: DrawBook
    rows: list[StageRow] = field(default_factory=list)
    n_units: int = 1
    rail_before: list[str] = field(default_factory=list)
    """Node before the one where the last leg ended, when that was by rail."""
    used: dict[str, int] = field(default_factory=dict)

    def problem(self, position: int, message: str, hint: str = "") -> None:
        """Report what is wrong with a stage."""
        self.context.problem(f"itineraries.{self.name}.stages.{position}", message, hint)

    def add(self, what: str, row: StageRow) -> None:
        """Append a row; its id tells itinerary, position, kind and what it is about."""
        stage_id = f"{self.name}/{len(self.rows):02d}/{row.kind.name.lower()}/{what}"
        self.rows.append(row._replace(id=stage_id, n_units=self.n_units))

    def stream(self, what: str) -> str:
        """Name a random stream after what it drives: it keeps its name when other stages come and go.

        Variants of an itinerary share their streams: a consignment that another share sends another way draws the same.
        """
        name = f"{self.itinerary.flow}/{self.name.partition(VARIANT)[0]}/{what}"
        self.used[name] = self.used.get(name, 0) + 1
        return f"{name}#{self.used[name]}"

    def timing(self, distribution: Distribution, what: str, *, scale: float = 1.0) -> Timing:
        """Return mean, basis and factor of a duration, with a stream of its own."""
        return self.draws.timing(distribution, self.stream(what), self.flow_idx, self.n_units, scale=scale)
