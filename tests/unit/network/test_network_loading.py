"""Every check of the loader can fail, and all failures come in one error."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from corridor_sim.foundation.errors import GeodataError
from corridor_sim.network import load_network


def props(row):
    return row["properties"]


def coords(row):
    return row["geometry"]["coordinates"]


def test_sound_layers_load_without_warnings(layers):
    network = layers.load()
    assert network.warnings == []
    assert network.node_ids == ("AA", "BB", "CC", "DD", "EE")
    assert network.section("BB", "AA", "rail").km == 111


def repeat_node(x):
    x.nodes["again"] = deepcopy(x.nodes["AA"])


def repeat_section(x):
    x.sections["again"] = x.copy_of("AA-BB-rail")


def far_end(x):
    coords(x.sections["BB-CC-rail"])[1] = [2.0, 0.01]


def near_end(x):
    coords(x.sections["BB-CC-rail"])[1] = [2.0, 0.0001]


def twin(x):
    row = x.copy_of("AA-BB-road")
    props(row).update({"section_id": "BB-AA-road", "from": "BB", "to": "AA"})
    coords(row).reverse()
    x.sections["twin"] = row


BREAKS: list[tuple[str, Callable, str, str]] = [
    ("node twice", repeat_node, "nodes.AA: the id is used twice", "expected unique ids"),
    ("section twice", repeat_section, "sections.AA-BB-rail: the id is used twice", "expected unique ids"),
    ("no id", lambda x: props(x.nodes["EE"]).pop("id"), "nodes[4]: 'id' is missing", "expected a unique text"),
    ("no properties", lambda x: x.nodes["EE"].pop("properties"), "nodes[4]: is no feature", ""),
    ("no name", lambda x: props(x.nodes["EE"]).pop("name"), "nodes.EE.name: is missing", "expected a text"),
    ("no source", lambda x: props(x.nodes["EE"]).pop("source"), "nodes.EE.source: is missing", "expected a text"),
    (
        "kind",
        lambda x: props(x.nodes["EE"]).update(kind="seeport"),
        "nodes.EE.kind: unknown",
        "did you mean 'seaport'?",
    ),
    ("grade", lambda x: props(x.nodes["EE"]).update(grade="D"), "nodes.EE.grade: unknown", "expected one of A, B, C"),
    ("node moved off the earth", lambda x: coords(x.nodes["EE"]).__setitem__(1, 91), "outside lon", "expected a Point"),
    ("NaN", lambda x: coords(x.nodes["EE"]).__setitem__(1, float("nan")), "no pair of numbers", "expected a Point"),
    ("no geometry", lambda x: x.nodes["EE"].update(geometry=None), "nodes.EE: has no geometry", "expected a Point"),
    (
        "wrong geometry",
        lambda x: x.sections["AA-BB-road"].update(geometry={"type": "Point", "coordinates": [0, 0]}),
        "sections.AA-BB-road: geometry is 'Point'",
        "expected a LineString",
    ),
    (
        "line of one place",
        lambda x: coords(x.sections["AA-BB-road"]).__setitem__(1, [0, 0]),
        "fewer than two different points",
        "expected a LineString",
    ),
    (
        "unknown end",
        lambda x: props(x.sections["AA-BB-road"]).update({"to": "BBB", "section_id": "AA-BBB-road"}),
        "sections.AA-BBB-road.to: there is no node 'BBB'",
        "did you mean 'BB'?",
    ),
    ("mode", lambda x: props(x.sections["AA-BB-road"]).update(mode="raod"), "unknown mode 'raod'", "'road'"),
    ("km zero", lambda x: props(x.sections["AA-BB-road"]).update(km=0), "road.km: length is 0", "expected km above 0"),
    ("km text", lambda x: props(x.sections["AA-BB-road"]).update(km="9"), "road.km: length is '9'", "above 0"),
    ("km NaN", lambda x: props(x.sections["AA-BB-road"]).update(km=float("nan")), "length is nan", "above 0"),
    (
        "rail without gauge",
        lambda x: props(x.sections["AA-BB-rail"]).update(gauge_mm=None),
        "gauge None",
        "1520 or 1435",
    ),
    (
        "id off its ends",
        lambda x: props(x.sections["AA-BB-road"]).update(section_id="AB-road"),
        "sections.AB-road: the id does not fit",
        "expected 'AA-BB-road'",
    ),
    ("twins", twin, "sections.BB-AA-road: cannot be told from AA-BB-road", "different tags"),
    (
        "line ends elsewhere",
        far_end,
        "sections.BB-CC-rail.to: line ends at 2.0 0.01",
        "nearest node to that point is CC",
    ),
    ("line too short", lambda x: props(x.sections["AA-CC-rail"]).update(km=400), "111", "expected within 40% or 5 km"),
    (
        "gauges meet at a plain station",
        lambda x: props(x.nodes["CC"]).update(kind="rail_hub"),
        "nodes.CC: gauges meet at a rail_hub (1435 mm: CC-DD-rail; 1520 mm: BB-CC-rail, AA-CC-rail)",
        "gauge_terminal",
    ),
]


@pytest.mark.parametrize(("break_it", "message", "hint"), [b[1:] for b in BREAKS], ids=[b[0] for b in BREAKS])
def test_check_can_fail(layers, break_it, message, hint):
    if message == "111":
        message = "the line is 223 km long, 400 km are stated"
    break_it(layers)
    with pytest.raises(GeodataError) as caught:
        layers.load()
    found = [p for p in caught.value.problems if message in f"{p.path}: {p.message}"]
    assert found, str(caught.value)
    assert hint in found[0].hint
    location = found[0].location
    assert location.file.endswith(".geojson")
    assert location.line > 1


def test_location_is_the_line_of_the_feature(layers):
    props(layers.sections["CC-DD-rail"])["km"] = -1
    with pytest.raises(GeodataError) as caught:
        layers.load()
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{layers.folder / 'sections.geojson'}:4:1: sections.CC-DD-rail.km: length is -1")


def test_all_problems_come_at_once(layers):
    far_end(layers)
    repeat_node(layers)
    props(layers.sections["AA-BB-road"])["km"] = 0
    props(layers.nodes["EE"])["grade"] = "X"
    with pytest.raises(GeodataError) as caught:
        layers.load()
    assert len(caught.value.problems) == 4


def test_end_within_tolerance_passes(layers):
    near_end(layers)
    assert layers.load().warnings == []


def test_length_beyond_15_percent_warns(layers):
    props(layers.sections["AA-BB-road"])["km"] = 135
    (warning,) = layers.load().warnings
    assert "sections.AA-BB-road: the line is 111 km long, 135 km are stated (-18%)" in warning


def test_short_section_has_absolute_slack(layers):
    coords(layers.nodes["EE"])[:] = [3.03, 0.0]
    row = layers.copy_of("CC-DD-road")
    props(row).update({"section_id": "DD-EE-road", "from": "DD", "to": "EE", "km": 1})
    coords(row)[:] = [[3.0, 0.0], [3.03, 0.0]]
    layers.sections["DD-EE-road"] = row
    assert layers.load().warnings == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "holds no list of features"),
        ('{"features": 3}', "holds no list of features"),
        (None, "cannot be read"),
    ],
)
def test_file_that_is_no_layer(layers, text, message):
    layers.load()
    path = layers.folder / "nodes.geojson"
    path.unlink()
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(GeodataError, match=message):
        load_network(layers.folder)
