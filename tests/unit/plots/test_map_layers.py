"""Numbers on the corridor map."""

from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from corridor_sim.plots.basemap import FRAME_KM, BaseMap
from corridor_sim.plots.map_layers import frame_around, node_queues, section_flows
from corridor_sim.plots.result_view import ResultView


@pytest.fixture
def base():
    figure = Figure(figsize=(6, 7.6))
    FigureCanvasAgg(figure)
    return BaseMap(figure.add_axes((0, 0, 1, 1)), (-400.0, 0.0, 400.0, 1000.0))


def test_flows_are_tonnes_a_year(view):
    flows = {f.section: f for f in section_flows(view)}
    assert len(flows) == 4
    tonnes = view.means("throughput_t", "section")["RU_DER-RU_SAM-rail"]
    assert flows["RU_DER-RU_SAM-rail"].total_mt == pytest.approx(tonnes / 1e6 * 365 / 28)
    assert flows["RU_DER-RU_SAM-rail"].mode == "rail"
    assert all(f.corridor_mt == pytest.approx(f.total_mt) for f in flows.values())


def test_background_is_told_apart(result, network):
    changed = result.scenario_yaml.replace("route: samur", "route: background", 1)
    view = ResultView(replace(result, scenario_yaml=changed), network)
    (background,) = [f for f, (route, _) in view.flow_routes.items() if route == "background"]
    t = view.means("throughput_t", "flow")
    share = 1 - t[background] / t.sum()
    for flow in section_flows(view):
        assert flow.corridor_mt / flow.total_mt == pytest.approx(share, abs=0.02)


def test_queues_that_lie_close_are_one(view, base):
    queues = node_queues(view, base, least_t=0.0)
    assert queues[0].worst_place == "CUSTOMS"
    assert queues[0].nodes[0] == "AZ_YAL"
    assert sum(q.waiting_t for q in queues) == pytest.approx(view.waiting_t.sum())
    far = BaseMap(base.ax, (-40000.0, 0.0, 40000.0, 1000.0))
    assert len(node_queues(view, far, least_t=0.0)) == 1


def test_frame_fits_what_flows():
    assert frame_around([]) == FRAME_KM
    assert frame_around([(-1700, -2000), (2500, 2500)]) == FRAME_KM
    left, bottom, right, top = frame_around([(100, 100), (140, 300)])
    assert right - left == 500
    assert (top - bottom) / (right - left) == pytest.approx((FRAME_KM[3] - FRAME_KM[1]) / (FRAME_KM[2] - FRAME_KM[0]))
    assert left < 100
    assert right > 140
