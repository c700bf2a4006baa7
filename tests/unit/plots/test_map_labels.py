"""Labels on maps: symbols kept free, few names far from their points."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from corridor_sim.plots.map_labels import place_labels


@pytest.fixture
def ax():
    figure = Figure(figsize=(4, 4), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 400)
    axes.set_ylim(0, 400)
    return axes


def boxes(ax):
    ax.get_figure().canvas.draw()
    return {t.get_text(): t.get_window_extent() for t in ax.texts}


def test_labels_keep_clear_of_large_symbols(ax):
    points = [(200.0, 200.0), (260.0, 200.0)]
    assert place_labels(ax, points, ["big", "small"], radii_pt=[30.0, 2.0]) == []
    for box in boxes(ax).values():
        near = np.hypot(*(np.clip(200, low, high) - 200 for low, high in ((box.x0, box.x1), (box.y0, box.y1))))
        assert near >= 30 * 100 / 72 - 1


def test_a_name_without_room_goes_first_in_the_next_try(ax):
    """Two names side by side at the edge: the first may not take the only place of the second."""
    wall = ax.text(0, 0, "#" * 40 + "\n" + "#" * 40, fontsize=30)
    points = [(200.0, 300.0), (215.0, 300.0)]
    assert place_labels(ax, points, ["a long first name", "second"], avoid=[wall]) == []
    first, second = (boxes(ax)[n] for n in ("a long first name", "second"))
    assert not first.overlaps(second)


def test_only_some_names_may_stand_far(ax):
    crowd = [(200.0, 200.0)] * 30
    names = [f"place {i}" for i in range(30)]
    dropped = place_labels(ax, crowd, names, n_far=1)
    near = list(ax.get_lines())
    assert len(near) <= 1, "no lead lines but the first name's"
    assert "place 29" in dropped


def test_radii_fit_the_points(ax):
    with pytest.raises(ValueError, match="one name for each point"):
        place_labels(ax, [(1.0, 1.0)], ["a"], radii_pt=[])
