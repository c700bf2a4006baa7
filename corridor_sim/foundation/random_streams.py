"""Random numbers as pure functions of (seed, stream name, replication).

A stream is named after what it drives, so adding a flow or a stage leaves every other draw as it was, and scenarios
are compared on common random numbers. One Philox generator is re-keyed for each array: the key is a hash of seed and
stream name, the counter starts at the replication.

References
----------
Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC'11 (Philox).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import numpy as np

_WORD = 8


@lru_cache(maxsize=65536)
def stream_key(seed: int, stream: str) -> tuple[int, int]:
    """Return the 128-bit Philox key of a stream as two 64-bit words."""
    digest = hashlib.blake2b(f"{seed}\x1f{stream}".encode(), digest_size=2 * _WORD).digest()
    return int.from_bytes(digest[:_WORD], "little"), int.from_bytes(digest[_WORD:], "little")


class RandomStreams:
    """Source of all randomness of one run.

    Parameters
    ----------
    seed
        The run's seed, any integer.
    """

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)
        self._bits = np.random.Philox(key=0)
        self._generator = np.random.Generator(self._bits)
        self._start: dict[str, Any] = {"counter": [0, 0, 0, 0], "key": (0, 0)}
        # plain numbers: arrays would make setting the state three times dearer
        self._state: Any = {
            "bit_generator": "Philox",
            "state": self._start,
            "buffer": (0, 0, 0, 0),
            "buffer_pos": 4,
            "has_uint32": 0,
            "uinteger": 0,
        }

    def generator(self, stream: str, replication: int) -> np.random.Generator:
        """Return the generator set to the start of one stream in one replication.

        The same object is returned each time: draw what is needed before asking for the next stream.
        The replication sits in the third counter word, so streams of different replications cannot run into
        each other before 2**128 blocks.
        """
        self._start["counter"][2] = replication
        self._start["key"] = stream_key(self.seed, stream)
        self._bits.state = self._state
        return self._generator
