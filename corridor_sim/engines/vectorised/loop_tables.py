"""What an event loop reads and writes: named tuples of arrays, made by `coupled`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridor_sim.engines.vectorised.jit import inlined

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

NEVER_H = float("inf")
ADD, WORK, REPEAT, LATEST = 0, 1, 2, 3
KINDS_OF_STEPS = {"Add": ADD, "Work": WORK, "Repeat": REPEAT, "Latest": LATEST}
"""Steps on the way, see `ways`."""


def starts(counts: Sequence[int]) -> Ints:
    """Return where each of some blocks of columns begins, and the end of the last."""
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int64)


class Part(NamedTuple):
    """What is the same in all lanes. Stages, steps, facilities and units are those of the part, counted from 0."""

    end_h: float
    stage_facility: Any
    stage_visit: Any
    """Column of the first visit of each stage."""
    stage_units: Any
    stage_next: Any
    """Stage of the part that follows, or -1."""
    stage_step: Any
    """(n_stages + 1,) first step of the way to it."""
    step_kind: Any
    step_hours: Any
    """Column of the first duration of each step."""
    step_units: Any
    step_calendar: Any
    """Calendar of a step, or -1."""
    unit_member: Any
    """Member of its itinerary that each unit belongs to."""
    unit_number: Any
    """Which unit of its consignment it is."""
    entry_stage: Any
    """Stages at which units enter the part."""
    entry_column: Any
    """(n_entries + 1,) first column of the arrivals there."""
    entry_unit: Any
    """Unit that arrives in each of those columns."""
    facility_kind: Any
    facility_server: Any
    """(n_facilities + 1,) first server of a place."""
    facility_closes: Any
    """Whether servers of a place close for good."""
    facility_size: Any
    """Consignments of a full train."""
    facility_max_wait_h: Any
    facility_ship: Any
    """(n_facilities + 1,) first departure of a service."""
    ship_h: Any
    stage_line: Any
    """Which of the lines of its facility one stands in: by direction, or by class of priority."""
    stage_amount: Any
    """What a unit takes from a pool, or gives back."""
    stage_gives: Any
    """Whether a stage gives back to a pool."""
    stage_holds: Any
    """Whether the server of a place stays taken after the service."""
    stage_blocks: Any
    """Place whose server stays taken until this stage starts; -1: none."""
    facility_line: Any
    """(n_facilities + 1,) first of the lines in which units wait for a facility that wakes."""
    facility_ageing_h: Any
    """Hours of waiting that make up for one class of priority."""
    facility_order: Any
    """Turn of each facility among those that wake at one instant."""
    base_stock: Any
    """By line, as all about the bases of pools: what stands there at first."""
    base_keep: Any
    base_home: Any
    """Line of the base that empties go to, or -1."""
    base_empty_h: Any
    track_working_h: Any
    """By facility, as all about tracks: from when one has left until one the other way may enter."""
    track_loops: Any
    """(2 * n_facilities,) loop at the beginning and at the end of each; -1 at a station."""
    loop_tracks: Any
    loop_first: Any
    """(n_loops + 1,) first of the tracks at each loop."""
    loop_facility: Any
    """Tracks at the loops."""


class Rows(NamedTuple):
    """What differs by lane, and where the results go: arrays with a row per lane, or one such row of each."""

    rank: Any
    """Order of units in ties; of trains that leave, behind them."""
    entry_h: Any
    service_h: Any
    occupancy_h: Any
    load: Any
    hours: Any
    free: Any
    """Open time at which each server gets free at first, in order within a place."""
    until: Any
    ship_room: Any
    calendar: Any
    """Calendar of each facility, or -1 for always open."""
    start_h: Any
    depart_h: Any


class Pieces(NamedTuple):
    """Calendars, piece by piece, behind each other; see `foundation.calendars`."""

    first: Any
    """(n_calendars + 1,) first piece of each."""
    times_h: Any
    open_h: Any
    rates: Any
    open_slope: Any
    open_intercept: Any
    clock_slope: Any
    clock_intercept: Any


class State(NamedTuple):
    """State of one lane."""

    stage: Any
    """Stage at which each unit arrives next."""
    missing: Any
    """Units of a consignment, by its first, that are not yet at the gather."""
    latest_h: Any
    free: Any
    until: Any
    arrive_piece: Any
    start_piece: Any
    ship: Any
    ship_left: Any
    train_first: Any
    train_last: Any
    train_count: Any
    train_leaves_h: Any
    line_first: Any
    """First of those who stand in each line."""
    line_last: Any
    holds: Any
    """Server that each unit holds, where it does."""
    is_held: Any
    """Whether a server is held beyond its occupancy."""
    stock: Any
    """By line: what stands at a base."""
    given: Any
    """What was given back since the pool decided last."""
    fresh: Any
    """What was given back at this instant."""
    empties_first: Any
    empties_last: Any
    empties_n: Any
    """How many entries there are."""
    empties_h: Any
    """When empties are home, entry by entry; those from one base stand behind each other."""
    empties_amount: Any
    empties_behind: Any
    track_side: Any
    """Direction of the train that entered last; -1 before any."""
    track_entered_h: Any
    track_gap_h: Any
    track_left_h: Any
    loop_taken: Any
    """(2 * n_loops,) tracks kept for trains each way."""
    loop_left_h: Any
    """When one left last."""
    loop_n_left: Any
    """How many left at that instant."""


@inlined
def visit_of(part: Part, state: State, unit: int) -> int:
    """Return the column of a unit's visit to its stage."""
    stage = state.stage[unit]
    units = part.stage_units[stage]
    return part.stage_visit[stage] + part.unit_member[unit] * units + part.unit_number[unit] * (units > 1)  # type: ignore[no-any-return]
