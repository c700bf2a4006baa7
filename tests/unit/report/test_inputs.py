"""Every number of a scenario that names a source or a grade is listed, once, with what it says."""

from corridor_sim.report.inputs import grade_counts, inputs_of, sources_of

SCENARIO = {
    "sources": {"study": "A study, 2024"},
    "queues": {
        "LANE": {
            "servers": {"value": 4, "unit": "1", "source": "study", "grade": "B", "range": [3, 5], "note": "seen"},
            "service": {"gamma": {"mean": "2 h", "cv": 0.5}, "grade": "C"},
            "name": "a lane",
        }
    },
    "flows": {"F": {"grade": "A", "source": "customs", "annual": {"value": 3, "grade": "C"}, "legs": [{"grade": "C"}]}},
}


def test_inputs_with_their_provenance():
    found = {i.path: i for i in inputs_of(SCENARIO)}
    assert list(found) == ["queues.LANE.servers", "queues.LANE.service", "flows.F", "flows.F.annual", "flows.F.legs.0"]
    servers = found["queues.LANE.servers"]
    assert servers[1:] == ("4", "1", "3 to 5", "B", "study", "seen")
    assert found["queues.LANE.service"].value == "gamma: mean: 2 h, cv: 0.5"


def test_grades_are_counted():
    assert grade_counts(inputs_of(SCENARIO)) == {"A": 1, "B": 1, "C": 3}


def test_sources_by_name():
    assert sources_of(SCENARIO) == {"study": "A study, 2024"}
    assert sources_of({}) == {}


def test_the_shipped_scenario(view):
    assert [i.path for i in inputs_of(view.scenario) if i.grade == "C"] == ["flows.TIMBER.annual"]
