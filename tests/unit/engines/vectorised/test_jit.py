"""Compiled functions give what they give uncompiled, and tables that nobody owns are the same arrays."""

from typing import Any, NamedTuple

import numpy as np
import pytest

from corridor_sim.engines.vectorised.jit import IS_THERE, borrowed, compiled, inlined


class Table(NamedTuple):
    n: float
    values: Any
    names: Any


@inlined
def total(table):
    s = 0.0
    for k in range(table.values.shape[0]):
        s += table.values[k] * table.n
    return s


@compiled
def fill(table):
    own = borrowed(table)
    own.names[0] = 7
    return total(own)


def test_a_borrowed_table_is_the_same_memory():
    table = Table(2.0, np.array([1.0, 2.0]), np.zeros(3, dtype=np.int64))
    for _ in range(1000):
        assert fill(table) == 6.0
    assert table.names.tolist() == [7, 0, 0]
    assert table.values.tolist() == [1.0, 2.0]


def test_functions_are_compiled_where_numba_is():
    numba = pytest.importorskip("numba")
    assert IS_THERE
    assert isinstance(fill, numba.core.dispatcher.Dispatcher)
