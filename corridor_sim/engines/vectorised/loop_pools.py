"""Closed pools in an event loop. The rules are told in `discrete_event.pools`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.engines.vectorised.agenda import NOBODY, set_wake
from corridor_sim.engines.vectorised.jit import inlined
from corridor_sim.engines.vectorised.loop_calendars import open_time
from corridor_sim.engines.vectorised.loop_tables import visit_of
from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    from corridor_sim.engines.vectorised.agenda import Agenda, Wakes
    from corridor_sim.engines.vectorised.loop_tables import Part, Pieces, Rows, State


@inlined
def fill_pools(part: Part, state: State) -> None:
    """Put all pools at their beginning."""
    state.empties_n[0] = 0
    for line in range(part.base_stock.size):
        state.stock[line] = part.base_stock[line]
        state.given[line] = state.fresh[line] = 0.0
        state.empties_first[line] = NOBODY


@inlined
def give_back(part: Part, wakes: Wakes, state: State, f: int, stage: int, now_h: float) -> None:
    """Give back to a base of a pool."""
    state.given[part.facility_line[f] + part.stage_line[stage]] += part.stage_amount[stage]
    set_wake(wakes, f, now_h)


@inlined
def hand_out(
    part: Part, row: Rows, pieces: Pieces, agenda: Agenda, wakes: Wakes, state: State, f: int, now_h: float
) -> int:
    """Serve the first who waits and can be served; when there is none, send the rest home. Return the unit."""
    _take_in(part, state, f, now_h)
    unit = NOBODY
    for line in range(part.facility_line[f], part.facility_line[f + 1]):
        first = state.line_first[line]
        if unit == NOBODY and first != NOBODY:
            amount = part.stage_amount[state.stage[first]]
            if amount <= state.stock[line]:
                unit = first
                state.stock[line] -= amount
                state.line_first[line] = agenda.behind[first]
    if unit == NOBODY:
        _send_home(part, wakes, state, f, now_h)
    else:
        set_wake(wakes, f, now_h)  # once more at this instant: there may be enough for the next
        stage = state.stage[unit]
        visit = visit_of(part, state, unit)
        row.start_h[visit], row.depart_h[visit] = now_h, now_h + TICK_H
        if part.stage_blocks[stage] >= 0:
            _let_go(row, pieces, wakes, state, part.stage_blocks[stage], unit, now_h)
    return unit


@inlined
def _take_in(part: Part, state: State, f: int, now_h: float) -> None:
    """Take in empties that are home, and what was given back since."""
    for line in range(part.facility_line[f], part.facility_line[f + 1]):
        entry = state.empties_first[line]
        while entry != NOBODY and state.empties_h[entry] <= now_h:
            state.stock[part.base_home[line]] += state.empties_amount[entry]
            entry = state.empties_behind[entry]
        state.empties_first[line] = entry
    for line in range(part.facility_line[f], part.facility_line[f + 1]):
        state.stock[line] += state.given[line]
        state.fresh[line] += state.given[line]
        state.given[line] = 0.0


@inlined
def _send_home(part: Part, wakes: Wakes, state: State, f: int, now_h: float) -> None:
    """Send what was given back and nobody needs home, and wake when empties come home."""
    for line in range(part.facility_line[f], part.facility_line[f + 1]):
        surplus = min(state.fresh[line], state.stock[line] - part.base_keep[line])
        state.fresh[line] = 0.0
        if part.base_home[line] >= 0 and surplus > 0 and state.line_first[line] == NOBODY:
            state.stock[line] -= surplus
            entry = state.empties_n[0]
            state.empties_n[0] = entry + 1
            state.empties_h[entry] = now_h + part.base_empty_h[line]
            state.empties_amount[entry] = surplus
            state.empties_behind[entry] = NOBODY
            if state.empties_first[line] == NOBODY:
                state.empties_first[line] = entry
            else:
                state.empties_behind[state.empties_last[line]] = entry
            state.empties_last[line] = entry
        if state.empties_first[line] != NOBODY:
            set_wake(wakes, f, state.empties_h[state.empties_first[line]])


@inlined
def _let_go(row: Rows, pieces: Pieces, wakes: Wakes, state: State, f: int, unit: int, now_h: float) -> None:
    """Let go of the server that a unit held, from a tick later on."""
    server = state.holds[unit]
    state.free[server] = max(state.free[server], open_time(pieces, row.calendar[f], now_h + TICK_H))
    state.is_held[server] = False
    set_wake(wakes, f, now_h + TICK_H)
