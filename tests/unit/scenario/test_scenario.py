from __future__ import annotations

import pickle

import pytest

from corridor_sim.foundation.shipped import data_dir
from corridor_sim.scenario import Scenario, load_scenario

from .conftest import SMALL, Files

SPLIT = SMALL.split("queues:\n")


@pytest.fixture(params=["tiny", "baseline-2025"])
def shipped(request: pytest.FixtureRequest) -> Scenario:
    return load_scenario(request.param)


def test_shipped_scenarios_load_and_their_resolved_view_is_equal(shipped: Scenario, files: Files) -> None:
    files.write("resolved.yaml", shipped.resolved_yaml())
    again = load_scenario("resolved.yaml")
    assert again == shipped
    assert again.digest == shipped.digest
    assert again.resolved_yaml() == shipped.resolved_yaml()


def test_every_shipped_scenario_is_among_those_tested() -> None:
    names = {path.stem for path in data_dir("scenarios").glob("*.yaml")}
    assert {"tiny", "baseline-2025"} <= names


def test_the_resolved_view_has_everything_worked_in(files: Files) -> None:
    files.write("q.yaml", "queues:\n" + SPLIT[1].replace("    servers: 2\n", "    template: T\n    x-mine: 1\n"))
    text = "import: [q.yaml]\n" + SPLIT[0] + "templates:\n  T: {servers: 3}\noverrides:\n  o: {demand.growth: 2}\n"
    resolved = files.load(text, named_overrides=["o"]).resolved_yaml()
    assert "import" not in resolved
    assert "template" not in resolved
    assert "servers: 3" in resolved
    assert "growth: 2" in resolved
    assert "x-mine: 1" in resolved


def test_the_digest_tells_content_not_form(files: Files) -> None:
    digest = files.load().digest
    assert len(digest) == 64
    same = SMALL.replace("speed: 40 km/h", "speed: {value: 960, unit: km/d}").replace("2 h", "120 min")
    assert files.load(same).digest == digest
    assert files.load(SMALL + "demand: {growth: 1}\nx-own: 3\n").digest == digest
    assert files.load(SMALL.replace("40 km/h", "41 km/h")).digest != digest


def test_scenarios_compare_by_content(files: Files) -> None:
    scenario = files.load()
    assert scenario == files.load("# a remark\n" + SMALL)
    assert scenario != files.load(overrides={"run.seed": 3})
    assert scenario != "small"


def test_places_are_found_through_imports(files: Files) -> None:
    files.write("q.yaml", "queues:\n" + SPLIT[1])
    scenario = files.load("import: [q.yaml]\n" + SPLIT[0])
    assert str(scenario.locate("queues.Q1.servers")) == "q.yaml:6:14"
    assert str(scenario.locate("queues.Q1.reserved")) == "q.yaml:2:3"
    assert str(scenario.locate("itineraries.I1.stages.1")) == "s.yaml:25:9"
    place = scenario.locate("queues.Q1")
    assert place is not None
    assert place.chain == ("s.yaml:1",)


def test_a_scenario_travels_to_worker_processes(files: Files) -> None:
    scenario = files.load()
    again = pickle.loads(pickle.dumps(scenario))  # noqa: S301 - our own bytes
    assert again == scenario
    assert again.locate("queues.Q1.servers") == scenario.locate("queues.Q1.servers")


def test_a_scenario_without_a_file(files: Files) -> None:
    made = Scenario.model_construct(**dict(files.load()))
    assert made.locate("queues") is None
    with pytest.raises(ValueError, match="has no resolved view"):
        made.resolved_yaml()
