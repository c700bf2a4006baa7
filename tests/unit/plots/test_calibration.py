"""Simulated against observed."""

from dataclasses import replace

from matplotlib.colors import to_hex

from corridor_sim.plots.calibration import draw_calibration
from corridor_sim.plots.result_view import ResultView
from corridor_sim.plots.style import ALARM
from tests.support.readable import assert_readable, written


def test_every_target_is_there_and_misses_are_marked(calibrated, network):
    figure = draw_calibration(ResultView(calibrated, network))
    assert_readable(figure)
    texts = {text: text for text, _ in written(figure)}
    for target in ("T1", "T2", "T3", "X1"):
        assert any(text.startswith(f"{target}  ") for text in texts), target
    assert "Times and speeds: 1 of 2 inside" in texts
    assert "Volumes and counts: 0 of 1 inside" in texts
    assert any("1 of 3 simulated values" in text for text in texts), "cross-checks do not count"
    red = [t.get_text() for t in figure.axes[0].texts if t.get_text()[:1] in "TX" and to_hex(t.get_color()) == ALARM]
    assert [text.split()[0] for text in red] == ["T2", "T3", "X1"]
    assert "4\N{EN DASH}8 h" in texts


def test_what_lies_beyond_the_axis_gets_an_arrow(calibrated, network):
    figure = draw_calibration(ResultView(calibrated, network))
    markers = [line.get_marker() for line in figure.axes[0].get_lines()]
    assert markers.count(">") == 1


def test_no_targets_no_figure(view, calibrated, network):
    assert draw_calibration(view) is None
    assert (
        draw_calibration(ResultView(replace(calibrated, calibration=calibrated.calibration.iloc[:0]), network)) is None
    )
