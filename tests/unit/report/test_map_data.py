"""The map shows the flows and queues of the KPIs, and land below them."""

import json
from dataclasses import replace

import pytest

from corridor_sim.plots.map_layers import section_flows
from corridor_sim.plots.result_view import ResultView
from corridor_sim.report.map_data import map_data


@pytest.fixture(scope="module")
def data(view):
    return map_data(view)


def test_sections_carry_their_flows(view, data):
    flows = {f.section: f for f in section_flows(view)}
    assert {s["id"]: s["mt"] for s in data["sections"]} == pytest.approx(
        {k: f.corridor_mt for k, f in flows.items()}, abs=1e-4
    )
    rows = dict(data["sections"][0]["rows"])
    assert rows["corridor cargo"].endswith("Mt/yr")
    assert rows["length"].endswith("km")


def test_all_cargo_waiting_is_on_the_map(view, data):
    assert sum(q["t"] for q in data["queues"]) == pytest.approx(view.waiting_t[view.waiting_t > 0].sum(), abs=3)
    assert data["queues"] == sorted(data["queues"], key=lambda q: -q["t"])


def test_the_frame_holds_the_nodes(data):
    (bottom, left), (top, right) = data["frame"]
    assert all(bottom < n["at"][0] < top and left < n["at"][1] < right for n in data["nodes"])


def test_land_is_small_enough_for_a_page_and_has_the_caspian_as_a_hole(data):
    assert len(json.dumps(data["land"])) < 600_000
    largest = max(data["land"]["land"], key=lambda rings: len(rings[0]))
    caspian = [ring for ring in largest[1:] if min(p[0] for p in ring) < 0 < max(p[0] for p in ring)]
    assert any(min(p[1] for p in ring) < 60 < max(p[1] for p in ring) for ring in caspian)


def test_nothing_flows_no_map(result):
    nothing = replace(result, labels=result.labels.iloc[:0], values=result.values[:, :0], stages=result.stages.iloc[:0])
    assert map_data(ResultView(nothing)) is None
