"""The base map: projection, frame, names, inset, and labels that do not collide."""

import io

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from corridor_sim.network import load_network
from corridor_sim.plots.basemap import SOURCE_TEXT, draw_basemap, place_labels


@pytest.fixture(scope="module")
def network():
    return load_network()


@pytest.fixture
def figure():
    figure = Figure(figsize=(6, 7.6))
    FigureCanvasAgg(figure)
    return figure


def boxes(figure, texts):
    renderer = figure.canvas.get_renderer()
    return [t.get_window_extent(renderer) for t in texts]


def test_projection_is_centred_and_true_to_length(figure):
    base = draw_basemap(figure.add_subplot(), names=False)
    assert base.to_xy(50.0, 38.0) == pytest.approx((0, 0), abs=1e-6)
    x, y = base.to_xy(np.array([50.0, 50.0]), np.array([38.0, 39.0]))
    assert y[1] - y[0] == pytest.approx(111_000, rel=0.002)
    assert x[1] == pytest.approx(0, abs=1e-6)


def test_frame_holds_the_corridor_and_survives_plotting(figure, network):
    ax = figure.add_subplot()
    base = draw_basemap(ax)
    limits = ax.get_xlim(), ax.get_ylim()
    lines = base.project(network.sections.geometry)
    lines.plot(ax=ax, aspect=None)
    assert (ax.get_xlim(), ax.get_ylim()) == limits
    for node_id in ("RU_LED", "RU_CEK", "IN_NSA", "IN_IXY", "IR_SRJ", "RU_NVS"):
        node = network.node(node_id)
        assert base.inside(*base.to_xy(node.lon, node.lat)), node_id
    assert any(SOURCE_TEXT in t.get_text() for t in ax.texts)


def test_inset_shows_the_routes_outside_the_frame(figure, network):
    base = draw_basemap(figure.add_subplot())
    cape = network.section_by_id("RU_LED-IN_NSA-sea-cape").geometry
    inset = base.draw_inset([(cape, "#b10026", "Cape")])
    drawn = inset.get_lines()[-1].get_xydata()
    (left, right), (low, high) = inset.get_xlim(), inset.get_ylim()
    assert ((drawn[:, 0] > left) & (drawn[:, 0] < right) & (drawn[:, 1] > low) & (drawn[:, 1] < high)).all()
    assert np.hypot(*np.diff(drawn, axis=0).T).max() < 3e6, "no line across the antimeridian"


def test_labels_do_not_collide(figure, network):
    ax = figure.add_subplot()
    base = draw_basemap(ax)
    nodes = [network.node(i) for i in network.node_ids if not i.startswith("SW_")]
    points = [base.to_xy(n.lon, n.lat) for n in nodes]
    before = set(ax.texts)
    names = [n.label for n in nodes]
    dropped = place_labels(ax, points, names, avoid=base.texts, bold=["Moscow"])
    written = [t for t in ax.texts if t not in before]
    assert len(written) + len(dropped) == len(nodes)
    assert len(written) > 30
    figure.canvas.draw()
    placed = boxes(figure, written)
    others = placed + boxes(figure, [t for t in base.texts if t.get_visible()])
    for i, box in enumerate(placed):
        for other in others[i + 1 :]:
            assert not box.overlaps(other), written[i].get_text()
    figure.savefig(io.BytesIO(), format="svg")


def test_labels_keep_order_of_importance(figure):
    ax = figure.add_subplot()
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    crowd = [(0.5, 0.5)] * 60
    dropped = place_labels(ax, crowd, [f"place {i}" for i in range(60)])
    written = [t.get_text() for t in ax.texts]
    assert written[0] == "place 0"
    assert dropped
    assert dropped[-1] == "place 59"


def test_one_name_for_each_point(figure):
    with pytest.raises(ValueError, match="one name for each point"):
        place_labels(figure.add_subplot(), [(0, 0)], [])
    assert place_labels(figure.add_subplot(), [], []) == []
