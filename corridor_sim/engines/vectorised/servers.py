"""Servers of a place: when each of a row of arrivals starts, for all lanes at once.

Arrivals are in order along a row and, like all times here, in open time of the place; rows are lanes, padded on the
right with infinite arrivals. First come first served with c servers: an arrival takes the server that gets free first,
S_k = max(A_k, c-th largest of E_0 .. E_(k-1)), with E_j = S_j + occupancy_j. Every function returns the starts and when
the servers get free after the last arrival.

References
----------
Kiefer and Wolfowitz (1955), On the theory of queues with many servers, Trans. AMS 78 (the vector of free times).
Lindley (1952), The theory of queues with a single server, Proc. Cambridge Phil. Soc. 48 (the cumulative form).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.engines.vectorised.compiled import FOLLOWING, follow_by_heap, follow_compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


def serve_one(arrive: Floats, occupancy: Floats | float, free: Floats, count: Ints) -> tuple[Floats, Floats]:
    """One server: a cumulated maximum of differences.

    Parameters
    ----------
    arrive
        (n_lanes, n) increasing along rows.
    occupancy
        The same shape, or one number for all.
    free
        (n_lanes, 1) when the server gets free at first.
    count
        (n_lanes,) arrivals of each row.
    """
    n = arrive.shape[1]
    if isinstance(occupancy, float):
        before: Floats = np.multiply(np.arange(n), occupancy)
    else:
        before = np.cumsum(occupancy, axis=1, dtype=np.float64)
        before -= occupancy
    start = arrive - before
    np.maximum(start[:, 0], free[:, 0], out=start[:, 0])
    np.maximum.accumulate(start, axis=1, out=start)
    start += before
    row, last = np.arange(count.size), np.maximum(count - 1, 0)
    taken = occupancy if isinstance(occupancy, float) else occupancy[row, last]
    return start, np.where(count > 0, start[row, last] + taken, free[:, 0])[:, None]


def serve_in_turn(arrive: Floats, occupancy: float, free: Floats, count: Ints) -> tuple[Floats, Floats]:
    """Several servers, each arrival taking its server for the same time: they take turns.

    ``free`` (n_lanes, n_servers) must hold no time later than the first arrival plus its occupancy could be: times at
    which earlier arrivals of this kind left, or the beginning.
    """
    lanes, n = arrive.shape
    c = free.shape[1]
    turns = -(-n // c)
    padded = np.full((lanes, turns * c), np.inf)
    padded[:, :n] = arrive
    start = padded.reshape(lanes, turns, c)
    before = np.arange(turns)[:, None] * occupancy
    start -= before
    np.maximum(start[:, 0], np.sort(free, axis=1), out=start[:, 0])
    np.maximum.accumulate(start, axis=1, out=start)
    start += before
    flat = start.reshape(lanes, -1)
    latest = count[:, None] - 1 - np.arange(c)
    ends = np.take_along_axis(flat, np.maximum(latest, 0), axis=1) + occupancy
    ends[latest < 0] = -np.inf
    both = np.concatenate([free, ends], axis=1)
    return flat[:, :n], np.partition(both, c, axis=1)[:, c:]


def serve_many(arrive: Floats, occupancy: Floats, free: Floats) -> tuple[Floats, Floats]:
    """Several servers, any occupancies.

    Where nobody waits, the starts are the arrivals. Else arrivals are followed one by one, which numpy cannot do for
    many at once: by a heap of free times, or by compiled code, see `compiled`.

    Parameters
    ----------
    arrive, occupancy
        (n_lanes, n), arrivals increasing along rows.
    free
        (n_lanes, n_servers) when each server gets free at first.
    """
    waits, left = _someone_waits(arrive, occupancy, free)
    start = arrive.copy()
    rows = np.flatnonzero(waits)
    if rows.size:
        follow = follow_compiled() if FOLLOWING.pays(rows.size * arrive.shape[1]) else follow_by_heap
        follow(arrive, occupancy, free, rows, start, left)
    return start, left


def _someone_waits(arrive: Floats, occupancy: Floats, free: Floats) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Whether all servers are ever taken on an arrival, if nobody waits, and when the last of them get free then."""
    lanes, n = arrive.shape
    c = free.shape[1]
    ends = np.empty((lanes, n + c))
    ends[:, :c] = free
    np.add(arrive, occupancy, out=ends[:, c:])
    ends.sort(axis=1)
    waits = np.asarray((ends[:, :n] > arrive).any(axis=1))
    count = np.isfinite(ends).sum(axis=1)
    return waits, np.take_along_axis(ends, count[:, None] - c + np.arange(c), axis=1)


def serve_closing(arrive: Floats, occupancy: Floats, free: Floats, until: Floats) -> tuple[Floats, Floats]:
    """Servers of which some close for good; a start is infinite when none will ever start again.

    Parameters
    ----------
    arrive, occupancy
        (n_lanes, n), arrivals increasing along rows.
    free, until
        (n_lanes, n_servers) when each server gets free at first, and from when on it starts no more; in the order of
        ``until``, since of servers that get free together the one that closes first is taken.
    """
    lanes, n = arrive.shape
    servers = free.copy()
    flat, rows = servers.reshape(-1), np.arange(lanes) * free.shape[1]
    start = np.empty((lanes, n))
    for k in range(n):
        a, there = arrive[:, k], np.isfinite(arrive[:, k])
        servers[there[:, None] & (np.maximum(servers, a[:, None]) >= until)] = np.inf
        chosen = rows + servers.argmin(axis=1)
        s = np.maximum(flat[chosen], a)
        flat[chosen] = np.where(there, s + occupancy[:, k], flat[chosen])
        start[:, k] = s
    return start, servers
