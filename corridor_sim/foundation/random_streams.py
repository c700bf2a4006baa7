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

    def generator(self, stream: str, replication: int) -> np.random.Generator:
        """Return the generator set to the start of one stream in one replication.

        The same object is returned each time: draw what is needed before asking for the next stream.
        The replication sits in the third counter word, so streams of different replications cannot run into
        each other before 2**128 blocks.
        """
        self._bits.state = {
            "bit_generator": "Philox",
            "state": {
                "counter": np.array([0, 0, replication, 0], dtype=np.uint64),
                "key": np.array(stream_key(self.seed, stream), dtype=np.uint64),
            },
            "buffer": np.zeros(4, dtype=np.uint64),
            "buffer_pos": 4,
            "has_uint32": 0,
            "uinteger": 0,
        }
        return self._generator
