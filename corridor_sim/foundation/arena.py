"""An arena: one piece of memory that is carved into arrays, given back all at once, and used again.

Fresh memory costs a page fault every 4 KiB; a run of thousands of lanes would pay for the same arrays again and again.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_ALIGN = 8
"""Arrays start at multiples of so many numbers: 64 bytes, a line of the cache."""
_SLAB = 8 * 2**20
"""Numbers in a slab: 64 MiB, of which the system gives what is used."""


class Arena:
    """Memory for float64 arrays, in slabs. An array lives until `reset`; its first content is arbitrary."""

    def __init__(self) -> None:
        self._slabs: list[Floats] = []
        self._current = 0
        self._used_of_slab = 0
        self._used = 0

    def floats(self, *shape: int) -> Floats:
        """Return an array of a shape, not initialised."""
        n = math.prod(shape)
        room = -(-n // _ALIGN) * _ALIGN
        self._used += room
        while self._current < len(self._slabs):
            slab = self._slabs[self._current]
            if self._used_of_slab + room <= slab.size:
                begin = self._used_of_slab
                self._used_of_slab += room
                return slab[begin : begin + n].reshape(shape)
            self._current += 1
            self._used_of_slab = 0
        self._slabs.append(np.empty(max(_SLAB, room)))
        self._used_of_slab = room
        return self._slabs[-1][:n].reshape(shape)

    def reset(self) -> None:
        """Take all arrays back: none of them may be used any more."""
        self._current = self._used_of_slab = self._used = 0

    @property
    def n_bytes(self) -> int:
        """Bytes in use since the last reset."""
        return 8 * self._used
