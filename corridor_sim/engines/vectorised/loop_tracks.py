"""Single tracks in an event loop: who is let in next. The rules are told in `discrete_event.tracks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.engines.vectorised.agenda import NOBODY, set_wake
from corridor_sim.engines.vectorised.jit import inlined
from corridor_sim.engines.vectorised.loop_calendars import next_opening, work_done
from corridor_sim.engines.vectorised.loop_tables import visit_of
from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    from corridor_sim.engines.vectorised.agenda import Agenda, Wakes
    from corridor_sim.engines.vectorised.loop_tables import Part, Pieces, Rows, State


@inlined
def clear_tracks(state: State) -> None:
    """Empty all tracks and loops."""
    state.line_first[:] = NOBODY
    state.track_side[:] = -1
    state.track_entered_h[:] = state.track_gap_h[:] = state.track_left_h[:] = 0.0
    state.loop_taken[:] = 0
    state.loop_left_h[:] = -1.0
    state.loop_n_left[:] = 0


@inlined
def stand_in_line(part: Part, agenda: Agenda, wakes: Wakes, state: State, f: int, unit: int, now_h: float) -> None:
    """Wait for a facility that decides when all arrivals of the instant are known."""
    line = part.facility_line[f] + part.stage_line[state.stage[unit]]
    agenda.behind[unit] = NOBODY
    if state.line_first[line] == NOBODY:
        state.line_first[line] = unit
    else:
        agenda.behind[state.line_last[line]] = unit
    state.line_last[line] = unit
    set_wake(wakes, f, now_h)


@inlined
def _taken(state: State, place: int, now_h: float) -> int:
    """Tracks of a loop that are taken one way; who left at this very instant still counts."""
    return state.loop_taken[place] + (state.loop_n_left[place] if state.loop_left_h[place] == now_h else 0)  # type: ignore[no-any-return]


@inlined
def _has_room(part: Part, state: State, loop: int, side: int, now_h: float) -> bool:
    mine = _taken(state, 2 * loop + side, now_h)
    other = _taken(state, 2 * loop + 1 - side, now_h)
    return mine < part.loop_tracks[loop] - 1 and mine + other < part.loop_tracks[loop]  # type: ignore[no-any-return]


@inlined
def _next_side(part: Part, row: Rows, agenda: Agenda, wakes: Wakes, state: State, f: int, now_h: float) -> int:
    """Return the direction whose first request comes first, of those that have room ahead; -1: none."""
    chosen, best = -1, NOBODY
    for side in range(2):
        unit, ahead = state.line_first[part.facility_line[f] + side], part.track_loops[2 * f + 1 - side]
        if unit == NOBODY:
            continue
        if ahead >= 0 and not _has_room(part, state, ahead, side, now_h):
            if state.loop_left_h[2 * ahead] == now_h or state.loop_left_h[2 * ahead + 1] == now_h:
                set_wake(wakes, f, now_h + TICK_H)
            continue
        is_first = best == NOBODY
        if not is_first:
            a_h, b_h = agenda.due_h[unit], agenda.due_h[best]
            is_first = a_h < b_h or (a_h == b_h and row.rank[unit] < row.rank[best])
        if is_first:
            chosen, best = side, unit
    return chosen


@inlined
def let_in(
    part: Part, row: Rows, pieces: Pieces, agenda: Agenda, wakes: Wakes, state: State, f: int, now_h: float
) -> int:
    """Let the next train in if it can enter now, else wake when it can; return its unit."""
    side = _next_side(part, row, agenda, wakes, state, f, now_h)
    unit, possible_h, follows = NOBODY, now_h, False
    if side >= 0:
        if state.track_side[f] >= 0:
            follows = state.track_side[f] == side
            entered_h = state.track_entered_h[f] + state.track_gap_h[f]
            possible_h = max(now_h, entered_h if follows else state.track_left_h[f] + part.track_working_h[f])
        possible_h = next_opening(pieces, row.calendar[f], possible_h)
        if possible_h == now_h:
            unit = state.line_first[part.facility_line[f] + side]
        set_wake(wakes, f, possible_h)  # once more at this instant when one was let in: the next may enter, too
    if unit != NOBODY:
        state.line_first[part.facility_line[f] + side] = agenda.behind[unit]
        visit = visit_of(part, state, unit)
        run_h, calendar = row.service_h[visit], row.calendar[f]
        leaves_h = now_h + run_h if calendar < 0 else work_done(pieces, calendar, now_h, run_h)
        if follows:
            leaves_h = max(leaves_h, state.track_left_h[f] + state.track_gap_h[f])
        state.track_side[f], state.track_entered_h[f] = side, now_h
        state.track_gap_h[f], state.track_left_h[f] = row.occupancy_h[visit], leaves_h
        row.start_h[visit], row.depart_h[visit] = now_h, leaves_h
        _change_loops(part, wakes, state, f, side, now_h)
    return unit


@inlined
def _change_loops(part: Part, wakes: Wakes, state: State, f: int, side: int, now_h: float) -> None:
    """Keep a track at the loop ahead; give that at the loop behind back, from a tick later on."""
    ahead, behind = part.track_loops[2 * f + 1 - side], part.track_loops[2 * f + side]
    if ahead >= 0:
        state.loop_taken[2 * ahead + side] += 1
    if behind >= 0:
        place = 2 * behind + side
        state.loop_taken[place] -= 1
        state.loop_n_left[place] = 1 + (state.loop_n_left[place] if state.loop_left_h[place] == now_h else 0)
        state.loop_left_h[place] = now_h
        for k in range(part.loop_first[behind], part.loop_first[behind + 1]):
            set_wake(wakes, part.loop_facility[k], now_h + TICK_H)
