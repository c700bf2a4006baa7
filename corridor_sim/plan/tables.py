"""Tables of a plan: frozen columns of equal length, some of them ragged, that dump to stable text."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]
    Texts = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Ragged:
    """A column whose rows are arrays of different lengths: ``values[ptr[i]:ptr[i + 1]]``."""

    values: npt.NDArray[Any]
    ptr: Ints

    @classmethod
    def of(cls, rows: Sequence[npt.ArrayLike], dtype: npt.DTypeLike = np.float64) -> Ragged:
        """Pack rows of numbers."""
        arrays = [np.asarray(r, dtype=dtype).ravel() for r in rows]
        ptr = np.concatenate(([0], np.cumsum([a.size for a in arrays]))).astype(np.int64)
        values = np.concatenate(arrays) if arrays else np.empty(0, dtype=dtype)
        for array in (values, ptr):
            array.flags.writeable = False
        return cls(values, ptr)

    def __len__(self) -> int:
        return self.ptr.size - 1

    def __getitem__(self, row: int) -> npt.NDArray[Any]:
        return self.values[self.ptr[row] : self.ptr[row + 1]]

    def __iter__(self) -> Iterator[npt.NDArray[Any]]:
        return (self[i] for i in range(len(self)))


@dataclass(frozen=True, eq=False)
class Table:
    """Base of all tables: columns are tuples of text, numpy arrays (made read-only here) or `Ragged`."""

    def __post_init__(self) -> None:
        lengths = {f.name: len(getattr(self, f.name)) for f in fields(self)}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of {type(self).__name__} differ in length: {lengths}")
        for f in fields(self):
            column = getattr(self, f.name)
            if isinstance(column, np.ndarray):
                column.flags.writeable = False

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def dump(self) -> Iterator[str]:
        """Yield a header line, then a line per row; numbers with 12 digits, so that no libm decides about a line."""
        names = [f.name for f in fields(self)]
        yield f"[{type(self).__name__}] {len(self)} rows: {' | '.join(names)}"
        columns = [[_text(x) for x in getattr(self, name)] for name in names]
        for row in zip(*columns, strict=True):
            yield " | ".join(row)


def _text(x: object) -> str:
    match x:
        case np.ndarray():
            return "[" + " ".join(_text(v) for v in x) + "]"
        case np.floating() | float():
            return f"{float(x):.12g}"
        case np.bool_() | bool():
            return "yes" if x else "no"
        case np.integer() | int():
            return str(int(x))
        case _:
            return str(x)


@dataclass(frozen=True, eq=False)
class FlowTable(Table):
    """Demand. One row per flow; its position is its class in ties."""

    id: Texts
    name: Texts
    route: Texts
    direction: Texts
    commodity: Texts
    counts_in: Texts
    origin: Texts
    destination: Texts
    consignment_kind: Texts
    load_t: Floats
    load_teu: Floats
    pattern: Ints
    """`ReleasePattern`."""
    release_t_h: Ragged
    """Breakpoints of the expected cumulative number of consignments, h; a timetable's departures, h."""
    release_cum: Ragged
    """Expected number of consignments released up to each breakpoint; 1, 2, 3... for a timetable."""
    load_from_h: Ragged
    """Start of each piece of the load factor, h."""
    load_factor: Ragged
    """Factor on load_t and load_teu of consignments released in the piece (draught, season)."""


@dataclass(frozen=True, eq=False)
class ItineraryTable(Table):
    """Ordered stages that consignments of one flow may take."""

    id: Texts
    flow_idx: Ints
    share: Floats
    valid_from_h: Floats
    valid_until_h: Floats
    """Consignments released in ``valid_from_h <= t < valid_until_h`` may take it."""
    first_stage_idx: Ints
    n_stages: Ints
    share_from_h: Ragged
    """Start of each piece of the factor on the share, h."""
    share_factor: Ragged
    """Factor on the share of consignments released in the piece; shares are made to sum to 1 after it."""


@dataclass(frozen=True, eq=False)
class StageTable(Table):
    """One row per step of an itinerary, itinerary by itinerary, in order."""

    id: Texts
    itinerary_idx: Ints
    kind: Ints
    """`StageKind`."""
    target_idx: Ints
    """Row in PlaceTable (queue), ServiceTable (sail), FormationTable (form), TrackTable (single_track) or PoolTable
    (take, give); -1 for the others."""
    priority: Ints
    """Class at a place: who has a smaller one is served first; 0 where it makes no difference."""
    side: Ints
    """Direction on a single track: 0 from its node to its to_node, 1 back; base of a pool; 0 for the others."""
    amount: Floats
    """What one unit takes from a pool, or gives back; 0 for the others."""
    blocks: Ints
    """1 where the server of the place before stays taken until the pool has room (or equipment); else 0."""
    node: Texts
    """Where it happens; where a travel stage starts."""
    to_node: Texts
    section_id: Texts
    mode: Texts
    """rail, road or sea; empty where nothing moves."""
    km: Floats
    n_units: Ints
    """Units that one consignment is at this stage: 1, or n between a split and its gather."""
    cause: Ints
    """`Cause` of the time served (waiting has causes of its own)."""
    calendar_idx: Ints
    """Row in CalendarTable of a hold or travel stage; -1 for the others."""
    service_mean_h: Floats
    """Hours per one of the basis."""
    service_basis: Ints
    service_draw_idx: Ints
    """Row in DrawTable of the factor on the service; -1 when it is not random."""
    occupancy_mean_h: Floats
    """Hours per one of the basis that a server is taken, reserved traffic included."""
    occupancy_basis: Ints
    occupancy_draw_idx: Ints
    path_t: Floats
    """Tonnes per train path (basis path)."""
    path_teu: Floats


@dataclass(frozen=True, eq=False)
class DrawTable(Table):
    """Random factors of mean 1: one value per consignment of a flow and unit, shared by stages that name the row."""

    stream: Texts
    flow_idx: Ints
    n_units: Ints
    factor: Ragged
    """Parameters of the distribution, see `Distribution.parameters`."""


@dataclass(frozen=True, eq=False)
class PlaceTable(Table):
    """Places with servers: posts, berths, cranes, fleets, train paths."""

    id: Texts
    name: Texts
    kind: Texts
    node: Texts
    to_node: Texts
    """Other end of a train path's section; empty otherwise."""
    section_id: Texts
    calendar_idx: Ints
    reserved_frac: Floats
    ageing_h: Floats
    """Hours of waiting that make up for one class of priority; infinite: nothing does."""
    server_from_h: Ragged
    server_until_h: Ragged


@dataclass(frozen=True, eq=False)
class ServiceTable(Table):
    """Sailings: dated departures of a capacity."""

    id: Texts
    node: Texts
    departure_h: Ragged
    capacity: Floats
    """Room for the corridor's cargo per departure, in the unit of counts_teu."""
    counts_teu: Bools
    """Whether capacity counts TEU (else tonnes)."""
    calendar_idx: Ints
    """The rate at a departure scales its capacity."""


@dataclass(frozen=True, eq=False)
class FormationTable(Table):
    """Places where consignments form a train or convoy."""

    id: Texts
    node: Texts
    size: Ints
    max_wait_h: Floats


@dataclass(frozen=True, eq=False)
class LoopTable(Table):
    """Passing loops of single-track lines: where trains stand that meet."""

    id: Texts
    n_tracks: Ints
    """Tracks, at least 2; of one direction it takes one less at most, so that it never locks the line."""


@dataclass(frozen=True, eq=False)
class TrackTable(Table):
    """Single tracks from one loop or station to the next, shared by both directions."""

    id: Texts
    name: Texts
    node: Texts
    to_node: Texts
    """Ends of the section that the track is part of."""
    section_id: Texts
    from_km: Floats
    to_km: Floats
    """Where it begins and ends, from the section's node, km."""
    near_loop_idx: Ints
    """Row in LoopTable of the loop at its beginning; -1 at a station, which takes any number of trains."""
    far_loop_idx: Ints
    working_h: Floats
    """From when one train has left until one the other way may enter, h."""
    calendar_idx: Ints


@dataclass(frozen=True, eq=False)
class PoolTable(Table):
    """Closed pools: wagons, trucks, ships that come back, or room in a yard; base by base."""

    id: Texts
    name: Texts
    kind: Texts
    node: Texts
    """Nodes of the bases, joined by blanks."""
    stock: Ragged
    """What stands at each base at hour 0."""
    keep: Ragged
    """What is given back at a base beyond this goes home empty, unless somebody waits for it there."""
    home: Ragged
    """Base that empties go to from each base; -1: they stay."""
    empty_h: Ragged
    """Hours of that, at least a tick."""


@dataclass(frozen=True, eq=False)
class CalendarTable(Table):
    """Availability, piecewise constant."""

    id: Texts
    times_h: Ragged
    rates: Ragged


@dataclass(frozen=True, eq=False)
class DisruptionTable(Table):
    """Disruptions drawn per lane; dated ones are already in the calendars."""

    id: Texts
    occurrence: Ints
    """`Occurrence`."""
    rate_per_h: Floats
    """Events per hour inside windows (occurrence Poisson)."""
    window_from_h: Ragged
    window_until_h: Ragged
    duration: Ragged
    """Parameters of the distribution of the duration, h."""
    factor: Ragged
    """Parameters of the distribution of the capacity factor."""
    choose_one: Bools
    """Whether one target is drawn per event instead of all being hit."""
    target_idx: Ragged
    """Facilities: places first, then services."""
    target_group: Ragged
    """Facilities of one group are hit together: the tracks of a line."""
    target_base: Ragged
    target_slope: Ragged
    """A target's factor is base + slope * drawn factor."""


@dataclass(frozen=True, eq=False)
class BorderPostTable(Table):
    """Border posts: the nodes between which an indicator of border time is taken."""

    id: Texts
    name: Texts
    mode: Texts
    nodes: Texts
    """Node ids joined by blanks."""


@dataclass(frozen=True, eq=False)
class JourneyTable(Table):
    """Parts of a trip that are measured on every consignment: windows and sets of stages of one itinerary."""

    id: Texts
    stages: Ragged
    """Rows of StageTable, increasing, of one itinerary."""
    is_window: Bools
    """Whether time runs from the first arrival to the last departure (else only inside the stages)."""
