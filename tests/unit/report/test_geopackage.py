"""The GeoPackage opens with a named CRS, its numbers are the KPIs, and QGIS finds a style for each layer."""

import sqlite3
from dataclasses import replace
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest

from corridor_sim.foundation.errors import ResultError
from corridor_sim.plots.result_view import ResultView
from corridor_sim.report.geopackage import PLACE_KPIS, write_geopackage


@pytest.fixture(scope="module")
def package(view, tmp_path_factory):
    return write_geopackage(view, tmp_path_factory.mktemp("package") / "tiny.gpkg")


def test_sections_carry_what_the_kpis_say(view, package):
    frame = gpd.read_file(package, layer="sections")
    assert frame.crs.to_epsg() == 4326
    tonnes = view.means("throughput_t", "section")
    assert len(frame) > 0
    for row in frame.to_dict("records"):
        assert row["throughput_t"] == pytest.approx(tonnes[row["section_id"]])
        assert row["geometry"].equals(view.network.section_by_id(row["section_id"]).geometry)


def test_places_carry_what_the_kpis_say(view, package):
    frame = gpd.read_file(package, layer="places").set_index("place_id")
    assert set(frame.index) == set(view.places.index)
    for kpi, field in PLACE_KPIS.items():
        for place, mean in view.means(kpi, "place").items():
            assert frame.loc[place, field] == pytest.approx(mean)
    node = view.network.node(frame.loc["CUSTOMS", "node"])
    assert (frame.loc["CUSTOMS", "geometry"].x, frame.loc["CUSTOMS", "geometry"].y) == (node.lon, node.lat)


def test_each_layer_has_a_style_over_fields_that_it_has(package):
    with sqlite3.connect(package) as connection:
        styles = dict(connection.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
    connection.close()
    assert set(styles) == {"sections", "places"}
    for layer, text in styles.items():
        root = ET.fromstring(text)  # noqa: S314  # our own text
        assert root.find("renderer-v2") is not None
        (expression,) = {o.get("value") for o in root.iter("Option") if o.get("name") == "expression"}
        assert expression.split('"')[1] in gpd.read_file(package, layer=layer).columns


def test_a_file_that_is_there_is_replaced(view, package):
    before = len(gpd.read_file(package, layer="places"))
    write_geopackage(view, package)
    assert len(gpd.read_file(package, layer="places")) == before


def test_nothing_on_the_network(result, tmp_path):
    nothing = replace(result, labels=result.labels.iloc[:0], values=result.values[:, :0], stages=result.stages.iloc[:0])
    with pytest.raises(ResultError, match="nothing flows or waits"):
        write_geopackage(ResultView(nothing), tmp_path / "x.gpkg")
