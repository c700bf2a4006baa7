from types import SimpleNamespace

import numpy as np
import pytest

from corridor_sim.results.reductions.bins import Bins, Cells
from corridor_sim.results.reductions.loads import Loads


def loads(factor, load_teu=2.0):
    table = SimpleNamespace(load_t=[50.0], load_teu=[load_teu], load_factor=[np.array(factor)])
    of_member = np.array([[50.0, 75.0], [75.0, 0.0]])
    members = SimpleNamespace(load_t=of_member, load_teu=of_member / 50.0 * load_teu)
    return Loads(SimpleNamespace(flows=table), 0, members)


@pytest.fixture
def cells():
    return Cells(2, Bins(np.array([0.0, 10.0])))


def test_one_number_is_multiplied(cells):
    cell = cells.of(np.array([[1.0, 2.0], [1.0, np.inf]]))
    t, teu = loads([1.5]).total(cells, cell)
    assert t[:, 1].tolist() == [150, 75]
    assert teu[:, 1].tolist() == [6, 3]


def test_loads_that_vary_are_added(cells):
    cell = cells.of(np.array([[1.0, 2.0], [1.0, np.inf]]))
    t, teu = loads([1.0, 1.5]).total(cells, cell)
    assert t[:, 1].tolist() == [125, 75]
    assert teu[:, 1].tolist() == [5, 3]


@pytest.mark.parametrize("factor", [[1.5], [1.0, 1.5]])
def test_units_are_parts(cells, factor):
    cell = cells.of(np.array([[1.0, np.inf, 2.0, 99.0], [3.0, 4.0, np.inf, np.inf]]))
    t, _ = loads(factor).total(cells, cell, n_units=2)
    assert t[1, 1] == 75
    assert t[0, 1] == (75.0 if len(factor) == 1 else 62.5)


def test_what_has_no_containers_has_no_teu(cells):
    cell = cells.of(np.array([[1.0, 2.0], [1.0, np.inf]]))
    assert not loads([1.0, 1.5], load_teu=0.0).total(cells, cell)[1].any()
