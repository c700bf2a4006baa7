from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario import load_scenario

from .conftest import SMALL, Files

if TYPE_CHECKING:
    from pathlib import Path

NAMED = SMALL + "overrides:\n  more: {queues.Q1.servers: 6, demand.growth: 1.5}\n  less:\n    queues.Q1.servers: 1\n"


def test_a_dotted_path_takes_a_value(files: Files) -> None:
    scenario = files.load(overrides={"flows.F1.annual": "15 Mt/yr", "run.end": "2025-04-01"})
    assert scenario.flows["F1"].annual_t(2025) == 15e6
    assert scenario.run.end == datetime(2025, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "value", "attribute"),
    [("demand.growth", 1.1, "growth"), ("demand", {"growth": 1.1}, "growth"), ("demand.growth", "1.1", "growth")],
)
def test_a_key_left_at_its_default_may_be_set(files: Files, path: str, value: object, attribute: str) -> None:
    assert getattr(files.load(overrides={path: value}).demand, attribute).value == 1.1


def test_python_values_of_many_kinds(files: Files) -> None:
    scenario = files.load(
        overrides={
            "run.replications": np.int64(7),
            "demand.growth": np.float64(1.25),
            "run.start": datetime(2025, 1, 2, tzinfo=UTC),
            "queues.Q1.servers": [{"n": 2}, {"n": 1, "from": "2025-02-01"}],
            "flows.F1.note": None,
        }
    )
    assert scenario.run.replications == 7
    assert scenario.demand.growth.value == 1.25
    assert scenario.run.start.day == 2
    assert [group.n for group in scenario.queues["Q1"].servers] == [2, 1]


def test_positions_in_lists(files: Files) -> None:
    scenario = files.load(overrides={"itineraries.I1.stages.2.occupancy": "3 h"})
    stage = scenario.itineraries["I1"].stages[2]
    assert stage.kind == "queue"
    assert stage.occupancy is not None
    assert stage.occupancy.value == 3


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("queues.Q1.servrs", "queues.Q1.servrs: no key 'servrs' in 'queues.Q1'; did you mean 'servers'?"),
        ("queues.Q2.servers", "queues.Q2.servers: no key 'Q2' in 'queues'; keys are Q1"),
        ("queues.Q11.servers", "queues.Q11.servers: no key 'Q11' in 'queues'; did you mean 'Q1'?"),
        ("demnd.growth", "demnd.growth: no key 'demnd'; did you mean 'demand'?"),
        ("formations.T1", "formations.T1: no key 'T1' in 'formations'"),
        (
            "travel_classes.V1.speed.value",
            (
                "travel_classes.V1.speed.value: 'travel_classes.V1.speed' is '40 km/h' and has no keys; "
                "override 'travel_classes.V1.speed' itself"
            ),
        ),
        (
            "itineraries.I1.stages.7.at",
            "itineraries.I1.stages.7.at: 'itineraries.I1.stages' is a list of 3, expected a position from 0, found '7'",
        ),
        ("import", "import: cannot be overridden"),
        ("schema_version", "schema_version: cannot be overridden"),
    ],
)
def test_a_path_that_leads_nowhere(files: Files, path: str, message: str) -> None:
    assert files.problems(overrides={path: 1}) == [f"the change given: {message}"]


def test_a_wrong_value_is_placed_at_the_override(files: Files) -> None:
    (problem,) = files.problems(overrides={"queues.Q1.servers": "many"})
    assert problem == "the change given: queues.Q1.servers: found 'many', expected a whole number"


def test_a_text_that_is_no_yaml(files: Files) -> None:
    assert files.problems(overrides={"run.seed": "[1"}) == [
        "run.seed: is not valid YAML: a ',' or the closing bracket is missing"
    ]


def test_a_value_of_a_strange_type(files: Files) -> None:
    assert files.problems(overrides={"run.seed": object()}) == [
        "run.seed: a value of type object cannot stand in a scenario"
    ]


def test_an_empty_text_is_no_value(files: Files) -> None:
    assert files.load(overrides={"queues.Q1.calendar": ""}).queues["Q1"].calendar is None


def test_named_overrides_are_chosen_in_order(files: Files) -> None:
    scenario = files.load(NAMED, named_overrides=["more", "less"])
    assert scenario.queues["Q1"].servers[0].n == 1
    assert scenario.demand.growth.value == 1.5
    assert files.load(NAMED).demand.growth.value == 1


def test_the_place_of_a_named_override_is_kept(files: Files) -> None:
    text = NAMED.replace("servers: 6", "servers: six")
    assert files.problems(text, named_overrides=["more"]) == [
        "s.yaml:43:29: queues.Q1.servers: found 'six', expected a whole number"
    ]
    assert str(files.load(NAMED, named_overrides=["more"]).locate("queues.Q1.servers")) == "s.yaml:43:29"


def test_a_named_override_that_is_not_there(files: Files) -> None:
    assert files.problems(NAMED, named_overrides=["mre"]) == ["no override named 'mre'; did you mean 'more'?"]
    assert files.problems(SMALL, named_overrides=["x"]) == ["no override named 'x'; the scenario has none"]


def test_paths_of_named_overrides_are_checked_even_when_not_chosen(files: Files) -> None:
    assert files.problems(NAMED.replace("Q1.servers: 1", "Q1.servrs: 1")) == [
        "s.yaml:45:5: overrides.less.queues.Q1.servrs: no key 'servrs' in 'queues.Q1'; did you mean 'servers'?"
    ]


def test_overrides_of_the_wrong_shape(files: Files) -> None:
    assert files.problems(SMALL + "overrides: [1]\n") == [
        "s.yaml:42:1: overrides: found a list, expected named sets of changes"
    ]
    assert files.problems(SMALL + "overrides: {a: 1}\n") == [
        "s.yaml:42:16: overrides.a: found the number 1, expected dotted paths and their values"
    ]


def test_templates_may_be_overridden(files: Files) -> None:
    text = SMALL.replace("    servers: 2\n", "    template: T\n") + "templates:\n  T: {servers: 3}\n"
    assert files.load(text, overrides={"templates.T.servers": 8}).queues["Q1"].servers[0].n == 8


def test_a_scenario_changes_what_it_imports(tmp_path: Path) -> None:
    variant = tmp_path / "variant.yaml"
    variant.write_text(
        "schema_version: 1\nname: variant\nimport: [tiny.yaml]\nchanges:\n  queues.CUSTOMS.servers: 3\n  run.seed: 9\n",
        encoding="utf-8",
    )
    scenario = load_scenario(variant, overrides={"run.seed": 10})
    assert scenario.name == "variant"
    assert scenario.queues["CUSTOMS"].servers[0].n == 3
    assert scenario.run.seed == 10  # the caller's wins
    assert str(scenario.locate("queues.CUSTOMS.servers")).endswith("variant.yaml:5:27")


def test_a_change_of_what_is_not_there_is_located(tmp_path: Path) -> None:
    variant = tmp_path / "variant.yaml"
    text = "schema_version: 1\nname: variant\nimport: [tiny.yaml]\nchanges:\n  queues.CUSTOM.servers: 3\n"
    variant.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"variant.yaml:5:3: queues.CUSTOM.*did you mean 'CUSTOMS'"):
        load_scenario(variant)
    variant.write_text(text.replace("\n  queues.CUSTOM.servers: 3", " 3"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="expected dotted paths and their values"):
        load_scenario(variant)
