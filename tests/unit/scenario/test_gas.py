# ruff: noqa: E501  # the scenario and its faults are read best line by line
"""The gas block of a scenario: what it reads, and every piece of bad input with its place and reason."""

import pytest

from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario import load_scenario

GAS = """\
schema_version: 1
name: pipe
run: {start: 2025-01-01, end: 2026-01-01, replications: 3, seed: 1}
gas:
  phases:
    one: {title: first, volume: 5 bcm/yr, planned: 2025-01-11, slip: 10 d}
    two: {title: second, volume: 20 bcm/yr, planned: 2025-07-01, slip: {uniform: {low: 0 d, high: 60 d}}, capex: 100 MUSD}
  sites:
    A: {km: 0 km}
    B: {km: 120 km, height_m: 200}
    C: {km: 240 km}
  lines:
    main: {name: main, feed_pressure: 75 bar, delivery_pressure: 50 bar, least_pressure: 45 bar}
  strings:
    S1: {line: main, from: A, to: C, diameter: 1420 mm, wall: 16 mm, roughness: 0.01 mm, max_pressure: 9.8 MPa}
    S2: {line: main, from: A, to: B, diameter: 1220 mm, wall: 14 mm, roughness: 0.03 mm, max_pressure: 98 bar, phase: two}
  stations:
    CS: {line: main, at: B, phase: two, units: 3, spare: 1, unit_power: 16 MW, max_ratio: 1.4}
  meters:
    M: {at: C, name: border, capacity: {one: 20 mcm/d, two: 80 mcm/d}}
  offtakes:
    TOWN: {line: main, at: B, annual: 1 bcm/yr}
  events:
    BREAK: {cause: break, string: S1, rate: 2 1/yr, duration: 3 d}
    STOP: {cause: maintenance, string: S1, between: [A, B], during: 08-01..08-05}
  ground_c: {jan: 9, feb: 8, mar: 9, apr: 11, may: 14, jun: 18, jul: 21, aug: 22, sep: 21, oct: 18, nov: 14, dec: 11}
  ambient_c: {jan: 2, feb: 3, mar: 7, apr: 13, may: 19, jun: 24, jul: 27, aug: 27, sep: 22, oct: 16, nov: 10, dec: 5}
  methane_loss: 0.3 %
"""


def load(tmp_path, text=GAS):
    path = tmp_path / "pipe.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def problems(tmp_path, *changes):
    text = GAS
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, text)
    return [str(p).split("pipe.yaml:", 1)[1] for p in caught.value.problems]


def test_units_are_those_of_the_pipeline(tmp_path):
    gas = load(tmp_path).gas
    assert gas.strings["S1"].max_pressure.value == 98
    assert gas.meters["M"].capacity["one"].value == pytest.approx(7.3)
    assert gas.phases["two"].capex.value == 100e6
    assert gas.methane_loss.value == pytest.approx(0.003)


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("diameter: 1420 mm", "diameter: -1420 mm", "15:48: gas.strings.S1.diameter", "a diameter cannot be negative"),
        ("diameter: 1420 mm", "diameter: 0 mm", "15:48: gas.strings.S1.diameter", "a diameter here must be above 0"),
        ("wall: 16 mm", "wall: 710 mm", "gas.strings.S1.wall", "two walls of 710 mm leave no bore in 1420 mm"),
        ("max_pressure: 9.8 MPa", "max_pressure: 60 bar", "gas.strings.S1.max_pressure",
         "is 60 bar, below the supply of 75 bar"),
        ("delivery_pressure: 50 bar", "delivery_pressure: 100 bar", "gas.lines.main.delivery_pressure",
         "is 100 bar, not below the 98 bar"),
        ("planned: 2025-07-01", "planned: 2025-01-01", "7:54: gas.phases.two.planned",
         "is 2025-01-01, before its predecessor one of 2025-01-11"),
        ("volume: 20 bcm/yr", "volume: 4 bcm/yr", "gas.phases.two.volume", "not more than the 5 bcm/yr of one"),
        ("volume: 20 bcm/yr", "volume: 40 bcm/yr", "gas.phases.two.volume",
         "40 bcm/yr can never be delivered: border passes 29.2 bcm/yr"),
        ("volume: 5 bcm/yr", "volume: 5 Mt/yr", "6:33: gas.phases.one.volume", "'Mt/yr' is tonnes per year, expected a flow of gas"),
        ("max_ratio: 1.4", "max_ratio: 0.9", "18:91: gas.stations.CS.max_ratio", "0.9 is too small, expected at least 1"),
        ("spare: 1", "spare: 3", "gas.stations.CS.spare", "3 of 3 sets stand by, none works"),
        ("at: B, phase: two", "at: BB, phase: two", "gas.stations.CS.at", "no site 'BB'"),
        ("line: main, at: B, annual", "line: mian, at: B, annual", "gas.offtakes.TOWN.line", "no line 'mian'"),
        ("phase: two}\n  stations", "phase: tow}\n  stations", "gas.strings.S2.phase", "no phase 'tow'"),
        ("{km: 240 km}", "{km: 100 km}", "gas.sites.C.km", "is 100 km, expected more than the 120 km of B"),
        ("{km: 240 km}", "{km: 500 km}", "gas.sites.C.km", "lies 380 km from B, expected at most 250 km"),
        ("from: A, to: C", "from: C, to: A", "gas.strings.S1.to", "A does not lie beyond C"),
        ("rate: 2 1/yr, duration: 3 d", "duration: 3 d", "gas.events.BREAK", "expected one of during (every year) or rate"),
        ("rate: 2 1/yr, duration: 3 d", "rate: 2 1/yr", "gas.events.BREAK", "key 'duration' is missing"),
        ("during: 08-01..08-05", "during: 2025-08-01..2025-08-05", "gas.events.STOP.during", "has a year"),
        ("methane_loss: 0.3 %", "methane_los: 0.3 %", "gas.methane_los", "did you mean 'methane_loss'?"),
    ],
)  # fmt: skip
def test_bad_input_is_told_with_place_and_reason(tmp_path, old, new, place, reason):
    found = problems(tmp_path, (old, new))
    assert any(place in text and reason in text for text in found), found


def test_everything_wrong_is_told_at_once(tmp_path):
    found = problems(tmp_path, ("diameter: 1420 mm", "diameter: 0 mm"), ("max_ratio: 1.4", "max_ratio: 0.9"))
    assert len(found) == 2


def test_a_scenario_has_flows_or_gas(tmp_path):
    with pytest.raises(
        ScenarioError, match=r"flows: key is missing, expected demand: .*a pipeline alone stands under .gas."
    ):
        load(tmp_path, GAS[: GAS.index("gas:")])


def test_a_weak_pipe_behind_a_regulator_is_fine(tmp_path):
    text = GAS.replace("max_pressure: 9.8 MPa", "max_pressure: 60 bar").replace(
        "least_pressure", "regulated: true, least_pressure"
    )
    assert load(tmp_path, text).gas.lines["main"].regulated
