"""Time by cause: bars."""

import pytest
from matplotlib.patches import Rectangle

from corridor_sim.plots.causes import draw_time_by_cause
from corridor_sim.plots.result_view import ResultView
from tests.support.readable import assert_readable, written


def test_bar_is_as_long_as_the_transit_time(view):
    figure = draw_time_by_cause(view)
    assert_readable(figure)
    ends = [p.get_x() + p.get_width() for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    assert max(ends) == pytest.approx(view.means("transit_mean_h", "route")["samur"] / 24)
    texts = [text for text, _ in written(figure)]
    assert "Samur, southbound" in texts
    assert "documents" in texts
    assert "port dwell" not in texts, "the key names only what is drawn"


def test_nothing_delivered(nothing, network):
    assert draw_time_by_cause(ResultView(nothing, network)) is None
