"""Staircases: names keep clear of each other, borders come first."""

import pytest
from matplotlib.patches import Rectangle

from corridor_sim.plots.staircase import Part, Staircase, Step, draw_staircase
from corridor_sim.plots.style import new_figure
from tests.support.readable import assert_readable, written


def stairs(steps, end=10.0, end_km=1000.0):
    return Staircase(steps, end_km, end, (0.8 * end, 1.3 * end), "A route", "#0063a6", "from here to there")


def step(km, foot, height, name, *, border=False):
    parts = (Part(height, "#d1420b", ""),)
    return Step(km, foot, parts, name, f"{height:g} d", border, (0.9 * foot, 1.2 * foot), (foot, foot + 2 * height))


def drawn(staircase):
    figure = new_figure(5.2, 3.5)
    draw_staircase(figure.add_axes((0.1, 0.15, 0.85, 0.65)), staircase)
    return figure


def test_steps_are_as_tall_as_they_take():
    figure = drawn(stairs([step(0, 0, 2.0, "Here"), step(500, 5.0, 1.5, "Border", border=True)]))
    assert_readable(figure)
    heights = [p.get_height() for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    assert heights == pytest.approx([2.0, 1.5])


def test_borders_close_to_each_other_are_all_named():
    """Four posts within 30 km, as at Samur."""
    posts = [step(700 + 10 * k, 6 + 0.1 * k, 0.05, f"Post {k}", border=True) for k in range(4)]
    figure = drawn(stairs([step(0, 0, 2.0, "Here"), *posts]))
    assert_readable(figure)
    texts = [text for text, _ in written(figure)]
    assert [t for t in texts if t.startswith("Post")] == [f"Post {k}  0.05 d" for k in range(4)]


def test_a_short_step_away_from_borders_is_not_named():
    figure = drawn(stairs([step(0, 0, 2.0, "Here"), step(500, 5.0, 0.1, "Meeting loop")]))
    assert not any("Meeting loop" in text for text, _ in written(figure))


def test_nan_bands_are_not_drawn():
    nan = float("nan")
    old = Staircase([], 100.0, 5.0, (nan, nan), "A route", "#0063a6", "")
    assert not drawn(old).axes[0].collections
