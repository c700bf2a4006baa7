"""Loops that numpy cannot do for many numbers at once, compiled by numba where it is installed.

Same operations in the same order on the same numbers, so the same bits; nothing is approximated or reordered.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def follow_compiled() -> Callable[..., None]:
    """Return `follow`, compiled; without numba the same by heaps."""
    try:
        from numba import njit
    except ImportError:
        from corridor_sim.engines.vectorised.servers import follow_by_heap

        return follow_by_heap
    compiled: Callable[..., None] = njit(cache=True, nogil=True)(follow)
    return compiled


def follow(arrive: Any, occupancy: Any, free: Any, rows: Any, start: Any, left: Any) -> None:
    """Follow servers, kept in order, through the arrivals of some rows.

    Parameters
    ----------
    arrive, occupancy
        (n_lanes, n) open time, h; arrivals increase along rows, padding is infinite.
    free
        (n_lanes, n_servers) when each server gets free at first, open time, h.
    rows
        Lanes to follow.
    start, left
        Filled in those rows: starts, and when the servers get free after the last arrival.
    """
    c = free.shape[1]
    for row in rows:
        servers = free[row].copy()
        servers.sort()
        for k in range(arrive.shape[1]):
            a = arrive[row, k]
            if a == float("inf"):
                break
            s = max(servers[0], a)
            start[row, k] = s
            end = s + occupancy[row, k]
            j = 1
            while j < c and servers[j] < end:
                servers[j - 1] = servers[j]
                j += 1
            servers[j - 1] = end
        left[row] = servers
