from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario import load_scenario

from .conftest import SMALL, Files

if TYPE_CHECKING:
    from collections.abc import Callable

    Changed = Callable[..., list[str]]


def test_loads_the_small_scenario(files: Files) -> None:
    scenario = files.load()
    assert scenario.name == "small"
    assert scenario.file == "s.yaml"
    assert scenario.run.warm_up_h == 120
    assert scenario.flows["F1"].annual_t(2025) == 100_000
    assert scenario.queues["Q1"].service.per == "TEU"


def test_several_problems_come_in_the_order_of_the_file(changed: Changed) -> None:
    assert changed("warm_up: 5 d", "warm_up: 5 km", "at: C}", "at: X}", "servers: 2", "servers: two") == [
        "s.yaml:5:12: run.warm_up: 'km' is a length, expected a time, such as 36 h or 3.5 d, or auto",
        (
            "s.yaml:25:25: itineraries.I1.stages.2.at: the stage begins at X, the one before it ends at C; "
            "expected a rail, road or sea stage from C to X before it"
        ),
        "s.yaml:37:14: queues.Q1.servers: found 'two', expected a whole number",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "load: 1000 t",
            "load: 1000 h",
            "s.yaml:16:38: flows.F1.consignment.load: 'h' is a time, expected a mass, such as 1050 t or 3 kt",
        ),
        (
            "    commodity: containers",
            "    comodity: containers",
            "s.yaml:13:5: flows.F1.comodity: unknown key; did you mean 'commodity'?",
        ),
        (
            "    route: west\n",
            "",
            (
                "s.yaml:8:3: flows.F1.route: key is missing, expected route family, a free identifier such as "
                "west_truck_gap or transcaspian"
            ),
        ),
        (
            "value: 100,",
            "value: -100,",
            "s.yaml:15:21: flows.F1.annual.value: -100 kt/yr is negative; tonnes per year cannot be negative",
        ),
        (
            "value: 100,",
            "value: .nan,",
            (
                "s.yaml:15:21: flows.F1.annual.value: the number is not finite, expected tonnes per year, such as "
                "330000 t/yr, 330 kt/yr or 15 Mt/yr"
            ),
        ),
        (
            "value: 100,",
            "value: 130,",
            "s.yaml:15:39: flows.F1.annual.range: the value lies outside its own range [80, 120]",
        ),
        (
            "share: 1",
            "share: 0.9",
            "s.yaml:21:12: itineraries.I1.share: the shares of flow F1 sum to 0.9, expected 1: I1 0.9",
        ),
        (
            "speed: 40 km/h",
            "speed: {uniform: {low: -5 km/h, high: 40 km/h}}",
            (
                "s.yaml:29:31: travel_classes.V1.speed.uniform.low: the uniform distribution can be negative "
                "(-5 km/h), expected a speed, such as 40 km/h, 400 km/d or 12 kn"
            ),
        ),
        (
            "duration: 2 h",
            "duration: {normal: {mean: 2 h, sd: 1 h}}",
            "s.yaml:31:19: holds.H1.duration.normal: a normal distribution can be negative; use lognormal or gamma",
        ),
        (
            "hours: daily 06-22",
            "hours: daily closed",
            (
                "s.yaml:41:16: calendars.DAY.hours: 'daily closed' never opens, expected hours such as 'daily 00-24' "
                "or 'sat-thu 07-21; fri 07-13'"
            ),
        ),
        (
            "hours: daily 06-22",
            "factors: [{during: 01-01..12-31, factor: 0}]",
            (
                "s.yaml:41:3: calendars.DAY: the calendar never opens between 2025-01-01 and 2025-03-01; "
                "a factor of 0 is a full stop"
            ),
        ),
        (
            "hold: H1",
            "hold: H2",
            "s.yaml:23:16: itineraries.I1.stages.0.hold: no hold 'H2'; holds are H1",
        ),
        ("kind: crane", "kind: krane", None),
        (
            "end: 2025-03-01",
            "end: 2024-03-01",
            "s.yaml:6:8: run.end: is 2024-03-01, expected a date after the start 2025-01-01",
        ),
        (
            "name: small",
            "name: My Scenario",
            "s.yaml:2:7: name: found 'My Scenario', expected small letters, digits and hyphens",
        ),
        (
            "schema_version: 1",
            "schema_version: 2",
            "s.yaml:1:17: schema_version: found the number 2, expected 1",
        ),
    ],
)
def test_one_mistake_is_one_located_problem(changed: Changed, old: str, new: str, expected: str | None) -> None:
    problems = changed(old, new)
    if expected is None:
        expected = (
            "s.yaml:36:11: queues.Q1.kind: found 'krane', expected border lanes, customs, phytosanitary, "
            "unloading track, crane, reloading front, gauge change, berth, pilotage, truck fleet, ship fleet or other; "
            "did you mean 'crane'?"
        )
    assert problems == [expected]


def test_a_misspelt_section_does_not_cascade(changed: Changed) -> None:
    assert changed("queues:\n", "queus:\n") == ["s.yaml:32:1: queus: unknown key; did you mean 'queues'?"]


def test_entries_without_their_heading_are_one_problem(files: Files) -> None:
    head, itineraries = SMALL.split("month_profiles:\n")[0].split("itineraries:\n")
    files.write("i.yaml", itineraries)
    text = "import: [i.yaml]\n" + head + "month_profiles:\n" + SMALL.split("month_profiles:\n")[1]
    problems = files.problems(text)
    assert [problem.split("; valid keys")[0] for problem in problems] == [
        "i.yaml:1:3: I1: unknown key",
        "s.yaml:1:1: itineraries: key is missing, expected how the flows travel, by key",
    ]


def test_a_stage_out_of_place_is_one_problem(changed: Changed) -> None:
    assert changed("{queue: Q1, at: C}", "{queue: Q1, at: D}\n      - {hold: H1, at: C}") == [
        (
            "s.yaml:25:25: itineraries.I1.stages.2.at: the stage begins at D, the one before it ends at C; "
            "expected a rail, road or sea stage from C to D before it"
        ),
    ]
    assert changed("{hold: H1, at: A}", "{hold: H1, at: AA}") == [
        "s.yaml:10:13: flows.F1.origin: 'A' is not where its itinerary I1 begins; did you mean 'AA'?"
    ]


def test_overrides_of_what_an_unreadable_file_holds(files: Files) -> None:
    files.write("q.yaml", "queues: [\n")
    text = "import: [q.yaml]\n" + SMALL.split("queues:\n", maxsplit=1)[0]
    assert files.problems(text, overrides={"queues.Q1.servers": 3}) == [
        "q.yaml:2:1: is not valid YAML: a value is missing, or a bracket is not closed (imported by s.yaml:1)"
    ]


def test_a_misspelt_section_hides_no_other_override(files: Files) -> None:
    text = SMALL.replace("queues:\n", "queus:\n")
    assert files.problems(text, overrides={"queues.Q1.servers": 3, "run.sed": 1}) == [
        "the change given: run.sed: no key 'sed' in 'run'; did you mean 'seed'?",
        "s.yaml:32:1: queus: unknown key; did you mean 'queues'?",
    ]


def test_a_broken_entry_does_not_cascade(changed: Changed) -> None:
    assert changed("origin: A", "origin: [A]") == ["s.yaml:10:5: flows.F1.origin: found a list, expected text"]


def test_a_broken_itinerary_does_not_leave_its_flow_without_one(changed: Changed) -> None:
    (problem,) = changed("hold: H1", "holdd: H1")
    assert problem == (
        "s.yaml:23:9: itineraries.I1.stages.0: no such stage, expected one of hold, rail, road, sea, queue, split, "
        "gather, form, sail, take, give, chain, border, gauge; did you mean 'hold'?"
    )


def test_a_misspelt_flow_is_one_problem(changed: Changed) -> None:
    assert changed("flow: F1", "flow: F11") == ["s.yaml:20:11: itineraries.I1.flow: no flow 'F11'; did you mean 'F1'?"]


def test_structure_and_cross_checks_are_reported_together(changed: Changed) -> None:
    problems = changed("servers: 2", "servers: -1", "class: V1", "class: V2")
    assert problems == [
        "s.yaml:24:34: itineraries.I1.stages.1.class: no travel class 'V2'; travel_classes are V1",
        "s.yaml:37:14: queues.Q1.servers: found -1, expected at least 0",
    ]


def test_missing_sections_are_named(files: Files) -> None:
    problems = files.problems("schema_version: 1\nname: x\n")
    assert problems == [
        "s.yaml:1:1: run: key is missing, expected horizon, warm-up, replications, seed and engine",
        (
            "s.yaml:1:1: flows: key is missing, expected demand: goods from origin to destination, by key; "
            "a pipeline alone stands under 'gas'"
        ),
        "s.yaml:1:1: itineraries: key is missing, expected how the flows travel, by key",
    ]


def test_free_keys_are_allowed_everywhere(files: Files) -> None:
    text = SMALL.replace("  Q1:\n", "  Q1:\n    x-owner: port\n") + "x-anything: [1, {a: b}]\n"
    assert files.load(text) == files.load(SMALL)


def test_a_file_that_is_no_yaml(files: Files) -> None:
    assert files.problems("name: [unclosed\n") == [
        "s.yaml:2:1: is not valid YAML: a ',' or the closing bracket is missing",
    ]


def test_a_missing_file_names_the_nearest_shipped_one(files: Files) -> None:
    with pytest.raises(ScenarioError, match=r"^baseline-2052\.yaml: no such file; did you mean 'baseline-2025'\?$"):
        load_scenario("baseline-2052.yaml")


def test_a_folder_is_no_scenario(files: Files) -> None:
    Path("d.yaml").mkdir()
    with pytest.raises(ScenarioError, match=r"^d\.yaml: is a folder, expected a scenario file$"):
        load_scenario("d.yaml")


def test_the_order_of_precedence(files: Files) -> None:
    text = SMALL.replace("    servers: 2\n", "").replace("  Q1:\n", "  Q1:\n    template: T\n")
    text += "templates:\n  T: {servers: 3}\noverrides:\n  four: {queues.Q1.servers: 4}\n"
    assert files.load(text).queues["Q1"].servers[0].n == 3
    assert files.load(text, named_overrides=["four"]).queues["Q1"].servers[0].n == 4
    given = files.load(text, named_overrides=["four"], overrides={"queues.Q1.servers": 5})
    assert given.queues["Q1"].servers[0].n == 5


def test_ten_thousand_lines_in_twelve_files_load_fast(files: Files) -> None:
    names = []
    for part in range(11):
        lines = ["queues:"]
        for i in range(100):
            lines += [
                f"  P{part}_{i}:",
                "    name: crane",
                "    at: C",
                "    kind: crane",
                "    servers: [{n: 4, source: guess, grade: C}]",
                "    service: {gamma: {mean: 1.5 h/unit, cv: 0.5}, range: [1.2, 2], source: guess, grade: C}",
                "    reserved: 0.1",
                "    calendar: DAY",
                "    note: one of many",
            ]
        names.append(f"part{part}.yaml")
        files.write(names[-1], "\n".join(lines) + "\n")
    text = f"import: [{', '.join(names)}]\n" + SMALL
    files.load(text)
    begin = time.perf_counter()
    assert len(files.load(text).queues) == 1101
    assert time.perf_counter() - begin < 5  # 0.15 s on an idle core; the bound only catches a change of order
