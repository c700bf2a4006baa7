"""The shipped layers: complete, documented, and fit for the routes that scenarios use."""

import hashlib
import json
import re

import pytest
import shapely

from corridor_sim.foundation.errors import GeodataError
from corridor_sim.foundation.shipped import data_dir
from corridor_sim.network import layer_frame
from corridor_sim.network.checks import LENGTH_ERROR_FRAC, LENGTH_SLACK_KM, geodesic_km

LAYERS = ("nodes", "sections", "gas_route", "land_countries", "coast_caspian_gulf", "land_world_110m")
DOUBTFUL = {
    "RU_BRK-RU_SHU-rail", "RU_LED-RU_SHU-rail", "RU_AKS-RU_AST-rail", "KZ_MAN-KZ_UZE-rail", "TM_BER-TM_AKY-rail",
    "IR_SRI-IR_GAR-rail", "TM_BER-TM_ASB-rail", "IR_ZBR-IR_ZAH-rail", "IR_ZAH-IR_BAF-rail", "AZ_BSV-AZ_SMR-road",
}  # fmt: skip


def test_checksums_in_sources_match_the_files():
    text = (data_dir("geodata") / "SOURCES.md").read_text(encoding="utf-8")
    stated = dict(re.findall(r"^\| `([\w.]+)` \| `([0-9a-f]{64})` \|$", text, flags=re.MULTILINE))
    files = sorted(data_dir("geodata").glob("*.geojson"))
    assert {f.stem for f in files} == set(LAYERS)
    assert stated == {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
    assert {f.suffix for f in data_dir("geodata").iterdir()} == {".geojson", ".md"}, "data only"


@pytest.mark.parametrize("name", LAYERS)
def test_every_feature_has_source_and_grade(name):
    document = json.loads((data_dir("geodata") / f"{name}.geojson").read_text(encoding="utf-8"))
    rows = [f["properties"] for f in document["features"]]
    assert rows
    assert all(r["source"] and r["grade"] in ("A", "B", "C") for r in rows)


def test_warnings_are_the_known_ones(shipped_network):
    named = {re.search(r" sections\.([\w-]+):", w).group(1) for w in shipped_network.warnings}
    assert named == DOUBTFUL


def test_lines_end_at_nodes_to_the_last_digit(shipped_network):
    for section in map(shipped_network.section_by_id, shipped_network.section_ids):
        for node_id, vertex in ((section.a, section.geometry.coords[0]), (section.b, section.geometry.coords[-1])):
            node = shipped_network.node(node_id)
            assert vertex == (node.lon, node.lat), section.id


def test_shapes_fit_the_stated_km(shipped_network):
    for section in map(shipped_network.section_by_id, shipped_network.section_ids):
        gap_km = abs(geodesic_km(section.geometry) - section.km)
        assert gap_km <= max(LENGTH_SLACK_KM, LENGTH_ERROR_FRAC * section.km), section.id
        assert section.geometry.is_simple, section.id


def test_ships_stay_on_water_and_trains_on_land(shipped_network):
    land = shapely.union_all(layer_frame("land_countries").geometry.to_numpy())
    # Known crossings of land: the Volga delta with its canal, the Suez Canal.
    allowed_km = {"RU_ASP": 100, "RU_OLY": 30, "suez": 160, "RU_NVS": 180}
    for section in map(shipped_network.section_by_id, shipped_network.section_ids):
        dry_km = geodesic_km(section.geometry.intersection(land))
        if section.mode == "sea":
            limit_km = next((v for k, v in allowed_km.items() if k in section.id), 12)
            assert dry_km <= limit_km, section.id
        else:
            assert geodesic_km(section.geometry) - dry_km <= 4, section.id


@pytest.mark.parametrize(
    ("a", "b", "mode", "km"),
    [
        ("RU_MCX", "RU_MCP", "rail", 3), ("AZ_AST", "AZ_ASR", "road", 8), ("IR_AST", "IR_ASR", "road", 2),
        ("IR_ASR", "IR_THR", "road", 500), ("IR_THR", "IR_APR", "road", 20), ("IR_THR", "AZ_BSV", "road", 600),
        ("AZ_BSV", "AZ_SMR", "road", 430), ("AZ_ASR", "AZ_BIL", "road", 310), ("AZ_BIL", "AZ_SMR", "road", 205),
        ("IR_SRJ", "IR_AMI", "road", 1500), ("IR_AMI", "IR_NPP", "road", 1350), ("RU_ASP", "IR_CAS", "sea", 1098),
        ("RU_ASP", "TM_TKM", "sea", 880),
    ],
)  # fmt: skip
def test_links_between_stations_ports_and_road_posts(shipped_network, a, b, mode, km):
    section = shipped_network.section(a, b, mode)
    assert (section.km, section.grade) == (km, "C")


def test_gauge_changes_only_at_the_borders_of_iran(shipped_network):
    assert shipped_network.gauge_problems(shipped_network.route("RU_LED", "IR_SRJ", "rail")) == []
    for terminal in ("IR_AST", "IR_INB", "IR_SKH"):
        assert shipped_network.node(terminal).kind == "gauge_terminal"


def test_western_railway_has_its_gap(shipped_network):
    west = shipped_network.route("RU_MOW", "IR_AST", "rail")
    assert west[-3:] == ["AZ_OSM", "AZ_AST", "IR_AST"]
    assert "IR_RAS" not in shipped_network.route("RU_MOW", "IR_THR", "rail")
    assert "IR_RAS" in shipped_network.route("RU_MCX", "IR_THR", "rail", include_planned=True)


def test_base_layers_are_in_degrees():
    world = layer_frame("land_world_110m")
    assert world.crs.to_epsg() == 4326
    assert world.total_bounds[2] <= 110
    assert layer_frame("gas_route")["km"].sum() == 1040


def test_missing_or_empty_base_layer(tmp_path):
    with pytest.raises(GeodataError, match="cannot be read"):
        layer_frame("land_countries", tmp_path)
    (tmp_path / "empty.geojson").write_text('{"type":"FeatureCollection","features":[]}', encoding="utf-8")
    with pytest.raises(GeodataError, match="holds no features"):
        layer_frame("empty", tmp_path)
