"""Loops that numpy cannot do for many numbers at once: compiled by numba where it is installed, else by heaps.

Both take the same maxima and sums of the same numbers, so the same bits; nothing is approximated or reordered.
"""

from __future__ import annotations

from functools import cache
from heapq import heapify, heapreplace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


class Worth:
    """Whether loading compiled code pays: where numba is installed, and once there was enough to do.

    Parameters
    ----------
    n
        Amount of work in this process from which on it does.
    """

    def __init__(self, n: int) -> None:
        self.n, self._done = n, 0

    def pays(self, n: int) -> bool:
        """Whether it pays for the next ``n``."""
        self._done += n
        return self._done > self.n and find_spec("numba") is not None


FOLLOWING = Worth(1_000_000)
"""Arrivals followed by heaps before."""


@cache
def follow_compiled() -> Callable[..., None]:
    """Return `follow`, compiled; without numba the same by heaps."""
    from corridor_sim.engines.vectorised import jit

    return jit.compiled(follow) if jit.IS_THERE else follow_by_heap


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


def follow_by_heap(arrive: Floats, occupancy: Floats, free: Floats, rows: Ints, start: Floats, left: Floats) -> None:
    """Follow servers through the arrivals of some rows; fill their starts and what is left of the servers."""
    for row in rows.tolist():
        n = int(np.isfinite(arrive[row]).sum())
        servers = free[row].tolist()
        heapify(servers)
        # each arrival takes the server on top and puts it back with the time at which it gets free
        taken = [
            heapreplace(servers, (a if a > servers[0] else servers[0]) + w)
            for a, w in zip(arrive[row, :n].tolist(), occupancy[row, :n].tolist(), strict=True)
        ]
        np.maximum(arrive[row, :n], taken, out=start[row, :n])
        left[row] = servers
