"""The check of figures finds what it is for."""

import pytest

from corridor_sim.plots.style import new_figure
from tests.support.readable import assert_readable, faults, written


@pytest.fixture
def figure():
    made = new_figure(4, 3)
    made.text(0.1, 0.5, "one text")
    return made


def test_texts_apart_are_fine(figure):
    figure.text(0.1, 0.7, "another")
    assert_readable(figure)
    assert [text for text, _ in written(figure)] == ["one text", "another"]


def test_touching(figure):
    figure.text(0.12, 0.51, "another")
    assert faults(figure) == ["'one text' touches 'another'"]


def test_leaving(figure):
    figure.text(0.8, 0.2, "a long text at the edge")
    assert faults(figure) == ["'a long text at the edge' leaves the figure"]


def test_cut_off_by_its_axes(figure):
    ax = figure.add_axes((0.5, 0.1, 0.2, 0.2))
    ax.set_axis_off()
    ax.text(0.9, 0.5, "too long for it", clip_on=True)
    assert faults(figure) == ["'too long for it' is cut off"]


def test_turned_texts_beside_each_other(figure):
    """Their upright boxes overlap, they do not."""
    figure.text(0.4, 0.2, "slanting upwards", rotation=45)
    figure.text(0.5, 0.2, "slanting upwards too", rotation=45)
    assert faults(figure) == []


def test_turned_texts_across(figure):
    figure.text(0.6, 0.2, "slanting upwards", rotation=45)
    figure.text(0.6, 0.45, "slanting down", rotation=-45)
    assert len(faults(figure)) == 1


def test_hidden_texts_do_not_count(figure):
    figure.text(0.1, 0.5, "under it").set_visible(False)
    assert faults(figure) == []


def test_an_empty_figure_is_no_readable_one():
    with pytest.raises(AssertionError):
        assert_readable(new_figure(4, 3))
