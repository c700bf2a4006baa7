"""Transit times by route."""

import numpy as np
import pytest

from corridor_sim.plots.result_view import ResultView
from corridor_sim.plots.transit import _counts, draw_transit_times
from tests.support.readable import assert_readable, written


def test_everybody_is_counted_whatever_the_bins(view):
    delivered = view.means("throughput_consignments", "route")["samur"] * 3
    for width_h in (12.0, 24.0):
        assert _counts(view, "route:samur", width_h).sum() == pytest.approx(delivered)
    fine, coarse = _counts(view, "route:samur", 12.0), _counts(view, "route:samur", 24.0)
    padded = np.append(fine, np.zeros(-fine.size % 2))
    np.testing.assert_array_equal(padded.reshape(-1, 2).sum(axis=1), coarse[: padded.size // 2])


def test_figure_says_how_many_and_how_long(view):
    figure = draw_transit_times(view)
    assert_readable(figure)
    texts = [text for text, _ in written(figure)]
    n = view.means("throughput_consignments", "route")["samur"]
    assert f"n = {n:,.0f} consignments a replication" in texts
    p80 = view.means("transit_p80_h", "route")["samur"] / 24
    assert f"P80  {p80:.1f} d" in texts
    assert any("[days]" in text for text in texts)


def test_nothing_delivered(nothing, network):
    assert draw_transit_times(ResultView(nothing, network)) is None
