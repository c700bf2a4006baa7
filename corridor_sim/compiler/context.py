"""What every build function needs: the scenario, the network, the time axis, and where problems go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corridor_sim.foundation.errors import ProblemList
from corridor_sim.foundation.time_grid import scalar_to_grid

if TYPE_CHECKING:
    from datetime import datetime

    from corridor_sim.foundation.time_axis import TimeAxis
    from corridor_sim.network import Network
    from corridor_sim.scenario import Scenario


@dataclass
class Context:
    """Shared by the build functions of one compilation."""

    scenario: Scenario
    network: Network
    axis: TimeAxis
    problems: ProblemList = field(default_factory=ProblemList)

    def problem(self, path: str, message: str, hint: str = "") -> None:
        """Note a problem at a dotted path of the scenario."""
        self.problems.add(path, message, location=self.scenario.locate(path), hint=hint)

    def hours(self, moment: datetime | None, default: float) -> float:
        """Hours of the horizon at an instant, on the grid; the default where none is given."""
        return default if moment is None else scalar_to_grid(self.axis.hours(moment))
