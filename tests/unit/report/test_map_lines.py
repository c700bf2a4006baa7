"""Coordinates of the map: north first, km, on the projection of the figures."""

import pytest
from pyproj import Transformer

from corridor_sim.plots.basemap import CRS_TEXT
from corridor_sim.report.map_lines import point, section_lines


def test_a_point_is_north_east_in_km():
    assert point(123_456.0, -7_890.0) == [-7.9, 123.5]


def test_lines_begin_and_end_at_their_nodes(view):
    to_map = Transformer.from_crs("EPSG:4326", CRS_TEXT, always_xy=True)
    section = view.network.section("RU_DER", "RU_SAM", "rail")
    (line,) = section_lines(view, [section.id]).values()
    for end, node_id in ((line[0], section.a), (line[-1], section.b)):
        node = view.network.node(node_id)
        x, y = to_map.transform(node.lon, node.lat)
        assert end == pytest.approx([y / 1000, x / 1000], abs=3)
