"""Places with classes of priority in an event loop. The rules are told in `discrete_event.attended`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.engines.vectorised.agenda import NOBODY, set_wake
from corridor_sim.engines.vectorised.jit import inlined
from corridor_sim.engines.vectorised.loop_calendars import closes_at, done_at, open_time, starts_at
from corridor_sim.engines.vectorised.loop_tables import NEVER_H, visit_of
from corridor_sim.foundation.time_grid import TICK_H

if TYPE_CHECKING:
    from corridor_sim.engines.vectorised.agenda import Agenda, Wakes
    from corridor_sim.engines.vectorised.loop_tables import Part, Pieces, Rows, State


@inlined
def _next_line(part: Part, row: Rows, agenda: Agenda, state: State, f: int) -> int:
    """Return the line of the class whose first is next; -1: nobody waits."""
    chosen, best = -1, NOBODY
    first, ageing_h = part.facility_line[f], part.facility_ageing_h[f]
    for line in range(first, part.facility_line[f + 1]):
        unit = state.line_first[line]
        if unit == NOBODY:
            continue
        is_next = best == NOBODY
        if not is_next and ageing_h < NEVER_H:  # without ageing the smaller class, which was seen before, is next
            a_h = agenda.due_h[unit] + (line - first) * ageing_h
            b_h = agenda.due_h[best] + (chosen - first) * ageing_h
            is_next = a_h < b_h or (a_h == b_h and row.rank[unit] < row.rank[best])
        if is_next:
            chosen, best = line, unit
    return chosen


@inlined
def _next_server(part: Part, pieces: Pieces, state: State, f: int, calendar: int, now_h: float) -> int:
    """Return the server that gets free first; -1: none will start again, as things stand."""
    chosen, now = -1, open_time(pieces, calendar, now_h)
    for k in range(part.facility_server[f], part.facility_server[f + 1]):
        is_there = not state.is_held[k] and max(state.free[k], now) < state.until[k]
        if is_there and (chosen < 0 or state.free[k] < state.free[chosen]):
            chosen = k
    return chosen


@inlined
def serve_next(
    part: Part, row: Rows, pieces: Pieces, agenda: Agenda, wakes: Wakes, state: State, f: int, now_h: float
) -> int:
    """Serve who is next if that can begin now, else wake when it can; return the unit."""
    served, calendar = NOBODY, row.calendar[f]
    line, server = _next_line(part, row, agenda, state, f), -1
    if line >= 0:
        server = _next_server(part, pieces, state, f, calendar, now_h)
    if server >= 0:
        unit = state.line_first[line]
        arrive_h = agenda.due_h[unit]
        arrive = open_time(pieces, calendar, arrive_h)
        start = max(arrive, state.free[server])
        start_h = arrive_h
        if start != arrive or closes_at(pieces, calendar, arrive_h):
            start_h = max(arrive_h, starts_at(pieces, calendar, start))
        set_wake(wakes, f, max(start_h, now_h))  # once more at this instant: the next may begin, too
        if start_h <= now_h:
            served = unit
            state.line_first[line] = agenda.behind[unit]
            stage = state.stage[unit]
            visit = visit_of(part, state, unit)
            state.free[server] = start + row.occupancy_h[visit]
            if part.stage_holds[stage]:
                state.is_held[server] = True
                state.holds[unit] = server
            row.start_h[visit] = now_h
            row.depart_h[visit] = max(done_at(pieces, calendar, start + row.service_h[visit]), now_h + TICK_H)
    return served
