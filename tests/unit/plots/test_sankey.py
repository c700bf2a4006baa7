"""Ribbons: nothing lost between flows and drawing, bars as tall as their cargo, small ends put together."""

from dataclasses import replace
from itertools import pairwise

import pytest
import yaml
from matplotlib.patches import PathPatch, Rectangle

from corridor_sim.plots import sankey
from corridor_sim.plots.result_view import ResultView
from corridor_sim.plots.sankey import OTHERS, draw_sankey, ribbons_of
from tests.support.readable import assert_readable, written


def test_ribbons_are_the_tonnes_delivered(view):
    ribbons = ribbons_of(view)
    carried = view.means("throughput_t", "flow") / view.years
    assert sum(r.t_per_year for r in ribbons) == pytest.approx(carried.sum())
    assert {(r.origin, r.route, r.destination) for r in ribbons} == {("Derbent", "samur", "Bilajari")}


def test_small_ends_are_put_together(view, monkeypatch):
    monkeypatch.setattr(sankey, "MOST_ENDS", 0)
    assert {(r.origin, r.destination) for r in ribbons_of(view)} == {(OTHERS, OTHERS)}


def test_bars_are_as_tall_as_their_cargo(many):
    figure = draw_sankey(many)
    assert_readable(figure)
    patches = figure.axes[0].patches
    tall = {round(p.get_x(), 2): 0.0 for p in patches if isinstance(p, Rectangle)}
    for p in patches:
        if isinstance(p, Rectangle):
            tall[round(p.get_x(), 2)] += p.get_height()
    assert list(tall.values()) == pytest.approx([sankey.ALL_IN] * 3), "every column holds all cargo"
    assert sum(isinstance(p, PathPatch) for p in patches) >= 4


def test_ribbons_lie_within_their_bars(many):
    """At its left edge every ribbon is on a bar, and no two overlap there."""
    figure = draw_sankey(many)
    spans = {}
    for p in figure.axes[0].patches:
        if isinstance(p, PathPatch):
            corners = p.get_path().vertices
            spans.setdefault(corners[0][0], []).append((corners[0][1], corners[7][1]))
    for edges in spans.values():
        edges.sort()
        assert all(low[1] <= high[0] + 1e-9 for low, high in pairwise(edges))


@pytest.fixture
def many(view):
    """The tiny corridor with one flow more of its scenario going elsewhere, and one way back."""
    scenario = yaml.safe_load(view.result.scenario_yaml)
    scenario["flows"]["BOXES"] |= {"destination": "AZ_SUM", "direction": "north"}
    scenario["flows"]["TIMBER"] |= {"origin": "RU_MOW"}
    return ResultView(replace(view.result, scenario_yaml=yaml.safe_dump(scenario)), view.network)


def test_nothing_to_draw(nothing, result, network):
    assert draw_sankey(ResultView(nothing, network)) is None
    assert draw_sankey(ResultView(replace(result, scenario_yaml=""), network)) is None


def test_the_key_tells_the_directions(many):
    texts = [text for text, _ in written(draw_sankey(many))]
    assert {"southbound", "northbound (paler)"} <= set(texts)
