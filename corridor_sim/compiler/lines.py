"""Single-track lines of the plan: the loops, and the stretches of track between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_grid import scalar_to_grid
from corridor_sim.plan.tables import LoopTable, TrackTable

if TYPE_CHECKING:
    from corridor_sim.compiler.calendars import CalendarBook
    from corridor_sim.compiler.context import Context
    from corridor_sim.network import Section
    from corridor_sim.scenario.lines import SingleTrack


@dataclass(frozen=True)
class Stretch:
    """One track from a loop or station to the next."""

    row: int
    """Row in the track table."""
    km: float


@dataclass(frozen=True)
class Line:
    """A section of one track with meets."""

    a: str
    b: str
    model: SingleTrack
    stretches: tuple[Stretch, ...]
    """From a to b."""

    def run_h(self, stretch: Stretch, *, back: bool) -> float:
        """Return the hours of a run over a stretch."""
        speed = self.model.run_speed_back if back and self.model.run_speed_back else self.model.run_speed
        return stretch.km / speed.value

    @property
    def busy(self) -> float:
        """Factor on the time that a train takes the track, for traffic outside the flows."""
        return 1.0 / (1.0 - self.model.reserved.value)


@dataclass(frozen=True)
class Lines:
    """All single-track lines with meets, and their tables."""

    loops: LoopTable
    tracks: TrackTable
    by_ends: dict[tuple[str, str], Line]
    """By both ends, in both orders."""

    def rows_of(self, target: str) -> tuple[int, ...]:
        """Return the tracks of a line by its key, or that of a train path that it stands for; none if it is no line."""
        a, _, b = target.partition(">" if ">" in target else "-")
        line = self.by_ends.get((a, b))
        return () if line is None else tuple(s.row for s in line.stretches)


@dataclass(frozen=True)
class _Track:
    """One row of the track table."""

    id: str
    name: str
    node: str
    to_node: str
    section_id: str
    from_km: float
    to_km: float
    near_loop_idx: int
    far_loop_idx: int
    working_h: float
    calendar_idx: int


class _Rows:
    """Rows of both tables while they are being built."""

    def __init__(self) -> None:
        self.loops: list[tuple[str, int]] = []
        self.tracks: list[_Track] = []

    def tables(self) -> tuple[LoopTable, TrackTable]:
        """Return both tables."""
        t = self.tracks
        return (
            LoopTable(tuple(i for i, _ in self.loops), np.array([n for _, n in self.loops], dtype=np.int64)),
            TrackTable(
                id=tuple(x.id for x in t),
                name=tuple(x.name for x in t),
                node=tuple(x.node for x in t),
                to_node=tuple(x.to_node for x in t),
                section_id=tuple(x.section_id for x in t),
                from_km=np.array([x.from_km for x in t], dtype=np.float64),
                to_km=np.array([x.to_km for x in t], dtype=np.float64),
                near_loop_idx=np.array([x.near_loop_idx for x in t], dtype=np.int64),
                far_loop_idx=np.array([x.far_loop_idx for x in t], dtype=np.int64),
                working_h=np.array([x.working_h for x in t], dtype=np.float64),
                calendar_idx=np.array([x.calendar_idx for x in t], dtype=np.int64),
            ),
        )


def build_lines(context: Context, book: CalendarBook) -> Lines:
    """Build the lines with meets; that their sections exist and their loops lie on them is checked here."""
    rows, by_ends = _Rows(), {}
    for name, model in context.scenario.single_tracks.items():
        a, _, b = name.partition("-")
        section = context.network.section(a, b, "rail")
        if section is None:
            context.problem(f"single_tracks.{name}", f"the network has no rail section between {a} and {b}")
        elif model.meets and (line := _lay(context, book, rows, name, model, section)) is not None:
            by_ends[a, b] = by_ends[b, a] = line
    return Lines(*rows.tables(), by_ends)


def _lay(
    context: Context, book: CalendarBook, rows: _Rows, name: str, model: SingleTrack, section: Section
) -> Line | None:
    """Lay the loops and tracks of one line."""
    a, _, b = name.partition("-")
    places = loops_at(model, section.km)
    if any(x <= y for y, x in pairwise([0.0, *places, section.km])):
        message = f"loops must lie in order between 0 and {section.km:g} km, the length of the section"
        context.problem(f"single_tracks.{name}.loops_at", message)
        return None
    calendar = book.of_facility(model.calendar, [name, f"{a}>{b}", f"{b}>{a}"])
    first = len(rows.loops)
    loops = [-1, *range(first, first + len(places)), -1]
    rows.loops += [(f"{name}/loop {km:.0f} km", model.loop_tracks) for km in places]
    line = Line(a, b, model, ())
    stretches = []
    for k, (from_km, to_km) in enumerate(pairwise([0.0, *places, section.km])):
        stretch = Stretch(len(rows.tracks), to_km - from_km)
        stretches.append(stretch)
        run_h = (line.run_h(stretch, back=False) + line.run_h(stretch, back=True)) / 2
        # other traffic takes its share of every train's time on the track: what is added to the time between two trains
        working_h = scalar_to_grid((run_h + model.working.value) * line.busy - run_h)
        words = f"{a} to {b}, km {from_km:.0f} to {to_km:.0f}"
        ends = loops[k], loops[k + 1]
        rows.tracks.append(
            _Track(f"{name}/{k + 1}", words, a, b, section.id, from_km, to_km, *ends, working_h, calendar)
        )
    return Line(a, b, model, tuple(stretches))


def loops_at(model: SingleTrack, length_km: float) -> list[float]:
    """Return where the loops of a line of some length lie, km from its first station."""
    if model.loops_at is not None:
        return [q.value for q in model.loops_at]
    assert model.loop_every is not None  # noqa: S101  # the model has one of both
    n = max(1, round(length_km / model.loop_every.value))
    return [length_km * k / n for k in range(1, n)]
