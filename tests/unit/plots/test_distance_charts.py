"""Time and cost over the distance: lines, bands, steps at borders."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from corridor_sim.plots.distance_charts import draw_cost_distance, draw_time_distance
from corridor_sim.plots.result_view import ResultView
from tests.support.readable import assert_readable, written


def the_line(figure):
    """The rising line: the longest, and the marks of borders and names beside it."""
    return max(figure.axes[0].get_lines(), key=lambda line: len(line.get_xdata()))


def test_staircase_ends_at_the_transit_time(view):
    figure = draw_time_distance(view)
    assert_readable(figure)
    line = the_line(figure)
    assert line.get_xdata()[-1] == pytest.approx(242, abs=1)
    assert list(line.get_ydata()) == sorted(line.get_ydata())
    texts = [text for text, _ in written(figure)]
    assert any(text.startswith("Yalama  ") for text in texts), "the border is named"
    assert "P5 to P95" in texts


def test_the_band_holds_the_line_and_ends_at_the_percentiles_of_the_trips(view):
    figure = draw_time_distance(view)
    [band] = figure.axes[0].collections
    corners = band.get_paths()[0].vertices
    end = corners[np.isclose(corners[:, 0], corners[:, 0].max())][:, 1]
    [flow] = {str(f) for f in view.flow_routes if figure.axes[0].texts[0].get_text().startswith(f"{f}_RAIL")}
    assert max(end) == pytest.approx(view.means("transit_p95_h", "flow")[flow] / 24, rel=0.02)
    assert min(end) < the_line(figure).get_ydata()[-1] < max(end)


def test_a_border_of_an_older_result_has_a_step_and_no_band(view, result, network):
    old = replace(result, stages=result.stages.drop(columns=["elapsed_p05_h", "elapsed_p95_h"]))
    figure = draw_time_distance(ResultView(old, network))
    assert not figure.axes[0].collections
    assert the_line(figure).get_ydata()[-1] == the_line(draw_time_distance(view)).get_ydata()[-1]


def test_a_result_without_its_scenario_has_no_staircase(result, network):
    assert draw_time_distance(ResultView(replace(result, scenario_yaml=""), network)) is None


def test_nothing_delivered(nothing, network):
    view = ResultView(nothing, network)
    assert draw_time_distance(view) is None
    assert draw_cost_distance(view) is None


def test_without_bills_there_is_no_cost(view):
    assert view.result.bills is None
    assert draw_cost_distance(view) is None


def test_cost_rises_along_the_legs_and_steps_at_the_border(charged):
    figure = draw_cost_distance(charged)
    assert_readable(figure)
    line, patches = the_line(figure), figure.axes[0].patches
    assert list(line.get_ydata()) == sorted(line.get_ydata())
    at_border = [p for p in patches if isinstance(p, Rectangle) and p.get_height() == pytest.approx(5.0)]
    assert len(at_border) == 1, "100 USD a lot of 20 t"
    assert any(text.startswith("Yalama  5.") for text, _ in written(figure))


def test_of_thousands_of_replications_the_first_ones_tell_the_way(view, result, network):
    """Stages of two of three replications: consignments a replication are of these two."""
    stages = result.stages[result.stages["replication"] < 2]
    two = ResultView(replace(result, stages=stages, values=result.values[:2], replications=(0, 1)), network)
    some = ResultView(replace(result, stages=stages), network)
    assert some.n_detailed == 2
    ways = [[text for text, _ in written(draw_time_distance(v)) if ", n = " in text] for v in (two, some)]
    assert ways[0] == ways[1] != []
