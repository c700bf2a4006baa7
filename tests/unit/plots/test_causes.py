"""Time by cause: bars and staircases."""

from dataclasses import replace

import pytest
from matplotlib.patches import Rectangle

from corridor_sim.plots.causes import draw_time_by_cause, draw_time_distance
from corridor_sim.plots.result_view import ResultView
from tests.unit.plots.conftest import assert_readable, written


def test_bar_is_as_long_as_the_transit_time(view):
    figure = draw_time_by_cause(view)
    assert_readable(figure)
    ends = [p.get_x() + p.get_width() for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    assert max(ends) == pytest.approx(view.means("transit_mean_h", "route")["samur"] / 24)
    texts = [text for text, _ in written(figure)]
    assert "Samur, southbound" in texts
    assert "documents" in texts
    assert "port dwell" not in texts, "the key names only what is drawn"


def test_staircase_ends_at_the_transit_time(view):
    figure = draw_time_distance(view)
    assert_readable(figure)
    line = figure.axes[0].get_lines()[0]
    assert line.get_xdata()[-1] == pytest.approx(242, abs=1)
    assert list(line.get_ydata()) == sorted(line.get_ydata())
    assert any(text.startswith("Yalama  ") for text, _ in written(figure)), "the longest stand is named"


def test_a_result_without_its_scenario_has_no_staircase(result, network):
    assert draw_time_distance(ResultView(replace(result, scenario_yaml=""), network)) is None


def test_nothing_delivered(nothing, network):
    view = ResultView(nothing, network)
    assert draw_time_by_cause(view) is None
    assert draw_time_distance(view) is None


def test_of_thousands_of_replications_the_first_ones_tell_the_way(view, result, network):
    """Stages of two of three replications: consignments a replication are of these two."""
    stages = result.stages[result.stages["replication"] < 2]
    two = ResultView(replace(result, stages=stages, values=result.values[:2], replications=(0, 1)), network)
    some = ResultView(replace(result, stages=stages), network)
    assert some.n_detailed == 2
    ways = [[text for text, _ in written(draw_time_distance(v)) if "a replication" in text] for v in (two, some)]
    assert ways[0] == ways[1]
