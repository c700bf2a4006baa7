import numpy as np

from corridor_sim.foundation.arena import Arena


def test_arrays_do_not_overlap():
    arena = Arena()
    for _ in range(3):  # the first round finds no memory yet, the later ones use that of the first
        arrays = [arena.floats(3, 5), arena.floats(0, 4), arena.floats(7), arena.floats(2, 2, 2)]
        for value, array in enumerate(arrays):
            array[...] = value
        assert [a.shape for a in arrays] == [(3, 5), (0, 4), (7,), (2, 2, 2)]
        assert all(np.all(a == value) for value, a in enumerate(arrays))
        arena.reset()


def test_memory_is_used_again():
    arena = Arena()
    arena.floats(1000)
    arena.reset()
    first = arena.floats(1000)
    arena.reset()
    assert np.shares_memory(first, arena.floats(1000))


def test_bytes_in_use():
    arena = Arena()
    arena.floats(8)
    arena.floats(1)
    assert arena.n_bytes == 128  # whole lines of the cache
    arena.reset()
    assert arena.n_bytes == 0
