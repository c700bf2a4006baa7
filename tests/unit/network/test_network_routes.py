"""Looking up sections, finding routes, checking the gauge of a chain."""

import pytest


def test_section_in_either_direction(layers):
    network = layers.load()
    assert network.section("BB", "AA", "rail") is network.section("AA", "BB", "rail")
    assert network.section("AA", "EE", "rail") is None


def test_parallel_sections_need_a_tag(layers):
    network = layers.load()
    assert network.section("DD", "AA", "sea", "suez").km == 334
    assert network.section("AA", "DD", "sea", via="cape").km == 380
    assert network.section("AA", "DD", "sea", via="panama") is None
    assert network.section("AA", "BB", "rail", via="suez").id == "AA-BB-rail"
    with pytest.raises(ValueError, match="choose one with via: cape, suez"):
        network.section("AA", "DD", "sea")


def test_route_takes_the_least_stated_km(layers):
    network = layers.load()
    assert network.route("AA", "DD", "rail") == ["AA", "BB", "CC", "DD"]
    assert network.route("DD", "AA", "rail") == ["DD", "CC", "BB", "AA"]
    assert network.route("AA", "AA", "rail") == ["AA"]
    layers.sections["AA-CC-rail"]["properties"]["km"] = 221
    assert layers.load().route("AA", "DD", "rail") == ["AA", "CC", "DD"]


def test_route_over_parallel_sections(layers):
    network = layers.load()
    assert network.route("AA", "DD", "sea") == ["AA", "DD"]
    assert network.section("AA", "DD", "sea", "cape").km == 380


def test_route_leaves_planned_sections_out(layers):
    network = layers.load()
    with pytest.raises(ValueError, match="there is one over planned sections"):
        network.route("AA", "DD", "road")
    assert network.route("AA", "DD", "road", include_planned=True) == ["AA", "BB", "CC", "DD"]
    del layers.sections["BB-CC-road"]
    with pytest.raises(ValueError, match=r"separate parts of the road network \(2 and 2 nodes\)"):
        layers.load().route("AA", "DD", "road")


def test_route_names_what_is_unknown(layers):
    network = layers.load()
    with pytest.raises(ValueError, match="no node 'AAA'; did you mean 'AA'"):
        network.route("AAA", "BB", "rail")
    with pytest.raises(ValueError, match="unknown mode 'raill', expected rail, road or sea; did you mean 'rail'"):
        network.route("AA", "BB", "raill")
    with pytest.raises(ValueError, match="no rail section ends at EE"):
        network.route("AA", "EE", "rail")
    with pytest.raises(ValueError, match="no section 'AA-BB-rial'; did you mean 'AA-BB-rail'"):
        network.section_by_id("AA-BB-rial")


def test_gauge_change_needs_works(layers):
    network = layers.load()
    chain = ["AA", "BB", "CC", "DD"]
    assert network.gauge_problems(chain) == []
    assert network.gauge_problems(["AA", "EE", "BB"]) == []
    object.__setattr__(network.node("CC"), "kind", "rail_hub")
    (message,) = network.gauge_problems(chain)
    assert "gauge changes from 1520 to 1435 mm at CC (BB > CC > DD), which is a rail_hub" in message
    assert network.gauge_problems(chain, gauge_works={"CC"}) == []


def test_geometry_in_direction_of_travel(layers):
    section = layers.load().section("AA", "BB", "rail")
    assert section.geometry_from("AA").coords[0] == (0, 0)
    assert section.geometry_from("BB").coords[0] == (1, 0)
    with pytest.raises(ValueError, match="CC is no end of AA-BB-rail"):
        section.geometry_from("CC")


def test_graph_and_frames(layers):
    network = layers.load()
    assert network.graph.edges["AA", "DD", "AA-DD-sea-cape"]["km"] == 380
    assert list(network.nodes.index) == list(network.node_ids)
    assert list(network.sections.index) == list(network.section_ids)
    assert network.sections.crs.to_epsg() == network.nodes.crs.to_epsg() == 4326
    assert network.sections.loc["AA-DD-sea-suez", "tag"] == "suez"
    assert network.nodes.loc["CC", "kind"] == "gauge_terminal"
