"""The agenda of an event loop: who arrives next, in the order of time and rank, and which facility wakes when.

The events of some minutes lie in a box, unordered; only those of the box that is open are kept in order, in a heap that
stays small. Everyone has one event at most. Facilities wake after all arrivals of an instant; of several wakes that
one is told to have the earliest counts.

References
----------
Brown (1988), Calendar queues: a fast O(1) priority queue implementation for the simulation event set problem, CACM 31.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from corridor_sim.engines.vectorised.jit import compiled, inlined

NOBODY = -1
NEVER_H = float("inf")


class Agenda(NamedTuple):
    """Who arrives next."""

    per_h: float
    """Boxes per hour."""
    due_h: Any
    behind: Any
    """Who lies behind each in its box, or in its train."""
    box: Any
    """First of each box."""
    heap_h: Any
    heap_who: Any
    state: Any
    """Box that is open, and how many are in the heap."""


@inlined
def _precedes(rank: Any, a_h: float, a: int, b_h: float, b: int) -> bool:
    return a_h < b_h or (a_h == b_h and rank[a] < rank[b])


@inlined
def heap_push(heap_h: Any, heap_who: Any, n: int, rank: Any, who: int, at_h: float) -> None:
    """Add to a heap of n."""
    k = n
    while k > 0:
        up = (k - 1) >> 1
        if not _precedes(rank, at_h, who, heap_h[up], heap_who[up]):
            break
        heap_h[k], heap_who[k] = heap_h[up], heap_who[up]
        k = up
    heap_h[k], heap_who[k] = at_h, who


@inlined
def heap_pop(heap_h: Any, heap_who: Any, n: int, rank: Any) -> int:
    """Take the first from a heap, of which n are left."""
    first: int = heap_who[0]
    at_h, who = heap_h[n], heap_who[n]
    k, down = 0, 1
    while down < n:
        if down + 1 < n and _precedes(rank, heap_h[down + 1], heap_who[down + 1], heap_h[down], heap_who[down]):
            down += 1
        if not _precedes(rank, heap_h[down], heap_who[down], at_h, who):
            break
        heap_h[k], heap_who[k] = heap_h[down], heap_who[down]
        k, down = down, 2 * down + 1
    heap_h[k], heap_who[k] = at_h, who
    return first


@inlined
def clear(agenda: Agenda) -> None:
    """Empty the agenda, and close all boxes."""
    agenda.box[:] = NOBODY
    agenda.state[0], agenda.state[1] = -1, 0


@inlined
def lay(agenda: Agenda, who: int, at_h: float) -> None:
    """Put an event into its box, which is not open yet."""
    box = int(at_h * agenda.per_h)
    agenda.due_h[who] = at_h
    agenda.behind[who] = agenda.box[box]
    agenda.box[box] = who


@inlined
def expect(agenda: Agenda, rank: Any, who: int, at_h: float) -> None:
    """Put an event, before the end of the horizon, on the agenda."""
    if int(at_h * agenda.per_h) <= agenda.state[0]:
        agenda.due_h[who] = at_h
        heap_push(agenda.heap_h, agenda.heap_who, agenda.state[1], rank, who, at_h)
        agenda.state[1] += 1
    else:
        lay(agenda, who, at_h)


@inlined
def open_boxes(agenda: Agenda, rank: Any) -> bool:
    """Open boxes until there is somebody in the heap; return whether there is."""
    while agenda.state[1] == 0 and agenda.state[0] + 1 < agenda.box.size:
        agenda.state[0] += 1
        who = agenda.box[agenda.state[0]]
        while who != NOBODY:
            heap_push(agenda.heap_h, agenda.heap_who, agenda.state[1], rank, who, agenda.due_h[who])
            agenda.state[1] += 1
            who = agenda.behind[who]
    return agenda.state[1] > 0  # type: ignore[no-any-return]


@inlined
def take_next(agenda: Agenda, rank: Any) -> int:
    """Return whose event comes next, when there is one."""
    agenda.state[1] -= 1
    return heap_pop(agenda.heap_h, agenda.heap_who, agenda.state[1], rank)  # type: ignore[no-any-return]


class Wakes(NamedTuple):
    """When facilities wake: a heap that knows where each is, so that a wake can be made earlier."""

    end_h: float
    """Nobody wakes from here on."""
    at_h: Any
    """By facility; infinite for those that sleep."""
    order: Any
    """Turn of each among those that wake at one instant."""
    heap: Any
    where: Any
    """Where each is in the heap, or -1."""
    n: Any
    """How many there are."""


@inlined
def let_sleep(wakes: Wakes) -> None:
    """Forget all wakes."""
    wakes.at_h[:] = NEVER_H
    wakes.where[:] = -1
    wakes.n[0] = 0


@inlined
def _wakes_before(wakes: Wakes, a: int, b: int) -> bool:
    return wakes.at_h[a] < wakes.at_h[b] or (wakes.at_h[a] == wakes.at_h[b] and wakes.order[a] < wakes.order[b])  # type: ignore[no-any-return]


@compiled
def set_wake(wakes: Wakes, f: int, at_h: float) -> None:
    """Wake a facility at an instant, or earlier where that is planned already."""
    if at_h < wakes.at_h[f] and at_h < wakes.end_h:
        wakes.at_h[f] = at_h
        k = wakes.where[f]
        if k < 0:
            k = wakes.n[0]
            wakes.n[0] = k + 1
        while k > 0:
            up = (k - 1) >> 1
            if not _wakes_before(wakes, f, wakes.heap[up]):
                break
            wakes.heap[k] = wakes.heap[up]
            wakes.where[wakes.heap[k]] = k
            k = up
        wakes.heap[k] = f
        wakes.where[f] = k


@compiled
def take_wake(wakes: Wakes) -> int:
    """Return the facility that wakes next, when there is one."""
    first: int = wakes.heap[0]
    wakes.at_h[first] = NEVER_H
    wakes.where[first] = -1
    n = wakes.n[0] - 1
    wakes.n[0] = n
    f = wakes.heap[n]
    k, down = 0, 1
    while down < n:
        if down + 1 < n and _wakes_before(wakes, wakes.heap[down + 1], wakes.heap[down]):
            down += 1
        if not _wakes_before(wakes, wakes.heap[down], f):
            break
        wakes.heap[k] = wakes.heap[down]
        wakes.where[wakes.heap[k]] = k
        k, down = down, 2 * down + 1
    if n > 0:
        wakes.heap[k] = f
        wakes.where[f] = k
    return first
