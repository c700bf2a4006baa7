"""Servers of a place: when each of a row of arrivals starts, for all lanes at once.

Arrivals are in order along a row and, like all times here, in open time of the place; rows are lanes. First come first
served with c servers means: the k-th arrival starts when it is there and at most c - 1 of those before it still hold
a server, that is at S_k = max(A_k, c-th largest of E_0 .. E_(k-1)), with E_j = S_j + occupancy_j.

References
----------
Kiefer and Wolfowitz (1955), On the theory of queues with many servers, Trans. AMS 78 (the vector of free times).
Lindley (1952), The theory of queues with a single server, Proc. Cambridge Phil. Soc. 48 (the cumulative form).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

BUCKET = 32
"""Arrivals that a busy stretch is followed by at a time."""


def serve_one(arrive: Floats, occupancy: Floats | float, free: Floats) -> Floats:
    """Return starts at one server, free from ``free`` on: a maximum of differences, cumulated.

    Parameters
    ----------
    arrive
        (n_lanes, n) increasing along rows.
    occupancy
        The same shape, or one number for all.
    free
        (n_lanes,) when the server starts at first.
    """
    n = arrive.shape[1]
    if isinstance(occupancy, float):
        before: Floats = np.arange(n) * occupancy
    else:
        before = np.cumsum(occupancy, axis=1)
        before -= occupancy
    slack = arrive - before
    if n:
        np.maximum(slack[:, 0], free, out=slack[:, 0])
    np.maximum.accumulate(slack, axis=1, out=slack)
    slack += before
    return slack


def serve_equal(arrive: Floats, occupancy: float, n_servers: int) -> Floats:
    """Return starts at servers that are all free at first, each arrival taking its server for the same time.

    The servers then take turns, so that every n-th arrival meets the same one.
    """
    lanes, n = arrive.shape
    turns = -(-n // n_servers)
    padded = np.full((lanes, turns * n_servers), np.inf)
    padded[:, :n] = arrive
    by_turn = padded.reshape(lanes, turns, n_servers)
    before = np.arange(turns)[:, None] * occupancy
    slack = by_turn - before
    np.maximum.accumulate(slack, axis=1, out=slack)
    slack += before
    return slack.reshape(lanes, -1)[:, :n]


def serve_many(arrive: Floats, occupancy: Floats, free: Floats) -> Floats:
    """Return starts at several servers with any occupancies.

    At first nobody is taken to wait. Where that cannot be, because all servers would be taken on an arrival, the free
    times of the servers are followed step by step from there on, until those who waited are gone. Stretches of all
    lanes are followed together; one that runs into a later one does it again, with what it knows, and is right.

    Parameters
    ----------
    arrive, occupancy
        (n_lanes, n), arrivals increasing along rows.
    free
        (n_lanes, n_servers) when each server starts at first.
    """
    lanes, n = arrive.shape
    n_buckets = -(-n // BUCKET)
    width = (n_buckets + 1) * BUCKET
    a, w = np.full((lanes, width), np.inf), np.zeros((lanes, width))
    a[:, :n], w[:, :n] = arrive, occupancy
    blocked = _blocked(arrive, occupancy, free)
    is_dirty = np.zeros((lanes, n_buckets + 1), dtype=bool)
    padded = np.zeros((lanes, n_buckets * BUCKET), dtype=bool)
    padded[:, :n] = blocked
    is_dirty[:, :-1] = padded.reshape(lanes, n_buckets, BUCKET).any(axis=2)
    begins = is_dirty.copy()
    begins[:, 1:] &= ~is_dirty[:, :-1]
    lane, bucket = np.nonzero(begins)
    start = a.copy()
    if lane.size:
        _follow(a, w, start, is_dirty, lane, bucket, _taken_servers(arrive, occupancy, free, lane, bucket * BUCKET))
    return start[:, :n]


def _blocked(arrive: Floats, occupancy: Floats, free: Floats) -> npt.NDArray[np.bool_]:
    """Whether every server would be taken on an arrival, if nobody had waited before."""
    lanes, n = arrive.shape
    n_servers = free.shape[1]
    ends = np.empty((lanes, n + n_servers))
    ends[:, :n_servers] = free
    np.add(arrive, occupancy, out=ends[:, n_servers:])
    ends.sort(axis=1)
    return np.asarray(ends[:, :n] > arrive)


def _taken_servers(arrive: Floats, occupancy: Floats, free: Floats, lane: Ints, column: Ints) -> Floats:
    """Return when servers get free, as seen just before some arrivals up to which nobody waited: (n_seen, n_servers).

    Servers that are free by then count from the beginning of time.
    """
    now = arrive[lane, column]
    n_servers = free.shape[1]
    found = np.zeros((lane.size, n_servers))
    open_ = np.arange(lane.size)
    longest = occupancy.max(axis=1)
    reach = 2 * n_servers
    while open_.size:
        at, here = lane[open_], column[open_]
        back = here[:, None] - 1 - np.arange(reach)
        seen = np.maximum(back, 0)
        ends = arrive[at[:, None], seen] + occupancy[at[:, None], seen]
        ends[(back < 0) | (ends <= now[open_, None])] = 0.0
        first = free[at]
        first[first <= now[open_, None]] = 0.0
        both = np.concatenate([first, ends], axis=1)
        found[open_] = np.partition(both, reach, axis=1)[:, reach:]
        # nobody who came earlier than this can still be there
        oldest = arrive[at, np.maximum(here - reach, 0)]
        open_ = open_[(here > reach) & (now[open_] - oldest < longest[at])]
        reach *= 2
    return found


def _follow(
    a: Floats, w: Floats, start: Floats, is_dirty: npt.NDArray[np.bool_], lane: Ints, bucket: Ints, servers: Floats
) -> None:
    """Follow busy stretches from the beginning of their buckets, a bucket at a time, and write the starts."""
    width, n_buckets = a.shape[1], is_dirty.shape[1] - 1
    flat_a, flat_w, flat_start = a.ravel(), w.ravel(), start.reshape(-1)
    servers = np.sort(servers, axis=1)
    late = np.zeros(lane.size)
    while lane.size:
        at = (lane * width + bucket * BUCKET) + np.arange(BUCKET)[:, None]
        arrive, work = flat_a[at], flat_w[at]
        begin = np.empty_like(arrive)
        _step(arrive, work, begin, servers)
        flat_start[at] = begin
        end = np.where(begin > arrive, begin + work, 0.0)
        np.maximum(late, end.max(axis=0), out=late)
        bucket = bucket + 1
        going = (bucket < n_buckets) & (is_dirty[lane, bucket] | (late > flat_a[lane * width + bucket * BUCKET]))
        lane, bucket, late, servers = lane[going], bucket[going], late[going], servers[going]


def _step(arrive: Floats, work: Floats, begin: Floats, servers: Floats) -> None:
    """Serve arrivals (rows) of many stretches (columns) one after the other; ``servers`` (n, c) stays in order."""
    first = servers[:, 0]
    for a, w, s in zip(arrive, work, begin, strict=True):
        np.maximum(first, a, out=s)
        np.add(s, w, out=first)
        servers.sort(axis=1)


def serve_closing(arrive: Floats, occupancy: Floats, free: Floats, until: Floats) -> Floats:
    """Return starts at servers of which some close for good; infinite when no server will ever start again.

    Parameters
    ----------
    arrive, occupancy
        (n_lanes, n), arrivals increasing along rows.
    free, until
        (n_lanes, n_servers) when each server starts at first, and from when on it starts no more; in the order of
        ``until``, since of servers that get free together the one that closes first is taken.
    """
    lanes, n = arrive.shape
    servers, last = free.copy(), until
    rows = np.arange(lanes)
    start = np.empty((lanes, n))
    for k in range(n):
        a = arrive[:, k]
        servers[np.maximum(servers, a[:, None]) >= last] = np.inf
        chosen = np.argmin(servers, axis=1)
        s = np.maximum(servers[rows, chosen], a)
        servers[rows, chosen] = s + occupancy[:, k]
        start[:, k] = s
    return start
