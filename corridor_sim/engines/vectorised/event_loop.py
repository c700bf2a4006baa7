"""One event loop per lane: a part of the stage graph followed arrival by arrival, compiled where numba is installed.

Every unit that is on its way has one next event, its arrival at a facility; events are taken in the order of time and
rank. All arrivals of an instant come before anything they cause (no stage takes less than a tick), so most facilities
can say at once what becomes of an arrival, from the state in which earlier ones left it; others wake to decide, after
the arrivals. Starts and departures are the same sums, maxima and lines of calendars as everywhere else, in the same
order: the same bits.

Functions here use nothing but numbers and arrays, so that they can be compiled; without numba they run as they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_sim.engines.vectorised.agenda import (
    NOBODY,
    clear,
    expect,
    lay,
    let_sleep,
    open_boxes,
    set_wake,
    take_next,
    take_wake,
)
from corridor_sim.engines.vectorised.jit import borrowed, code_of, compiled, inlined
from corridor_sim.engines.vectorised.loop_attended import serve_next
from corridor_sim.engines.vectorised.loop_calendars import on_line, work_done
from corridor_sim.engines.vectorised.loop_pools import fill_pools, give_back, hand_out
from corridor_sim.engines.vectorised.loop_tables import ADD, LATEST, NEVER_H, REPEAT, Rows, visit_of
from corridor_sim.engines.vectorised.loop_tracks import clear_tracks, let_in, stand_in_line
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.kinds import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor_sim.engines.vectorised.agenda import Agenda, Wakes
    from corridor_sim.engines.vectorised.loop_tables import Part, Pieces, State

QUEUE, SAIL, FORM = int(StageKind.QUEUE), int(StageKind.SAIL), int(StageKind.FORM)
SINGLE_TRACK, POOL = int(StageKind.SINGLE_TRACK), int(StageKind.TAKE)


@inlined
def _sift(free: Any, first: int, n: int, value: float) -> None:
    """Replace the earliest of the servers of a place, a heap."""
    k, down = 0, 1
    while down < n:
        if down + 1 < n and free[first + down + 1] < free[first + down]:
            down += 1
        if value <= free[first + down]:
            break
        free[first + k] = free[first + down]
        k, down = down, 2 * down + 1
    free[first + k] = value


@inlined
def _take_server(part: Part, state: State, f: int, arrive: float, occupancy: float) -> float:
    """Give an arrival, in open time, the server that gets free first; return its start there."""
    first, free = part.facility_server[f], state.free
    n = part.facility_server[f + 1] - first
    if n == 0:
        return NEVER_H
    if not part.facility_closes[f]:
        start = max(free[first], arrive)
        if n == 1:
            free[first] = start + occupancy
        else:
            _sift(free, first, n, start + occupancy)
        return start  # type: ignore[no-any-return]
    chosen = first
    for k in range(first, first + n):
        if max(free[k], arrive) >= state.until[k]:
            free[k] = NEVER_H
        if free[k] < free[chosen]:
            chosen = k
    start = max(free[chosen], arrive)
    free[chosen] = start + occupancy
    return start  # type: ignore[no-any-return]


@inlined
def _serve(part: Part, row: Rows, pieces: Pieces, state: State, f: int, visit: int, now_h: float) -> float:
    """Serve an arrival at a place: S = max(A, free), D = S + s, in open time; return its departure, h."""
    service, occupancy, calendar = row.service_h[visit], row.occupancy_h[visit], row.calendar[f]
    if calendar < 0:
        start_h = _take_server(part, state, f, now_h, occupancy)
        row.start_h[visit] = start_h
        row.depart_h[visit] = start_h + service
        return start_h + service  # type: ignore[no-any-return]
    last = pieces.first[calendar + 1] - 1
    p = state.arrive_piece[f]
    while p < last and pieces.times_h[p + 1] <= now_h:
        p += 1
    state.arrive_piece[f] = p
    arrive = on_line(pieces.open_slope, pieces.open_intercept, p, now_h)
    start = _take_server(part, state, f, arrive, occupancy)
    if start == NEVER_H:
        row.start_h[visit] = row.depart_h[visit] = NEVER_H
        return NEVER_H
    q = state.start_piece[f]
    while q < last and pieces.open_h[q + 1] <= start:
        q += 1
    state.start_piece[f] = q
    # who starts at once does so on arrival: the way through open time and back may be a tick off
    start_h = now_h
    if start != arrive or pieces.rates[p] == 0.0:
        start_h = max(now_h, on_line(pieces.clock_slope, pieces.clock_intercept, q, start))
    done = start + service
    while q < last and pieces.open_h[q + 1] < done:
        q += 1
    depart_h = max(on_line(pieces.clock_slope, pieces.clock_intercept, q, done), start_h + TICK_H)
    row.start_h[visit] = start_h
    row.depart_h[visit] = depart_h
    return depart_h  # type: ignore[no-any-return]


@inlined
def _board(part: Part, row: Rows, state: State, f: int, visit: int, now_h: float) -> float:
    """Board the first departure with room, behind all that came before; return the time just after it, h."""
    ship, last, load = state.ship[f], part.facility_ship[f + 1], row.load[visit]
    while ship < last and (part.ship_h[ship] < now_h or load > state.ship_left[f]):
        ship += 1
        state.ship_left[f] = row.ship_room[ship] if ship < last else 0.0
    state.ship[f] = ship
    start_h = NEVER_H
    if ship < last:
        state.ship_left[f] -= load
        start_h = part.ship_h[ship]
    row.start_h[visit] = start_h
    row.depart_h[visit] = start_h + TICK_H
    return start_h + TICK_H


@inlined
def _go_on(part: Part, row: Rows, pieces: Pieces, agenda: Agenda, state: State, unit: int, depart_h: float) -> None:
    """Take a unit on its way from the stage it leaves to the next; a split sends all units of a consignment there."""
    stage = state.stage[unit]
    following, first, last = part.stage_next[stage], unit - part.unit_number[unit], part.stage_step[stage + 1]
    # those who set out together, from the same step at the same time
    k, end, set_out_h, set_out_step = unit, unit + 1, depart_h, part.stage_step[stage]
    if following < 0:
        return
    while k < end:
        who, time_h, step = k, set_out_h, set_out_step
        k += 1
        while step < last and time_h < part.end_h:
            kind, units = part.step_kind[step], part.step_units[step]
            if kind == REPEAT:
                k, end, set_out_h, set_out_step = first, first + units, time_h, step + 1
                time_h = NEVER_H
            elif kind == LATEST:
                state.latest_h[first] = max(state.latest_h[first], time_h)
                if state.missing[first] == 0:
                    state.missing[first] = units
                state.missing[first] -= 1
                time_h = NEVER_H
                if state.missing[first] == 0:
                    who, time_h = first, state.latest_h[first]
                    state.latest_h[first] = 0.0
            else:
                hours = row.hours[part.step_hours[step] + part.unit_member[who] * units + (who - first) * (units > 1)]
                calendar = part.step_calendar[step]
                time_h = time_h + hours if kind == ADD else work_done(pieces, calendar, time_h, hours)
            step += 1
        if time_h < part.end_h:
            state.stage[who] = following
            expect(agenda, row.rank, who, time_h)


@inlined
def _record_train(part: Part, row: Rows, agenda: Agenda, state: State, first: int, leaves_h: float) -> None:
    """Write down when the consignments of a train leave."""
    unit = first
    while unit != NOBODY:
        visit = visit_of(part, state, unit)
        row.start_h[visit] = leaves_h
        row.depart_h[visit] = leaves_h + TICK_H
        unit = agenda.behind[unit]


@inlined
def _join(part: Part, agenda: Agenda, state: State, f: int, unit: int, now_h: float) -> bool:
    """Join the train in the making; return whether it is full."""
    agenda.behind[unit] = NOBODY
    if state.train_count[f] == 0:
        state.train_first[f] = unit
        state.train_leaves_h[f] = now_h + part.facility_max_wait_h[f]
    else:
        agenda.behind[state.train_last[f]] = unit
    state.train_last[f] = unit
    state.train_count[f] += 1
    return state.train_count[f] == part.facility_size[f]  # type: ignore[no-any-return]


@inlined
def _enter(part: Part, row: Rows, agenda: Agenda, state: State) -> None:
    """Put everybody's first arrival on the agenda, of which no box is open yet."""
    for e in range(part.entry_stage.size):
        for column in range(part.entry_column[e], part.entry_column[e + 1]):
            at_h = row.entry_h[column]
            if at_h < part.end_h:
                unit = part.entry_unit[column]
                state.stage[unit] = part.entry_stage[e]
                lay(agenda, unit, at_h)


@inlined
def _begin(part: Part, row: Rows, pieces: Pieces, agenda: Agenda, wakes: Wakes, state: State) -> None:
    """Put a lane at its beginning."""
    clear(agenda)
    let_sleep(wakes)
    clear_tracks(state)
    fill_pools(part, state)
    state.missing[:] = 0
    state.latest_h[:] = 0.0
    for k in range(state.free.size):
        state.free[k], state.until[k] = row.free[k], row.until[k]
        state.is_held[k] = False
    for f in range(part.facility_kind.size):
        calendar = row.calendar[f]
        state.arrive_piece[f] = state.start_piece[f] = pieces.first[calendar] if calendar >= 0 else 0
        ship = part.facility_ship[f]
        state.ship[f] = ship
        state.ship_left[f] = row.ship_room[ship] if ship < part.facility_ship[f + 1] else 0.0
        state.train_count[f] = 0


@inlined
def _arrive(
    part: Part, row: Rows, pieces: Pieces, agenda: Agenda, wakes: Wakes, state: State, unit: int, now_h: float
) -> tuple[int, float]:
    """Take an arrival; return who leaves now that it is here (the first of a train, or nobody), and when, h."""
    f = part.stage_facility[state.stage[unit]]
    kind = part.facility_kind[f]
    leaves, depart_h = unit, NEVER_H
    if kind == POOL and part.stage_gives[state.stage[unit]]:
        agenda.behind[unit] = NOBODY
        visit, depart_h = visit_of(part, state, unit), now_h + TICK_H
        row.start_h[visit], row.depart_h[visit] = now_h, depart_h
        give_back(part, wakes, state, f, state.stage[unit], now_h)
    elif part.facility_line[f + 1] > part.facility_line[f]:
        leaves = NOBODY
        stand_in_line(part, agenda, wakes, state, f, unit, now_h)
    elif kind == QUEUE:
        agenda.behind[unit] = NOBODY
        depart_h = _serve(part, row, pieces, state, f, visit_of(part, state, unit), now_h)
    elif kind == SAIL:
        agenda.behind[unit] = NOBODY
        depart_h = _board(part, row, state, f, visit_of(part, state, unit), now_h)
    else:
        leaves, depart_h = NOBODY, now_h + TICK_H
        if _join(part, agenda, state, f, unit, now_h):
            leaves = state.train_first[f]
            state.train_count[f] = 0
            _record_train(part, row, agenda, state, leaves, now_h)
        elif state.train_count[f] == 1:
            set_wake(wakes, f, state.train_leaves_h[f])
    return leaves, depart_h


@inlined
def _wake(
    part: Part, row: Rows, pieces: Pieces, agenda: Agenda, wakes: Wakes, state: State, f: int, now_h: float
) -> tuple[int, float]:
    """Let a facility decide; return who leaves (the first of a train, or nobody), and when, h."""
    leaves, depart_h = NOBODY, now_h + TICK_H
    if part.facility_line[f + 1] > part.facility_line[f]:
        if part.facility_kind[f] == SINGLE_TRACK:
            leaves = let_in(part, row, pieces, agenda, wakes, state, f, now_h)
        elif part.facility_kind[f] == POOL:
            leaves = hand_out(part, row, pieces, agenda, wakes, state, f, now_h)
        else:
            leaves = serve_next(part, row, pieces, agenda, wakes, state, f, now_h)
        if leaves != NOBODY:
            agenda.behind[leaves] = NOBODY
            depart_h = row.depart_h[visit_of(part, state, leaves)]
    elif state.train_count[f] > 0:
        # the train that was waited for may have left full, and another wait
        if state.train_leaves_h[f] == now_h:
            leaves = state.train_first[f]
            state.train_count[f] = 0
            _record_train(part, row, agenda, state, leaves, now_h)
        else:
            set_wake(wakes, f, state.train_leaves_h[f])
    return leaves, depart_h


def _compile(code: str) -> Callable[..., int]:
    """Compile the loop; what is cached of it belongs to this very code, of all modules that it consists of."""

    @compiled
    def follow_lane(
        of_part: Part, of_row: Rows, of_pieces: Pieces, of_agenda: Agenda, of_wakes: Wakes, of_state: State
    ) -> int:
        _ = code  # a compiled function is found again by what it holds, not by the code of what is put in place
        part, row, pieces = borrowed(of_part), borrowed(of_row), borrowed(of_pieces)
        agenda, wakes, state = borrowed(of_agenda), borrowed(of_wakes), borrowed(of_state)
        _begin(part, row, pieces, agenda, wakes, state)
        _enter(part, row, agenda, state)
        n = 0
        while True:
            is_arrival = open_boxes(agenda, row.rank)
            if wakes.n[0] > 0:
                f = wakes.heap[0]
                is_wake = not is_arrival or wakes.at_h[f] < agenda.heap_h[0]
            else:
                is_wake = False
            if is_wake:
                now_h = wakes.at_h[f]
                take_wake(wakes)
                leaves, depart_h = _wake(part, row, pieces, agenda, wakes, state, f, now_h)
            elif is_arrival:
                n += 1
                unit = take_next(agenda, row.rank)
                leaves, depart_h = _arrive(part, row, pieces, agenda, wakes, state, unit, agenda.due_h[unit])
            else:
                break
            while leaves != NOBODY:
                behind = agenda.behind[leaves]
                _go_on(part, row, pieces, agenda, state, leaves, depart_h)
                leaves = behind
        for f in range(part.facility_kind.size):
            if state.train_count[f] > 0:
                _record_train(part, row, agenda, state, state.train_first[f], state.train_leaves_h[f])
        return n

    return follow_lane  # type: ignore[no-any-return]


follow_lane = _compile(code_of(Path(__file__).parent))
"""Follow one lane to the end of the horizon; returns the arrivals."""
