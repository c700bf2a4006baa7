"""The figure of delay against trains a day."""

from itertools import combinations

import numpy as np

from corridor_sim.analysis.delay_curve import DelayCurve
from corridor_sim.plots.delay_curve import draw_delay_curve
from tests.support.readable import written


def test_curve_and_marks():
    x = np.array([5.0, 20.0, 30.0, 38.0])
    mean = np.array([0.1, 0.8, 2.0, 9.0])
    curve = DelayCurve("A-B", x, mean, mean * 0.9, mean * 1.1, mean * 3, 40.0, 28.0, 3.2)
    figure = draw_delay_curve(curve, "Astara - Rasht", 5)
    (ax,) = figure.axes
    at = {line.get_label(): line for line in ax.lines}
    np.testing.assert_array_equal(at["mean delay"].get_ydata(), mean)
    assert at["Scott's formula: 28.0 a day"].get_xdata()[0] == 28.0
    assert at["most that gets through: 40.0 a day"].get_xdata()[0] == 40.0
    boxes = written(figure)
    assert not [(a, b) for (a, box), (b, other) in combinations(boxes, 2) if box.overlaps(other)]
