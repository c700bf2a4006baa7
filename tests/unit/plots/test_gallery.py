"""All figures of a result, fresh or loaded, whole or bare."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from corridor_sim.plots.gallery import FIGURES, save_figures
from corridor_sim.plots.result_view import ResultView
from corridor_sim.plots.style import save_figure
from corridor_sim.plots.utilisation import draw_utilisation
from corridor_sim.results import load_result

NAMES = ["map", "flows", "transit-times", "time-by-cause", "time-distance", "queues", "utilisation", "calibration"]


def test_a_loaded_result_gives_every_figure(calibrated, network, tmp_path):
    loaded = load_result(calibrated.save(tmp_path / "result"))
    paths = save_figures(loaded, tmp_path, network=network)
    # one year alone has no figure of years, and without prices there is none of cost
    assert [name for name in FIGURES if name not in {"years", "route-years", "cost-distance"}] == NAMES
    assert [p.name for p in paths] == [f"{name}{ending}" for name in NAMES for ending in (".png", ".svg")]
    for path in paths:
        data = path.read_bytes()
        assert len(data) > 10_000
        if path.suffix == ".png":
            assert data.startswith(b"\x89PNG")
        else:
            assert ET.fromstring(data).tag.endswith("svg")  # noqa: S314  # our own file
    for path in save_figure(draw_utilisation(ResultView(calibrated, network)), tmp_path, "fresh"):
        assert path.read_bytes() == (tmp_path / f"utilisation{path.suffix}").read_bytes(), "same result, same bytes"


def test_what_cannot_be_shown_is_left_out(nothing, result, network, tmp_path):
    assert save_figures(nothing, tmp_path, network=network) == []
    one = replace(result, scenario_yaml="", manifest={"case_id": "x"}, values=result.values[:1], replications=(0,))
    view = ResultView(one, network)
    assert {name for name, draw in FIGURES.items() if draw(view) is None} == {
        "flows", "years", "route-years", "time-distance", "cost-distance", "calibration",
    }  # fmt: skip
