"""What is measured on trips: border posts, and the windows of itineraries that calibration compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plan.kinds import MOVES, TRAIN_PATH, StageKind
from corridor_sim.plan.tables import BorderPostTable, JourneyTable, Ragged
from corridor_sim.scenario.observations import DwellAt, ItineraryWindow, MeanDwell

if TYPE_CHECKING:
    from corridor_sim.compiler.context import Context
    from corridor_sim.compiler.facilities import Facilities
    from corridor_sim.plan.tables import ItineraryTable, StageTable
    from corridor_sim.scenario.observations import Measure


def build_border_posts(context: Context) -> BorderPostTable:
    """Build the border posts."""
    posts = context.scenario.border_posts
    for name, post in posts.items():
        for node in post.nodes:
            if node not in context.network.node_ids:
                context.problem(f"border_posts.{name}.nodes", f"the network has no node '{node}'")
    return BorderPostTable(
        id=tuple(posts),
        name=tuple(p.name for p in posts.values()),
        mode=tuple(p.mode for p in posts.values()),
        nodes=tuple(" ".join(p.nodes) for p in posts.values()),
    )


def journey_id(target: str, part: str = "") -> str:
    """Id of a measured part of a trip: calibration target, and which part where it has several."""
    return f"{target}#{part}" if part else target


class _Journeys:
    """Finds the stages that calibration targets speak of."""

    def __init__(
        self, context: Context, facilities: Facilities, itineraries: ItineraryTable, stages: StageTable
    ) -> None:
        self._context, self._facilities = context, facilities
        self._itineraries, self._stages = itineraries, stages
        self.rows: list[tuple[str, list[int], bool]] = []

    def add(self, target: str, measure: Measure) -> None:
        """Add the measured parts of one target; targets that are no part of a trip, or never travelled, have none."""
        path = f"calibration.{target}.measure"
        match measure.of:
            case ItineraryWindow() as window if window.itinerary in self._itineraries.id:
                stages = self._window(window)
                self._note(target, path, stages, is_window=True)
                if measure.kind == "moving_km_per_h" and stages:
                    moves = [s for s in stages if self._stages.kind[s] in MOVES]
                    self._note(journey_id(target, "moving"), path, moves, is_window=False)
            case DwellAt() as dwell if dwell.itinerary in self._itineraries.id:
                self._note(target, path, self._dwell(dwell), is_window=False)
            case MeanDwell() as mean:
                for i, dwell in enumerate(mean.of):
                    if dwell.itinerary in self._itineraries.id:
                        self._note(journey_id(target, str(i)), path, self._dwell(dwell), is_window=False)

    def _note(self, journey: str, path: str, stages: list[int], *, is_window: bool) -> None:
        if stages:
            self.rows.append((journey, stages, is_window))
        else:
            self._context.problem(path, "no stage of the itinerary lies in what is to be measured")

    def _window(self, w: ItineraryWindow) -> list[int]:
        """Stages from the first run that leaves ``from`` to the run that arrives at ``to``."""
        rows, s = self._rows_of(w.itinerary), self._stages
        begins = [r for r in rows if s.node[r] == w.from_ and (w.include_stops or s.kind[r] in MOVES)]
        first = rows[0] if w.from_ is None else begins[0] if begins else rows[-1] + 1
        ends = [r for r in rows if r >= first and s.to_node[r] == w.to]
        last = rows[-1] if w.to is None else ends[0] if ends else -1
        return [r for r in rows if first <= r <= last]

    def _dwell(self, d: DwellAt) -> list[int]:
        """Stages at nodes that neither move nor wait for a train path."""
        s = self._stages
        here = [r for r in self._rows_of(d.itinerary) if s.node[r] in d.nodes]
        return [r for r in here if s.kind[r] not in MOVES and not self._is_path(r)]

    def _is_path(self, row: int) -> bool:
        s = self._stages
        return s.kind[row] == StageKind.QUEUE and self._facilities.places.kind[int(s.target_idx[row])] == TRAIN_PATH

    def _rows_of(self, itinerary: str) -> list[int]:
        i = self._itineraries.id.index(itinerary)
        first = int(self._itineraries.first_stage_idx[i])
        return list(range(first, first + int(self._itineraries.n_stages[i])))


def build_journeys(
    context: Context, facilities: Facilities, itineraries: ItineraryTable, stages: StageTable
) -> JourneyTable:
    """Build the parts of trips that calibration targets compare."""
    found = _Journeys(context, facilities, itineraries, stages)
    for target, row in context.scenario.calibration.items():
        found.add(target, row.measure)
    return JourneyTable(
        id=tuple(r[0] for r in found.rows),
        stages=Ragged.of([r[1] for r in found.rows], dtype=np.int64),
        is_window=np.array([r[2] for r in found.rows], dtype=bool),
    )
