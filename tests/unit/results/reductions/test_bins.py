import numpy as np
import pytest

from corridor_sim.results.reductions.bins import Bins, Cells


@pytest.mark.parametrize("edges", [[2.0, 5.0, 9.0], [2.0, 5.5, 9.25]])
def test_bins_of_times(edges):
    """Whole hours are looked up, others searched for."""
    bins = Bins(np.array(edges))
    times = np.array([0.0, 1.9, 2.0, edges[1] - 2**-20, edges[1], edges[2] - 2**-20, edges[2], 99.0, np.inf])
    assert bins.of(times).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 3]
    assert bins.n_bins == 4
    assert bins.lower_h.tolist() == [0, *edges]


@pytest.fixture
def cells():
    return Cells(2, Bins(np.array([2.0, 5.0, 9.0])))


def test_counts_and_sums_by_lane_and_bin(cells):
    found = cells.of(np.array([[0.0, 3.0, 3.5], [8.0, np.inf, 3.0]]))
    hours = np.array([[1.0, 2.0, 4.0], [8.0, np.nan, 16.0]])
    for count in (found.count, cells.count(found.cell())):
        assert count.tolist() == [[1, 2, 0, 0], [0, 1, 1, 1]]
    for total in (found.hours(hours), cells.total(found.cell(), hours)):
        assert total[:, :3].tolist() == [[1, 6, 0], [0, 16, 8]]


@pytest.mark.parametrize("order", [np.sort, np.asarray])
def test_runs_or_not_the_bits_are_the_same(cells, order):
    """Times in order are added run by run, others one by one; a run ends with its lane."""
    rng = np.random.default_rng(5)
    times = order(rng.uniform(0, 12, (2, 500)))
    hours = np.floor(rng.uniform(0, 1e6, (2, 500))) / 2**20
    found = cells.of(times)
    assert found.count.tolist() == cells.count(found.cell()).tolist()
    assert found.hours(hours).tobytes() == cells.total(found.cell(), hours).tobytes()


def test_cells_know_their_lane_and_bin(cells):
    cell = cells.of_lanes(np.array([1, 0, 1]), np.array([1.0, 4.0, 9.0]))
    assert cell.tolist() == [4, 1, 7]
    assert cells.lane_of[cell].tolist() == [1, 0, 1]
    assert cells.bin_of[cell].tolist() == [0, 1, 3]
    assert cells.is_within(cell).tolist() == [False, True, False]


def test_nothing_is_counted_as_nothing(cells):
    found = cells.of(np.empty((2, 0)))
    assert found.count.tolist() == [[0] * 4] * 2
    assert found.hours(np.empty((2, 0))).tolist() == [[0] * 4] * 2
