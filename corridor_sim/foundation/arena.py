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


class Arena:
    """Memory for float64 arrays. An array lives until `reset`; its first content is arbitrary."""

    def __init__(self) -> None:
        self._memory = np.empty(0)
        self._used = 0
        self._overflow: list[Floats] = []

    def floats(self, *shape: int) -> Floats:
        """Return an array of a shape, not initialised."""
        n = math.prod(shape)
        begin = self._used
        self._used += -(-n // _ALIGN) * _ALIGN
        if self._used <= self._memory.size:
            return self._memory[begin : begin + n].reshape(shape)
        self._overflow.append(np.empty(shape))
        return self._overflow[-1]

    def reset(self) -> None:
        """Take all arrays back: none of them may be used any more."""
        if self._overflow:
            self._overflow = []
            self._memory = np.empty(0)
            self._memory = np.empty(self._used + self._used // 32)
        self._used = 0

    @property
    def n_bytes(self) -> int:
        """Bytes in use since the last reset."""
        return 8 * self._used
